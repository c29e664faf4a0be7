"""The answer to a case: findings, verdict, documents, obligations, what is missing, what will change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from advisor.knowledge.model import Country, Document, Obligation, Question, Rule, Side, Text
from advisor.rules.costs import Costs
from advisor.rules.facts import Case
from advisor.rules.plan import PlannedRule

Verdict = Literal["not-eligible", "undetermined", "conditional", "eligible"]
Status = Literal["applies", "clear", "unknown"]

# From worst to best; the verdict over both sides is the worse of the two.
VERDICTS: Final[tuple[Verdict, ...]] = ("not-eligible", "undetermined", "conditional", "eligible")

# What such a rule says is reported, never acted on alone: sources differ, or nobody wrote it down.
INDECISIVE: Final = frozenset({"conflicting", "inferred"})


class Finding(NamedTuple):
    """What one rule says of the case.

    `met` tells of a requirement whether it is already satisfied; it is None for other effects.
    `lifted_by` names the exceptions that took it away, `open_exceptions` those that still might
    and `exceptions_wait_for` the facts that would decide these. A tuple, since a case has a hundred.
    """

    rule: Rule
    status: Status
    planned: PlannedRule
    explain: Callable[[Finding], Text]
    missing: tuple[str, ...] = ()
    met: bool | None = None
    lifted_by: tuple[str, ...] = ()
    open_exceptions: tuple[str, ...] = ()
    exceptions_wait_for: tuple[str, ...] = ()

    @property
    def reason(self) -> Text:
        """Why it came out so, with the case's own values; composed when asked for."""
        return self.explain(self)

    @property
    def decisive(self) -> bool:
        """Whether it may settle a verdict by itself."""
        return self.rule.confidence not in INDECISIVE


class NeededDocument(NamedTuple):
    """A paper to have in hand; not `certain` when the rule that asks for it is still undecided."""

    document: Document
    side: Side
    required_by: tuple[str, ...]
    held: bool
    certain: bool


class Due(NamedTuple):
    """Something to do; `due` is the last day where the case fixes the event that the period runs from."""

    obligation: Obligation
    side: Side
    required_by: tuple[str, ...]
    counted_from: Text | None
    due: dt.date | None
    certain: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A rule that begins or ends after the day on which the case is judged, and what it says then."""

    on: dt.date
    kind: Literal["begins", "ends"]
    finding: Finding


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the rules that bear on a case come to, whatever the question."""

    case: Case
    verdict: Verdict
    findings: tuple[Finding, ...]
    documents: tuple[NeededDocument, ...]
    obligations: tuple[Due, ...]
    changes: tuple[Change, ...]
    missing: tuple[str, ...]
    next_question: Question | None
    compose_cautions: Callable[[], tuple[Text, ...]]
    version: str
    built: dt.datetime | None

    @property
    def cautions(self) -> tuple[Text, ...]:
        """What a reader must bear in mind; composed when asked for."""
        return self.compose_cautions()


@dataclass(frozen=True, slots=True)
class Advice(Assessment):
    """Everything that the guide says of a vehicle on its way to a destination."""

    country: Country
    sides: dict[Side, Verdict]
    costs: Costs | None


@dataclass(frozen=True, slots=True)
class Filing(Assessment):
    """Whether a company may be filed as an exporter of used vehicles, what it lacks and what follows."""
