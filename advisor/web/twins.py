"""What the guide's pages hold, as plain data: the JSON twin of a destination, a section, a policy, a rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from advisor.knowledge.amounts import write_amount
from advisor.knowledge.conditions import facts_read, write_condition
from advisor.knowledge.dates import PartialDate
from advisor.knowledge.model import (
    SECTIONS,
    Aliases,
    Chapter,
    Cite,
    Compared,
    Country,
    Document,
    EntryPoint,
    KeyFigure,
    Knowledge,
    Named,
    Obligation,
    Policy,
    Region,
    Relation,
    Rule,
    Source,
    Step,
    TaxLine,
    Text,
    Union,
)
from advisor.loading import Advisor
from advisor.rules.answer import in_force, number, text

# How a relation reads from the other end; content states one direction only.
INVERSE: Final = {
    "replaces": "replaced-by",
    "supplements": "supplemented-by",
    "implements": "implemented-by",
    "applies": "applied-by",
    "cites": "cited-by",
    "follows": "followed-by",
}


def countries_json(advisor: Advisor) -> dict[str, Any]:
    """The list of destinations, each with what a list needs."""
    knowledge = advisor.knowledge
    return {"countries": [_country_entry(knowledge, country) for country in knowledge.countries], **_stamp(knowledge)}


def country_json(advisor: Advisor, code: str) -> dict[str, Any] | None:
    """A destination with its figures, procedure, rules, documents and sources; None if there is none."""
    knowledge = advisor.knowledge
    country = _country(knowledge, code)
    if country is None:
        return None
    rules = country_rules(knowledge, country)
    return {
        **_country_entry(knowledge, country),
        "aliases": _aliases(country.aliases),
        "summary": text(country.summary),
        "entry_points": [_entry_point(advisor, point) for point in country.entry_points],
        "key_figures": [_figure(advisor, figure) for figure in country.key_figures],
        "comparison": {topic: _compared(cell) for topic, cell in country.comparison},
        "procedure": [_step(advisor, step) for step in country.procedure],
        "rules": [_rule_entry(rule) for rule in rules],
        "documents": [_document(advisor, document) for document in _documents(knowledge, country, rules)],
        "sections": _section_names(country),
        "taxes": [_tax(advisor, line) for line in country.taxes.lines] if country.taxes else [],
        "gaps": [text(gap) for gap in country.gaps],
        "sources": [_source(source) for source in _country_sources(knowledge, country)],
        **_stamp(knowledge),
    }


def section_json(advisor: Advisor, code: str, section: str) -> dict[str, Any] | None:
    """One section of a destination, in Markdown with `[@source]` citations; None if there is none."""
    knowledge = advisor.knowledge
    country = _country(knowledge, code)
    if country is None:
        return None
    prose = {part.lang: part.markdown for part in country.sections if part.section == section}
    if not prose:
        return None
    cited = {source.id: source for source in _country_sources(knowledge, country)}
    return {
        "country": {"code": country.code, "names": text(country.names)},
        "section": section,
        "markdown": prose,
        "reviewed": country.reviewed.isoformat(),
        "sources": [_source(source) for name, source in cited.items() if _cites(prose.values(), name)],
        **_stamp(knowledge),
    }


def policies_json(advisor: Advisor) -> dict[str, Any]:
    """The list of policies, each with what a list needs."""
    knowledge = advisor.knowledge
    return {"policies": [_policy_entry(knowledge, policy) for policy in knowledge.policies], **_stamp(knowledge)}


def policy_json(advisor: Advisor, policy_id: str) -> dict[str, Any] | None:
    """A policy with its clauses, relations in both directions, and rules; None if there is none."""
    knowledge = advisor.knowledge
    policy = next((policy for policy in knowledge.policies if policy.id == policy_id), None)
    if policy is None:
        return None
    return {
        **_policy_entry(knowledge, policy),
        "scope": policy.scope,
        "status_note": _maybe(policy.status_note),
        "summary": {part.lang: part.markdown for part in policy.sections if part.section == "summary"},
        "clauses": [
            {
                "ref": clause.ref,
                "topic": clause.topic,
                "text": {"zh": clause.zh, "en": clause.en},
                "cites": advisor.answers.cites(clause.cites),
            }
            for clause in policy.clauses
        ],
        "relations": _relations(knowledge, policy),
        "rules": [_rule_entry(rule) for rule in knowledge.rules if rule.policy == policy.id],
        "gaps": [text(gap) for gap in policy.gaps],
        "sources": [_source(source) for source in policy.sources],
        **_stamp(knowledge),
    }


def chapter_json(advisor: Advisor, chapter: Chapter) -> dict[str, Any]:
    """A chapter with its text in Markdown, its figures and sources."""
    return {
        "id": chapter.id,
        "title": text(chapter.title),
        "summary": text(chapter.summary),
        "markdown": {part.lang: part.markdown for part in chapter.sections},
        "charts": [
            {
                "id": chart.id,
                "title": text(chart.title),
                "unit": text(chart.unit),
                "points": [
                    {
                        "label": text(point.label),
                        "value": number(point.value),
                        "confidence": point.confidence,
                        "cites": _cited(advisor, point.cites),
                    }
                    for point in chart.points
                ],
                "note": _maybe(chart.note),
            }
            for chart in chapter.charts
        ],
        "gaps": [text(gap) for gap in chapter.gaps],
        "reviewed": chapter.reviewed.isoformat(),
        "sources": [_source(source) for source in chapter.sources],
        **_stamp(advisor.knowledge),
    }


def rule_json(advisor: Advisor, rule_id: str) -> dict[str, Any] | None:
    """A rule with its condition, dates, sources and where it is used; None if there is none."""
    knowledge = advisor.knowledge
    rule = next((rule for rule in knowledge.rules if rule.id == rule_id), None)
    if rule is None:
        return None
    documents = {document.id: document for document in knowledge.documents}
    return {
        **_rule_entry(rule),
        "judged_on": rule.judged_on,
        "when": write_condition(rule.when) if rule.when else None,
        "met_when": write_condition(rule.met_when) if rule.met_when else None,
        "facts": list(facts_read(rule.when)) if rule.when else [],
        "gate": rule.gate,
        "documents": [_document(advisor, documents[name]) for name in rule.documents],
        "obligations": [_obligation(knowledge, obligation) for obligation in rule.obligations],
        "lifts": list(rule.lifts),
        "lifted_by": [other.id for other in knowledge.rules if rule.id in other.lifts],
        "overrides": rule.overrides,
        "overridden_by": [other.id for other in knowledge.rules if other.overrides == rule.id],
        "reasons": {
            "applies": _maybe(rule.reasons.applies),
            "clear": _maybe(rule.reasons.clear),
            "unknown": _maybe(rule.reasons.unknown),
        },
        "note": _maybe(rule.note),
        "policy": rule.policy,
        "destinations": [country.code for country in knowledge.countries if rule_bears(knowledge, rule, country)],
        "cites": advisor.answers.cites(rule.cites),
        **_stamp(knowledge),
    }


def country_rules(knowledge: Knowledge, country: Country) -> list[Rule]:
    """The destination's own rules and those of its unions that it does not replace, its own first."""
    own = [rule for rule in knowledge.rules if rule.scope == country.scope]
    overridden = {rule.overrides for rule in own}
    shared = [rule for rule in knowledge.rules if rule.scope in country.unions and rule.id not in overridden]
    return [*own, *shared]


def rule_bears(knowledge: Knowledge, rule: Rule, country: Country) -> bool:
    """Whether a rule is consulted for vehicles that go to a destination."""
    exporting = {knowledge.site.home, *(region.id for region in knowledge.regions)}
    return rule.scope in exporting or rule in country_rules(knowledge, country)


def _country(knowledge: Knowledge, code: str) -> Country | None:
    return next((country for country in knowledge.countries if country.code == code.upper()), None)


def _country_entry(knowledge: Knowledge, country: Country) -> dict[str, Any]:
    return {
        "code": country.code,
        "names": text(country.names),
        "region": _named(knowledge.world, country.region),
        "currency": country.currency,
        "traffic_side": country.traffic_side,
        "unions": [_named(knowledge.unions, union) for union in country.unions],
        "reviewed": country.reviewed.isoformat(),
    }


def _policy_entry(knowledge: Knowledge, policy: Policy) -> dict[str, Any]:
    return {
        "id": policy.id,
        "title": text(policy.title),
        "number": policy.number,
        "issuers": [_named(knowledge.issuers, issuer) for issuer in policy.issuers],
        "level": policy.level,
        "issued": _date(policy.issued),
        "effective": _date(policy.effective),
        "expires": _date(policy.expires),
        "status": policy.status,
        "reviewed": policy.reviewed.isoformat(),
    }


def _rule_entry(rule: Rule) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "side": rule.side,
        "effect": rule.effect,
        "title": text(rule.title),
        "in_force": in_force(rule.in_force),
        "confidence": rule.confidence,
    }


def _section_names(country: Country) -> list[str]:
    written = {part.section for part in country.sections}
    return [section for section in SECTIONS if section in written]


def _country_sources(knowledge: Knowledge, country: Country) -> list[Source]:
    unions = (source for union in knowledge.unions if union.id in country.unions for source in union.sources)
    return [*country.sources, *unions]


def _cites(proses: Iterable[str], source: str) -> bool:
    return any(f"[@{source}]" in prose for prose in proses)


def _documents(knowledge: Knowledge, country: Country, rules: Iterable[Rule]) -> list[Document]:
    """The papers that the destination's rules or its procedure ask for, in the order of the list of papers."""
    asked = {name for rule in rules for name in rule.documents}
    asked |= {name for step in country.procedure for name in step.documents}
    return [document for document in knowledge.documents if document.id in asked]


def _entry_point(advisor: Advisor, point: EntryPoint) -> dict[str, Any]:
    return {"names": text(point.names), "kind": point.kind, "cites": _cited(advisor, point.cites)}


def _figure(advisor: Advisor, figure: KeyFigure) -> dict[str, Any]:
    return {
        "id": figure.id,
        "label": text(figure.label),
        "value": number(figure.value),
        "unit": text(figure.unit),
        "as_of": str(figure.as_of),
        "confidence": figure.confidence,
        "cites": _cited(advisor, figure.cites),
    }


def _step(advisor: Advisor, step: Step) -> dict[str, Any]:
    return {
        "title": text(step.title),
        "who": _maybe(step.who),
        "days": step.days,
        "documents": list(step.documents),
        "cites": _cited(advisor, step.cites),
    }


def _compared(cell: Compared) -> dict[str, Any]:
    return {"zh": cell.zh, "en": cell.en, "rules": list(cell.rules), "taxes": list(cell.taxes)}


def _tax(advisor: Advisor, line: TaxLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "kind": line.kind,
        "title": text(line.title),
        "when": write_condition(line.when) if line.when else None,
        "amount": write_amount(line.amount),
        "union": line.union,
        "in_force": in_force(line.in_force),
        "confidence": line.confidence,
        "note": _maybe(line.note),
        "cites": _cited(advisor, line.cites),
    }


def _document(advisor: Advisor, document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "title": text(document.names),
        "issuer": text(document.issuer),
        "stage": document.stage,
        "must_state": [text(item) for item in document.must_state],
        "note": _maybe(document.note),
        "cites": _cited(advisor, document.cites),
    }


def _obligation(knowledge: Knowledge, obligation: Obligation) -> dict[str, Any]:
    events = {event.id: event.names for event in knowledge.events}
    return {
        "id": obligation.id,
        "title": text(obligation.title),
        "stage": obligation.stage,
        "period": obligation.period,
        "counted_from": text(events[obligation.counted_from]) if obligation.counted_from else None,
        "note": _maybe(obligation.note),
    }


def _relations(knowledge: Knowledge, policy: Policy) -> list[dict[str, Any]]:
    policies = {other.id: other for other in knowledge.policies}
    stated = [_relation(relation, relation.kind, policies.get(relation.target)) for relation in policy.relations]
    derived = [
        _relation(relation, INVERSE[relation.kind], other)
        for other in knowledge.policies
        for relation in other.relations
        if relation.target == policy.id
    ]
    return stated + derived


def _relation(relation: Relation, kind: str, other: Policy | None) -> dict[str, Any]:
    return {
        "kind": kind,
        "policy": other.id if other else relation.target,
        "title": text(other.title) if other else None,
        "confidence": relation.confidence,
        "note": _maybe(relation.note),
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "source": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "url": source.url,
        "published": _date(source.published),
        "language": source.language,
        "kind": source.kind,
        "note": _maybe(source.note),
    }


def _cited(advisor: Advisor, cites: Iterable[Cite]) -> list[dict[str, Any]]:
    return advisor.answers.cites(cites)


def _named(items: Sequence[Named | Union | Region], name: str) -> dict[str, Any]:
    found = next((item for item in items if item.id == name), None)
    return {"id": name, "names": text(found.names) if found else {"zh": name, "en": name}}


def _aliases(aliases: Aliases) -> dict[str, list[str]]:
    return {"zh": list(aliases.zh), "en": list(aliases.en)}


def _maybe(value: Text | None) -> dict[str, str] | None:
    return text(value) if value else None


def _date(value: PartialDate | None) -> str | None:
    return str(value) if value else None


def _stamp(knowledge: Knowledge) -> dict[str, Any]:
    built = knowledge.built.isoformat() if knowledge.built else None
    return {"knowledge": {"version": knowledge.version, "built": built}}
