"""Three-valued conditions: compiled once into closures; each can say what it lacks.

True, False and None (unknown) combine by Kleene's strong tables: an `all` with a false part is
false whatever is unknown, an `any` with a true part is true.
(S. C. Kleene, Introduction to Metamathematics, 1952, section 64.)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from advisor.knowledge.conditions import (
    Age,
    All,
    AnyOf,
    Condition,
    Day,
    Includes,
    Lapse,
    Not,
    Number,
    OneOf,
    flat_parts,
)
from advisor.rules.facts import FactValue, Span

Truth = bool | None
Facts = Mapping[str, FactValue]
Test = Callable[[Facts], Truth]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A condition with the closure that tests it and its compiled parts."""

    condition: Condition
    test: Test
    parts: tuple[Compiled, ...] = ()

    def unknown_facts(self, facts: Facts) -> tuple[str, ...]:
        """The facts that keep it from being decided, in the order of writing; none if it is decided.

        A part that is already decided asks for nothing: only what can still change the outcome counts.
        """
        names: dict[str, None] = {}
        self._collect_unknown(facts, names)
        return tuple(names)

    def _collect_unknown(self, facts: Facts, names: dict[str, None]) -> None:
        if self.test(facts) is not None:
            return
        for part in self.parts:
            part._collect_unknown(facts, names)
        match self.condition:
            case Age(start, end):
                names.update((name, None) for name in (start, end) if not _is_exact(facts.get(name)))
            case OneOf(fact) | Includes(fact) | Number(fact) | Day(fact):
                names[fact] = None


def compile_condition(condition: Condition) -> Compiled:
    """Turn a condition into closures, once; afterwards a test costs a few look-ups."""
    match condition:
        case All():
            compiled = tuple(compile_condition(part) for part in flat_parts(condition))
            return Compiled(condition, _all(tuple(part.test for part in compiled)), compiled)
        case AnyOf():
            compiled = tuple(compile_condition(part) for part in flat_parts(condition))
            return Compiled(condition, _any(tuple(part.test for part in compiled)), compiled)
        case Not(part):
            inner = compile_condition(part)
            return Compiled(condition, _not(inner.test), (inner,))
        case OneOf(fact, values):
            return Compiled(condition, _one_of(fact, values))
        case Includes(fact, wanted):
            return Compiled(condition, _includes(fact, frozenset(wanted)))
        case Number(fact, operator, limit):
            return Compiled(condition, _number(fact, operator, limit))
        case Day(fact, operator, day):
            return Compiled(condition, _day(fact, operator, Span.of(day)))
        case Age():
            return Compiled(condition, _age(condition))
        case _:
            assert_never(condition)


def count_age(unit: str, start: int, end: int) -> int:
    """The age at `end` of what began at `start` (ordinals) by a convention of `AGE_UNITS`.

    Anniversaries follow the Gregorian calendar; what began on 29 February has its anniversary on
    1 March of a common year, as the day after it has been completed.
    """
    if unit == "days":
        return end - start
    if unit == "days-inclusive":
        return end - start + 1
    first, last = dt.date.fromordinal(start), dt.date.fromordinal(end)
    if unit == "calendar-years":
        return last.year - first.year
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    return months if unit == "completed-months" else months // 12


def age_range(age: Lapse, facts: Facts) -> tuple[int, int] | None:
    """The least and the largest age that the dates allow, or None if one of them is unknown."""
    start, end = facts.get(age.start), facts.get(age.end)
    if not isinstance(start, Span) or not isinstance(end, Span):
        return None
    return count_age(age.unit, start.last, end.first), count_age(age.unit, start.first, end.last)


def _is_exact(value: FactValue | None) -> bool:
    return isinstance(value, Span) and value.exact


def _all(tests: tuple[Test, ...]) -> Test:
    if len(tests) == 2:
        return _both(*tests)

    def test(facts: Facts) -> Truth:
        outcome: Truth = True
        for part in tests:
            truth = part(facts)
            if truth is False:
                return False
            if truth is None:
                outcome = None
        return outcome

    return test


def _both(first: Test, second: Test) -> Test:
    """`_all` of two, which most rules are: a test on the kind of vehicle, and one more."""

    def test(facts: Facts) -> Truth:
        truth = first(facts)
        if truth is False:
            return False
        other = second(facts)
        return other if truth or other is False else None

    return test


def _any(tests: tuple[Test, ...]) -> Test:
    def test(facts: Facts) -> Truth:
        outcome: Truth = False
        for part in tests:
            truth = part(facts)
            if truth is True:
                return True
            if truth is None:
                outcome = None
        return outcome

    return test


def _not(part: Test) -> Test:
    def test(facts: Facts) -> Truth:
        truth = part(facts)
        return None if truth is None else not truth

    return test


def _one_of(fact: str, values: tuple[str | bool, ...]) -> Test:
    exact = frozenset(values)
    # What people type, such as a make, is the same in capitals or not.
    folded = frozenset(value.casefold() for value in values if isinstance(value, str))

    def test(facts: Facts) -> Truth:
        value = facts.get(fact)
        if value is None:
            return None
        return value in exact or (isinstance(value, str) and value.casefold() in folded)

    return test


def _includes(fact: str, wanted: frozenset[str]) -> Test:
    def test(facts: Facts) -> Truth:
        value = facts.get(fact)
        return not wanted.isdisjoint(value) if isinstance(value, frozenset) else None

    return test


def _number(fact: str, operator: str, limit: Decimal) -> Test:
    compare = _COMPARISONS[operator]

    def test(facts: Facts) -> Truth:
        value = facts.get(fact)
        return compare(value, value, limit) if isinstance(value, Decimal) else None

    return test


def _age(age: Age) -> Test:
    compare, limit = _COMPARISONS[age.operator], age.limit

    def test(facts: Facts) -> Truth:
        span = age_range(age, facts)
        return None if span is None else compare(span[0], span[1], limit)

    return test


def _day(fact: str, operator: str, day: Span) -> Test:
    compare = _DAY_COMPARISONS[operator]

    def test(facts: Facts) -> Truth:
        value = facts.get(fact)
        return compare(value, day) if isinstance(value, Span) else None

    return test


def _over(least: Decimal | int, most: Decimal | int, limit: Decimal | int) -> Truth:
    return True if least > limit else None if most > limit else False


def _at_least(least: Decimal | int, most: Decimal | int, limit: Decimal | int) -> Truth:
    return True if least >= limit else None if most >= limit else False


def _under(least: Decimal | int, most: Decimal | int, limit: Decimal | int) -> Truth:
    return True if most < limit else None if least < limit else False


def _at_most(least: Decimal | int, most: Decimal | int, limit: Decimal | int) -> Truth:
    return True if most <= limit else None if least <= limit else False


_COMPARISONS = {"over": _over, "at-least": _at_least, "under": _under, "at-most": _at_most}


def _before(value: Span, day: Span) -> Truth:
    return True if value.last < day.first else False if value.first >= day.last else None


def _until(value: Span, day: Span) -> Truth:
    return True if value.last <= day.first else False if value.first > day.last else None


def _from(value: Span, day: Span) -> Truth:
    before = _before(value, day)
    return None if before is None else not before


def _after(value: Span, day: Span) -> Truth:
    until = _until(value, day)
    return None if until is None else not until


_DAY_COMPARISONS = {"before": _before, "until": _until, "from": _from, "after": _after}
