"""The search: what was found, page by page, with the kinds and destinations among which it can be narrowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from advisor.knowledge.dates import PartialDate
from advisor.knowledge.model import Lang
from advisor.knowledge.text import date_text
from advisor.search.engine import LONGEST_QUERY, Found, Hit, QueryError
from advisor.search.entries import KINDS, Kind
from advisor.web import advisor, query
from advisor.web.errors import BadQuery

blueprint = Blueprint("search", __name__, url_prefix="/<any(zh,en):lang>/search")

_LAST_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Facet:
    """One kind or destination among what was found, and the way to that alone; `current` leads back to all."""

    label: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class HitView:
    """Something found, with the words for what it is."""

    hit: Hit
    url: str
    kind: str
    country: str | None
    day: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, checked."""

    text: str
    kind: Kind | None
    country: str | None
    page: int

    def address(self, lang: Lang, **changes: Any) -> str:
        """The address of the same search with some of it changed."""
        asked = {"q": self.text, "kind": self.kind, "country": self.country, "page": None, **changes}
        return url_for("search.search", lang=lang, **{name: value for name, value in asked.items() if value})


@blueprint.get("")
def search(lang: Lang) -> str:
    """What was found, or the empty form; a query that is too long says so."""
    asked = read_asked()
    problem, found = None, None
    try:
        found = find(asked, lang) if asked.text.strip() else None
    except QueryError:
        problem = gettext("A query can have %(limit)s characters at most.", limit=LONGEST_QUERY)
    shown = found is not None
    return render_template(
        "search/search.html",
        asked=asked,
        found=found,
        problem=problem,
        hits=[_view(hit, lang) for hit in found.hits] if found else [],
        kinds=_kinds(found, asked, lang) if found else [],
        countries=_countries(found, asked, lang) if found else [],
        suggestion_address=asked.address(lang, q=found.suggestion) if found and found.suggestion else None,
        back=asked.address(lang, page=asked.page - 1) if shown and asked.page > 1 else None,
        onward=asked.address(lang, page=asked.page + 1) if found and asked.page < found.pages else None,
    )


def read_asked() -> Asked:
    """What the query string asks for; raises BadQuery for a filter that is not offered."""
    page = request.args.get("page", "1") or "1"
    if not (page.isascii() and page.isdigit() and 1 <= int(page) <= _LAST_PAGE):
        raise BadQuery(gettext("A page is a number from 1 to %(last)s.", last=_LAST_PAGE))
    return Asked(
        text=request.args.get("q", ""),
        kind=cast(Kind | None, query.one_of("kind", KINDS)),
        country=query.one_of("country", [country.code for country in advisor().knowledge.countries]),
        page=int(page),
    )


def find(asked: Asked, lang: Lang) -> Found:
    """What fits; raises QueryError where the query is empty or too long."""
    return advisor().search.find(asked.text, lang, asked.kind, asked.country, asked.page)


def _view(hit: Hit, lang: Lang) -> HitView:
    entry = hit.entry
    names = {country.code: country.names[lang] for country in advisor().knowledge.countries}
    day = date_text(PartialDate.parse(entry.day), lang) if entry.day else None
    return HitView(hit, f"/{lang}/{entry.path}", kind_names()[entry.kind], names.get(entry.country or ""), day)


def _kinds(found: Found, asked: Asked, lang: Lang) -> list[Facet]:
    names = kind_names()
    return [
        Facet(
            names[kind],
            found.kinds[kind],
            asked.address(lang, kind=None if asked.kind == kind else kind),
            asked.kind == kind,
        )
        for kind in KINDS
        if found.kinds.get(kind)
    ]


def _countries(found: Found, asked: Asked, lang: Lang) -> list[Facet]:
    counted = _most(found.countries)
    names = {country.code: country.names[lang] for country in advisor().knowledge.countries}
    return [
        Facet(
            names[code],
            count,
            asked.address(lang, country=None if asked.country == code else code),
            asked.country == code,
        )
        for code, count in counted
    ]


def _most(counts: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def kind_names() -> dict[Kind, str]:
    """What kinds of entry there are to be found."""
    return {
        "guide": gettext("Destination guide"),
        "policy": gettext("Policy"),
        "clause": gettext("Clause"),
        "rule": gettext("Rule"),
        "term": gettext("Term"),
        "document": gettext("Document"),
        "chapter": gettext("Guide chapter"),
    }
