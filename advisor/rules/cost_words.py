"""How an amount is worked out, in words of either language, with the case's own values."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from advisor.knowledge.amounts import (
    Amount,
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
    Sum,
    Table,
    Units,
)
from advisor.knowledge.model import LANGUAGES, Country, Lang, NationalUnit, TaxLine, Text
from advisor.knowledge.text import either_text, number_text
from advisor.rules.costs import (
    NOTHING,
    CostEngine,
    CostLine,
    Costs,
    counted_units,
    factor,
    possible_brackets,
    unit_value,
)
from advisor.rules.facts import Case, Span
from advisor.rules.reasons import Reasoner, lapse_text

_GIVEN: Final[dict[str, Text]] = {
    "cif": Text(zh="到岸价（CIF）", en="CIF value"),
    "fob": Text(zh="离岸价（FOB）", en="FOB value"),
    "list-price": Text(zh="海关核定的新车价", en="customs' list price"),
}
_AGE: Final = Text(zh="车龄", en="age")


class CostWords:
    """Says how the lines of one destination are computed for one case."""

    def __init__(self, engine: CostEngine, reasoner: Reasoner, country: Country, case: Case, costs: Costs) -> None:
        lines = (*costs.values, *costs.lines, *costs.deposits)
        self._due = {*_GIVEN, *(one.line.id for one in lines if one.amount != NOTHING)}
        self._engine = engine
        self._reasoner = reasoner
        self._facts = case.facts
        self._rates = case.rates
        self._costs = costs
        self._currency = country.currency
        taxes = country.taxes
        self._units = {unit.id: unit for unit in taxes.units} if taxes else {}
        self._titles = {**_GIVEN, **{line.id: line.title for line in (taxes.lines if taxes else ())}}

    def computation(self, line: TaxLine) -> Text:
        """How the amount of a line comes about."""
        zh, en = (self._text(line.amount, lang) for lang in LANGUAGES)
        return Text(zh=zh, en=en)

    def not_known(self, cost: CostLine, lang: Lang) -> list[str]:
        """The figures that a line lacks, beyond those that its computation already names."""
        computation = self.computation(cost.line)[lang]
        return [one[lang] for one in cost.not_known if one[lang] not in computation]

    def _text(self, amount: Amount, lang: Lang) -> str:
        match amount:
            case Rate(percent, of, per):
                return f"{percent_text(percent)} × {self._bases(of, lang)}{self._measures(per, lang)}"
            case Fixed(number, currency, per):
                return f"{currency or self._currency} {number_text(number)}{self._measures(per, lang)}"
            case Units(number, unit):
                return f"{number_text(number)} × {self._unit(self._units[unit], lang)}"
            case Sum(parts):
                return " + ".join(self._text(part, lang) for part in parts)
            case Greatest(parts):
                return self._listed("取较大者：{}", "the greater of {}", parts, lang)
            case Least(parts):
                return self._listed("取较小者：{}", "the lesser of {}", parts, lang)
            case Either(parts, _):
                return self._listed("来源不一：{}", "sources differ: {}", parts, lang)
            case Table():
                return self._possible(self._rows(amount), lang)
            case Brackets():
                return self._brackets(amount, lang)
            case Difference(part, less):
                return " − ".join([self._text(part, lang), *(self._within(one, lang) for one in less)])
            case Quotient(part, by):
                return f"({self._text(part, lang)}) ÷ {number_text(by)}"
            case NotKnown(zh, en):
                return zh if lang == "zh" else en

    def _brackets(self, brackets: Brackets, lang: Lang) -> str:
        """The brackets that the case may fall into; the title of the value only where there are several."""
        by = factor(self._rates, brackets.currency or self._currency, self._costs.currency)
        rows = brackets.rows if by is None else possible_brackets(brackets.rows, self._costs.bases[brackets.of], by)
        texts = list(dict.fromkeys(self._text(row.then, lang) for row in rows))
        if len(texts) < 2:
            return self._possible([row.then for row in rows], lang)
        title, each = self._titles[brackets.of][lang], either_text(texts, lang)
        return f"按{title}分档：{each}" if lang == "zh" else f"by bracket of the {title}: {each}"

    def _unit(self, unit: NationalUnit, lang: Lang) -> str:
        day = self._facts["dates.arrival"]
        assert isinstance(day, Span)
        value = unit_value(unit, day)
        if value is None:
            return unit.names[lang]
        shown = f"{self._currency} {number_text(value)}"
        return f"{unit.names.zh}，每个{shown}" if lang == "zh" else f"{unit.names.en} of {shown}"

    def _rows(self, table: Table) -> list[Amount]:
        """The amounts of the rows that hold or may, up to the first that certainly does."""
        rows: list[Amount] = []
        for row in table.rows:
            compiled = self._engine.tests.get(id(row))
            holds = True if compiled is None else compiled.test(self._facts)
            if holds is not False:
                rows.append(row.then)
            if holds:
                break
        return rows

    def _possible(self, amounts: list[Amount], lang: Lang) -> str:
        texts = list(dict.fromkeys(self._text(amount, lang) for amount in amounts))
        if not texts:
            return "所读来源没有给出费率" if lang == "zh" else "the sources read give no rate"
        return either_text(texts, lang)

    def _listed(self, zh: str, en: str, parts: Iterable[Amount], lang: Lang) -> str:
        texts = list(dict.fromkeys(self._text(part, lang) for part in parts))
        return (zh if lang == "zh" else en).format(either_text(texts, lang)) if len(texts) > 1 else texts[0]

    def _within(self, amount: Amount, lang: Lang) -> str:
        """An amount that is taken off, in brackets where it is a sum."""
        shown = self._text(amount, lang)
        return f"({shown})" if isinstance(amount, Sum | Difference) else shown

    def _measures(self, measures: tuple[Measure, ...], lang: Lang) -> str:
        return "".join(f" × {self._measure(measure, lang)}" for measure in measures)

    def _measure(self, measure: Measure, lang: Lang) -> str:
        """The measure with the case's own values: `1,600 cc`, `400 cc over 2,000 cc`, `5 calendar years`."""
        counted = counted_units(measure, self._facts)
        if not isinstance(measure.of, str):
            return lapse_text(measure.of, int(counted.least), lang) if counted.exact else _AGE[lang]
        if not isinstance(self._facts.get(measure.of), Decimal):
            return self._reasoner.label(measure.of, lang)
        shown = self._reasoner.value_text(measure.of, counted.least, lang)
        if not measure.beyond:
            return shown
        limit = self._reasoner.value_text(measure.of, measure.beyond, lang)
        return f"超过{limit}的{shown}" if lang == "zh" else f"{shown} over {limit}"

    def _bases(self, names: tuple[str, ...], lang: Lang) -> str:
        # Bases that come to nothing in this case would only make the sum longer to read.
        due = [name for name in names if name in self._due] or names
        titles = [self._titles[name][lang] for name in due]
        return titles[0] if len(titles) == 1 else f"({' + '.join(titles)})"


def percent_text(percent: Decimal) -> str:
    """A percentage without needless zeros."""
    return f"{number_text(percent)}%"
