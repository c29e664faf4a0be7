"""What can be found: one entry for each section, policy, clause, rule, term, document and chapter, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args
from urllib.parse import quote

from advisor.knowledge.conditions import Age, facts_read, leaves
from advisor.knowledge.model import (
    SECTIONS,
    Chapter,
    Country,
    Document,
    Knowledge,
    Policy,
    Prose,
    Rule,
    Section,
    Term,
    Text,
)
from advisor.knowledge.text import clause_anchor

Kind = Literal["guide", "policy", "clause", "rule", "term", "document", "chapter"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

SECTION_NAMES: Final[dict[Section, Text]] = {
    "market": Text(zh="市场", en="Market"),
    "policy": Text(zh="政策走向", en="Policy"),
    "regulations": Text(zh="法规与技术标准", en="Regulations"),
    "tax": Text(zh="税费", en="Duty and taxes"),
    "procedures": Text(zh="手续", en="Procedures"),
    "after-sales": Text(zh="售后", en="After sales"),
}

# The body of what says nothing beside its name.
NOTHING: Final = "—"

# What a rule that counts years is about, whatever its title says.
_AGE: Final = Text(zh="车龄", en="vehicle age, age limit")

_CITATION: Final = re.compile(r"\s?\[@[^\]]*\]")
_MARKS: Final = re.compile(r"^[ \t]*(?:#{1,6}|[-*]|\d+\.)[ \t]+|\*\*|`|^\|?[ \t]*:?-{3,}.*$", re.MULTILINE)
_HEADING: Final = re.compile(r"^(?=## )", re.MULTILINE)
_CELLS: Final = re.compile(r"[ \t]*(?:\|[ \t]*)+")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found: what it is called, what it says, and the address of its page without the language.

    `place` is whose it is: a destination, a union or a region at home; none where it holds for all.
    `also` are other names by which people look for it, of no language in particular, `asked` their questions. `about` is sought but not shown. `past` tells of a rule or
    policy that no longer holds, `doubtful` of a rule that sources dispute or that was only inferred; `day` is the date that stands beside it. A long body is weighed passage by passage,
    in either language, so that it does not lose to a short one by its length.
    """

    id: str
    kind: Kind
    title: Text
    body: Text
    path: str
    passages: tuple[str, ...] = ()
    place: str | None = None
    country: str | None = None
    section: Section | None = None
    also: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    past: bool = False
    doubtful: bool = False
    day: str | None = None


def entries(knowledge: Knowledge, on: str) -> tuple[Entry, ...]:
    """Every entry of the guide; `on` is the day (ISO 8601) by which a rule has ended or not."""
    asked = {one.id: (*one.zh, *one.en) for one in knowledge.asked}
    return tuple(replace(one, asked=asked[one.id]) if one.id in asked else one for one in _all(knowledge, on))


def _all(knowledge: Knowledge, on: str) -> Iterator[Entry]:
    labels = {question.field: question.label for question in knowledge.questions}
    codes = {country.scope: country.code for country in knowledge.countries}
    unions = {union.scope for union in knowledge.unions}
    home = knowledge.site.home
    for country in knowledge.countries:
        yield from _country(country)
    for policy in knowledge.policies:
        yield from _policy(policy, home)
    yield from (_rule(rule, codes, labels, home, on) for rule in knowledge.rules)
    yield from (_term(term) for term in knowledge.terms)
    yield from (_document(document, codes, unions) for document in knowledge.documents)
    yield from (_chapter(chapter) for chapter in knowledge.chapters)


def _country(country: Country) -> Iterator[Entry]:
    also = (*country.aliases.zh, *country.aliases.en, country.code)
    cells = [getattr(country.comparison, point) for point in type(country.comparison).model_fields]
    said = [
        country.summary,
        *cells,
        *(one.names for one in country.entry_points),
        *(step.title for step in country.procedure),
        *(one.label for one in country.key_figures),
        *country.gaps,
    ]
    path, reviewed = f"countries/{country.scope}", str(country.reviewed)
    yield Entry(
        f"guide:{country.scope}",
        "guide",
        country.names,
        _joined(said),
        path,
        place=country.scope,
        country=country.code,
        also=also,
        day=reviewed,
    )
    for section in SECTIONS:
        prose = _prose(one for one in country.sections if one.section == section)
        name = SECTION_NAMES[section]
        title = Text(zh=f"{country.names.zh}：{name.zh}", en=f"{country.names.en}: {name.en}")
        yield Entry(
            f"guide:{country.scope}/{section}",
            "guide",
            title,
            prose,
            f"{path}/{section}",
            _passages(one for one in country.sections if one.section == section),
            country.scope,
            country.code,
            section,
            also,
            day=reviewed,
        )


def _policy(policy: Policy, home: str) -> Iterator[Entry]:
    place = policy.scope if policy.scope != home else None
    past, day = policy.status in ("superseded", "expired"), str(policy.issued or policy.effective or "") or None
    number = (policy.number,) if policy.number else ()
    said = [_prose(policy.sections), *([policy.status_note] if policy.status_note else [])]
    yield Entry(
        f"policy:{policy.id}",
        "policy",
        policy.title,
        _joined(said),
        f"policies/{policy.id}",
        place=place,
        also=number,
        past=past,
        day=day,
    )
    for clause in policy.clauses:
        title = Text(zh=f"{policy.title.zh} {clause.ref}", en=f"{policy.title.en}, {clause.ref}")
        said_here = Text(zh=clause.zh, en=clause.en)
        yield Entry(
            f"clause:{policy.id}/{clause.ref}",
            "clause",
            title,
            said_here,
            f"policies/{policy.id}#{quote(clause_anchor(clause.ref))}",
            place=place,
            also=number,
            past=past,
            day=day,
        )


def _rule(rule: Rule, codes: dict[str, str], labels: dict[str, Text], home: str, on: str) -> Entry:
    """A rule; what its condition reads is sought, too, whatever its title says."""
    fields = facts_read(rule.when) if rule.when else ()
    about = [labels[field] for field in fields if field in labels]
    about += [_AGE] if rule.when and any(isinstance(leaf, Age) for leaf in leaves(rule.when)) else []
    about += [text for text in (rule.reasons.applies, rule.reasons.clear) if text]
    said = [*([rule.note] if rule.note else []), *(obligation.title for obligation in rule.obligations)]
    ended = rule.in_force.until is not None and rule.in_force.until.last().isoformat() < on
    return Entry(
        f"rule:{rule.id}",
        "rule",
        rule.title,
        _joined(said),
        f"rules/{rule.id}",
        place=rule.scope if rule.scope != home else None,
        country=codes.get(rule.scope),
        also=(rule.id.partition(".")[2].replace("-", " "),),
        about=tuple(words for text in about for words in (text.zh, text.en)),
        past=ended,
        doubtful=rule.confidence in ("conflicting", "inferred"),
        day=str(rule.in_force.start or rule.in_force.attested or "") or None,
    )


def _document(document: Document, codes: dict[str, str], unions: set[str]) -> Entry:
    said = [document.issuer, *document.must_state, *([document.note] if document.note else [])]
    scope, dash, _ = document.id.partition("-")
    return Entry(
        f"document:{document.id}",
        "document",
        document.names,
        _joined(said),
        f"documents/{document.id}",
        place=scope if dash and (scope in codes or scope in unions) else None,
        country=codes.get(scope) if dash else None,
    )


def _term(term: Term) -> Entry:
    also = (*term.synonyms.zh, *term.synonyms.en)
    return Entry(f"term:{term.id}", "term", term.names, term.definition, f"glossary#{term.id}", also=also)


def _chapter(chapter: Chapter) -> Entry:
    return Entry(
        f"chapter:{chapter.id}",
        "chapter",
        chapter.title,
        _joined([chapter.summary, _prose(chapter.sections)]),
        f"guides/{chapter.id}",
        (chapter.summary.zh, chapter.summary.en, *_passages(chapter.sections)),
        day=str(chapter.reviewed),
    )


def _prose(sections: Iterable[Prose]) -> Text:
    plain = {"zh": "", "en": ""}
    for prose in sections:
        plain[prose.lang] += plain_text(prose.markdown)
    return Text(zh=plain["zh"] or NOTHING, en=plain["en"] or NOTHING)


def _passages(sections: Iterable[Prose]) -> tuple[str, ...]:
    """What stands under each heading."""
    return tuple(plain_text(part) for prose in sections for part in _HEADING.split(prose.markdown) if part.strip())


def plain_text(markdown: str) -> str:
    """Prose without its marks and citations, a line for each paragraph, item or row."""
    bare = _MARKS.sub("", _CITATION.sub("", markdown))
    lines = (_CELLS.sub(" · ", line).strip(" ·") for line in bare.splitlines())
    return "".join(f"{line}\n" for line in lines if line)


def _joined(texts: Iterable[Text]) -> Text:
    kept = list(texts)
    return Text(zh="\n".join(text.zh for text in kept) or NOTHING, en="\n".join(text.en for text in kept) or NOTHING)
