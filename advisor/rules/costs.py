"""What the importer pays, line by line: bounds where facts, rates or figures are not known, never a guess.

Everything is computed in the currency of the price. What is stated in another currency needs an
exchange rate; without one the line stays open at its upper end. Each line is rounded to the cent,
half up, so that the lines add up to the total exactly. Where facts with a few answers are unknown, or
sources differ, the table is worked out for each answer: lines that exclude one another are then not added up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from typing import Any, Final, NamedTuple

from advisor.knowledge.amounts import (
    Amount,
    Bracket,
    Brackets,
    Difference,
    Either,
    Fixed,
    Greatest,
    Least,
    Measure,
    NotKnown,
    Quotient,
    Rate,
    Row,
    Sum,
    Table,
    Units,
    conditions_of,
    parts_of,
)
from advisor.knowledge.conditions import OneOf, leaves
from advisor.knowledge.model import Country, Knowledge, NationalUnit, Question, TaxLine, Text
from advisor.rules.conditions import Compiled, Facts, Truth, age_range, compile_condition
from advisor.rules.facts import Case, FactValue, Money, Span
from advisor.rules.plan import Force

PRICE: Final = "vehicle.price"
FREIGHT, INSURANCE, INLAND = "shipping.freight", "shipping.insurance", "shipping.inland"
LIST_PRICE: Final = "vehicle.list_price"

_CENT: Final = Decimal("0.01")
_HUNDRED: Final = Decimal(100)
_ZERO: Final = Decimal(0)

# Kinds of line that are no payment for good.
_NO_PAYMENT: Final = ("value", "deposit")
_NO_READINGS: Final[Mapping[str, int]] = {}

# For at most so many combinations of answers and readings is a table worked out.
_MOST_COMPLETIONS: Final = 64

# What has to be added to a price to bring it to CIF, and what it holds beyond FOB.
_TO_CIF: Final[dict[str, tuple[str, ...]]] = {
    "CIF": (),
    "CFR": (INSURANCE,),
    "FOB": (FREIGHT, INSURANCE),
    "EXW": (INLAND, FREIGHT, INSURANCE),
}
_BEYOND_FOB: Final[dict[str, tuple[str, ...]]] = {"CIF": (FREIGHT, INSURANCE), "CFR": (FREIGHT,), "FOB": ()}


class Bounds(NamedTuple):
    """The least and the most that an amount can be; no most where nothing bounds it."""

    least: Decimal
    most: Decimal | None

    @classmethod
    def exactly(cls, amount: Decimal) -> Bounds:
        """An amount that is known."""
        return cls(amount, amount)

    @property
    def exact(self) -> bool:
        """Whether it is one amount."""
        return self.least == self.most

    def __add__(self, other: tuple[Decimal, Decimal | None]) -> Bounds:  # type: ignore[override]
        least, most = other
        return Bounds(self.least + least, None if self.most is None or most is None else self.most + most)

    def times(self, factor: Decimal) -> Bounds:
        """Multiplied by a number that is not negative."""
        return Bounds(self.least * factor, None if self.most is None else self.most * factor)

    def by(self, other: Bounds) -> Bounds:
        """Multiplied by bounds that are not negative."""
        if NOTHING in (self, other):
            return NOTHING
        most = None if self.most is None or other.most is None else self.most * other.most
        return Bounds(self.least * other.least, most)

    def less(self, other: Bounds) -> Bounds:
        """Without the other, never below nothing."""
        least = _ZERO if other.most is None else max(_ZERO, self.least - other.most)
        return Bounds(least, None if self.most is None else max(_ZERO, self.most - other.least))

    def rounded(self) -> Bounds:
        """To the cent, half up."""
        most = None if self.most is None else self.most.quantize(_CENT, ROUND_HALF_UP)
        return Bounds(self.least.quantize(_CENT, ROUND_HALF_UP), most)

    def or_nothing(self) -> Bounds:
        """The same, or nothing at all."""
        return Bounds(_ZERO, self.most)


NOTHING: Final = Bounds.exactly(_ZERO)
_OPEN: Final = Bounds(_ZERO, None)


class CostLine(NamedTuple):
    """One line: its amount, whether it is certain to be due, and what keeps it open."""

    line: TaxLine
    base: Bounds | None
    amount: Bounds
    certain: bool
    missing: tuple[str, ...]
    missing_rates: tuple[str, ...]
    not_known: tuple[Text, ...]
    disputes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Costs:
    """The lines in the order of computation, and what they come to.

    `values` are bases, not payments; `deposits` are paid and returned, so they count in no sum. `bases` holds
    what a percentage can be taken of: the values of the price and every line, by name.
    """

    currency: str
    bases: Mapping[str, Bounds]
    cif: Bounds
    values: tuple[CostLine, ...]
    lines: tuple[CostLine, ...]
    deposits: tuple[CostLine, ...]
    total: Bounds
    landed: Bounds
    missing: tuple[str, ...]
    missing_rates: tuple[str, ...]


@dataclass(slots=True)
class _Lacks:
    """What was found lacking while an amount was worked out."""

    facts: dict[str, None] = field(default_factory=dict)
    rates: dict[str, None] = field(default_factory=dict)
    figures: list[Text] = field(default_factory=list)
    disputes: dict[str, None] = field(default_factory=dict)


class CostEngine:
    """Works out the costs of cases from one body of knowledge; safe to share between threads once built.

    `tests` holds the compiled conditions by the identity of the line or row that they belong to.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._forces: dict[int, Force] = {}
        self._alternatives: dict[str, tuple[_Alternative, ...]] = {}
        self.tests: dict[int, Compiled] = {}
        answers = {question.field: _answers(question) for question in knowledge.questions}
        for country in knowledge.countries:
            for line in country.taxes.lines if country.taxes else ():
                self._forces[id(line)] = Force.of(line.in_force)
                if line.when is not None:
                    self.tests[id(line)] = compile_condition(line.when)
                self.tests |= {id(row): compile_condition(row.when) for row in _rows(line.amount) if row.when}
            self._alternatives[country.code] = tuple(_alternatives(country, answers))

    def costs(self, case: Case, country: Country) -> Costs | None:
        """The costs of a case, or None where it has no price or the destination no table of taxes."""
        price = case.facts.get(PRICE)
        if country.taxes is None or not isinstance(price, Money):
            return None
        lines = country.taxes.lines
        work = _Work(self, case, country, price)
        worked = work.lines(lines)
        completions = [
            _Work(self, replace(case, facts={**case.facts, **facts}), country, price, readings).lines(lines)
            for facts, readings in _completions(self._alternatives[country.code], worked)
        ]
        return work.costs(_narrowed(worked, completions), _total(completions or [worked]))

    def force(self, line: TaxLine) -> Force:
        """When a line holds."""
        return self._forces[id(line)]


class _Work:
    """One computation: the bases worked out so far, and what each line lacks."""

    def __init__(
        self, engine: CostEngine, case: Case, country: Country, price: Money, readings: Mapping[str, int] = _NO_READINGS
    ) -> None:
        self._engine = engine
        self._tests = engine.tests
        self._facts: Facts = case.facts
        self._rates: Mapping[str, Decimal] = case.rates
        self._currency = price.currency
        self._home = country.currency
        self._units: dict[str, NationalUnit] = {unit.id: unit for unit in country.taxes.units} if country.taxes else {}
        self._readings = readings
        self._lacks = _Lacks()
        self._given_lacks: dict[str, _Lacks] = {}
        self._bases: dict[str, Bounds] = {}
        given: tuple[tuple[str, Callable[[], Bounds]], ...] = (
            ("cif", lambda: self._cif(price)),
            ("fob", lambda: self._fob(price)),
            ("list-price", self._list_price),
        )
        for name, work in given:
            self._bases[name], self._given_lacks[name] = work(), self._lacks
            self._lacks = _Lacks()

    def lines(self, lines: Iterable[TaxLine]) -> list[CostLine]:
        """All lines that are due or may be."""
        return [done for done in map(self._line, lines) if done is not None]

    def costs(self, worked: list[CostLine], total: Bounds) -> Costs:
        """The lines by what they are, with their sum."""
        return Costs(
            currency=self._currency,
            bases=self._bases,
            cif=self._bases["cif"].rounded(),
            values=tuple(one for one in worked if one.line.kind == "value"),
            lines=tuple(one for one in worked if one.line.kind not in _NO_PAYMENT),
            deposits=tuple(one for one in worked if one.line.kind == "deposit"),
            total=total,
            landed=self._bases["cif"].rounded() + total,
            missing=_most_open_first(worked),
            missing_rates=tuple(dict.fromkeys(name for one in worked for name in one.missing_rates)),
        )

    def _line(self, line: TaxLine) -> CostLine | None:
        day = self._facts["dates.arrival"]
        assert isinstance(day, Span)
        held = self._engine.force(line).holds_on(day)
        compiled = self._tests.get(id(line))
        applies: Truth = True if compiled is None else compiled.test(self._facts)
        if held is False or applies is False:
            self._bases.setdefault(line.id, NOTHING)
            return None
        self._lacks = _Lacks()
        if applies is None and compiled is not None:
            self._lacks.facts |= dict.fromkeys(compiled.unknown_facts(self._facts))
        amount = self._bounds(line.amount).rounded()
        certain = held is True and applies is True
        amount = amount if certain else amount.or_nothing()
        self._bases[line.id] = self._bases.get(line.id, NOTHING) + amount
        lacks = self._lacks
        return CostLine(
            line,
            self._base(line.amount),
            amount,
            certain,
            tuple(lacks.facts),
            tuple(lacks.rates),
            tuple(dict.fromkeys(lacks.figures)),
            tuple(lacks.disputes),
        )

    def _base(self, amount: Amount) -> Bounds | None:
        """What a plain percentage is taken of."""
        return self._sum_of(amount.of).rounded() if isinstance(amount, Rate) else None

    # Amounts

    def _bounds(self, amount: Amount) -> Bounds:
        match amount:  # the frequent kinds first
            case Table(rows):
                return self._table(rows)
            case Rate(percent, of, per):
                return self._measured(self._sum_of(of).times(percent / _HUNDRED), per) if percent else NOTHING
            case Fixed(number, currency, per):
                return self._measured(self._money(number, currency or self._home), per) if number else NOTHING
            case Units(number, unit):
                return self._units_of(number, self._units[unit])
            case Brackets():
                return self._brackets(amount)
            case Either(parts, dispute):
                if dispute is None:
                    return self._hull(parts)
                if dispute in self._readings:
                    return self._bounds(parts[self._readings[dispute]])
                self._lacks.disputes[dispute] = None
                return self._hull(parts)
            case NotKnown(zh, en):
                self._lacks.figures.append(Text(zh=zh, en=en))
                return _OPEN
            case _:
                return self._combined(amount)

    def _combined(self, amount: Sum | Greatest | Least | Difference | Quotient) -> Bounds:
        match amount:
            case Sum(parts):
                return sum(map(self._bounds, parts), start=NOTHING)
            case Greatest(parts):
                return _greatest([self._bounds(part) for part in parts])
            case Least(parts):
                return _least([self._bounds(part) for part in parts])
            case Difference(part, less):
                return self._bounds(part).less(sum(map(self._bounds, less), start=NOTHING))
            case Quotient(part, by):
                return self._bounds(part).times(1 / by)

    def _hull(self, parts: Iterable[Amount]) -> Bounds:
        return _hull([self._bounds(part) for part in parts])

    def _sum_of(self, names: Iterable[str]) -> Bounds:
        total = NOTHING
        for name in names:
            if name in self._given_lacks:
                self._lacks.facts |= self._given_lacks[name].facts
                self._lacks.rates |= self._given_lacks[name].rates
            total += self._bases[name]
        return total

    def _money(self, number: Decimal, currency: str) -> Bounds:
        factor = self._factor(currency)
        return _OPEN if factor is None else Bounds.exactly(number * factor)

    def _measured(self, amount: Bounds, per: tuple[Measure, ...]) -> Bounds:
        for measure in per:
            amount = amount.by(self._measure(measure))
        return amount

    def _measure(self, measure: Measure) -> Bounds:
        counted = counted_units(measure, self._facts)
        if not counted.exact:
            names = (measure.of,) if isinstance(measure.of, str) else (measure.of.start, measure.of.end)
            self._lacks.facts |= {name: None for name in names if not _is_exact(self._facts.get(name))}
        return counted

    def _units_of(self, number: Decimal, unit: NationalUnit) -> Bounds:
        day = self._facts["dates.arrival"]
        assert isinstance(day, Span)
        value = unit_value(unit, day)
        if value is None:
            self._lacks.figures.append(_no_value(unit))
            return _OPEN
        factor = self._factor(self._home)
        return _OPEN if factor is None else Bounds.exactly(number * value * factor)

    def _table(self, rows: Iterable[Row]) -> Bounds:
        """The first row that holds; where it is open which does, from the least to the most of those that may."""
        possible: list[Bounds] = []
        tests, facts = self._tests, self._facts
        for row in rows:
            compiled = tests.get(id(row))
            holds: Truth = True if compiled is None else compiled.test(facts)
            if holds is False:
                continue
            possible.append(self._bounds(row.then))
            if holds or compiled is None:
                return _hull(possible)
            self._lacks.facts.update(dict.fromkeys(compiled.unknown_facts(facts)))
        if not possible:
            self._lacks.figures.append(_NO_ROW)
        return _hull([*possible, _OPEN])

    def _brackets(self, brackets: Brackets) -> Bounds:
        factor = self._factor(brackets.currency or self._home)
        value = self._sum_of((brackets.of,))
        rows = brackets.rows if factor is None else possible_brackets(brackets.rows, value, factor)
        possible = [self._bounds(row.then) for row in rows]
        last = rows[-1].up_to if rows else _ZERO
        if last is None or (factor is not None and value.most is not None and value.most <= last * factor):
            return _hull(possible)
        self._lacks.figures.append(_NO_ROW)
        return _hull([*possible, _OPEN])

    # What the price gives

    def _cif(self, price: Money) -> Bounds:
        total = Bounds.exactly(price.amount)
        for name in _TO_CIF[price.terms]:
            total += self._shipping(name)
        return total

    def _fob(self, price: Money) -> Bounds:
        if price.terms == "EXW":
            return Bounds.exactly(price.amount) + self._shipping(INLAND)
        beyond = NOTHING
        for name in _BEYOND_FOB[price.terms]:
            beyond += self._shipping(name)
        return Bounds.exactly(price.amount).less(beyond)

    def _shipping(self, name: str) -> Bounds:
        amount = self._facts.get(name)
        if isinstance(amount, Decimal):
            return Bounds.exactly(amount)
        self._lacks.facts[name] = None
        return _OPEN

    def _list_price(self) -> Bounds:
        price, factor = self._facts.get(LIST_PRICE), self._factor(self._home)
        if isinstance(price, Decimal):
            return _OPEN if factor is None else Bounds.exactly(price * factor)
        self._lacks.facts[LIST_PRICE] = None
        return _OPEN

    def _factor(self, currency: str) -> Decimal | None:
        """By what an amount in a currency is multiplied to stand in that of the price."""
        found = factor(self._rates, currency, self._currency)
        if found is None:
            self._lacks.rates |= {name: None for name in (currency, self._currency) if name not in self._rates}
        return found


def counted_units(measure: Measure, facts: Facts) -> Bounds:
    """How many units a measure comes to in a case; from nothing to its cap where a fact of it is unknown."""
    if isinstance(measure.of, str):
        count = facts.get(measure.of)
        ends: tuple[Decimal | int, ...] | None = (count, count) if isinstance(count, Decimal) else None
    else:
        ends = age_range(measure.of, facts)
    if ends is None:
        return Bounds(_ZERO, measure.at_most)
    least, most = (max(_ZERO, end - measure.beyond) for end in ends)
    cap = measure.at_most
    return Bounds(least, most) if cap is None else Bounds(min(least, cap), min(most, cap))


def factor(rates: Mapping[str, Decimal], currency: str, into: str) -> Decimal | None:
    """By what an amount in a currency is multiplied to stand in another; None where a rate is lacking."""
    if currency == into:
        return Decimal(1)
    return rates[into] / rates[currency] if currency in rates and into in rates else None


def possible_brackets(rows: Iterable[Bracket], value: Bounds, factor: Decimal) -> tuple[Bracket, ...]:
    """The brackets into which a value may fall, where `factor` brings their limits into its currency."""
    possible: list[Bracket] = []
    for row in rows:
        up_to = None if row.up_to is None else row.up_to * factor
        if up_to is not None and value.least > up_to:
            continue
        possible.append(row)
        if up_to is not None and value.most is not None and value.most <= up_to:
            break
    return tuple(possible)


def unit_value(unit: NationalUnit, day: Span) -> Decimal | None:
    """What a unit is worth in the destination's currency all through a day or month; None where that is not known."""
    values = [one for one in unit.values if Span.of(one.start).first <= day.first]
    if not values or (values[-1].until is not None and Span.of(values[-1].until).last < day.last):
        return None
    return values[-1].value


_NO_ROW: Final = Text(zh="所读来源没有给出这类车的费率", en="the sources read give no rate for such a vehicle")


def _no_value(unit: NationalUnit) -> Text:
    return Text(
        zh=f"到货当天的{unit.names.zh}没有查到",
        en=f"the value of the {unit.names.en} on the day of arrival was not found",
    )


def _rows(amount: Amount) -> list[Row]:
    return [row for part in parts_of(amount) if isinstance(part, Table) for row in part.rows]


class _Alternative(NamedTuple):
    """A fact with an answer of each kind that the tables tell apart, or a dispute with its readings."""

    name: str
    choices: tuple[Any, ...]
    is_dispute: bool


def _answers(question: Question) -> tuple[str | bool, ...]:
    """The answers to a question that has a few; none for dates, numbers, lists and text."""
    if question.kind == "yes-no":
        return (True, False)
    return tuple(option.id for option in question.options) if question.kind == "choice" else ()


def _alternatives(country: Country, answers: Mapping[str, tuple[str | bool, ...]]) -> Iterator[_Alternative]:
    """What a destination's tables may be worked out for one by one: disputes first, then facts as the lines name them."""
    lines = country.taxes.lines if country.taxes else ()
    readings = {
        part.dispute: len(part.parts)
        for line in lines
        for part in parts_of(line.amount)
        if isinstance(part, Either) and part.dispute is not None
    }
    for name, count in readings.items():
        yield _Alternative(name, tuple(range(count)), is_dispute=True)
    tested: dict[str, dict[tuple[str | bool, ...], None]] = {}
    conditions = [line.when for line in lines if line.when is not None]
    conditions += [condition for line in lines for condition in conditions_of(line.amount)]
    for condition in conditions:
        for leaf in leaves(condition):
            if isinstance(leaf, OneOf):
                tested.setdefault(leaf.fact, {})[leaf.values] = None
    for fact, values in tested.items():
        # Two answers that stand in the same lists cannot make a difference.
        kinds = {tuple(answer in one for one in values): answer for answer in reversed(answers.get(fact, ()))}
        if kinds:
            yield _Alternative(fact, tuple(kinds.values()), is_dispute=False)


def _completions(
    alternatives: Iterable[_Alternative], worked: list[CostLine]
) -> Iterator[tuple[dict[str, FactValue], dict[str, int]]]:
    """The answers and readings for which a table is worked out; none where nothing is open.

    The order of the alternatives is the same for all cases, and the first that makes too many ends
    the list: so one more fact never leaves less worked out.
    """
    missing = {name for one in worked for name in one.missing}
    disputes = {name for one in worked for name in one.disputes}
    open_ones: list[_Alternative] = []
    count = 1
    for one in alternatives:
        if one.name in (disputes if one.is_dispute else missing):
            count *= len(one.choices)
            if count > _MOST_COMPLETIONS:
                break
            open_ones.append(one)
    if not open_ones:
        return
    for choices in product(*(one.choices for one in open_ones)):
        chosen = list(zip(open_ones, choices, strict=True))
        yield (
            {one.name: choice for one, choice in chosen if not one.is_dispute},
            {one.name: choice for one, choice in chosen if one.is_dispute},
        )


def _narrowed(worked: list[CostLine], completions: list[list[CostLine]]) -> list[CostLine]:
    """Each line with what it is over all completions."""
    if not completions:
        return worked
    amounts = [{one.line.id: one.amount for one in lines} for lines in completions]
    return [one._replace(amount=_hull([found.get(one.line.id, NOTHING) for found in amounts])) for one in worked]


def _total(completions: list[list[CostLine]]) -> Bounds:
    """The least and the most that the payments come to in one completion."""
    return _hull(
        [sum((one.amount for one in lines if one.line.kind not in _NO_PAYMENT), start=NOTHING) for lines in completions]
    )


def _is_exact(value: FactValue | None) -> bool:
    return isinstance(value, Decimal) or (isinstance(value, Span) and value.exact)


def _greatest(parts: list[Bounds]) -> Bounds:
    mosts = [part.most for part in parts if part.most is not None]
    return Bounds(max(part.least for part in parts), max(mosts) if len(mosts) == len(parts) else None)


def _least(parts: list[Bounds]) -> Bounds:
    mosts = [part.most for part in parts if part.most is not None]
    return Bounds(min(part.least for part in parts), min(mosts) if mosts else None)


def _hull(parts: list[Bounds]) -> Bounds:
    if len(parts) == 1:
        return parts[0]
    mosts = [part.most for part in parts if part.most is not None]
    return Bounds(min(part.least for part in parts), max(mosts) if len(mosts) == len(parts) else None)


def _most_open_first(lines: Iterable[CostLine]) -> tuple[str, ...]:
    """The facts that keep amounts open, those first that keep most open; an amount without an end comes before all."""
    spread: dict[str, Decimal] = {}
    for one in lines:
        width = Decimal("1e12") if one.amount.most is None else one.amount.most - one.amount.least
        for name in one.missing:
            spread[name] = spread.get(name, _ZERO) + width
    return tuple(sorted(spread, key=lambda name: -spread[name]))
