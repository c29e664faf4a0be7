"""The guide's pages: home, destinations and their sections, rules, glossary, sources; and their data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from advisor.knowledge.model import SECTIONS, Country, Policy, Rule, Source, Text
from advisor.rules.admission import Admissions, admissions
from advisor.rules.facts import TRADE_TERMS
from advisor.web import advisor, lang, query, twins
from advisor.web.costs_view import cost_questions
from advisor.web.country_view import (
    CountryLine,
    admission_line,
    compared_lines,
    countries_of,
    country_lines,
    country_links,
    figure_lines,
    figures,
    is_stale,
    rule_groups,
    section_names,
    stage_groups,
    topic_names,
)
from advisor.web.errors import Missing, Way
from advisor.web.prose import render
from advisor.web.question_view import QuestionView, question_view
from advisor.web.rule_view import rule_page
from advisor.web.templating import note_source, term_links, today

blueprint = Blueprint("guide", __name__, url_prefix="/<any(zh,en):lang>")

_LATEST_POLICIES: Final = 5
# What the calculator leaves to the questionnaire: without dates it takes today.
_DATES: Final = ("dates.application", "dates.shipment", "dates.arrival")
_ADMITTED: Final = ("eligible", "conditional")


@dataclass(frozen=True, slots=True)
class Coming:
    """A rule that begins or ends soon."""

    on: dt.date
    kind: Literal["begins", "ends"]
    rule: Rule
    where: Text


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """The sources of one entry."""

    id: str
    names: Text
    sources: tuple[Source, ...]


# Pages


@blueprint.get("/")
def home(lang: str) -> str:
    """What the guide is, where to begin, and what is new."""
    knowledge = advisor().knowledge
    issued = [policy for policy in knowledge.policies if policy.issued]
    latest = sorted(issued, key=_issued, reverse=True)
    groups = [
        (part, [country for country in knowledge.countries if country.region == part.id]) for part in knowledge.world
    ]
    return render_template(
        "guide/home.html",
        groups=[(part, countries) for part, countries in groups if countries],
        latest=latest[:_LATEST_POLICIES],
        coming=_coming(),
    )


@blueprint.get("/countries")
def countries(lang: str) -> str:
    """The destinations, filtered by what the query asks for."""
    knowledge = advisor().knowledge
    part = query.one_of("region", [part.id for part in knowledge.world])
    side = query.one_of("side", ("left", "right"))
    admits = query.some_of("admits", [probe.id for probe in knowledge.probes])
    lines = country_lines(_admissions())
    return render_template(
        "guide/countries.html",
        lines=[line for line in lines if _wanted(line, part, side, admits)],
        total=len(lines),
        parts=[part for part in knowledge.world if any(line.part == part for line in lines)],
        probes=knowledge.probes,
        part=part,
        side=side,
        admits=admits,
    )


@blueprint.get("/compare")
def compare(lang: str) -> str:
    """The destinations side by side, point by point: all, or those of one part of the world."""
    knowledge = advisor().knowledge
    part = query.one_of("region", [part.id for part in knowledge.world])
    shown = countries_of(part)
    return render_template(
        "guide/compare.html",
        topics=topic_names(),
        lines=compared_lines(shown),
        kinds=knowledge.site.figures,
        figures=figure_lines(shown),
        parts=[one for one in knowledge.world if countries_of(one.id)],
        part=part,
    )


@blueprint.get("/countries/<code>")
def country(lang: str, code: str) -> str | AnyResponse:
    """A destination at a glance."""
    found = _country(code)
    if code != found.scope:
        return redirect(url_for("guide.country", lang=lang, code=found.scope), 301)
    knowledge = advisor().knowledge
    groups, past = rule_groups(found)
    return render_template(
        "guide/country.html",
        country=found,
        part=next(part for part in knowledge.world if part.id == found.region),
        unions=[union for union in knowledge.unions if union.id in found.unions],
        links=country_links(found, None),
        admissions=admission_line(knowledge, _admissions(), found),
        figures=figures(found),
        groups=groups,
        past=past,
        stages=stage_groups(found),
        documents={document.id: document for document in knowledge.documents},
        stale=is_stale(found.reviewed),
    )


@blueprint.get("/countries/<code>/<name>")
def section(lang: str, code: str, name: str) -> str | AnyResponse:
    """One section of a destination."""
    found = _country(code)
    if code != found.scope:
        return redirect(url_for("guide.section", lang=lang, code=found.scope, name=name), 301)
    prose = next((part for part in found.sections if part.section == name and part.lang == lang), None)
    if prose is None:
        raise _no_section(found, name)
    rendered = render(prose.markdown, lang, term_links())
    for source in rendered.sources:
        note_source(source)
    links = country_links(found, name)
    at = next(at for at, link in enumerate(links) if link.current)
    return render_template(
        "guide/section.html",
        country=found,
        links=links,
        title=links[at].label,
        prose=rendered,
        before=links[at - 1],
        after=links[at + 1] if at + 1 < len(links) else None,
        stale=is_stale(found.reviewed),
        calculator=_calculator(found) if name == "tax" else [],
        terms=TRADE_TERMS,
    )


@blueprint.get("/rules/<rule_id>")
def rule(lang: str, rule_id: str) -> str:
    """A rule: when it applies, since when, and on what it rests."""
    return render_template("guide/rule.html", page_of=rule_page(_rule(rule_id)), where=_scope_names())


@blueprint.get("/glossary")
def glossary(lang: str) -> str:
    """The words of the trade, in both languages."""
    return render_template("guide/glossary.html", terms=advisor().knowledge.terms)


@blueprint.get("/sources")
def sources(lang: str) -> str:
    """Everything that was read, by entry."""
    knowledge = advisor().knowledge
    return render_template(
        "guide/sources.html",
        parts=[
            (gettext("Policies"), _groups((policy.id, policy.title, policy.sources) for policy in knowledge.policies)),
            (gettext("Destinations"), _groups((one.scope, one.names, one.sources) for one in knowledge.countries)),
            (gettext("Guides"), _groups((one.id, one.title, one.sources) for one in knowledge.chapters)),
            (gettext("Unions"), _groups((union.id, union.names, union.sources) for union in knowledge.unions)),
        ],
    )


# The same as data


@blueprint.get("/countries/<code>.json")
def country_data(lang: str, code: str) -> Response:
    """A destination as data."""
    return tagged_json(twins.country_json(advisor(), _country(code).code))


@blueprint.get("/countries/<code>/<name>.json")
def section_data(lang: str, code: str, name: str) -> Response:
    """A section as data."""
    found = _country(code)
    data = twins.section_json(advisor(), found.code, name)
    if data is None:
        raise _no_section(found, name)
    return tagged_json(data)


@blueprint.get("/rules/<rule_id>.json")
def rule_data(lang: str, rule_id: str) -> Response:
    """A rule as data."""
    return tagged_json(twins.rule_json(advisor(), _rule(rule_id).id))


def tagged_json(data: dict[str, Any] | None) -> Response:
    """Data with the knowledge's version as its tag, or 304 to a client that has that version."""
    response = jsonify(data)
    response.set_etag(advisor().knowledge.version)
    response.cache_control.no_cache = True
    response.make_conditional(request)
    return response


# What the pages look up


def _calculator(found: Country) -> list[QuestionView]:
    """The questions on which a destination's taxes depend; none where it has no table of them."""
    if found.taxes is None:
        return []
    questions = {question.field: question for question in advisor().knowledge.questions}
    asked = (questions[name] for name in cost_questions(found) if name not in _DATES)
    return [question_view(advisor(), question, "", None, None, lang()) for question in asked]


def _admissions() -> Admissions:
    current = advisor()
    return admissions(current.knowledge, current.engine, current.cases, today())


def _wanted(line: CountryLine, part: str | None, side: str | None, admits: Iterable[str]) -> bool:
    admitted = {admission.probe.id for admission in line.admissions if admission.verdict in _ADMITTED}
    return (
        part in (None, line.country.region)
        and side in (None, line.country.traffic_side)
        and admitted.issuperset(admits)
    )


def _country(code: str) -> Country:
    for found in advisor().knowledge.countries:
        if found.code == code.upper():
            return found
    message = gettext("The guide has no destination with the code “%(code)s”.", code=code[:40])
    raise Missing(message, Way(url_for("guide.countries", lang=lang()), gettext("All destinations with their codes")))


def _no_section(found: Country, name: str) -> Missing:
    names = section_names()
    message = gettext(
        "“%(name)s” is not a section of a destination; the sections are: %(sections)s.",
        name=name[:40],
        sections=", ".join(f"{names[section]} ({section})" for section in SECTIONS),
    )
    return Missing(message, Way(url_for("guide.country", lang=lang(), code=found.scope), found.names[lang()]))


def _rule(rule_id: str) -> Rule:
    for found in advisor().knowledge.rules:
        if found.id == rule_id:
            return found
    message = gettext("The guide has no rule “%(id)s”.", id=rule_id[:80])
    raise Missing(message, Way(url_for("guide.countries", lang=lang()), gettext("Rules by destination")))


def _issued(policy: Policy) -> dt.date:
    assert policy.issued is not None
    return policy.issued.first()


def _scope_names() -> dict[str, Text]:
    """Whose rules they are, by scope."""
    knowledge = advisor().knowledge
    return {
        knowledge.site.home: knowledge.site.home_names,
        **{region.id: region.names for region in knowledge.regions},
        **{union.id: union.names for union in knowledge.unions},
        **{one.scope: one.names for one in knowledge.countries},
    }


def _coming() -> list[Coming]:
    """Rules that begin or end within the horizon, the nearest first."""
    knowledge, names = advisor().knowledge, _scope_names()
    first, last = today(), today() + dt.timedelta(days=knowledge.site.horizon_days)
    found: list[Coming] = []
    for rule in knowledge.rules:
        start, until = rule.in_force.start, rule.in_force.until
        if start and first < start.first() <= last:
            found.append(Coming(start.first(), "begins", rule, names[rule.scope]))
        elif until and first <= until.last() < last:
            found.append(Coming(until.last(), "ends", rule, names[rule.scope]))
    return sorted(found, key=lambda coming: coming.on)


def _groups(entries: Iterable[tuple[str, Text, tuple[Source, ...]]]) -> list[SourceGroup]:
    return [SourceGroup(*entry) for entry in entries if entry[2]]
