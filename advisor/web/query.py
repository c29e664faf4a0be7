"""What a query string asks for, checked: a value that is not offered is refused, never guessed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from flask import request
from flask_babel import gettext

from advisor.knowledge.dates import PartialDate
from advisor.web.errors import BadQuery

_LONGEST = 40


def one_of(name: str, allowed: Collection[str]) -> str | None:
    """The one value of a parameter, or None when it is absent or empty; raises BadQuery."""
    value = request.args.get(name, "")
    return _checked(name, value, allowed) if value else None


def some_of(name: str, allowed: Collection[str]) -> list[str]:
    """Every value of a parameter that may be repeated; raises BadQuery."""
    return [_checked(name, value, allowed) for value in dict.fromkeys(request.args.getlist(name)) if value]


def day(name: str) -> dt.date | None:
    """A calendar day, or None when it is absent or empty; raises BadQuery."""
    value = request.args.get(name, "").strip()
    if not value:
        return None
    try:
        date = PartialDate.parse(value)
    except ValueError:
        date = None
    if date is None or not date.exact:
        message = gettext(
            "“%(value)s” is not a day that “%(name)s” can take; write it as 2026-03-01.",
            value=value[:_LONGEST],
            name=name,
        )
        raise BadQuery(message)
    return date.first()


def _checked(name: str, value: str, allowed: Collection[str]) -> str:
    if value in allowed:
        return value
    message = gettext(
        "“%(value)s” is not a value that “%(name)s” can take; it is one of: %(allowed)s.",
        value=value[:_LONGEST],
        name=name,
        allowed=", ".join(allowed),
    )
    raise BadQuery(message)
