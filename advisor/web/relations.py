"""How policies stand to one another, as a picture of arcs beside the list of their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from advisor.knowledge.model import Policy, Relation
from advisor.web.labels import policy_label

ROW: Final = 28
WIDTH: Final = 130
_LEAST_BULGE: Final = 14
_BULGE: Final = 0.32


@dataclass(frozen=True, slots=True)
class Node:
    """A policy and the height at which it stands."""

    policy: Policy
    label: str
    y: int


@dataclass(frozen=True, slots=True)
class Arc:
    """From a policy to the one that it names."""

    source: Policy
    target: Policy
    relation: Relation
    path: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The policies that are related, in the order given, and the arcs between them."""

    height: int
    nodes: list[Node]
    arcs: list[Arc]

    @property
    def kinds(self) -> list[str]:
        """The kinds of relation that occur, in the order in which they first do."""
        return list(dict.fromkeys(arc.relation.kind for arc in self.arcs))


def picture(policies: Sequence[Policy], lang: str) -> Picture | None:
    """The relations among some policies; None where there are none."""
    shown = {policy.id: policy for policy in policies}
    pairs = [(policy, relation) for policy in policies for relation in policy.relations if relation.target in shown]
    if not pairs:
        return None
    related = {name for policy, relation in pairs for name in (policy.id, relation.target)}
    nodes = [
        Node(policy, policy_label(policy, lang), ROW * at + ROW // 2)
        for at, policy in enumerate(policy for policy in policies if policy.id in related)
    ]
    heights = {node.policy.id: node.y for node in nodes}
    arcs = [
        Arc(policy, shown[relation.target], relation, _path(heights[policy.id], heights[relation.target]))
        for policy, relation in pairs
    ]
    return Picture(ROW * len(nodes), nodes, arcs)


def _path(start: int, end: int) -> str:
    """A curve that leaves the column of names to the left, the farther the longer it is."""
    bulge = round(min(WIDTH - 10, _LEAST_BULGE + _BULGE * abs(end - start)))
    return f"M{WIDTH} {start}C{WIDTH - bulge} {start} {WIDTH - bulge} {end} {WIDTH} {end}"
