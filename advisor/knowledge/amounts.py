"""The language in which a tax says how much: rates, amounts per unit, tables, floors and caps.

As written in YAML::

    {rate: 15, of: customs-value}                         percent of a line, or of several: of: [customs-value, duty]
    {amount: 0.4, currency: USD, per: vehicle.engine_cc}  so much for each unit of a fact; without `per` a fixed sum
    {units: 50, of: mrp}                                  so many national units (the unit's value stands in `units`)
    {sum: [A, B]}  {greatest: [A, B]}  {least: [A, B]}    of amounts
    {table: [{when: {...}, then: A}, {then: B}]}          the first row whose condition holds
    {by: customs-value, currency: JOD, rows: [{up-to: 10000, then: A}, {then: B}]}   brackets of a line's value
    {either: [A, B]}                                      sources differ: from the least to the most of them
    {either: [A, B], dispute: name}                       disputes of one name are read the same way in all lines
    {difference: [A, B, C]}                               A less the others, never below nothing
    {quotient: A, by: 1.958}                              an amount divided by a number
    {not-known: {zh: ..., en: ...}}                       the figure was not to be had; the text says which

`of` and `by` name earlier lines, or what the price gives: `cif`, `fob`, `list-price`. `per` stands with a rate as
with an amount and multiplies it by a measure, or by several in a list::

    vehicle.engine_cc                                     a numeric fact
    {of: vehicle.engine_cc, beyond: 2000, at-most: 1000}  what it is beyond a threshold, counted up to a cap
    {age: {from: vehicle.manufactured, to: dates.arrival, in: calendar-years}, at-most: 20}   an age
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from advisor.knowledge.conditions import (
    Condition,
    ConditionError,
    Lapse,
    facts_read,
    parse_condition,
    parse_lapse,
    write_condition,
    write_lapse,
)

# What the price of a case gives, before any line.
GIVEN_BASES: Final = ("cif", "fob", "list-price")


class AmountError(ValueError):
    """An amount that cannot be read; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Measure:
    """By what an amount is multiplied: a numeric fact or an age, beyond a threshold and counted up to a cap."""

    of: str | Lapse
    beyond: Decimal = Decimal(0)
    at_most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """A percentage of one line or of the sum of several, times the measures."""

    percent: Decimal
    of: tuple[str, ...]
    per: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Fixed:
    """A sum of money, times the measures; no currency means the destination's."""

    amount: Decimal
    currency: str | None
    per: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Units:
    """A number of national units, such as monthly index units."""

    number: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Sum:
    """All of these together."""

    parts: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class Greatest:
    """The greatest of these: a floor."""

    parts: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class Least:
    """The least of these: a cap."""

    parts: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; without a condition it holds for all that is left."""

    when: Condition | None
    then: Amount


@dataclass(frozen=True, slots=True)
class Table:
    """The amount of the first row whose condition holds."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Bracket:
    """A bracket of values, its upper end included; without one it is the last."""

    up_to: Decimal | None
    then: Amount


@dataclass(frozen=True, slots=True)
class Brackets:
    """The amount of the bracket into which a line's value falls."""

    of: str
    currency: str | None
    rows: tuple[Bracket, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Sources differ on which of these it is; disputes of one name are decided together."""

    parts: tuple[Amount, ...]
    dispute: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """An amount less the others, never below nothing."""

    part: Amount
    less: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class Quotient:
    """An amount divided by a number."""

    part: Amount
    by: Decimal


@dataclass(frozen=True, slots=True)
class NotKnown:
    """A figure that was not found, in words of both languages."""

    zh: str
    en: str


Amount = Rate | Fixed | Units | Sum | Greatest | Least | Table | Brackets | Either | Difference | Quotient | NotKnown

_LISTS: Final[dict[str, type[Sum] | type[Greatest] | type[Least]]] = {"sum": Sum, "greatest": Greatest, "least": Least}


def parse_amount(raw: object) -> Amount:
    """Read an amount as written in YAML; raises AmountError."""
    if not isinstance(raw, Mapping) or not raw:
        raise AmountError(f"an amount is a mapping such as {{rate: 15, of: customs-value}}, not {raw!r}")
    for form in _FORMS:
        if form.needs <= set(raw) <= form.needs | form.takes:
            return form.read(raw)
    names = ", ".join(dict.fromkeys(form.name for form in _FORMS))
    raise AmountError(f"an amount is one of {names}; this has {', '.join(map(str, raw))}")


def _rate(raw: Mapping[str, Any]) -> Rate:
    return Rate(_number(raw["rate"], "rate"), _names(raw["of"]), _measures(raw.get("per")))


def _fixed(raw: Mapping[str, Any]) -> Fixed:
    return Fixed(_number(raw["amount"], "amount"), _currency(raw.get("currency")), _measures(raw.get("per")))


def _units(raw: Mapping[str, Any]) -> Units:
    return Units(_number(raw["units"], "units"), str(raw["of"]))


def _list(raw: Mapping[str, Any]) -> Amount:
    ((name, parts),) = raw.items()
    return _LISTS[name](_parts(parts, name))


def _table(raw: Mapping[str, Any]) -> Table:
    return Table(tuple(_row(row) for row in _rows(raw["table"], "table")))


def _brackets(raw: Mapping[str, Any]) -> Brackets:
    rows = tuple(_bracket(row) for row in _rows(raw["rows"], "rows"))
    return Brackets(str(raw["by"]), _currency(raw.get("currency")), rows)


def _either(raw: Mapping[str, Any]) -> Either:
    return Either(_parts(raw["either"], "either"), str(raw["dispute"]) if "dispute" in raw else None)


def _difference(raw: Mapping[str, Any]) -> Difference:
    part, *less = _parts(raw["difference"], "difference")
    if not less:
        raise AmountError("'difference' holds an amount and what is taken off it")
    return Difference(part, tuple(less))


def _quotient(raw: Mapping[str, Any]) -> Quotient:
    return Quotient(parse_amount(raw["quotient"]), _number(raw["by"], "by"))


def _not_known(raw: Mapping[str, Any]) -> NotKnown:
    texts = raw["not-known"]
    if not isinstance(texts, Mapping) or set(texts) != {"zh", "en"}:
        raise AmountError("'not-known' says in zh and en which figure was not found")
    return NotKnown(str(texts["zh"]), str(texts["en"]))


class _Form(NamedTuple):
    """A way to write an amount: the field that names it, the fields it needs and may have, how it is read."""

    name: str
    needs: frozenset[str]
    takes: frozenset[str]
    read: Callable[[Mapping[str, Any]], Amount]


def _form(read: Callable[[Mapping[str, Any]], Amount], *needs: str, takes: tuple[str, ...] = ()) -> _Form:
    return _Form(needs[0], frozenset(needs), frozenset(takes), read)


_FORMS: Final = (
    _form(_rate, "rate", "of", takes=("per",)),
    _form(_fixed, "amount", takes=("currency", "per")),
    _form(_units, "units", "of"),
    *(_form(_list, name) for name in _LISTS),
    _form(_table, "table"),
    _form(_brackets, "by", "rows", takes=("currency",)),
    _form(_either, "either", takes=("dispute",)),
    _form(_difference, "difference"),
    _form(_quotient, "quotient", "by"),
    _form(_not_known, "not-known"),
)


def _parts(raw: object, name: str) -> tuple[Amount, ...]:
    return tuple(parse_amount(part) for part in _rows(raw, name))


def _rows(raw: object, name: str) -> list[Any]:
    if not isinstance(raw, list | tuple) or not raw:
        raise AmountError(f"'{name}' holds a list, not {raw!r}")
    return list(raw)


def _row(raw: object) -> Row:
    if not isinstance(raw, Mapping) or not {"then"} <= set(raw) <= {"when", "then"}:
        raise AmountError(f"a row of a table has when and then, not {raw!r}")
    try:
        when = parse_condition(raw["when"]) if "when" in raw else None
    except ConditionError as error:
        raise AmountError(str(error)) from None
    return Row(when, parse_amount(raw["then"]))


def _bracket(raw: object) -> Bracket:
    if not isinstance(raw, Mapping) or not {"then"} <= set(raw) <= {"up-to", "then"}:
        raise AmountError(f"a bracket has up-to and then, not {raw!r}")
    return Bracket(_number(raw["up-to"], "up-to") if "up-to" in raw else None, parse_amount(raw["then"]))


def _names(raw: object) -> tuple[str, ...]:
    return tuple(str(name) for name in raw) if isinstance(raw, list | tuple) else (str(raw),)


def _currency(raw: object) -> str | None:
    if raw is None or (isinstance(raw, str) and len(raw) == 3 and raw.isupper()):
        return raw
    raise AmountError(f"a currency is an ISO 4217 code such as USD, not {raw!r}")


def _measures(raw: object) -> tuple[Measure, ...]:
    if raw is None:
        return ()
    return tuple(_measure(one) for one in raw) if isinstance(raw, list | tuple) else (_measure(raw),)


def _measure(raw: object) -> Measure:
    if isinstance(raw, str):
        return Measure(raw)
    if (
        not isinstance(raw, Mapping)
        or not set(raw) <= {"of", "age", "beyond", "at-most"}
        or len({"of", "age"} & set(raw)) != 1
    ):
        raise AmountError(
            f"'per' names a fact such as vehicle.engine_cc, or has of or age, with beyond and at-most; not {raw!r}"
        )
    try:
        measured = parse_lapse(raw["age"]) if "age" in raw else str(raw["of"])
    except ConditionError as error:
        raise AmountError(str(error)) from None
    at_most = _number(raw["at-most"], "at-most") if "at-most" in raw else None
    return Measure(measured, _number(raw.get("beyond", 0), "beyond"), at_most)


def _number(raw: object, where: str) -> Decimal:
    try:
        number = Decimal(str(raw))
    except InvalidOperation:
        number = Decimal("nan")
    if isinstance(raw, bool) or not number.is_finite():
        raise AmountError(f"'{where}' is a number, not {raw!r}")
    return number


def write_amount(amount: Amount) -> dict[str, Any]:
    """The YAML form of an amount; the inverse of `parse_amount`."""
    match amount:
        case Rate(percent, of, per):
            return {"rate": str(percent), "of": list(of), **_write_measures(per)}
        case Fixed(number, currency, per):
            return {"amount": str(number), **({"currency": currency} if currency else {}), **_write_measures(per)}
        case Units(number, unit):
            return {"units": str(number), "of": unit}
        case Sum(parts) | Greatest(parts) | Least(parts):
            name = next(name for name, kind in _LISTS.items() if isinstance(amount, kind))
            return {name: [write_amount(part) for part in parts]}
        case Either(parts, dispute):
            return {"either": [write_amount(part) for part in parts], **({"dispute": dispute} if dispute else {})}
        case Difference(part, less):
            return {"difference": [write_amount(one) for one in (part, *less)]}
        case Table(rows):
            return {"table": [_write_row(row) for row in rows]}
        case Brackets(of, currency, brackets):
            written = {"by": of, "rows": [_write_bracket(bracket) for bracket in brackets]}
            return {**written, "currency": currency} if currency else written
        case Quotient(part, by):
            return {"quotient": write_amount(part), "by": str(by)}
        case NotKnown(zh, en):
            return {"not-known": {"zh": zh, "en": en}}


def _write_measures(measures: tuple[Measure, ...]) -> dict[str, Any]:
    return {"per": [_write_measure(one) for one in measures]} if measures else {}


def _write_measure(measure: Measure) -> dict[str, Any]:
    written: dict[str, Any] = {"of": measure.of} if isinstance(measure.of, str) else {"age": write_lapse(measure.of)}
    beyond = {"beyond": str(measure.beyond)} if measure.beyond else {}
    at_most = {"at-most": str(measure.at_most)} if measure.at_most is not None else {}
    return {**written, **beyond, **at_most}


def _write_row(row: Row) -> dict[str, Any]:
    then = {"then": write_amount(row.then)}
    return {"when": write_condition(row.when), **then} if row.when else then


def _write_bracket(bracket: Bracket) -> dict[str, Any]:
    then = {"then": write_amount(bracket.then)}
    return {"up-to": str(bracket.up_to), **then} if bracket.up_to is not None else then


def parts_of(amount: Amount) -> Iterator[Amount]:
    """An amount and every amount within it."""
    yield amount
    match amount:
        case Sum(parts) | Greatest(parts) | Least(parts) | Either(parts):
            inner = parts
        case Difference(first, less):
            inner = (first, *less)
        case Table(rows):
            inner = tuple(row.then for row in rows)
        case Brackets(_, _, brackets):
            inner = tuple(bracket.then for bracket in brackets)
        case Quotient(part, _):
            inner = (part,)
        case _:
            inner = ()
    for part in inner:
        yield from parts_of(part)


def bases_of(amount: Amount) -> tuple[str, ...]:
    """The lines on which an amount rests, each once."""
    names: dict[str, None] = {}
    for part in parts_of(amount):
        match part:
            case Rate(_, of, _):
                names |= dict.fromkeys(of)
            case Brackets(of, _, _):
                names[of] = None
    return tuple(names)


def measures_of(amount: Amount) -> Iterator[Measure]:
    """By what an amount and the amounts within it are multiplied."""
    return (measure for part in parts_of(amount) if isinstance(part, Rate | Fixed) for measure in part.per)


def conditions_of(amount: Amount) -> Iterator[Condition]:
    """The conditions of its tables."""
    return (row.when for part in parts_of(amount) if isinstance(part, Table) for row in part.rows if row.when)


def facts_of(amount: Amount) -> tuple[str, ...]:
    """The facts that an amount reads, each once."""
    names: dict[str, None] = {name: None for when in conditions_of(amount) for name in facts_read(when)}
    for measure in measures_of(amount):
        names |= dict.fromkeys((measure.of,) if isinstance(measure.of, str) else (measure.of.start, measure.of.end))
    return tuple(names)
