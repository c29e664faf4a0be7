"""Keeps the guide's rendered pages: the same for every reader until the knowledge or the day changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from http import HTTPStatus
from typing import Final

from flask import Flask, Response, request

from advisor import web
from advisor.web import templating

# Pages without a query are few: destinations and sections, policies, rules, each in two languages.
_MOST: Final = 4096


Owner = tuple[str, dt.datetime | None, dt.date]


class KeptPages:
    """Rendered pages by path, all of one artefact and one day; safe to share between threads."""

    def __init__(self) -> None:
        # One reference, read once: a thread never sees the pages of one owner as those of another.
        self._kept: tuple[Owner | None, dict[str, bytes]] = (None, {})

    def find(self, owner: Owner, path: str) -> bytes | None:
        """A page as it was rendered, or None; what belongs to an older artefact or day is forgotten."""
        kept = self._kept
        if kept[0] != owner:
            self._kept = kept = owner, {}
        return kept[1].get(path)

    def keep(self, owner: Owner, path: str, page: bytes) -> None:
        """Remember a page, unless the artefact has changed while it was rendered."""
        kept_for, pages = self._kept
        if kept_for == owner and len(pages) < _MOST:
            pages[path] = page


def register(app: Flask, blueprints: Collection[str]) -> None:
    """Serve the pages of some blueprints from memory once they have been rendered."""
    pages = KeptPages()

    def may_be_kept() -> bool:
        plain = request.method == "GET" and not request.query_string and not request.path.endswith(".json")
        return plain and request.blueprint in blueprints

    def find() -> Response | None:
        page = pages.find(_owner(), request.path) if may_be_kept() else None
        return None if page is None else Response(page, mimetype="text/html")

    def keep(response: Response) -> Response:
        if may_be_kept() and response.status_code == HTTPStatus.OK and response.mimetype == "text/html":
            pages.keep(_owner(), request.path, response.get_data())
        return response

    app.before_request(find)
    app.after_request(keep)


def _owner() -> Owner:
    knowledge = web.advisor().knowledge
    return knowledge.version, knowledge.built, templating.today()
