"""The language in which a rule says when it applies: tests on facts, ages, and, or, not.

As written in YAML::

    all: [ ... ]            any: [ ... ]            not: { ... }
    vehicle.steering: right                         one value
    vehicle.category: [M1, N1]                      one of these
    vehicle.history: {includes: [stolen, flood]}    a list that holds one of these
    vehicle.engine_cc: {over: 1500, at-most: 3000}  a number
    vehicle.transferred: {before: 2026-01-01}       a date
    age: {from: vehicle.first_registered, to: dates.arrival, in: calendar-years, over: 7}

A mapping with several entries means all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from advisor.knowledge.dates import PartialDate

NUMBER_OPERATORS: Final = ("over", "at-least", "under", "at-most")
DATE_OPERATORS: Final = ("before", "until", "from", "after")

# How an age is counted, with the number of the result on the pair 2024-03-01 -> 2026-02-28.
AGE_UNITS: Final = {
    "calendar-years": "year of the end less year of the start: 2",
    "completed-years": "anniversaries reached: 1",
    "completed-months": "monthly anniversaries reached: 23",
    "days": "days after the start, which is day 0: 729",
    "days-inclusive": "days with both ends counted: 730",
}


class ConditionError(ValueError):
    """A condition that cannot be read; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class All:
    """True when every part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when one part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True when its part is false."""

    part: Condition


@dataclass(frozen=True, slots=True)
class OneOf:
    """A fact has one of these values; booleans and choices alike."""

    fact: str
    values: tuple[str | bool, ...]


@dataclass(frozen=True, slots=True)
class Includes:
    """A list fact holds at least one of these values."""

    fact: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A numeric fact compared with a limit."""

    fact: str
    operator: str
    limit: Decimal


@dataclass(frozen=True, slots=True)
class Day:
    """A date fact compared with a day."""

    fact: str
    operator: str
    day: PartialDate


@dataclass(frozen=True, slots=True)
class Lapse:
    """Time from one date fact to another, counted by a convention."""

    start: str
    end: str
    unit: str


@dataclass(frozen=True, slots=True)
class Age(Lapse):
    """A lapse compared with a limit."""

    operator: str
    limit: int


Condition = All | AnyOf | Not | OneOf | Includes | Number | Day | Age


def parse_condition(raw: object) -> Condition:
    """Read a condition as written in YAML; raises ConditionError."""
    if not isinstance(raw, Mapping) or not raw:
        raise ConditionError(f"a condition is a mapping such as {{vehicle.steering: right}}, not {raw!r}")
    parts = tuple(_parse_entry(str(key), value) for key, value in raw.items())
    return parts[0] if len(parts) == 1 else All(parts)


def _parse_entry(key: str, value: Any) -> Condition:
    if key in ("all", "any"):
        if not isinstance(value, list | tuple) or not value:
            raise ConditionError(f"'{key}' holds a list of conditions, not {value!r}")
        parts = tuple(parse_condition(part) for part in value)
        return All(parts) if key == "all" else AnyOf(parts)
    if key == "not":
        return Not(parse_condition(value))
    if key == "age":
        return _parse_age(value)
    if "." not in key:
        raise ConditionError(f"'{key}' is no condition; use all, any, not, age or a fact such as vehicle.steering")
    return _parse_fact(key, value)


def _parse_fact(fact: str, value: Any) -> Condition:
    if isinstance(value, Mapping):
        tests = tuple(_parse_comparison(fact, str(op), limit) for op, limit in value.items())
        if not tests:
            raise ConditionError(f"'{fact}' is compared with nothing")
        return tests[0] if len(tests) == 1 else All(tests)
    return OneOf(fact, tuple(v if isinstance(v, bool) else str(v) for v in _values(fact, value)))


def _values(fact: str, raw: Any) -> list[Any] | tuple[Any, ...]:
    values = raw if isinstance(raw, list | tuple) else [raw]
    if not values:
        raise ConditionError(f"'{fact}' is compared with nothing")
    return values


def _parse_comparison(fact: str, operator: str, limit: Any) -> Condition:
    if operator == "includes":
        return Includes(fact, tuple(str(v) for v in _values(fact, limit)))
    if operator in NUMBER_OPERATORS:
        return Number(fact, operator, _decimal(limit, fact))
    if operator in DATE_OPERATORS:
        try:
            return Day(fact, operator, PartialDate.parse(limit))
        except ValueError as error:
            raise ConditionError(f"'{fact}': {error}") from None
    allowed = ", ".join(("includes", *NUMBER_OPERATORS, *DATE_OPERATORS))
    raise ConditionError(f"'{fact}' has no comparison '{operator}'; use one of {allowed}")


def parse_lapse(raw: Any) -> Lapse:
    """Read `{from: ..., to: ..., in: ...}`; raises ConditionError."""
    if not isinstance(raw, Mapping) or set(raw) != {"from", "to", "in"}:
        raise ConditionError(f"an age by which something is charged has from, to and in alone, not {raw!r}")
    return _lapse(raw)


def write_lapse(lapse: Lapse) -> dict[str, str]:
    """The YAML form of a lapse; the inverse of `parse_lapse`."""
    return {"from": lapse.start, "to": lapse.end, "in": lapse.unit}


def _lapse(raw: Mapping[Any, Any]) -> Lapse:
    start, end, unit = (str(raw.get(key, "")) for key in ("from", "to", "in"))
    if "." not in start or "." not in end:
        raise ConditionError(
            "'age' counts from one date fact to another, such as from: vehicle.first_registered, to: dates.arrival"
        )
    if unit not in AGE_UNITS:
        raise ConditionError(f"'age' has no unit '{unit}'; use one of {', '.join(AGE_UNITS)}")
    return Lapse(start, end, unit)


def _parse_age(raw: Any) -> Condition:
    if not isinstance(raw, Mapping):
        raise ConditionError("'age' needs from, to, in and a limit such as over: 8")
    lapse = _lapse(raw)
    limits = {str(key): value for key, value in raw.items() if key not in ("from", "to", "in")}
    if not limits or not set(limits) <= set(NUMBER_OPERATORS):
        raise ConditionError(f"'age' needs a limit: one of {', '.join(NUMBER_OPERATORS)}")
    tests = tuple(
        Age(lapse.start, lapse.end, lapse.unit, operator, _whole(limit, "age")) for operator, limit in limits.items()
    )
    return tests[0] if len(tests) == 1 else All(tests)


def _decimal(value: Any, where: str) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("nan")
    if isinstance(value, bool) or not number.is_finite():
        raise ConditionError(f"'{where}' is compared with a number, not {value!r}")
    return number


def _whole(value: Any, where: str) -> int:
    number = _decimal(value, where)
    if number != int(number):
        raise ConditionError(f"'{where}' is compared with a whole number, not {number}")
    return int(number)


def write_condition(condition: Condition) -> dict[str, Any]:
    """The YAML form of a condition; the inverse of `parse_condition`."""
    match condition:
        case All(parts):
            return {"all": [write_condition(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [write_condition(part) for part in parts]}
        case Not(part):
            return {"not": write_condition(part)}
        case OneOf(fact, values):
            return {fact: list(values)}
        case Includes(fact, includes):
            return {fact: {"includes": list(includes)}}
        case Number(fact, operator, limit):
            return {fact: {operator: str(limit)}}
        case Day(fact, operator, day):
            return {fact: {operator: str(day)}}
        case Age(_, _, _, operator, age):
            return {"age": {**write_lapse(condition), operator: age}}


def flat_parts(condition: All | AnyOf) -> Iterator[Condition]:
    """The parts, and in place of a part of the same kind its own: an `all` in an `all` adds nothing."""
    for part in condition.parts:
        if isinstance(part, All | AnyOf) and type(part) is type(condition):
            yield from flat_parts(part)
        else:
            yield part


def leaves(condition: Condition) -> Iterator[OneOf | Includes | Number | Day | Age]:
    """Every test in a condition, in the order in which it is written."""
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield condition


def facts_read(condition: Condition) -> tuple[str, ...]:
    """The facts that a condition reads, each once, in the order of writing."""
    names: dict[str, None] = {}
    for leaf in leaves(condition):
        for name in (leaf.start, leaf.end) if isinstance(leaf, Age) else (leaf.fact,):
            names[name] = None
    return tuple(names)
