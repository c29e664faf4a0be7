"""How well the kind, the place, the topic and the force of each entry fit what is asked, whatever its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from advisor.search.entries import Entry, Kind
from advisor.search.scoring import Scores
from advisor.search.sought import Sought

# How the kinds stand to one another where a question names a destination, and where it names none.
_OF_A_PLACE: Final[dict[Kind, float]] = {
    "guide": 1.0, "rule": 1.15, "policy": 1.0, "clause": 0.9, "term": 1.1, "document": 1.0, "chapter": 1.5,
}  # fmt: skip
_AT_HOME: Final[dict[Kind, float]] = {
    "guide": 1.0, "rule": 1.1, "policy": 1.2, "clause": 1.1, "term": 0.9, "document": 1.15, "chapter": 1.5,
}  # fmt: skip
# Where places are named: what holds there, elsewhere, and everywhere.
_HERE: Final = 1.25
_ELSEWHERE: Final = 0.2
_NO_PLACE: Final = 0.6
# Where none is named: what holds in one destination, and in one region at home.
_ABROAD: Final = 0.7
_LOCAL: Final = 0.7
# Asking for destinations without naming one: their rules answer, one by one.
_COMPARING: Final = 1.6
_TOPIC: Final = 1.65
_OVERVIEW: Final = 1.1
_PAST: Final = 0.7
# What sources dispute, or what was only inferred, stands behind what is known.
_DOUBTFUL: Final = 0.72
# Asking what a word means.
_DEFINING: Final = 1.4
# Where the number of a document is given, the document comes before its clauses.
_NUMBERED: Final = 1.2


class Fitting:
    """Weighs the entries of one guide, in their order."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._place = np.array([entry.place or "" for entry in entries])
        self._section = np.array([entry.section or "" for entry in entries])
        self._kind = np.array([entry.kind for entry in entries])
        self._abroad = np.array([entry.country is not None for entry in entries])
        self._local = (self._place != "") & ~self._abroad
        self._of_a_place = np.array([_OF_A_PLACE[entry.kind] for entry in entries], np.float32)
        self._at_home = np.array([_AT_HOME[entry.kind] for entry in entries], np.float32)
        self._overview = (self._kind == "guide") & (self._section == "")
        self._force = np.array(
            [(_PAST if one.past else 1.0) * (_DOUBTFUL if one.doubtful else 1.0) for one in entries], np.float32
        )

    def fit(self, sought: Sought) -> Scores:
        """By what to multiply the score of each entry."""
        fit: Scores = self._force * (self._with_places(sought) if sought.places else self._without_places(sought))
        if sought.numbered:
            fit[self._kind == "policy"] *= _NUMBERED
        if sought.defining:
            fit[self._kind == "term"] *= _DEFINING
        return fit

    def _without_places(self, sought: Sought) -> Scores:
        fit: Scores = np.where(self._abroad, np.float32(_ABROAD), self._at_home)
        fit[self._local] *= _LOCAL
        if sought.comparing:
            fit[self._abroad & (self._kind == "rule")] = _COMPARING
        return fit

    def _with_places(self, sought: Sought) -> Scores:
        here = np.isin(self._place, list(sought.places))
        near = np.select([self._place == "", here], [_NO_PLACE, _HERE], _ELSEWHERE)
        fit: Scores = self._of_a_place * near.astype(np.float32)
        fit[self._overview] *= _OVERVIEW
        fit[np.isin(self._section, list(sought.topics))] *= _TOPIC
        return fit
