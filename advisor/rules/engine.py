"""Evaluates a case against every rule that bears on its destination and puts the advice together."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, cast, get_args

from dateutil.relativedelta import relativedelta

from advisor.knowledge.model import Country, Document, Effect, Knowledge, Side, Text
from advisor.rules.advice import VERDICTS, Advice, Change, Due, Finding, NeededDocument, Status, Verdict
from advisor.rules.cautions import cautions
from advisor.rules.conditions import Facts, Truth
from advisor.rules.facts import Case, Span
from advisor.rules.plan import Plan, PlannedRule, Planner
from advisor.rules.questions import rank_missing
from advisor.rules.reasons import Reasoner

_SIDES: Final[tuple[Side, ...]] = get_args(Side)
_STATUS: Final[dict[Truth, Status]] = {True: "applies", False: "clear", None: "unknown"}
_EFFECT_ORDER: Final[dict[Effect, int]] = {"prohibit": 0, "require": 1, "oblige": 2, "warn": 3, "permit": 4}
_STATUS_ORDER: Final[dict[Status, int]] = {"applies": 0, "unknown": 1, "clear": 2}
_DATES: Final = ("dates.application", "dates.shipment", "dates.arrival")
_PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")


class Engine:
    """Answers cases from one body of knowledge; safe to share between threads once built."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.reasoner = Reasoner(knowledge)
        self._planner = Planner(knowledge)
        self._countries = {country.code: country for country in knowledge.countries}
        self._documents = {document.id: document for document in knowledge.documents}
        self._questions = {question.field: question for question in knowledge.questions}
        self._question_order = {question.field: at for at, question in enumerate(knowledge.questions)}
        self._stages = {stage.id: at for at, stage in enumerate(knowledge.stages)}
        self._events = {event.id: event for event in knowledge.events}
        self._policies = {policy.id: policy for policy in knowledge.policies}
        self._unions = {union.id: union for union in knowledge.unions}

    def advise(self, case: Case) -> Advice:
        """What the guide says of a case."""
        country = self._countries[case.destination]
        plan = self._planner.plan(country)
        findings = self._findings(plan, case.facts)
        sides: dict[Side, Verdict] = {side: _verdict(f for f in findings if f.rule.side == side) for side in _SIDES}
        verdict = min(sides.values(), key=VERDICTS.index)
        missing = () if verdict == "not-eligible" else rank_missing(findings, self._question_order)
        return Advice(
            case=case,
            country=country,
            verdict=verdict,
            sides=sides,
            findings=findings,
            documents=self._needed(findings, case.facts),
            obligations=self._due(findings, case),
            changes=self._changes(plan, case.facts),
            missing=missing,
            next_question=self._questions[missing[0]] if missing else None,
            cautions=cautions(findings, case, self._dated_entries(country, findings), self.knowledge.site.review_days),
            version=self.knowledge.version,
            built=self.knowledge.built,
        )

    def _findings(self, plan: Plan, facts: Facts) -> tuple[Finding, ...]:
        truths = [planned.truth(facts) for planned in plan]
        findings = [
            self._finding(plan, position, truths, facts)
            for position, planned in enumerate(plan)
            if truths[position] is not False or planned.bears(facts)
        ]
        findings.sort(key=_finding_order)
        return tuple(findings)

    def _finding(self, plan: Plan, position: int, truths: list[Truth], facts: Facts) -> Finding:
        planned = plan[position]
        truth = truths[position]
        lifted: tuple[str, ...] = ()
        open_: tuple[str, ...] = ()
        missing: tuple[str, ...] = ()
        if truth is not False and planned.exceptions:
            lifted, open_ = _lifting(plan, planned, truths)
        if lifted:
            truth = False
        elif truth is None:
            missing = _unknown_facts(planned, facts)
        elif truth and open_:
            truth = None
            exceptions = (plan[at] for at in planned.exceptions if truths[at] is None)
            missing = tuple(dict.fromkeys(name for one in exceptions for name in _unknown_facts(one, facts)))
        met = _met(planned, facts) if planned.rule.effect == "require" and truth is not False else None
        if met is False and truth and planned.met_when is not None:
            missing = planned.met_when.unknown_facts(facts)
        return Finding(planned.rule, _STATUS[truth], missing, met, lifted, open_, self._explainer(planned, facts))

    def _explainer(self, planned: PlannedRule, facts: Facts) -> Callable[[Finding], Text]:
        return lambda finding: self.reasoner.reason(finding, planned, facts)

    def _needed(self, findings: Iterable[Finding], facts: Facts) -> tuple[NeededDocument, ...]:
        held = cast(frozenset[str], facts.get("documents_held", frozenset()))
        needed: dict[str, NeededDocument] = {}
        for finding in findings:
            if finding.status == "clear" or finding.rule.effect == "permit":
                continue
            for name in finding.rule.documents:
                certain = finding.status == "applies"
                known = needed.get(name)
                if known is None:
                    document = self._documents[name]
                    needed[name] = NeededDocument(
                        document, finding.rule.side, (finding.rule.id,), name in held, certain
                    )
                else:
                    by = (*known.required_by, finding.rule.id)
                    needed[name] = replace(known, required_by=by, certain=known.certain or certain)
        return tuple(sorted(needed.values(), key=self._document_order))

    def _document_order(self, needed: NeededDocument) -> int:
        document: Document = needed.document
        return self._stages[document.stage]

    def _due(self, findings: Iterable[Finding], case: Case) -> tuple[Due, ...]:
        dues: dict[str, Due] = {}
        for finding in findings:
            if finding.status == "clear" or finding.rule.effect == "permit":
                continue
            for obligation in finding.rule.obligations:
                event = self._events[obligation.counted_from] if obligation.counted_from else None
                day = _known_day(case, event.date) if event and event.date else None
                due = _add(day, obligation.period) if day and obligation.period else None
                known = dues.get(obligation.id)
                by = (*known.required_by, finding.rule.id) if known else (finding.rule.id,)
                certain = finding.status == "applies" or (known is not None and known.certain)
                names = event.names if event else None
                dues[obligation.id] = Due(obligation, finding.rule.side, by, names, due, certain)
        return tuple(sorted(dues.values(), key=lambda due: self._stages[due.obligation.stage]))

    def _changes(self, plan: Plan, facts: Facts) -> tuple[Change, ...]:
        """Rules that begin or end within the horizon, judged as if the case came up on that day."""
        horizon = self.knowledge.site.horizon_days
        changes: list[Change] = []
        for position, planned in enumerate(plan):
            day = facts[planned.rule.judged_on]
            assert isinstance(day, Span)
            start, until = planned.force.start, planned.force.until
            if planned.rule.effect == "permit":
                continue
            if start is not None and day.last < start.first <= day.last + horizon:
                change = self._begins(plan, position, facts, start.first - day.first)
                changes += [Change(dt.date.fromordinal(start.first), "begins", change)] if change else []
            elif until is not None and day.last <= until.last < day.last + horizon:
                finding = self._finding(plan, position, [one.truth(facts) for one in plan], facts)
                if finding.status != "clear":
                    changes.append(Change(dt.date.fromordinal(until.last + 1), "ends", finding))
        return tuple(sorted(changes, key=lambda change: change.on))

    def _begins(self, plan: Plan, position: int, facts: Facts, days: int) -> Finding | None:
        later = {**facts, **{name: cast(Span, facts[name]).shifted(days) for name in _DATES}}
        finding = self._finding(plan, position, [planned.truth(later) for planned in plan], later)
        return None if finding.status == "clear" else finding

    def _dated_entries(self, country: Country, findings: Iterable[Finding]) -> list[tuple[Text, dt.date]]:
        """What the answer rests on, with the day on which each was last reviewed."""
        entries = [(country.names, country.reviewed)]
        entries += [(self._unions[union].names, self._unions[union].reviewed) for union in country.unions]
        names = {f.rule.policy for f in findings if f.status != "clear" and f.rule.policy}
        entries += [(self._policies[name].title, self._policies[name].reviewed) for name in sorted(names)]
        return entries


def _lifting(plan: Plan, planned: PlannedRule, truths: list[Truth]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The exceptions that certainly hold and those that may; one that nobody wrote down only may."""
    lifted: list[str] = []
    open_: list[str] = []
    for at in planned.exceptions:
        if truths[at] is False:
            continue
        certain = truths[at] and plan[at].rule.confidence not in ("conflicting", "inferred")
        (lifted if certain else open_).append(plan[at].rule.id)
    return tuple(lifted), tuple(open_)


def _unknown_facts(planned: PlannedRule, facts: Facts) -> tuple[str, ...]:
    return planned.when.unknown_facts(facts) if planned.when is not None else ()


def _met(planned: PlannedRule, facts: Facts) -> bool:
    held = facts.get("documents_held")
    if planned.rule.documents and isinstance(held, frozenset) and held.issuperset(planned.rule.documents):
        return True
    return planned.met_when is not None and planned.met_when.test(facts) is True


def _verdict(findings: Iterable[Finding]) -> Verdict:
    verdict: Verdict = "eligible"
    for finding in findings:
        outcome = _outcome(finding)
        if VERDICTS.index(outcome) < VERDICTS.index(verdict):
            verdict = outcome
    return verdict


def _outcome(finding: Finding) -> Verdict:
    """The best verdict that a single finding leaves possible."""
    if finding.status == "clear":
        return "eligible"
    if finding.rule.effect == "prohibit":
        return "not-eligible" if finding.status == "applies" and finding.decisive else "undetermined"
    if finding.rule.effect == "require" and finding.rule.gate and not finding.met:
        return "conditional"
    return "eligible"


def _finding_order(finding: Finding) -> tuple[int, int, bool]:
    rule = finding.rule
    settled = finding.status == "clear"
    return settled, _EFFECT_ORDER[rule.effect] * 3 + _STATUS_ORDER[finding.status], rule.side == "import"


def _known_day(case: Case, fact: str) -> dt.date | None:
    value = case.facts.get(fact)
    if fact in case.assumed or not isinstance(value, Span) or not value.exact:
        return None
    return dt.date.fromordinal(value.first)


def _add(day: dt.date, period: str) -> dt.date:
    match = _PERIOD.fullmatch(period)
    assert match is not None
    years, months, days = (int(part or 0) for part in match.groups())
    return day + relativedelta(years=years, months=months, days=days)
