"""Which unknown fact matters most, so that the next question is the one that decides most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from advisor.knowledge.model import Rule
from advisor.rules.advice import Finding

# How much settling a rule can move the answer: a prohibition turns the verdict, a gate makes it
# conditional, papers and duties only lengthen the lists. Warnings and exceptions are not asked for
# by themselves; an exception counts through the rule that it lifts.
_PROHIBITION, _GATE, _PAPERS, _DUTY = 12.0, 6.0, 2.0, 1.0


def rank_missing(standing: Iterable[Finding], order: Mapping[str, int]) -> tuple[str, ...]:
    """The unknown facts that can still change the answer, most decisive first.

    A rule's weight is shared among the facts that it lacks, so a fact that settles a rule alone
    comes before facts that settle it only together; `order` breaks ties.
    """
    scores: dict[str, float] = {}
    for finding in standing:
        if not finding.missing:
            continue
        share = _weight(finding.rule) / len(finding.missing)
        for name in finding.missing if share else ():
            scores[name] = scores.get(name, 0.0) + share
    return tuple(sorted(scores, key=lambda name: (-scores[name], order[name])))


def _weight(rule: Rule) -> float:
    match rule.effect:
        case "prohibit":
            return _PROHIBITION
        case "require" if rule.gate:
            return _GATE
        case "require":
            return _PAPERS
        case "oblige":
            return _DUTY
        case _:
            return 0.0
