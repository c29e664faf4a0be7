"""What every template can use: the page's language, dates and periods in words, numbered sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from flask import Flask, g, request, url_for
from flask_babel import gettext

from advisor.knowledge.model import Cite, Confidence, InForce, Lang, Source
from advisor.knowledge.text import date_text, list_text
from advisor.rules.wording import CONFIDENCE_NAMES, EFFECT_NAMES, SIDE_NAMES, period_text
from advisor.search.engine import LONGEST_QUERY
from advisor.web import lang

LANGUAGE_TAGS: Final[dict[Lang, str]] = {"zh": "zh-Hans", "en": "en"}
_LANGUAGE_NAMES: Final[dict[Lang, str]] = {"zh": "中文", "en": "English"}


def term_links() -> tuple[tuple[str, str], ...]:
    """The words of the glossary in the page's language, each with the address of its entry."""
    here = lang()
    glossary = url_for("guide.glossary", lang=here)
    return tuple((term.names[here], f"{glossary}#{term.id}") for term in g.advisor.knowledge.terms)


def register(app: Flask) -> None:
    """Give the templates of an application their filters and globals."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {
        "local": lambda text: text[lang()],
        "date_text": lambda day: date_text(day, lang()),
        "period_text": lambda period: period_text(period, lang()),
        "list_text": lambda items: list_text(list(items), lang()),
        "confidence_name": confidence_name,
        "source_kind": source_kind,
        "force_text": force_text,
        "effect_name": lambda effect: EFFECT_NAMES[effect][lang()],
        "side_name": lambda side: SIDE_NAMES[side][lang()],
        "entry_kind": entry_kind,
        "tag_of": LANGUAGE_TAGS.__getitem__,
    }
    app.jinja_env.globals |= {"note": note, "footnotes": footnotes, "longest_query": LONGEST_QUERY}
    app.context_processor(_page_context)


def today() -> dt.date:
    """The day on which the guide is read."""
    return dt.date.today()


def in_other_language() -> str:
    """The same page and query in the other language."""
    here, there = ("en", "zh") if lang() == "en" else ("zh", "en")
    path = request.path
    if path != f"/{here}" and not path.startswith(f"/{here}/"):
        return f"/{there}/"
    query = f"?{request.query_string.decode(errors='replace')}" if request.query_string else ""
    return f"/{there}{quote(path.removeprefix(f'/{here}'))}{query}"


def confidence_name(confidence: Confidence) -> str:
    """How well a statement is supported, in two or three words."""
    return CONFIDENCE_NAMES[confidence][lang()]


def source_kind(kind: str) -> str:
    """What kind of publication a source is."""
    return {
        "official": gettext("official publication"),
        "reprint": gettext("reprint of an official text"),
        "intergovernmental": gettext("intergovernmental organisation"),
        "press": gettext("press"),
        "industry": gettext("trade source"),
        "blog": gettext("blog"),
    }[kind]


def entry_kind(kind: str) -> str:
    """What kind of place an entry point is."""
    return {
        "sea": gettext("sea port"),
        "land": gettext("land crossing"),
        "rail": gettext("rail crossing"),
        "air": gettext("airport"),
        "free-zone": gettext("free zone"),
    }[kind]


def force_text(force: InForce) -> str:
    """When a rule holds, in words."""
    here = lang()
    until = date_text(force.until, here) if force.until else None
    if force.start:
        start = date_text(force.start, here)
        return (
            gettext("%(start)s to %(end)s", start=start, end=until)
            if until
            else gettext("in force from %(start)s", start=start)
        )
    assert force.attested is not None
    seen = gettext("in force at least since %(day)s, beginning not known", day=date_text(force.attested, here))
    return seen + gettext("; until %(end)s", end=until) if until else seen


# Sources: numbered in the order in which a page first cites them.


@dataclass(frozen=True, slots=True)
class Noted:
    """A source with its number on the page and the place in it that a statement rests on."""

    number: int
    source: Source
    clause: str | None


def note(cites: Iterable[Cite]) -> list[Noted]:
    """Number the sources of a statement, once for each source and clause."""
    sources = _sources()
    return [Noted(note_source(cite.source), sources[cite.source], cite.clause) for cite in dict.fromkeys(cites)]


def note_source(name: str) -> int:
    """The number of a source on this page."""
    noted = _noted()
    return noted.setdefault(name, len(noted) + 1)


def footnotes() -> list[Source]:
    """The sources that the page has cited so far, in the order of their numbers."""
    sources = _sources()
    return [sources[name] for name in _noted()]


def _noted() -> dict[str, int]:
    if "noted" not in g:
        g.noted = {}
    noted: dict[str, int] = g.noted
    return noted


def _sources() -> dict[str, Source]:
    if "sources" not in g:
        g.sources = {source.id: source for source in g.advisor.knowledge.sources}
    sources: dict[str, Source] = g.sources
    return sources


# The frame of a page.


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """A link of the main navigation."""

    url: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What the frame around every page shows."""

    tag: str
    other_tag: str
    other_name: str
    other_url: str
    navigation: list[NavigationItem]
    version: str
    built: dt.datetime | None


def _page_context() -> dict[str, Any]:
    here: Lang = lang()
    other: Lang = "zh" if here == "en" else "en"
    # An error page has to stand even when the knowledge could not be opened.
    knowledge = g.advisor.knowledge if "advisor" in g else None
    page = Page(
        tag=LANGUAGE_TAGS[here],
        other_tag=LANGUAGE_TAGS[other],
        other_name=_LANGUAGE_NAMES[other],
        other_url=in_other_language(),
        navigation=_navigation(here),
        version=knowledge.version if knowledge else "",
        built=knowledge.built if knowledge else None,
    )
    return {"lang": here, "page": page}


def _navigation(here: Lang) -> list[NavigationItem]:
    items = (
        ("guide.countries", gettext("Destinations")),
        ("policies.policies", gettext("Policies")),
        ("advice.start", gettext("Check a vehicle")),
        ("chapters.chapters", gettext("Guides")),
        ("papers.papers", gettext("Documents")),
        ("guide.glossary", gettext("Glossary")),
    )
    urls = [(url_for(endpoint, lang=here), label) for endpoint, label in items]
    return [NavigationItem(url, label, f"{request.path}/".startswith(f"{url}/")) for url, label in urls]
