"""The guide's chapters: what no single destination or policy covers, with figures as bars and as a table."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext

from advisor.knowledge.model import Chapter, Chart, Point
from advisor.knowledge.text import number_text
from advisor.web import advisor, twins
from advisor.web import lang as current_lang
from advisor.web.country_view import is_stale
from advisor.web.errors import Missing, Way
from advisor.web.guide import tagged_json
from advisor.web.prose import render
from advisor.web.templating import note_source, term_links

blueprint = Blueprint("chapters", __name__, url_prefix="/<any(zh,en):lang>/guides")


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure with its value written for a reader and the length of its bar, in hundredths of the longest."""

    point: Point
    value: str
    length: float


@dataclass(frozen=True, slots=True)
class ChartView:
    """A chart with its bars."""

    chart: Chart
    bars: list[Bar]


@blueprint.get("")
def chapters(lang: str) -> str:
    """The chapters in their order."""
    return render_template("chapters/chapters.html", chapters=_ordered())


@blueprint.get("/<chapter_id>")
def chapter(lang: str, chapter_id: str) -> str:
    """One chapter."""
    found = _chapter(chapter_id)
    prose = next(part for part in found.sections if part.lang == lang)
    rendered = render(prose.markdown, lang, term_links())
    for source in rendered.sources:
        note_source(source)
    ordered = _ordered()
    at = ordered.index(found)
    return render_template(
        "chapters/chapter.html",
        chapter=found,
        prose=rendered,
        charts=[ChartView(chart, _bars(chart)) for chart in found.charts],
        before=ordered[at - 1] if at else None,
        after=ordered[at + 1] if at + 1 < len(ordered) else None,
        stale=is_stale(found.reviewed),
    )


@blueprint.get("/<chapter_id>.json")
def chapter_data(lang: str, chapter_id: str) -> Response:
    """A chapter as data."""
    return tagged_json(twins.chapter_json(advisor(), _chapter(chapter_id)))


def _ordered() -> list[Chapter]:
    return sorted(advisor().knowledge.chapters, key=lambda one: one.order)


def _bars(chart: Chart) -> list[Bar]:
    longest = max(point.value for point in chart.points)
    return [
        Bar(point, number_text(point.value), round(float(100 * point.value / longest), 2) if longest else 0.0)
        for point in chart.points
    ]


def _chapter(chapter_id: str) -> Chapter:
    for found in advisor().knowledge.chapters:
        if found.id == chapter_id:
            return found
    message = gettext("The guide has no chapter “%(id)s”.", id=chapter_id[:80])
    raise Missing(message, Way(url_for("chapters.chapters", lang=current_lang()), gettext("All chapters")))
