"""A partial date stands for every day in it; the words of a date are those of its language."""

from __future__ import annotations

import datetime as dt

import pytest

from advisor.knowledge.dates import PartialDate
from advisor.knowledge.text import date_text, either_text, list_text


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", dt.date(2024, 1, 1), dt.date(2024, 12, 31)),
        ("2024-02", dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        ("2024-02-29", dt.date(2024, 2, 29), dt.date(2024, 2, 29)),
    ],
)
def test_a_partial_date_has_a_first_and_a_last_day(text: str, first: dt.date, last: dt.date) -> None:
    date = PartialDate.parse(text)
    assert (date.first(), date.last(), str(date)) == (first, last, text)


@pytest.mark.parametrize(
    "text", ["", "24", "2024-2", "2024-00", "2023-02-29", "0000", "2024/01/01", "2024-01-01T00:00"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a date|has no"):
        PartialDate.parse(text)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("2026-03-01", "2026年3月1日", "1 March 2026"),
        ("2026-03", "2026年3月", "March 2026"),
        ("2026", "2026年", "2026"),
    ],
)
def test_a_date_in_words(text: str, zh: str, en: str) -> None:
    assert date_text(PartialDate.parse(text), "zh") == zh
    assert date_text(PartialDate.parse(text), "en") == en


def test_lists_in_words() -> None:
    assert list_text(["甲", "乙", "丙"], "zh") == "甲、乙和丙"
    assert either_text(["one", "two", "three"], "en") == "one, two or three"
    assert list_text([], "en") == ""
