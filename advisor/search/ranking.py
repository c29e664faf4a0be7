"""Puts the entries in the order in which they answer: by their words, by what they have in common, by how they fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from advisor.search.entries import Entry
from advisor.search.fitting import Fitting
from advisor.search.index import open_index
from advisor.search.latent import LATENT, Latent
from advisor.search.phrases import Phrases
from advisor.search.scoring import Scorer
from advisor.search.sought import Sought

# What scores less than this share of the best answer is none.
_LEAST_SHARE: Final = 0.05
# How much more an entry counts that says all of the question in its order, and how many of the best are looked at.
_PHRASES: Final = 0.1
_LOOKED_AT: Final = 20


class Ranking:
    """Ranks the entries of one guide by the files of its index."""

    def __init__(self, entries: Sequence[Entry], files: Mapping[str, bytes]) -> None:
        self._entries = entries
        self._scorer = Scorer(open_index(files), (entry.id for entry in entries))
        self._latent = Latent(files[LATENT], self._scorer.places)
        self._fitting = Fitting(entries)
        self._phrases = Phrases()
        # The place of each entry in the order of their ids settles ties.
        self._by_name = np.argsort(np.argsort([entry.id for entry in entries]))

    def is_written(self, word: str) -> bool:
        """Whether a name or a passage of any entry holds a word, as it is indexed."""
        return self._scorer.is_written(word)

    def ranked(self, sought: Sought) -> list[tuple[Entry, float]]:
        """All that fits, best first, with its score."""
        scores = self._latent.spread(self._scorer.scores(sought.words)) * self._fitting.fit(sought)
        least = scores.max(initial=0.0) * _LEAST_SHARE
        order = np.lexsort((self._by_name, -scores))
        found = [(self._entries[at], float(scores[at])) for at in order if scores[at] >= least and scores[at] > 0]
        return self._in_phrases(found[:_LOOKED_AT], sought.phrases) + found[_LOOKED_AT:]

    def _in_phrases(self, found: list[tuple[Entry, float]], phrases: Sequence[str]) -> list[tuple[Entry, float]]:
        """The best with what whole phrases add to their scores, in their order."""
        if not phrases:
            return found
        weighed = [(entry, score * (1 + _PHRASES * self._phrases.share(entry, phrases))) for entry, score in found]
        return sorted(weighed, key=lambda pair: -pair[1])
