"""Policies on a time axis: where each bar stands, in hundredths of the width."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from advisor.knowledge.model import Policy
from advisor.web.labels import policy_label

ROW: Final = 44
HEAD: Final = 30


@dataclass(frozen=True, slots=True)
class Tick:
    """A year on the axis."""

    year: int
    x: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A policy from the day on which it takes effect; `open` when no end of it is known."""

    policy: Policy
    label: str
    y: int
    x: float
    width: float
    open: bool

    @property
    def label_at_end(self) -> bool:
        """Whether the label ends at the right edge, because it would run out of the picture."""
        return self.x > 50


@dataclass(frozen=True, slots=True)
class Timeline:
    """The picture: its height, the axis, today's line and the bars."""

    height: int
    ticks: list[Tick]
    today: float
    bars: list[Bar]


def timeline(policies: Iterable[Policy], on: dt.date, lang: str) -> Timeline | None:
    """The policies of which a beginning is known, the latest first; None if there is none."""
    dated = [(begun, policy) for policy in policies if (begun := begins(policy)) is not None]
    if not dated:
        return None
    dated.sort(key=lambda pair: pair[0], reverse=True)
    first = dt.date(min(begun for begun, _ in dated).year, 1, 1)
    # Room to the right of today, where what holds without an end runs on.
    last = dt.date(max(*(begun for begun, _ in dated), on).year + 2, 1, 1)
    axis = _Axis(first, last)
    bars = [_bar(axis, at, begun, policy, lang) for at, (begun, policy) in enumerate(dated)]
    return Timeline(HEAD + ROW * len(bars) + 8, axis.ticks(), axis.x(on), bars)


def begins(policy: Policy) -> dt.date | None:
    """The day on which a policy takes effect, or was issued where that is not known."""
    date = policy.effective or policy.issued
    return date.first() if date else None


@dataclass(frozen=True, slots=True)
class _Axis:
    first: dt.date
    last: dt.date

    def x(self, day: dt.date) -> float:
        return round(100 * (day - self.first).days / (self.last - self.first).days, 2)

    def ticks(self) -> list[Tick]:
        years: Sequence[int] = range(self.first.year, self.last.year)
        step = -(-len(years) // 6)
        return [Tick(year, self.x(dt.date(year, 1, 1))) for year in years[::step]]


def _bar(axis: _Axis, at: int, begun: dt.date, policy: Policy, lang: str) -> Bar:
    end = min(policy.expires.last(), axis.last) if policy.expires else axis.last
    x = axis.x(begun)
    return Bar(
        policy, policy_label(policy, lang), HEAD + ROW * at, x, max(axis.x(end) - x, 0.6), policy.expires is None
    )
