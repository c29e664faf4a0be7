"""An answer as plain data, in the shape of the public contract; the same for every way of asking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from advisor.knowledge.amounts import Rate
from advisor.knowledge.conditions import facts_read
from advisor.knowledge.model import Cite, InForce, Knowledge, Question, Source, Text
from advisor.rules.advice import Advice, Assessment, Change, Due, Filing, Finding, NeededDocument
from advisor.rules.cost_words import CostWords, percent_text
from advisor.rules.costs import Bounds, CostLine, Costs
from advisor.rules.engine import Engine


class Answerer:
    """Turns advice into plain data; looks sources up once."""

    def __init__(self, knowledge: Knowledge, engine: Engine) -> None:
        self._engine = engine
        self._sources = {source.id: source for source in knowledge.sources}
        self._knowledge = knowledge

    def answer(self, advice: Advice) -> dict[str, Any]:
        """The answer to a case; dates are ISO 8601 text, texts are {zh, en}."""
        country = advice.country
        destination = {"code": country.code, "name": text(country.names), "reviewed": country.reviewed.isoformat()}
        return {
            "verdict": advice.verdict,
            "sides": dict(advice.sides),
            "destination": destination,
            "costs": self._costs(advice),
            "windows": [],
            **self._common(advice),
        }

    def review(self, filing: Filing) -> dict[str, Any]:
        """The answer to a company that wants to be filed; the same shape, without what a vehicle adds."""
        return {"verdict": filing.verdict, **self._common(filing)}

    def _common(self, found: Assessment) -> dict[str, Any]:
        return {
            "as_of": found.case.as_of.isoformat(),
            "findings": [self._finding(finding) for finding in found.findings],
            "documents": [_document(needed) for needed in found.documents],
            "obligations": [_due(due) for due in found.obligations],
            "changes": [self._change(change) for change in found.changes],
            "missing": list(found.missing),
            "next_question": self.question(found.next_question) if found.next_question else None,
            "cautions": [text(caution) for caution in found.cautions],
            "knowledge": {"version": found.version, "built": found.built.isoformat() if found.built else None},
        }

    def question(self, question: Question) -> dict[str, Any]:
        """A question with its options, whichever list they come from."""
        return {
            "field": question.field,
            "title": text(question.title),
            "help": text(question.help) if question.help else None,
            "kind": question.kind,
            "options": [{"id": name, "title": text(names)} for name, names in self.options(question)],
        }

    def options(self, question: Question) -> list[tuple[str, Text]]:
        """The answers offered, in order."""
        match question.options_from:
            case "countries":
                return [(country.code, country.names) for country in self._knowledge.countries]
            case "regions":
                return [(region.id, region.names) for region in self._knowledge.regions]
            case "documents":
                return [(document.id, document.names) for document in self._knowledge.documents]
            case None:
                return [(option.id, option.names) for option in question.options]

    def cites(self, cites: Iterable[Cite]) -> list[dict[str, Any]]:
        """Citations with what a reader needs to find the source."""
        return [self._cite(self._sources[cite.source], cite.clause) for cite in cites]

    def _cite(self, source: Source, clause: str | None) -> dict[str, Any]:
        return {
            "source": source.id,
            "title": source.title,
            "publisher": source.publisher,
            "url": source.url,
            "published": str(source.published) if source.published else None,
            "clause": clause,
        }

    def _finding(self, finding: Finding) -> dict[str, Any]:
        rule = finding.rule
        return {
            "rule": rule.id,
            "side": rule.side,
            "effect": rule.effect,
            "status": finding.status,
            "title": text(rule.title),
            "reason": text(finding.reason),
            "note": text(rule.note) if rule.note else None,
            "cites": self.cites(rule.cites),
            "confidence": rule.confidence,
            "in_force": in_force(rule.in_force),
            "facts": list(facts_read(rule.when)) if rule.when else [],
            "missing": list(finding.missing),
            "gate": rule.gate,
            "met": finding.met,
            "lifted_by": list(finding.lifted_by),
            "open_exceptions": list(finding.open_exceptions),
        }

    def _costs(self, advice: Advice) -> dict[str, Any] | None:
        costs = advice.costs
        if costs is None:
            return None
        words = self.cost_words(advice, costs)
        others = [
            name for name in (advice.country.currency, self._knowledge.site.home_currency) if name in advice.case.rates
        ]
        return {
            "currency": costs.currency,
            **_ends("cif", costs.cif),
            **_ends("total", costs.total),
            **_ends("landed", costs.landed),
            "in": {name: _in_currency(costs, name, advice.case.rates) for name in others if name != costs.currency},
            "values": [self._cost_line(line, words) for line in costs.values],
            "lines": [self._cost_line(line, words) for line in costs.lines],
            "deposits": [self._cost_line(line, words) for line in costs.deposits],
            "rates": self._rates(advice),
            "missing": list(costs.missing),
            "missing_rates": list(costs.missing_rates),
        }

    def cost_words(self, advice: Advice, costs: Costs) -> CostWords:
        """How the lines of an advice are worked out, in words."""
        engine = self._engine
        return CostWords(engine.cost_engine, engine.reasoner, advice.country, advice.case, costs)

    def _cost_line(self, cost: CostLine, words: CostWords) -> dict[str, Any]:
        line = cost.line
        rate = percent_text(line.amount.percent) if isinstance(line.amount, Rate) else None
        exact = cost.amount.exact
        return {
            "id": line.id,
            "kind": line.kind,
            "title": text(line.title),
            "base": number(cost.base.least) if cost.base and cost.base.exact else None,
            "rate": rate,
            "computation": text(words.computation(line)),
            "amount": number(cost.amount.least) if exact else None,
            "least": number(cost.amount.least),
            "most": None if cost.amount.most is None else number(cost.amount.most),
            "certain": cost.certain,
            "missing": list(cost.missing),
            "missing_rates": list(cost.missing_rates),
            "not_known": [text(one) for one in cost.not_known],
            "note": text(line.note) if line.note else None,
            "confidence": line.confidence,
            "in_force": in_force(line.in_force),
            "cites": self.cites(line.cites),
        }

    def _rates(self, advice: Advice) -> dict[str, Any]:
        reference = self._knowledge.site.reference_currency
        on = advice.case.as_of.isoformat()
        return {
            name: {"per": reference, "rate": number(rate), "on": on, "source": "user"}
            for name, rate in advice.case.rates.items()
            if name != reference
        }

    def _change(self, change: Change) -> dict[str, Any]:
        finding = change.finding
        return {
            "on": change.on.isoformat(),
            "kind": change.kind,
            "rule": finding.rule.id,
            "side": finding.rule.side,
            "effect": finding.rule.effect,
            "status": finding.status,
            "title": text(finding.rule.title),
            "reason": text(finding.reason),
        }


def number(value: Decimal) -> int | float:
    """A decimal as JSON writes numbers: whole ones without a fraction."""
    return int(value) if value == value.to_integral_value() else float(value)


def _ends(name: str, bounds: Bounds) -> dict[str, Any]:
    """An amount under its name where it is exact, and its least and most in any case."""
    most = None if bounds.most is None else number(bounds.most)
    exact = number(bounds.least) if bounds.exact else None
    return {name: exact, f"{name}_least": number(bounds.least), f"{name}_most": most}


def _in_currency(costs: Costs, name: str, rates: Mapping[str, Decimal]) -> dict[str, Any]:
    """The sums in another currency for which there is a rate."""
    if costs.currency not in rates:
        return {}
    factor = rates[name] / rates[costs.currency]
    return {
        **_ends("total", costs.total.times(factor).rounded()),
        **_ends("landed", costs.landed.times(factor).rounded()),
    }


def text(value: Text) -> dict[str, str]:
    """Both languages of a text."""
    return {"zh": value.zh, "en": value.en}


def in_force(dates: InForce) -> dict[str, str | None]:
    """The dates of a rule or a tax, as written; `attested` stands where its beginning is not known."""
    return {
        "from": str(dates.start) if dates.start else None,
        "until": str(dates.until) if dates.until else None,
        "attested": str(dates.attested) if dates.attested else None,
    }


def _document(needed: NeededDocument) -> dict[str, Any]:
    document = needed.document
    return {
        "id": document.id,
        "title": text(document.names),
        "side": needed.side,
        "stage": document.stage,
        "issuer": text(document.issuer),
        "must_state": [text(item) for item in document.must_state],
        "required_by": list(needed.required_by),
        "held": needed.held,
        "certain": needed.certain,
    }


def _due(due: Due) -> dict[str, Any]:
    obligation = due.obligation
    return {
        "id": obligation.id,
        "title": text(obligation.title),
        "side": due.side,
        "stage": obligation.stage,
        "due": _iso(due.due),
        "period": obligation.period,
        "counted_from": text(due.counted_from) if due.counted_from else None,
        "note": text(obligation.note) if obligation.note else None,
        "required_by": list(due.required_by),
        "certain": due.certain,
    }


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
