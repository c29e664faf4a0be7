"""What the pages show of costs: lines with amounts in words, sums, a bar of what they are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from flask_babel import gettext as _

from advisor.knowledge.amounts import facts_of
from advisor.knowledge.conditions import facts_read
from advisor.knowledge.model import Country, Lang, TaxLine, Text
from advisor.loading import Advisor
from advisor.rules.advice import Advice
from advisor.rules.costs import NOTHING, PRICE, Bounds, CostLine, Costs
from advisor.rules.facts import RATES
from advisor.web.interview import ASK, Answers, address

_KINDS: Final = ("duty", "excise", "vat", "levy", "fee", "registration")
_HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class CostRow:
    """One line with its amount in words and how it was worked out."""

    line: TaxLine
    amount: str
    computation: Text
    open: list[str]
    certain: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the landed cost in the bar: from `x`, `width` wide, in hundredths."""

    kind: str
    label: str
    amount: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums in one currency."""

    currency: str
    total: str
    landed: str


@dataclass(frozen=True, slots=True)
class RateField:
    """An exchange rate that the sums would gain by."""

    currency: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class CostsView:
    """The costs of a case; `open_facts` are links to the questions that would narrow them.

    `exclusive` where not all lines can be due together, so that the total is less than their sum.
    """

    cif: str
    values: list[CostRow]
    rows: list[CostRow]
    deposits: list[CostRow]
    exclusive: bool
    sums: list[Sums]
    segments: list[Segment]
    open_facts: list[tuple[str, str]]
    rates: list[RateField]
    hidden: list[tuple[str, str]]
    reference: str


def kind_names() -> dict[str, str]:
    """The kinds of line, and the value that they come on top of."""
    return {
        "cif": _("CIF value"),
        "duty": _("Customs duty"),
        "excise": _("Excise"),
        "vat": _("VAT and sales tax"),
        "levy": _("Levies"),
        "fee": _("Fees"),
        "registration": _("Registration"),
    }


def costs_view(advisor: Advisor, advice: Advice, answers: Answers, lang: Lang) -> CostsView | None:
    """The costs for the result page, or None where there are none."""
    costs = advice.costs
    if costs is None:
        return None
    words = advisor.answers.cost_words(advice, costs)
    label = advisor.engine.reasoner.label

    def row(cost: CostLine) -> CostRow:
        return CostRow(
            cost.line,
            bounds_text(cost.amount, costs.currency),
            words.computation(cost.line),
            [
                *(label(name, lang) for name in cost.missing),
                *(_("the exchange rate of %(currency)s", currency=name) for name in cost.missing_rates),
                *words.not_known(cost, lang),
            ],
            cost.certain,
        )

    names = [f"{RATES}.{currency}" for currency in _currencies(advisor, advice)]
    return CostsView(
        cif=bounds_text(costs.cif, costs.currency),
        values=[row(cost) for cost in costs.values],
        rows=[row(cost) for cost in costs.lines],
        deposits=[row(cost) for cost in costs.deposits],
        exclusive=costs.total != sum((cost.amount for cost in costs.lines), start=NOTHING),
        sums=_sums(advisor, advice, costs),
        segments=_segments(costs),
        open_facts=[(label(name, lang), address("advice.start", lang, answers, (ASK, name))) for name in costs.missing],
        rates=[RateField(name.partition(".")[2], name, answers.given.get(name, "")) for name in names],
        hidden=answers.without(names).pairs(),
        reference=advisor.knowledge.site.reference_currency,
    )


def cost_questions(country: Country) -> list[str]:
    """The facts that a destination's taxes depend on, the price first."""
    names: dict[str, None] = {PRICE: None}
    for line in country.taxes.lines if country.taxes else ():
        names |= dict.fromkeys(facts_read(line.when) if line.when else ())
        names |= dict.fromkeys(facts_of(line.amount))
    return list(names)


def bounds_text(bounds: Bounds, currency: str) -> str:
    """An amount, from the least to the most, at least so much, or not known at all."""
    least = f"{bounds.least:,.2f}"
    if bounds.exact:
        return f"{currency} {least}"
    if bounds.most is None and not bounds.least:
        return _("not known")
    if bounds.most is None:
        return _("at least %(amount)s", amount=f"{currency} {least}")
    return _("%(least)s to %(most)s", least=f"{currency} {least}", most=f"{bounds.most:,.2f}")


def _currencies(advisor: Advisor, advice: Advice) -> Iterable[str]:
    """The currencies for which a rate would help: the price's, the destination's, the home market's, and those lacking."""
    assert advice.costs is not None
    site = advisor.knowledge.site
    wanted = (advice.costs.currency, advice.country.currency, *advice.costs.missing_rates, site.home_currency)
    return [name for name in dict.fromkeys((*wanted, *advice.case.rates)) if name != site.reference_currency]


def _sums(advisor: Advisor, advice: Advice, costs: Costs) -> list[Sums]:
    rates = advice.case.rates
    sums = [Sums(costs.currency, bounds_text(costs.total, costs.currency), bounds_text(costs.landed, costs.currency))]
    for currency in (advice.country.currency, advisor.knowledge.site.home_currency):
        if currency != costs.currency and currency in rates and costs.currency in rates:
            factor = rates[currency] / rates[costs.currency]
            total, landed = (one.times(factor).rounded() for one in (costs.total, costs.landed))
            sums.append(Sums(currency, bounds_text(total, currency), bounds_text(landed, currency)))
    return sums


def _segments(costs: Costs) -> list[Segment]:
    """The least that each kind comes to, side by side; empty where nothing is known to be due."""
    amounts = {"cif": costs.cif}
    for kind in _KINDS:
        of_kind = [one.amount for one in costs.lines if one.line.kind == kind]
        if of_kind:
            amounts[kind] = Bounds(sum((one.least for one in of_kind), Decimal(0)), None)
            if all(one.most is not None for one in of_kind):
                amounts[kind] = amounts[kind]._replace(
                    most=sum((one.most or Decimal(0) for one in of_kind), Decimal(0))
                )
    whole = sum((bounds.least for bounds in amounts.values()), Decimal(0))
    if not whole:
        return []
    names, at, segments = kind_names(), Decimal(0), []
    for kind, bounds in amounts.items():
        width = bounds.least * _HUNDRED / whole
        segments.append(Segment(kind, names[kind], bounds_text(bounds, costs.currency), float(at), float(width)))
        at += width
    return segments
