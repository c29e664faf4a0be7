"""What the page of a rule shows: its condition in words, what it asks for, what stands beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from flask import url_for
from flask_babel import gettext

from advisor.knowledge.conditions import Condition
from advisor.knowledge.model import Confidence, Country, Document, Obligation, Policy, Rule, Text
from advisor.knowledge.text import clause_anchor
from advisor.rules.words import Words, condition_words
from advisor.web import advisor, lang
from advisor.web.country_view import Link, State, state_of
from advisor.web.templating import today
from advisor.web.twins import rule_bears


@dataclass(frozen=True, slots=True)
class ObligationLine:
    """Something to do, and from what its period runs."""

    obligation: Obligation
    counted_from: Text | None


@dataclass(frozen=True, slots=True)
class RulePage:
    """Everything that the page of a rule shows."""

    rule: Rule
    state: State
    when: Words | None
    met_when: Words | None
    judged_on: str
    confidence: str
    documents: list[Document]
    obligations: list[ObligationLine]
    lifts: list[Rule]
    lifted_by: list[Rule]
    overrides: Rule | None
    overridden_by: list[Rule]
    policy: Policy | None
    clauses: list[Link]
    countries: list[Country]


def rule_page(rule: Rule) -> RulePage:
    """The page of one rule."""
    knowledge = advisor().knowledge
    rules = {other.id: other for other in knowledge.rules}
    events = {event.id: event.names for event in knowledge.events}
    policy = next((policy for policy in knowledge.policies if policy.id == rule.policy), None)
    return RulePage(
        rule=rule,
        state=state_of(rule.in_force, today()),
        when=_words(rule.when),
        met_when=_words(rule.met_when),
        judged_on=advisor().engine.reasoner.label(rule.judged_on, lang()),
        confidence=confidence_explained(rule.confidence),
        documents=[document for document in knowledge.documents if document.id in rule.documents],
        obligations=[
            ObligationLine(one, events[one.counted_from] if one.counted_from else None) for one in rule.obligations
        ],
        lifts=[rules[name] for name in rule.lifts],
        lifted_by=[other for other in knowledge.rules if rule.id in other.lifts],
        overrides=rules[rule.overrides] if rule.overrides else None,
        overridden_by=[other for other in knowledge.rules if other.overrides == rule.id],
        policy=policy,
        clauses=_clauses(rule, policy) if policy else [],
        countries=[country for country in knowledge.countries if rule_bears(knowledge, rule, country)],
    )


def _words(condition: Condition | None) -> Words | None:
    return condition_words(condition, advisor().engine.reasoner, lang()) if condition else None


def _clauses(rule: Rule, policy: Policy) -> list[Link]:
    """The clauses of its policy that a rule cites, where the policy's page has them."""
    written = {clause.ref for clause in policy.clauses}
    cited = dict.fromkeys(cite.clause for cite in rule.cites if cite.clause)
    url = url_for("policies.policy", lang=lang(), policy_id=policy.id)
    return [Link(f"{url}#{quote(clause_anchor(ref))}", ref) for ref in cited if ref in written]


def titles(rules: Iterable[Rule]) -> list[Link]:
    """Links to rules."""
    return [Link(url_for("guide.rule", lang=lang(), rule_id=rule.id), rule.title[lang()]) for rule in rules]


def confidence_explained(confidence: Confidence) -> str:
    """What the confidence of a statement means for its reader."""
    return {
        "official": gettext("The authority's own words were read, on its site or in a verbatim reprint."),
        "secondary": gettext(
            "Only press or trade sources were found; the official text was not seen. Have it confirmed."
        ),
        "conflicting": gettext("Sources differ, so this rule never decides a verdict alone. Ask the authority."),
        "dated": gettext("The source is old and nothing newer was found; the rule may have changed."),
        "inferred": gettext("Nobody wrote this down: it is inferred, so it never decides a verdict alone."),
    }[confidence]
