"""Which rules bear on a destination, compiled and linked: home market, its regions, unions, the country."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from advisor.knowledge.conditions import All, Condition, OneOf
from advisor.knowledge.model import Country, InForce, Knowledge, Rule
from advisor.rules.conditions import Compiled, Facts, Truth, compile_condition
from advisor.rules.facts import Span

REGION_FACT = "exporter.region"


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


@dataclass(frozen=True, slots=True)
class PlannedRule:
    """A rule ready to be evaluated; `exceptions` are the positions of the permits that lift it."""

    rule: Rule
    force: Force
    when: Compiled | None
    met_when: Compiled | None
    region: str | None
    exceptions: tuple[int, ...]

    def truth(self, facts: Facts) -> Truth:
        """Whether it is in force on the day it is judged on and its condition holds, exceptions aside."""
        if self.region is not None and facts.get(REGION_FACT, self.region) != self.region:
            return False
        day = facts[self.rule.judged_on]
        assert isinstance(day, Span)
        held = self.force.holds_on(day)
        if held is False or self.when is None:
            return held
        condition = self.when.test(facts)
        return False if condition is False else held and condition

    def bears(self, facts: Facts) -> bool:
        """Whether it has anything to say: it may be in force, and its region may be the exporter's."""
        if self.region is not None and facts.get(REGION_FACT, self.region) != self.region:
            return False
        day = facts[self.rule.judged_on]
        assert isinstance(day, Span)
        return self.force.holds_on(day) is not False


Plan = tuple[PlannedRule, ...]


class Planner:
    """Makes the plan of each destination once."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._home = knowledge.site.home
        self._regions = frozenset(region.id for region in knowledge.regions)
        self._rules: dict[str, list[Rule]] = {}
        for rule in knowledge.rules:
            self._rules.setdefault(rule.scope, []).append(rule)
        self._compiled: dict[str, tuple[Compiled | None, Compiled | None]] = {}
        self._plans: dict[str, Plan] = {}

    def plan(self, country: Country) -> Plan:
        """The rules for vehicles that go to a country."""
        if country.code not in self._plans:
            self._plans[country.code] = self._link(self._scopes(country))
        return self._plans[country.code]

    def _scopes(self, country: Country) -> list[Rule]:
        own = self._rules.get(country.scope, [])
        overridden = {rule.overrides for rule in own}
        local = (rule for scope in sorted(self._regions) for rule in self._rules.get(scope, []))
        shared = (rule for union in country.unions for rule in self._rules.get(union, []) if rule.id not in overridden)
        return [*self._rules.get(self._home, []), *local, *shared, *own]

    def _link(self, rules: Iterable[Rule]) -> Plan:
        rules = list(rules)
        exceptions = _exceptions(rules)
        return tuple(self._planned(rule, exceptions) for rule in rules)

    def _planned(self, rule: Rule, exceptions: Mapping[str, tuple[int, ...]]) -> PlannedRule:
        region = rule.scope if rule.scope in self._regions else None
        if rule.id not in self._compiled:
            self._compiled[rule.id] = (
                _compile(_with_region(rule.when, region)),
                _compile(rule.met_when),
            )
        when, met_when = self._compiled[rule.id]
        return PlannedRule(rule, Force.of(rule.in_force), when, met_when, region, exceptions.get(rule.id, ()))


def _exceptions(rules: list[Rule]) -> dict[str, tuple[int, ...]]:
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
