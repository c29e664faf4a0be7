"""A partial date stands for every day in it; the words of a date are those of its language."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from advisor.knowledge.dates import PartialDate
from advisor.knowledge.text import date_text, either_text, list_text


@pytest.mark.parametrize(
    ("text", "first", "last", "exact"),
    [
        ("2024", dt.date(2024, 1, 1), dt.date(2024, 12, 31), False),
        ("2024-02", dt.date(2024, 2, 1), dt.date(2024, 2, 29), False),
        ("2023-02", dt.date(2023, 2, 1), dt.date(2023, 2, 28), False),
        ("2024-12", dt.date(2024, 12, 1), dt.date(2024, 12, 31), False),
        ("2024-02-29", dt.date(2024, 2, 29), dt.date(2024, 2, 29), True),
        ("0099", dt.date(99, 1, 1), dt.date(99, 12, 31), False),
    ],
)
def test_a_partial_date_stands_for_every_day_in_it(text: str, first: dt.date, last: dt.date, exact: bool) -> None:
    date = PartialDate.parse(text)
    assert (date.first(), date.last(), date.exact, str(date)) == (first, last, exact, text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'' is not a date; write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("24", "'24' is not a date; write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("2024-2", "'2024-2' is not a date; write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("2024/01/01", "'2024/01/01' is not a date; write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("2024-01-01T00:00", "'2024-01-01T00:00' is not a date; write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("2024-01-01-01", "'2024-01-01-01' is not a date; write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("2024-00", "'2024-00' has no month 00; write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("2024-13-01", "'2024-13-01' has no month 13; write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("2023-02-29", "'2023-02-29' has no day 29; that month has 28 days"),
        ("2024-04-31", "'2024-04-31' has no day 31; that month has 30 days"),
        ("2024-04-00", "'2024-04-00' has no day 00; that month has 30 days"),
        ("0000", "'0000' has no year 0; write YYYY, YYYY-MM or YYYY-MM-DD"),
        (True, "True is not a date; write YYYY, YYYY-MM or YYYY-MM-DD"),
        (None, "None is not a date; write YYYY, YYYY-MM or YYYY-MM-DD"),
    ],
)
def test_what_is_no_date_is_refused_with_what_would_be_one(text: object, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared whole
        PartialDate.parse(text)
    assert str(caught.value) == message


@pytest.mark.parametrize("value", ["2024-05-01", " 2024-05-01 ", dt.date(2024, 5, 1), PartialDate(2024, 5, 1)])
def test_a_day_is_the_same_however_it_comes(value: object) -> None:
    assert PartialDate.parse(value) == PartialDate(2024, 5, 1)


def test_a_year_may_be_a_number() -> None:
    assert PartialDate.parse(2024) == PartialDate(2024)


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_a_partial_date_survives_being_written(day: dt.date, known: int) -> None:
    date = PartialDate.parse(day.isoformat()[:known])
    assert PartialDate.parse(str(date)) == date
    assert date.first() <= day <= date.last()
    assert date.exact is (date.first() == date.last())


def test_a_model_reads_a_partial_date_and_writes_it_as_text() -> None:
    field = TypeAdapter(PartialDate)
    assert field.validate_json('"2024-02"') == PartialDate(2024, 2)
    assert field.dump_json(PartialDate(2024, 2)) == b'"2024-02"'
    with pytest.raises(ValidationError, match="has no month 13"):
        field.validate_json('"2024-13"')


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("2026-03-01", "2026年3月1日", "1 March 2026"),
        ("2026-12", "2026年12月", "December 2026"),
        ("2026", "2026年", "2026"),
    ],
)
def test_a_date_in_words_is_as_exact_as_it_is_known(text: str, zh: str, en: str) -> None:
    date = PartialDate.parse(text)
    assert (date_text(date, "zh"), date_text(date, "en")) == (zh, en)


def test_a_day_of_the_calendar_is_put_in_the_same_words() -> None:
    assert date_text(dt.date(2026, 3, 1), "en") == "1 March 2026"


@pytest.mark.parametrize(
    ("count", "zh", "en", "either_zh", "either_en"),
    [
        (0, "", "", "", ""),
        (1, "a", "a", "a", "a"),
        (2, "a和b", "a and b", "a或b", "a or b"),
        (3, "a、b和c", "a, b and c", "a、b或c", "a, b or c"),
    ],
)
def test_a_list_in_words(count: int, zh: str, en: str, either_zh: str, either_en: str) -> None:
    items = list("abc")[:count]
    assert (list_text(items, "zh"), list_text(items, "en")) == (zh, en)
    assert (either_text(items, "zh"), either_text(items, "en")) == (either_zh, either_en)
