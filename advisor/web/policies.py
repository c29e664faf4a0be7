"""The policies: the list with its timeline, and a page for each with its clauses in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext

from advisor.knowledge.model import Named, Policy, Relation
from advisor.knowledge.text import clause_anchor
from advisor.web import advisor, lang, query, twins
from advisor.web.country_view import RuleLine, is_stale, state_of
from advisor.web.errors import Missing, Way
from advisor.web.guide import tagged_json
from advisor.web.prose import render
from advisor.web.relations import picture
from advisor.web.templating import note_source, term_links, today
from advisor.web.timeline import begins, timeline

blueprint = Blueprint("policies", __name__, url_prefix="/<any(zh,en):lang>")

_LEVELS: Final = ("national", "provincial", "municipal")
_STATUSES: Final = ("in-force", "superseded", "expired", "draft", "unknown")


@dataclass(frozen=True, slots=True)
class Related:
    """Another policy and how this one stands to it."""

    kind: str
    policy: Policy
    relation: Relation


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the filters of the list ask for; None is no filter."""

    issuer: str | None
    level: str | None
    status: str | None
    year: str | None
    on: dt.date | None

    def fits(self, policy: Policy) -> bool:
        """Whether a policy is asked for."""
        return (
            (self.issuer is None or self.issuer in policy.issuers)
            and self.level in (None, policy.level)
            and self.status in (None, policy.status)
            and self.year in (None, year_of(policy))
            and (self.on is None or in_force_on(policy, self.on))
        )

    @property
    def anything(self) -> bool:
        """Whether there is any filter."""
        return any((self.issuer, self.level, self.status, self.year, self.on))


@blueprint.get("/policies")
def policies(lang: str) -> str:
    """The list of policies, filtered by what the query asks for, and the same on a timeline."""
    knowledge = advisor().knowledge
    issuing = {name for policy in knowledge.policies for name in policy.issuers}
    years = sorted({year for policy in knowledge.policies if (year := year_of(policy))}, reverse=True)
    wanted = Wanted(
        issuer=query.one_of("issuer", [issuer.id for issuer in knowledge.issuers]),
        level=query.one_of("level", _LEVELS),
        status=query.one_of("status", _STATUSES),
        year=query.one_of("year", years),
        on=query.day("on"),
    )
    shown = sorted((one for one in knowledge.policies if wanted.fits(one)), key=_latest_first, reverse=True)
    return render_template(
        "policies/policies.html",
        policies=shown,
        total=len(knowledge.policies),
        timeline=timeline(shown, today(), lang),
        relations=picture(shown, lang),
        relation_names=relation_names(),
        issuers=[issuer for issuer in knowledge.issuers if issuer.id in issuing],
        issuer_names=_issuer_names(),
        levels=level_names(),
        statuses=status_names(),
        years=years,
        wanted=wanted,
    )


@blueprint.get("/policies/<policy_id>")
def policy(lang: str, policy_id: str) -> str:
    """A policy with its summary, clauses, relations and the rules that rest on it."""
    found = _policy(policy_id)
    prose = next((part for part in found.sections if part.section == "summary" and part.lang == lang), None)
    rendered = render(prose.markdown, lang, term_links()) if prose else None
    for source in rendered.sources if rendered else ():
        note_source(source)
    return render_template(
        "policies/policy.html",
        policy=found,
        summary=rendered,
        issuers=[_issuer_names()[name] for name in found.issuers],
        level=level_names()[found.level],
        status=status_names()[found.status],
        clauses=[(clause_anchor(clause.ref), clause) for clause in found.clauses],
        related=_related(found),
        relation_names=relation_names(),
        rules=[
            RuleLine(rule, state_of(rule.in_force, today()))
            for rule in advisor().knowledge.rules
            if rule.policy == found.id
        ],
        stale=is_stale(found.reviewed),
    )


@blueprint.get("/policies/<policy_id>.json")
def policy_data(lang: str, policy_id: str) -> Response:
    """A policy as data."""
    return tagged_json(twins.policy_json(advisor(), _policy(policy_id).id))


def year_of(policy: Policy) -> str | None:
    """The year in which a policy was issued, or took effect where that is not known."""
    date = policy.issued or policy.effective
    return str(date.year) if date else None


def in_force_on(policy: Policy, day: dt.date) -> bool:
    """Whether a policy may be in force on a day, as far as its dates tell."""
    begun = begins(policy)
    ended = policy.expires.last() if policy.expires else None
    return policy.status != "draft" and begun is not None and begun <= day and (ended is None or day <= ended)


def level_names() -> dict[str, str]:
    """The levels of government."""
    return {
        "national": gettext("National"),
        "provincial": gettext("Provincial"),
        "municipal": gettext("Municipal"),
    }


def status_names() -> dict[str, str]:
    """Whether a policy holds."""
    return {
        "in-force": gettext("In force"),
        "superseded": gettext("Superseded"),
        "expired": gettext("Expired"),
        "draft": gettext("Draft"),
        "unknown": gettext("Status not known"),
    }


def relation_names() -> dict[str, str]:
    """How one policy stands to another, from either end."""
    return {
        "replaces": gettext("Replaces"),
        "supplements": gettext("Supplements"),
        "implements": gettext("Implements"),
        "applies": gettext("Applies"),
        "cites": gettext("Cites"),
        "follows": gettext("Follows"),
        "replaced-by": gettext("Replaced by"),
        "supplemented-by": gettext("Supplemented by"),
        "implemented-by": gettext("Implemented by"),
        "applied-by": gettext("Applied by"),
        "cited-by": gettext("Cited by"),
        "followed-by": gettext("Followed by"),
    }


def _policy(policy_id: str) -> Policy:
    for found in advisor().knowledge.policies:
        if found.id == policy_id:
            return found
    message = gettext("The guide has no policy “%(id)s”.", id=policy_id[:80])
    raise Missing(message, Way(url_for("policies.policies", lang=lang()), gettext("All policies")))


def _related(policy: Policy) -> list[Related]:
    """The policies that this one names, then those that name it."""
    everyone = {other.id: other for other in advisor().knowledge.policies}
    named = [Related(relation.kind, everyone[relation.target], relation) for relation in policy.relations]
    return [*named, *_naming(policy, everyone.values())]


def _naming(policy: Policy, others: Iterable[Policy]) -> list[Related]:
    return [
        Related(twins.INVERSE[relation.kind], other, relation)
        for other in others
        for relation in other.relations
        if relation.target == policy.id
    ]


def _issuer_names() -> dict[str, Named]:
    return {issuer.id: issuer for issuer in advisor().knowledge.issuers}


def _latest_first(policy: Policy) -> tuple[dt.date, str]:
    date = policy.issued or policy.effective
    return (date.first() if date else dt.date.min), policy.id
