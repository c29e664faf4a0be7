"""Which rules bear on a question, compiled and linked: home market, its regions, unions, the country."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

from advisor.knowledge.conditions import All, Condition, OneOf
from advisor.knowledge.model import Country, Effect, InForce, Knowledge, Rule
from advisor.rules.conditions import Compiled, Facts, Truth, compile_condition
from advisor.rules.facts import Span

REGION_FACT: Final = "exporter.region"

# The name of the plan that belongs to no destination; no country's code is spelt so.
_FILING: Final = "filing"

# The order in which findings are read.
_EFFECTS: Final[tuple[Effect, ...]] = ("prohibit", "require", "oblige", "warn", "permit")


@dataclass(frozen=True, slots=True)
class Force:
    """When a rule holds, as spans; see `InForce`."""

    start: Span | None
    until: Span | None
    attested: Span | None

    @classmethod
    def of(cls, in_force: InForce) -> Force:
        """The spans of a rule's dates in force."""
        start, until, attested = (
            Span.of(date) if date else None for date in (in_force.start, in_force.until, in_force.attested)
        )
        return cls(start, until, attested)

    def certain(self) -> tuple[int, int]:
        """The first and the last day (ordinals) on which the rule is certainly in force."""
        start = self.attested.first if self.start is None and self.attested else self.start.last if self.start else 0
        return start, self.until.first if self.until else dt.date.max.toordinal()

    def holds_on(self, day: Span) -> Truth:
        """Whether the rule is in force on a day, or on every day, or on none, of a span."""
        if self.until is not None and day.first > self.until.last:
            return False
        begun = self._begun(day)
        if begun is False or self.until is None or day.last <= self.until.first:
            return begun
        return None

    def _begun(self, day: Span) -> Truth:
        if self.start is not None:
            if day.last < self.start.first:
                return False
            return True if day.first >= self.start.last else None
        assert self.attested is not None
        return True if day.first >= self.attested.first else None


class Absent(Enum):
    """What is judged of a rule that has nothing to say: it is not in force then, or another region's."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
Judgement = Truth | Literal[Absent.ABSENT]


@dataclass(frozen=True, slots=True)
class PlannedRule:
    """A rule ready to be evaluated; `exceptions` are the positions of the permits that lift it.

    `judge` tells whether it is in force on the day it is judged on and its condition holds, exceptions aside.
    """

    rule: Rule
    force: Force
    when: Compiled | None
    met_when: Compiled | None
    judge: Callable[[Facts], Judgement]
    exceptions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules for one question in the order in which findings are read: prohibitions first, export first.

    `latest_start` is the last day (ordinal) on which one of them begins, `ending` those that have an end: what
    is judged later than the one, and before none of the others, has no change ahead.
    """

    rules: tuple[PlannedRule, ...]
    latest_start: int
    ending: tuple[int, ...]


class Planner:
    """Makes each plan once."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._home = knowledge.site.home
        self._regions = frozenset(region.id for region in knowledge.regions)
        self._rules: dict[str, list[Rule]] = {}
        self._filing = [rule for rule in knowledge.rules if rule.side == "filing"]
        for rule in knowledge.rules:
            if rule.side != "filing":
                self._rules.setdefault(rule.scope, []).append(rule)
        self._compiled: dict[str, tuple[Compiled | None, Compiled | None]] = {}
        self._plans: dict[str, Plan] = {}

    def plan(self, country: Country) -> Plan:
        """The rules for vehicles that go to a country."""
        if country.code not in self._plans:
            self._plans[country.code] = self._link(self._scopes(country))
        return self._plans[country.code]

    def filing(self) -> Plan:
        """The rules on who may be filed as an exporter, those of the regions included."""
        if _FILING not in self._plans:
            self._plans[_FILING] = self._link(self._filing)
        return self._plans[_FILING]

    def _scopes(self, country: Country) -> list[Rule]:
        own = self._rules.get(country.scope, [])
        overridden = {rule.overrides for rule in own}
        local = (rule for scope in sorted(self._regions) for rule in self._rules.get(scope, []))
        shared = (rule for union in country.unions for rule in self._rules.get(union, []) if rule.id not in overridden)
        return [*self._rules.get(self._home, []), *local, *shared, *own]

    def _link(self, rules: Iterable[Rule]) -> Plan:
        ordered = sorted(rules, key=lambda rule: (_EFFECTS.index(rule.effect), rule.side == "import"))
        exceptions = _exceptions(ordered)
        planned = tuple(self._planned(rule, exceptions.get(rule.id, ())) for rule in ordered)
        return Plan(
            planned,
            max((one.force.start.first for one in planned if one.force.start is not None), default=0),
            tuple(at for at, one in enumerate(planned) if one.force.until is not None),
        )

    def _planned(self, rule: Rule, exceptions: tuple[int, ...]) -> PlannedRule:
        region = rule.scope if rule.scope in self._regions else None
        if rule.id not in self._compiled:
            self._compiled[rule.id] = (_compile(_with_region(rule.when, region)), _compile(rule.met_when))
        when, met_when = self._compiled[rule.id]
        force = Force.of(rule.in_force)
        return PlannedRule(rule, force, when, met_when, _judge(rule.judged_on, force, when, region), exceptions)


def _judge(judged_on: str, force: Force, when: Compiled | None, region: str | None) -> Callable[[Facts], Judgement]:
    test = when.test if when else None
    first, last = force.certain()

    def judge(facts: Facts) -> Judgement:
        day: Span = facts[judged_on]  # type: ignore[assignment]  # a case always has its dates
        held = True if first <= day.first and day.last <= last else force.holds_on(day)
        if held is False:
            return ABSENT
        if test is None:
            return held
        truth = test(facts)
        return False if truth is False else held and truth

    def judge_here(facts: Facts) -> Judgement:
        return judge(facts) if facts.get(REGION_FACT, region) == region else ABSENT

    return judge if region is None else judge_here


def _exceptions(rules: Sequence[Rule]) -> dict[str, tuple[int, ...]]:
    lifted: dict[str, tuple[int, ...]] = {}
    for position, rule in enumerate(rules):
        for target in rule.lifts:
            lifted[target] = (*lifted.get(target, ()), position)
    return lifted


def _with_region(when: Condition | None, region: str | None) -> Condition | None:
    if region is None:
        return when
    here = OneOf(REGION_FACT, (region,))
    return here if when is None else All((here, when))


def _compile(condition: Condition | None) -> Compiled | None:
    return None if condition is None else compile_condition(condition)
