"""What the guide is made of: sources, rules, countries, policies, documents, questions and terms."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Base64Bytes, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

from advisor.knowledge.amounts import Amount, parse_amount, write_amount
from advisor.knowledge.conditions import Condition, parse_condition, write_condition
from advisor.knowledge.dates import PartialDate

Lang = Literal["zh", "en"]
Side = Literal["export", "import", "filing"]
Effect = Literal["prohibit", "require", "oblige", "permit", "warn"]
Confidence = Literal["official", "secondary", "conflicting", "dated", "inferred"]
Section = Literal["market", "policy", "regulations", "tax", "procedures", "after-sales"]
# From the strongest to the weakest.
CONFIDENCES: tuple[Confidence, ...] = ("official", "secondary", "dated", "inferred", "conflicting")
JudgedOn = Literal["dates.application", "dates.shipment", "dates.arrival", "dates.filing"]

LANGUAGES: tuple[Lang, ...] = ("zh", "en")
SECTIONS: tuple[Section, ...] = ("market", "policy", "regulations", "tax", "procedures", "after-sales")

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
QualifiedId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+\.[a-z0-9]+(-[a-z0-9]+)*$")]
SourceId = Annotated[str, StringConstraints(pattern=r"^([a-z0-9-]+\.)?[a-z0-9]+(-[a-z0-9]+)*$")]
FactName = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[a-z_0-9]+)?$")]
Period = Annotated[str, StringConstraints(pattern=r"^P(\d+Y)?(\d+M)?(\d+D)?$", min_length=3)]


def _read_condition(value: object) -> object:
    return value if isinstance(value, Condition) else parse_condition(value)


# Pydantic keeps what `parse_condition` made; on the way out a condition is the YAML that it came from.
ConditionField = Annotated[
    Condition,
    BeforeValidator(_read_condition),
    PlainSerializer(write_condition, return_type=dict[str, Any]),
]


def _read_amount(value: object) -> object:
    return value if isinstance(value, Amount) else parse_amount(value)


AmountField = Annotated[
    Amount,
    BeforeValidator(_read_amount),
    PlainSerializer(write_amount, return_type=dict[str, Any]),
]


class Frozen(BaseModel):
    """Immutable, and strict about what it is given."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, populate_by_name=True)


class Text(Frozen):
    """The same thing said in Chinese and in English."""

    zh: Annotated[str, StringConstraints(min_length=1)]
    en: Annotated[str, StringConstraints(min_length=1)]

    def __getitem__(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


class Source(Frozen):
    """A page or document that was read; its id is unique in its entry, and qualified with it once read."""

    id: SourceId
    title: str
    publisher: str
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None = None
    published: PartialDate | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
    kind: Literal["official", "reprint", "intergovernmental", "press", "industry", "blog"]
    note: Text | None = None


class Cite(Frozen):
    """Where a statement comes from: a source by id (qualified with its scope once read) and a place in it."""

    source: str
    clause: str | None = None


class InForce(Frozen):
    """When a rule holds, both days included.

    `start` absent means that no source says when it began; `attested` is then the earliest
    day for which a source shows it in force. Before that day its force is unknown.
    """

    start: PartialDate | None = Field(default=None, alias="from")
    until: PartialDate | None = None
    attested: PartialDate | None = None


class Obligation(Frozen):
    """Something to be done, within a period that runs from an event."""

    id: Id
    title: Text
    stage: Id
    period: Period | None = None
    counted_from: Id | None = None
    note: Text | None = None


class Reasons(Frozen):
    """Sentences that explain an outcome; `{fact.name}` and `{age}` are filled from the case."""

    applies: Text | None = None
    clear: Text | None = None
    unknown: Text | None = None


class Rule(Frozen):
    """One thing that the law says of a case, dated and cited."""

    id: QualifiedId
    side: Side
    effect: Effect
    title: Text
    when: ConditionField | None = None
    judged_on: JudgedOn
    in_force: InForce
    gate: bool = False
    met_when: ConditionField | None = None
    documents: tuple[Id, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    lifts: tuple[QualifiedId, ...] = ()
    overrides: QualifiedId | None = None
    reasons: Reasons = Reasons()
    note: Text | None = None
    cites: tuple[Cite, ...]
    confidence: Confidence
    policy: Id | None = None

    @property
    def scope(self) -> str:
        """Whose rule it is: the home market, a union, a country or a local region."""
        return self.id.split(".", 1)[0]


class KeyFigure(Frozen):
    """A number about a destination, comparable by its id across destinations."""

    id: Id
    label: Text
    value: Decimal
    unit: Text
    as_of: PartialDate
    cites: tuple[Cite, ...]
    confidence: Confidence


class EntryPoint(Frozen):
    """A port, land crossing or free zone where vehicles enter."""

    names: Text
    kind: Literal["sea", "land", "rail", "air", "free-zone"]
    cites: tuple[Cite, ...]


class Step(Frozen):
    """One step of the import procedure."""

    title: Text
    who: Text | None = None
    days: int | None = None
    documents: tuple[Id, ...] = ()
    cites: tuple[Cite, ...]


class UnitValue(Frozen):
    """What a national unit is worth from a day on, in the destination's currency; until when, if it is set anew."""

    value: Decimal
    start: PartialDate = Field(alias="from")
    until: PartialDate | None = None


class NationalUnit(Frozen):
    """A unit in which a country states fees, such as a monthly index unit; its values in the order of their days."""

    id: Id
    names: Text
    values: Annotated[tuple[UnitValue, ...], Field(min_length=1)]
    cites: tuple[Cite, ...]


class TaxLine(Frozen):
    """One line of what is paid on import: a value that others rest on, a duty, a tax, a fee, a deposit that is returned.

    `union` names the union that shares the line, where the destination took it over.
    """

    id: Id
    kind: Literal["value", "duty", "excise", "vat", "levy", "fee", "registration", "deposit"]
    title: Text
    when: ConditionField | None = None
    amount: AmountField
    in_force: InForce
    cites: tuple[Cite, ...]
    confidence: Confidence
    note: Text | None = None
    union: Id | None = None


class Taxes(Frozen):
    """What a destination charges, in the order of computation, as it stands on the day of arrival."""

    units: tuple[NationalUnit, ...] = ()
    lines: tuple[TaxLine, ...]


class Aliases(Frozen):
    """Other names by which people look for a thing."""

    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class Prose(Frozen):
    """One section in one language, in Markdown with `[@source]` citations."""

    section: str
    lang: Lang
    markdown: str
    file: str


class Compared(Text):
    """One point of a destination in a few words, with the rules and tax lines that say so."""

    rules: tuple[str, ...] = ()
    taxes: tuple[Id, ...] = ()


class Comparison(Frozen):
    """What the comparison of destinations shows of one of them, today."""

    age: Compared
    steering: Compared
    emission: Compared
    electric: Compared
    duty: Compared
    vat: Compared
    inspection: Compared


class Country(Frozen):
    """A destination."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    names: Text
    aliases: Aliases = Aliases()
    region: Id
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    traffic_side: Literal["left", "right"]
    unions: tuple[Id, ...] = ()
    summary: Text
    entry_points: tuple[EntryPoint, ...]
    key_figures: tuple[KeyFigure, ...]
    comparison: Comparison
    procedure: tuple[Step, ...]
    gaps: tuple[Text, ...]
    reviewed: dt.date
    sources: tuple[Source, ...]
    sections: tuple[Prose, ...] = ()
    taxes: Taxes | None = None

    @property
    def scope(self) -> str:
        """The prefix of its rules and sources."""
        return self.code.lower()


class Union(Frozen):
    """What member states share; `scope` prefixes its rules."""

    id: Id
    names: Text
    summary: Text
    reviewed: dt.date
    sources: tuple[Source, ...]
    gaps: tuple[Text, ...] = ()

    @property
    def scope(self) -> str:
        """The prefix of its rules and sources."""
        return self.id


class Clause(Frozen):
    """What one clause of a policy says, in our words."""

    ref: str
    topic: Id
    zh: str
    en: str
    cites: tuple[Cite, ...]


class Relation(Frozen):
    """How a policy stands to another; the inverse is derived, never written."""

    kind: Literal["replaces", "supplements", "implements", "applies", "cites", "follows"]
    target: Id
    confidence: Confidence = "official"
    note: Text | None = None


class Policy(Frozen):
    """A document of government with its clauses."""

    id: Id
    title: Text
    number: str | None = None
    issuers: tuple[Id, ...]
    level: Literal["national", "provincial", "municipal"]
    scope: Id
    issued: PartialDate | None = None
    effective: PartialDate | None = None
    expires: PartialDate | None = None
    status: Literal["in-force", "superseded", "expired", "draft", "unknown"]
    status_note: Text | None = None
    relations: tuple[Relation, ...] = ()
    clauses: tuple[Clause, ...] = ()
    gaps: tuple[Text, ...] = ()
    reviewed: dt.date
    sources: tuple[Source, ...]
    sections: tuple[Prose, ...] = ()


class Point(Frozen):
    """A figure in a chart: what it counts, how much, on what it rests."""

    label: Text
    value: Decimal
    cites: tuple[Cite, ...]
    confidence: Confidence


class Chart(Frozen):
    """Figures of one kind and unit side by side; a value below nothing has no place in it."""

    id: Id
    title: Text
    unit: Text
    points: Annotated[tuple[Point, ...], Field(min_length=2)]
    note: Text | None = None


class Chapter(Frozen):
    """A chapter of the guide on what no single destination or policy covers."""

    id: Id
    title: Text
    summary: Text
    order: int
    charts: tuple[Chart, ...] = ()
    gaps: tuple[Text, ...] = ()
    reviewed: dt.date
    sources: tuple[Source, ...]
    sections: tuple[Prose, ...] = ()


class Region(Frozen):
    """A place in the home market with rules of its own for exporters, or all other places, which come last."""

    id: Id
    names: Text
    aliases: Aliases = Aliases()
    last: bool = False


class Named(Frozen):
    """An id with its names: a stage, an issuer, a part of the world."""

    id: Id
    names: Text


class Event(Frozen):
    """Something from which a period runs; `date` names the fact that fixes its day, if one does."""

    id: Id
    names: Text
    date: FactName | None = None


class Document(Frozen):
    """A paper that has to be in hand."""

    id: Id
    names: Text
    issuer: Text
    stage: Id
    must_state: tuple[Text, ...] = ()
    note: Text | None = None
    cites: tuple[Cite, ...] = ()


class Form(Frozen):
    """A blank of a document in one language: a Word file with places for the facts of a case."""

    id: str
    document: Id
    lang: Lang
    data: Base64Bytes


class Option(Frozen):
    """One answer to a question."""

    id: str
    names: Text
    help: Text | None = None


class Question(Frozen):
    """A fact that a case can hold, and how a person is asked for it."""

    field: FactName
    kind: Literal["choice", "choices", "yes-no", "date", "number", "text", "money"]
    label: Text
    title: Text
    help: Text | None = None
    options: tuple[Option, ...] = ()
    options_from: Literal["countries", "regions", "documents"] | None = None
    default: str | bool | None = None
    unit: Text | None = None
    at_most: int | None = None
    pattern: str | None = None
    example: str | None = None


class Term(Frozen):
    """An entry of the glossary, which fixes the words of both languages."""

    id: Id
    names: Text
    synonyms: Aliases = Aliases()
    definition: Text
    cites: tuple[Cite, ...] = ()


class Probe(Frozen):
    """A typical vehicle, first registered so many years ago; the verdict on it tells what is admitted."""

    id: Id
    names: Text
    years: int
    case: dict[str, Any]


class LicenceEntry(Frozen):
    """Something that an application for an export licence states, and the papers that must state the same."""

    id: Id
    kind: Literal["text", "vin", "date"]
    names: Text
    papers: Annotated[tuple[Id, ...], Field(min_length=2)]
    rule: QualifiedId


class Batch(Frozen):
    """How many vehicles one licence may hold, and the rule that says so."""

    vehicles: int
    rule: QualifiedId


class CheckDigit(Frozen):
    """The first characters of the identification numbers whose check digit is expected to fit, and by what policy."""

    begins: tuple[str, ...]
    policy: Id
    confidence: Confidence


class LicenceCheck(Frozen):
    """What an application for an export licence is compared with, vehicle by vehicle."""

    batch: Batch
    check_digit: CheckDigit
    entries: Annotated[tuple[LicenceEntry, ...], Field(min_length=1)]


class Asked(Frozen):
    """How people ask for an entry whose own words are others: its lines in the index that people made.

    `id` is the kind of the entry and its name, `rule:xx.age-limit`, `guide:xx/tax`, `clause:POLICY/REF`.
    """

    id: str
    zh: Annotated[tuple[str, ...], Field(min_length=1)]
    en: Annotated[tuple[str, ...], Field(min_length=1)]


class Topic(Frozen):
    """Words that belong to a section of a destination."""

    id: Section
    words: Aliases


class Area(Frozen):
    """Words for several destinations at once: those of some parts of the world, or of some unions."""

    id: Id
    of: tuple[Id, ...]
    words: Aliases


class SearchWords(Frozen):
    """What the search knows beside the glossary: the sections' words, those for several destinations and for
    destinations at large, those that ask what a word means, and words that ask the same thing."""

    topics: tuple[Topic, ...] = ()
    areas: tuple[Area, ...] = ()
    destinations: Aliases = Aliases()
    meaning: Aliases = Aliases()
    equals: tuple[Aliases, ...] = ()


class Site(Frozen):
    """What the guide says of itself: whose exports it covers, how long an entry stays fresh, which figures are compared."""

    home: Id
    home_names: Text
    home_currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    reference_currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    review_days: int
    horizon_days: int
    figures: tuple[Named, ...] = ()


class Knowledge(Frozen):
    """Everything that was read, checked and put in order."""

    site: Site
    licence: LicenceCheck
    countries: tuple[Country, ...]
    unions: tuple[Union, ...]
    policies: tuple[Policy, ...]
    chapters: tuple[Chapter, ...] = ()
    regions: tuple[Region, ...]
    rules: tuple[Rule, ...]
    documents: tuple[Document, ...]
    questions: tuple[Question, ...]
    terms: tuple[Term, ...]
    stages: tuple[Named, ...]
    events: tuple[Event, ...]
    issuers: tuple[Named, ...]
    world: tuple[Named, ...]
    probes: tuple[Probe, ...]
    forms: tuple[Form, ...] = ()
    asked: tuple[Asked, ...] = ()
    search: SearchWords = SearchWords()
    sources: tuple[Source, ...]
    version: str = ""
    built: dt.datetime | None = None
