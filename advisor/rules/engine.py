"""Evaluates a case against every rule that bears on its destination and puts the advice together."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple, TypeVar, cast

from dateutil.relativedelta import relativedelta

from advisor.knowledge.model import Country, Effect, Knowledge, Obligation, Rule, Side, Text
from advisor.rules.advice import (
    INDECISIVE,
    VERDICTS,
    Advice,
    Assessment,
    Change,
    Due,
    Filing,
    Finding,
    NeededDocument,
    Status,
    Verdict,
)
from advisor.rules.cautions import cautions
from advisor.rules.conditions import Facts
from advisor.rules.costs import CostEngine
from advisor.rules.facts import FILING_DATES, JOURNEY_DATES, Case, Span
from advisor.rules.plan import ABSENT, Judgement, Plan, PlannedRule, Planner
from advisor.rules.questions import rank_missing
from advisor.rules.reasons import Reasoner

_JOURNEY: Final[tuple[Side, ...]] = ("export", "import")
_FILING: Final[tuple[Side, ...]] = ("filing",)
_EFFECT_ORDER: Final[dict[Effect, int]] = {"prohibit": 0, "require": 1, "oblige": 2, "warn": 3, "permit": 4}
_DATES: Final = (*JOURNEY_DATES, *FILING_DATES)
_NOTHING_LIFTED: Final[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = ((), (), ())
# By the positions of the rules: of all of them, or of those that bear on one.
_Judgements = Sequence[Judgement] | Mapping[int, Judgement]
_Answer = TypeVar("_Answer", bound=Assessment)
_PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")


class _Judged(NamedTuple):
    """A case with the rules that bear on it: what stands against it or may, and what is clear."""

    case: Case
    plan: Plan
    standing: list[Finding]
    clear: list[Finding]


class Engine:
    """Answers cases from one body of knowledge; safe to share between threads once built."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.reasoner = Reasoner(knowledge)
        self.cost_engine = CostEngine(knowledge)
        self._planner = Planner(knowledge)
        self._countries = {country.code: country for country in knowledge.countries}
        self._documents = {document.id: document for document in knowledge.documents}
        self._questions = {question.field: question for question in knowledge.questions}
        self._question_order = {question.field: at for at, question in enumerate(knowledge.questions)}
        self._stages = {stage.id: at for at, stage in enumerate(knowledge.stages)}
        self._document_order = {one.id: self._stages[one.stage] for one in knowledge.documents}
        self._events = {event.id: event for event in knowledge.events}
        self._policies = {policy.id: policy for policy in knowledge.policies}
        self._unions = {union.id: union for union in knowledge.unions}

    def advise(self, case: Case) -> Advice:
        """What the guide says of a vehicle on its way to a destination."""
        country = self._countries[case.destination]
        judged = self._judge(case, self._planner.plan(country))
        sides = _sides(judged.standing, _JOURNEY)
        costs = self.cost_engine.costs(case, country)
        own = {"country": country, "sides": sides, "costs": costs}
        more_missing = costs.missing if costs else ()
        return self._assessed(Advice, judged, _worst(sides), more_missing, self._dated(country), own)

    def review(self, case: Case) -> Filing:
        """What the guide says of a company that wants to be filed as an exporter of used vehicles."""
        judged = self._judge(case, self._planner.filing())
        return self._assessed(Filing, judged, _worst(_sides(judged.standing, _FILING)), (), (), {})

    def _judge(self, case: Case, plan: Plan) -> _Judged:
        return _Judged(case, plan, *self._findings(plan, case.facts))

    def _assessed(
        self,
        kind: Callable[..., _Answer],
        judged: _Judged,
        verdict: Verdict,
        more_missing: Iterable[str],
        entries: Iterable[tuple[Text, dt.date]],
        own: Mapping[str, Any],
    ) -> _Answer:
        """The answer: what every kind has, and what is its own; what more is missing comes after what decides."""
        case, plan, standing, clear = judged
        ranked = () if verdict == "not-eligible" else (*rank_missing(standing, self._question_order), *more_missing)
        missing = tuple(dict.fromkeys(ranked))
        return kind(
            case=case,
            verdict=verdict,
            findings=(*standing, *clear),
            documents=self._needed(standing, case.facts),
            obligations=self._due(standing, case),
            changes=self._changes(plan, case.facts),
            missing=missing,
            next_question=self._questions[missing[0]] if missing else None,
            compose_cautions=lambda: cautions(
                standing, case, [*entries, *self._dated_policies(standing)], self.knowledge.site.review_days
            ),
            version=self.knowledge.version,
            built=self.knowledge.built,
            **own,
        )

    def _findings(self, plan: Plan, facts: Facts) -> tuple[list[Finding], list[Finding]]:
        """What stands against the case or may, in order, and what was checked and is clear."""
        explain = partial(self.reasoner.reason, facts=facts)
        judgements = [planned.judge(facts) for planned in plan.rules]
        standing = [
            _finding(plan, position, judgements, facts, explain)
            for position, judgement in enumerate(judgements)
            if judgement is True or judgement is None
        ]
        clear = [finding for finding in standing if finding.status == "clear"]
        clear += [
            Finding(planned.rule, "clear", planned, explain)
            for planned, judgement in zip(plan.rules, judgements, strict=True)
            if judgement is False
        ]
        standing = [finding for finding in standing if finding.status != "clear"]
        if any(finding.status == "unknown" for finding in standing):
            # The plan has them by effect; within one, what is certain comes before what is open.
            standing.sort(key=lambda finding: (_EFFECT_ORDER[finding.rule.effect], finding.status == "unknown"))
        return standing, clear

    def _needed(self, standing: Iterable[Finding], facts: Facts) -> tuple[NeededDocument, ...]:
        held = cast(frozenset[str], facts.get("documents_held", frozenset()))
        asked: dict[str, list[Finding]] = {}
        for finding in standing:
            rule = finding.rule
            if rule.documents and rule.effect != "permit":
                for name in rule.documents:
                    asked.setdefault(name, []).append(finding)
        return tuple(
            [
                NeededDocument(self._documents[name], by[0].rule.side, _ids(by), name in held, _certain(by))
                for name, by in sorted(asked.items(), key=lambda item: self._document_order[item[0]])
            ]
        )

    def _due(self, standing: Iterable[Finding], case: Case) -> tuple[Due, ...]:
        asked: dict[str, list[Finding]] = {}
        duties: dict[str, Obligation] = {}
        for finding in standing:
            rule = finding.rule
            if rule.obligations and rule.effect != "permit":
                for obligation in rule.obligations:
                    # Several rules may impose one duty; the first gives its words and its period.
                    duties.setdefault(obligation.id, obligation)
                    asked.setdefault(obligation.id, []).append(finding)
        dues = [self._one_due(duties[name], by, case) for name, by in asked.items()]
        dues.sort(key=lambda due: self._stages[due.obligation.stage])
        return tuple(dues)

    def _one_due(self, obligation: Obligation, by: Sequence[Finding], case: Case) -> Due:
        event = self._events[obligation.counted_from] if obligation.counted_from else None
        day = _known_day(case, event.date) if event and event.date else None
        due = _add(day, obligation.period) if day and obligation.period else None
        return Due(obligation, by[0].rule.side, _ids(by), event.names if event else None, due, _certain(by))

    def _changes(self, plan: Plan, facts: Facts) -> tuple[Change, ...]:
        """Rules that begin or end within the horizon, judged as if the case came up on that day."""
        changes = [*self._ending(plan, facts), *self._beginning(plan, facts)]
        return tuple(sorted(changes, key=lambda change: change.on))

    def _beginning(self, plan: Plan, facts: Facts) -> Iterator[Change]:
        if all(cast(Span, facts[date]).last >= plan.latest_start for date in _DATES if date in facts):
            return
        for position, planned in enumerate(plan.rules):
            day, start = cast(Span, facts[planned.rule.judged_on]), planned.force.start
            if planned.rule.effect == "permit" or start is None:
                continue
            if day.last < start.first <= day.last + self.knowledge.site.horizon_days:
                finding = self._begins(plan, position, facts, start.first - day.first)
                if finding is not None:
                    yield Change(dt.date.fromordinal(start.first), "begins", finding)

    def _ending(self, plan: Plan, facts: Facts) -> Iterator[Change]:
        for position in plan.ending:
            planned = plan.rules[position]
            day, until = cast(Span, facts[planned.rule.judged_on]), planned.force.until
            assert until is not None
            if (
                planned.rule.effect == "permit"
                or not day.last <= until.last < day.last + self.knowledge.site.horizon_days
            ):
                continue
            finding = self._single(plan, position, facts)
            if finding is not None:
                yield Change(dt.date.fromordinal(until.last + 1), "ends", finding)

    def _begins(self, plan: Plan, position: int, facts: Facts, days: int) -> Finding | None:
        later = {**facts, **{name: cast(Span, facts[name]).shifted(days) for name in _DATES if name in facts}}
        return self._single(plan, position, later)

    def _single(self, plan: Plan, position: int, facts: Facts) -> Finding | None:
        """What one rule says, or None where it says nothing against the case."""
        judgement = plan.rules[position].judge(facts)
        if judgement is False or judgement is ABSENT:
            return None
        judgements = {at: plan.rules[at].judge(facts) for at in plan.rules[position].exceptions}
        judgements[position] = judgement
        finding = _finding(plan, position, judgements, facts, partial(self.reasoner.reason, facts=facts))
        return None if finding.status == "clear" else finding

    def _dated(self, country: Country) -> list[tuple[Text, dt.date]]:
        """A destination and its unions, with the day on which each was last reviewed."""
        unions = [self._unions[union] for union in country.unions]
        return [(country.names, country.reviewed), *((union.names, union.reviewed) for union in unions)]

    def _dated_policies(self, standing: Iterable[Finding]) -> list[tuple[Text, dt.date]]:
        """The policies behind what stands, with the day on which each was last reviewed."""
        names = {name for name in [finding.rule.policy for finding in standing] if name}
        return [(self._policies[name].title, self._policies[name].reviewed) for name in sorted(names)]


def _finding(
    plan: Plan, position: int, judgements: _Judgements, facts: Facts, explain: Callable[[Finding], Text]
) -> Finding:
    """What a rule that is not clear by itself says, exceptions included."""
    planned, judgement = plan.rules[position], judgements[position]
    lifted, open_, waits_for = _lifting(plan, planned, judgements, facts) if planned.exceptions else _NOTHING_LIFTED
    if lifted:
        return Finding(planned.rule, "clear", planned, explain, lifted_by=lifted, open_exceptions=open_)
    missing = waits_for
    if judgement is None:
        missing = tuple(dict.fromkeys((*_unknown_facts(planned, facts), *waits_for)))
    status: Status = "applies" if judgement and not open_ else "unknown"
    met = _met(planned, facts) if planned.rule.effect == "require" else None
    if met is False and status == "applies" and planned.met_when is not None:
        missing = planned.met_when.unknown_facts(facts)
    return Finding(planned.rule, status, planned, explain, missing, met, lifted, open_, waits_for)


def _lifting(
    plan: Plan, planned: PlannedRule, judgements: _Judgements, facts: Facts
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The exceptions that certainly hold, those that may, and the facts for which the latter wait.

    An exception that nobody wrote down, or on which sources differ, may hold at best.
    """
    lifted: list[str] = []
    open_: list[str] = []
    waits_for: dict[str, None] = {}
    for at in planned.exceptions:
        judgement, permit = judgements[at], plan.rules[at]
        if judgement is False or judgement is ABSENT:
            continue
        if judgement and permit.rule.confidence not in INDECISIVE:
            lifted.append(permit.rule.id)
        else:
            open_.append(permit.rule.id)
            waits_for |= dict.fromkeys(_unknown_facts(permit, facts))
    return tuple(lifted), tuple(open_), tuple(waits_for)


def _unknown_facts(planned: PlannedRule, facts: Facts) -> tuple[str, ...]:
    return planned.when.unknown_facts(facts) if planned.when is not None else ()


def _met(planned: PlannedRule, facts: Facts) -> bool:
    held = facts.get("documents_held")
    if planned.rule.documents and isinstance(held, frozenset) and held.issuperset(planned.rule.documents):
        return True
    return planned.met_when is not None and planned.met_when.test(facts) is True


def _ids(findings: Sequence[Finding]) -> tuple[str, ...]:
    return tuple([finding.rule.id for finding in findings])


def _certain(findings: Sequence[Finding]) -> bool:
    return "applies" in [finding.status for finding in findings]


def _sides(standing: Iterable[Finding], of: Sequence[Side]) -> dict[Side, Verdict]:
    """The verdict on each side: the worst that one of its findings leaves possible."""
    sides: dict[Side, Verdict] = dict.fromkeys(of, "eligible")
    for finding in standing:
        rule = finding.rule
        if rule.effect == "prohibit" or rule.gate:
            outcome = _outcome(finding, rule)
            if VERDICTS.index(outcome) < VERDICTS.index(sides[rule.side]):
                sides[rule.side] = outcome
    return sides


def _worst(sides: Mapping[Side, Verdict]) -> Verdict:
    return min(sides.values(), key=VERDICTS.index)


def _outcome(finding: Finding, rule: Rule) -> Verdict:
    """The best verdict that a prohibition or a gate that stands leaves possible."""
    if rule.effect == "prohibit":
        return "not-eligible" if finding.status == "applies" and finding.decisive else "undetermined"
    return "eligible" if finding.met else "conditional"


def _known_day(case: Case, fact: str) -> dt.date | None:
    value = case.facts.get(fact)
    if fact in case.assumed or not isinstance(value, Span) or not value.exact:
        return None
    return dt.date.fromordinal(value.first)


@lru_cache(maxsize=4096)
def _add(day: dt.date, period: str) -> dt.date:
    match = _PERIOD.fullmatch(period)
    assert match is not None
    years, months, days = (int(part or 0) for part in match.groups())
    return day + relativedelta(years=years, months=months, days=days)
