"""What the pages of a destination show, prepared from the knowledge: lists and lines without logic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from flask import url_for
from flask_babel import gettext

from advisor.knowledge.model import (
    CONFIDENCES,
    SECTIONS,
    Compared,
    Confidence,
    Country,
    Document,
    Effect,
    InForce,
    KeyFigure,
    Knowledge,
    Named,
    Probe,
    Rule,
    Section,
    Source,
    TaxLine,
    Text,
    Union,
)
from advisor.knowledge.text import number_text
from advisor.rules.admission import ADMISSION_NAMES, Admissions
from advisor.rules.advice import Verdict
from advisor.web import advisor, lang
from advisor.web.templating import today
from advisor.web.twins import country_rules

State = Literal["now", "later", "past"]

_EFFECTS: Final[tuple[Effect, ...]] = ("prohibit", "require", "oblige", "permit", "warn")


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go, and whether the reader is already there."""

    url: str
    label: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Admission:
    """What the import side says of one typical vehicle."""

    probe: Probe
    verdict: Verdict
    word: Text


@dataclass(frozen=True, slots=True)
class CountryLine:
    """A destination in the list."""

    country: Country
    part: Named
    admissions: list[Admission]


@dataclass(frozen=True, slots=True)
class ComparedCell:
    """A point of the comparison with the page, the confidence and the source on which it rests."""

    topic: str
    words: Compared
    url: str | None
    confidence: Confidence | None
    source: Source | None


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """A destination in the comparison."""

    country: Country
    cells: list[ComparedCell]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in the list of a page; `union` is set when the destination inherits it."""

    rule: Rule
    state: State
    union: Union | None = None


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """The rules of one effect, those that hold now before those to come."""

    effect: Effect
    title: str
    lines: list[RuleLine]


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A paper with the rules that ask for it; none when only the procedure does."""

    document: Document
    asked_by: list[Rule]


@dataclass(frozen=True, slots=True)
class StageGroup:
    """The papers of one stage."""

    stage: Named
    lines: list[DocumentLine]


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure with its value written for a reader."""

    figure: KeyFigure
    value: str


@dataclass(frozen=True, slots=True)
class FigureLine:
    """The compared key figures of a destination, None for those that it lacks."""

    country: Country
    cells: list[Figure | None]


def country_lines(admissions: Admissions) -> list[CountryLine]:
    """Every destination, by the part of the world and then by name."""
    knowledge = advisor().knowledge
    parts = {part.id: part for part in knowledge.world}
    return [
        CountryLine(country, parts[country.region], admission_line(knowledge, admissions, country))
        for country in countries_of(None)
    ]


def topic_names() -> dict[str, str]:
    """The points of the comparison, in their order."""
    return {
        "age": gettext("Age limit"),
        "steering": gettext("Steering"),
        "emission": gettext("Emissions"),
        "electric": gettext("Electric vehicles"),
        "duty": gettext("Customs duty"),
        "vat": gettext("VAT"),
        "inspection": gettext("Inspection and approval"),
    }


def countries_of(part: str | None) -> list[Country]:
    """The destinations of a part of the world, or all: by the part of the world and then by name."""
    knowledge = advisor().knowledge
    parts = [one.id for one in knowledge.world]
    found = (country for country in knowledge.countries if part in (None, country.region))
    return sorted(found, key=lambda one: (parts.index(one.region), one.names.en))


def compared_lines(countries: Iterable[Country]) -> list[ComparedLine]:
    """The points of each destination that is compared."""
    knowledge = advisor().knowledge
    rules = {rule.id: rule for rule in knowledge.rules}
    sources = {source.id: source for source in knowledge.sources}
    lines = []
    for country in countries:
        taxes = {line.id: line for line in country.taxes.lines} if country.taxes else {}
        cells = []
        for topic, cell in country.comparison:
            grounds: list[Rule | TaxLine] = [*map(rules.__getitem__, cell.rules), *map(taxes.__getitem__, cell.taxes)]
            weakest = max((one.confidence for one in grounds), key=CONFIDENCES.index, default=None)
            cited = sources[grounds[0].cites[0].source] if grounds and grounds[0].cites else None
            cells.append(ComparedCell(topic, cell, _ground_url(country, cell), weakest, cited))
        lines.append(ComparedLine(country, cells))
    return lines


def _ground_url(country: Country, cell: Compared) -> str | None:
    """The page that says more: of the first rule, else of the taxes; none where nothing was found."""
    if cell.rules:
        return url_for("guide.rule", lang=lang(), rule_id=cell.rules[0])
    return url_for("guide.section", lang=lang(), code=country.scope, name="tax") if cell.taxes else None


def admission_line(knowledge: Knowledge, admissions: Admissions, country: Country) -> list[Admission]:
    """The verdicts on the typical vehicles, in the order of the probes."""
    verdicts = admissions[country.code]
    return [Admission(probe, verdicts[probe.id], ADMISSION_NAMES[verdicts[probe.id]]) for probe in knowledge.probes]


def is_stale(reviewed: dt.date) -> bool:
    """Whether an entry was reviewed too long ago to be relied on unchecked."""
    return (today() - reviewed).days > advisor().knowledge.site.review_days


def state_of(force: InForce, on: dt.date) -> State:
    """Whether a rule holds on a day, has yet to begin, or is over; what may hold counts as holding."""
    if force.until is not None and on > force.until.last():
        return "past"
    return "later" if force.start is not None and on < force.start.first() else "now"


def rule_groups(country: Country) -> tuple[list[RuleGroup], list[RuleLine]]:
    """A destination's rules by effect, and apart from them those that are over."""
    knowledge = advisor().knowledge
    unions = {union.id: union for union in knowledge.unions}
    lines = [
        RuleLine(rule, state_of(rule.in_force, today()), unions.get(rule.scope))
        for rule in country_rules(knowledge, country)
    ]
    titles = effect_titles()
    groups = [RuleGroup(effect, titles[effect], _current(lines, effect)) for effect in _EFFECTS]
    return [group for group in groups if group.lines], [line for line in lines if line.state == "past"]


def _current(lines: Iterable[RuleLine], effect: Effect) -> list[RuleLine]:
    return sorted(
        (line for line in lines if line.rule.effect == effect and line.state != "past"),
        key=lambda line: line.state == "later",
    )


def effect_titles() -> dict[Effect, str]:
    """The headings of the groups of rules."""
    return {
        "prohibit": gettext("What may not be imported"),
        "require": gettext("What is required"),
        "oblige": gettext("What has to be done"),
        "permit": gettext("Exceptions"),
        "warn": gettext("Good to know"),
    }


def stage_groups(country: Country) -> list[StageGroup]:
    """The papers that the rules in force or to come, or the procedure, ask for, by stage."""
    knowledge = advisor().knowledge
    asked_by: dict[str, list[Rule]] = {name: [] for step in country.procedure for name in step.documents}
    for rule in country_rules(knowledge, country):
        if rule.effect != "permit" and state_of(rule.in_force, today()) != "past":
            for name in rule.documents:
                asked_by.setdefault(name, []).append(rule)
    documents = [document for document in knowledge.documents if document.id in asked_by]
    groups = [
        StageGroup(stage, [DocumentLine(one, asked_by[one.id]) for one in documents if one.stage == stage.id])
        for stage in knowledge.stages
    ]
    return [group for group in groups if group.lines]


def figure_lines(countries: Iterable[Country]) -> list[FigureLine]:
    """The compared key figures of each destination that has any, the latest of each kind."""
    kinds = advisor().knowledge.site.figures
    lines = []
    for country in countries:
        latest: dict[str, Figure] = {}
        for one in sorted(figures(country), key=lambda one: one.figure.as_of.first()):
            latest[one.figure.id] = one
        cells = [latest.get(kind.id) for kind in kinds]
        if any(cells):
            lines.append(FigureLine(country, cells))
    return lines


def figures(country: Country) -> list[Figure]:
    """The key figures, with digits in groups of three."""
    return [Figure(figure, number_text(figure.value)) for figure in country.key_figures]


def section_names() -> dict[Section, str]:
    """The names of the six sections."""
    return {
        "market": gettext("Market"),
        "policy": gettext("Import policy"),
        "regulations": gettext("Technical rules"),
        "tax": gettext("Duties and taxes"),
        "procedures": gettext("Procedures"),
        "after-sales": gettext("After sales"),
    }


def country_links(country: Country, current: str | None) -> list[Link]:
    """The overview and the six sections; `current` is the section that is open, None for the overview."""
    here, code = lang(), country.scope
    overview = Link(url_for("guide.country", lang=here, code=code), gettext("Overview"), current is None)
    names = section_names()
    return [
        overview,
        *(
            Link(url_for("guide.section", lang=here, code=code, name=name), names[name], current == name)
            for name in SECTIONS
        ),
    ]
