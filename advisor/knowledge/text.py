"""Dates, numbers and lists as a Chinese and an English reader expect them in running text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from advisor.knowledge.dates import PartialDate
from advisor.knowledge.model import Lang

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def date_text(date: dt.date | PartialDate, lang: Lang) -> str:
    """A date in words: 2026年3月1日, 1 March 2026; a partial one as far as it is known."""
    year, month, day = date.year, date.month, date.day
    if lang == "zh":
        return f"{year}年" + (f"{month}月" if month else "") + (f"{day}日" if day else "")
    return " ".join(str(part) for part in (day, _MONTHS[month - 1] if month else None, year) if part)


def number_text(number: Decimal) -> str:
    """A number with thousands set apart and without needless zeros: 1,600; 0.5."""
    return f"{number.normalize():,f}"


def list_text(items: Sequence[str], lang: Lang) -> str:
    """Items as one phrase: 甲、乙和丙; one, two and three."""
    if len(items) < 2:
        return "".join(items)
    if lang == "zh":
        return "、".join(items[:-1]) + "和" + items[-1]
    return ", ".join(items[:-1]) + " and " + items[-1]


def either_text(items: Sequence[str], lang: Lang) -> str:
    """Alternatives as one phrase: 甲、乙或丙; one, two or three."""
    if len(items) < 2:
        return "".join(items)
    if lang == "zh":
        return "、".join(items[:-1]) + "或" + items[-1]
    return ", ".join(items[:-1]) + " or " + items[-1]


def clause_anchor(ref: str) -> str:
    """The anchor of a clause on its policy's page."""
    return "clause-" + "-".join(ref.split())
