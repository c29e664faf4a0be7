"""Three-valued conditions: each convention of age, both sides of each limit, and Kleene's tables."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.knowledge.conditions import AGE_UNITS, facts_read, parse_condition, write_condition
from advisor.knowledge.dates import PartialDate
from advisor.rules.conditions import Truth, compile_condition, count_age
from advisor.rules.facts import FactValue, Span


def day(text: str) -> Span:
    return Span.of(PartialDate.parse(text))


def ordinal(text: str) -> int:
    return dt.date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("unit", "start", "end", "age"),
    [
        ("calendar-years", "2018-12-31", "2026-01-01", 8),
        ("calendar-years", "2018-01-01", "2025-12-31", 7),
        ("completed-years", "2018-06-15", "2026-06-14", 7),
        ("completed-years", "2018-06-15", "2026-06-15", 8),
        ("completed-years", "2020-02-29", "2021-02-28", 0),
        ("completed-years", "2020-02-29", "2021-03-01", 1),
        ("completed-years", "2020-02-29", "2024-02-29", 4),
        ("completed-months", "2026-01-15", "2026-03-14", 1),
        ("completed-months", "2026-01-15", "2026-03-15", 2),
        ("completed-months", "2026-01-31", "2026-02-28", 0),
        ("completed-months", "2026-01-31", "2026-03-01", 1),
        ("days", "2025-09-02", "2026-03-01", 180),
        ("days-inclusive", "2025-09-02", "2026-03-01", 181),
    ],
)
def test_each_convention_counts_age_in_its_own_way(unit: str, start: str, end: str, age: int) -> None:
    assert count_age(unit, ordinal(start), ordinal(end)) == age


@pytest.mark.parametrize(
    ("operator", "limit", "expected"),
    [("over", 180, False), ("at-least", 180, True), ("under", 180, False), ("at-most", 180, True)],
)
def test_every_comparison_says_on_which_side_its_limit_lies(operator: str, limit: int, expected: bool) -> None:
    condition = parse_condition({"vehicle.engine_cc": {operator: limit}})
    assert compile_condition(condition).test({"vehicle.engine_cc": Decimal(180)}) is expected


@pytest.mark.parametrize(
    ("operator", "before", "same", "after"),
    [
        ("before", True, False, False),
        ("until", True, True, False),
        ("from", False, True, True),
        ("after", False, False, True),
    ],
)
def test_dates_are_compared_with_a_day(operator: str, before: Truth, same: Truth, after: Truth) -> None:
    test = compile_condition(parse_condition({"vehicle.transferred": {operator: "2026-01-01"}})).test
    seen = [test({"vehicle.transferred": day(text)}) for text in ("2025-12-31", "2026-01-01", "2026-01-02")]
    assert seen == [before, same, after]


@pytest.mark.parametrize(("text", "expected"), [("2025-11", True), ("2026-01", None), ("2026-02", False)])
def test_a_month_is_decided_only_when_all_its_days_agree(text: str, expected: Truth) -> None:
    test = compile_condition(parse_condition({"vehicle.transferred": {"before": "2026-01-15"}})).test
    assert test({"vehicle.transferred": day(text)}) is expected


def test_an_age_from_a_month_is_decided_only_when_both_ends_agree() -> None:
    age = {"from": "vehicle.first_registered", "to": "dates.application", "in": "days", "at-most": 180}
    test = compile_condition(parse_condition({"age": age})).test

    def on(text: str) -> Truth:
        return test({"vehicle.first_registered": day("2025-09"), "dates.application": day(text)})

    assert [on(text) for text in ("2026-02-28", "2026-03-01", "2026-03-10", "2026-03-29", "2026-03-30")] == [
        True, None, None, None, False,
    ]  # fmt: skip


KLEENE = {
    ("all", True, None): None, ("all", False, None): False, ("all", None, None): None, ("all", True, True): True,
    ("any", True, None): True, ("any", False, None): None, ("any", None, None): None, ("any", False, False): False,
}  # fmt: skip


@pytest.mark.parametrize(("table", "expected"), KLEENE.items(), ids=str)
def test_kleene(table: tuple[str, Truth, Truth], expected: Truth) -> None:
    word, left, right = table
    facts = {name: value for name, value in (("a.x", left), ("a.y", right)) if value is not None}
    condition = parse_condition({word: [{"a.x": True}, {"a.y": True}]})
    assert compile_condition(condition).test(facts) is expected


def test_a_decided_part_asks_for_nothing() -> None:
    condition = parse_condition({"any": [{"all": [{"a.x": True}, {"a.y": True}]}, {"a.z": True}]})
    compiled = compile_condition(condition)
    assert compiled.unknown_facts({"a.x": False}) == ("a.z",)
    assert compiled.unknown_facts({"a.z": True}) == ()


# Any condition over four facts

FIELDS = ("a.w", "a.x", "a.y", "a.z")
TESTS = st.builds(lambda field, value: {field: value}, st.sampled_from(FIELDS), st.booleans())
CONDITIONS = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=8,
)
FACTS = st.dictionaries(st.sampled_from(FIELDS), st.booleans())


@given(CONDITIONS, FACTS, st.sampled_from(FIELDS), st.booleans())
def test_one_more_fact_never_undoes_what_is_decided(
    raw: dict[str, object], facts: dict[str, FactValue], field: str, value: bool
) -> None:
    test = compile_condition(parse_condition(raw)).test
    before = test(facts)
    after = test({field: value, **facts})
    assert before is None or after is before


@given(CONDITIONS, FACTS)
def test_what_is_undecided_names_a_fact_and_what_is_decided_names_none(
    raw: dict[str, object], facts: dict[str, FactValue]
) -> None:
    compiled = compile_condition(parse_condition(raw))
    unknown = compiled.unknown_facts(facts)
    assert bool(unknown) == (compiled.test(facts) is None)
    assert not set(unknown) & set(facts)


@given(CONDITIONS)
def test_a_condition_survives_being_written(raw: dict[str, object]) -> None:
    condition = parse_condition(raw)
    assert parse_condition(write_condition(condition)) == condition
    assert set(facts_read(condition)) <= set(FIELDS)


DATES = st.dates(dt.date(1995, 1, 1), dt.date(2050, 12, 31))


@given(st.sampled_from(sorted(AGE_UNITS)), DATES, DATES, st.integers(0, 400))
def test_an_age_never_falls_as_time_passes(unit: str, start: dt.date, end: dt.date, later: int) -> None:
    first = count_age(unit, start.toordinal(), end.toordinal())
    assert count_age(unit, start.toordinal(), end.toordinal() + later) >= first
    assert count_age(unit, start.toordinal() + later, end.toordinal()) <= first
