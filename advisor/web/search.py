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

_LAST_PAGE: Final = 999
# How many destinations are shown at once; the others unfold.
_FACETS_SHOWN: Final = 8


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
    names = {country.code: country.names[lang] for country in advisor().knowledge.countries}
    try:
        found = find(asked, lang) if asked.text.strip() else None
    except QueryError:
        problem = gettext("A query can have %(limit)s characters at most.", limit=LONGEST_QUERY)
    return render_template(
        "search/search.html",
        asked=asked,
        found=found,
        problem=problem,
        hits=[_view(hit, names, lang) for hit in found.hits] if found else [],
        kinds=_facets(asked, "kind", _in_order(found.kinds), kind_names(), lang) if found else [],
        countries=_facets(asked, "country", _most(found.countries, asked.country), names, lang) if found else [],
        facets_shown=_FACETS_SHOWN,
        suggestion_address=asked.address(lang, q=found.suggestion) if found and found.suggestion else None,
        back=asked.address(lang, page=found.page - 1) if found and found.page > 1 else None,
        onward=asked.address(lang, page=found.page + 1) if found and found.page < found.pages else None,
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


def _view(hit: Hit, names: Mapping[str, str], lang: Lang) -> HitView:
    entry = hit.entry
    day = date_text(PartialDate.parse(entry.day), lang) if entry.day else None
    return HitView(hit, f"/{lang}/{entry.path}", kind_names()[entry.kind], names.get(entry.country or ""), day)


def _facets(
    asked: Asked, by: str, counts: Iterable[tuple[str, int]], names: Mapping[str, str], lang: Lang
) -> list[Facet]:
    """One for each value of a filter that something has; the one that is set leads back to all."""
    current = getattr(asked, by)
    return [
        Facet(
            names[value],
            count,
            asked.address(lang, **{by: None if value == current else value}),
            value == current,
        )
        for value, count in counts
    ]


def _in_order(counts: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    return ((kind, counts[kind]) for kind in KINDS if kind in counts)


def _most(counts: Mapping[str, int], current: str | None) -> Iterable[tuple[str, int]]:
    """The one that is set, then those with the most."""
    return sorted(counts.items(), key=lambda pair: (pair[0] != current, -pair[1], pair[0]))


def kind_names() -> dict[str, str]:
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
