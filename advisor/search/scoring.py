"""Weighs the entries against the words of a query by BM25F, over the postings that the index holds.

Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), section 3.6: how often a
word stands in each field, made comparable by the field's length and weight, is added up before it is damped.
An entry has its names and its questions once, and many passages; the best of these, together with them, counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from threading import Lock
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.index import FileIndex

Places = NDArray[np.int32]
Scores = NDArray[np.float32]

# By field: what a word in it weighs, and how much a long field dilutes it. A name says most of what an entry is about.
_OF_ENTRY: Final = {"names": (3.0, 0.4), "asked": (1.0, 0.4)}
_OF_PASSAGE: Final = {"body": (1.0, 0.4)}
_DAMPING: Final = 2.0
# How much more an entry counts that holds all that is sought, anywhere in it.
_HELD: Final = 1.0


class _Postings(NamedTuple):
    """A word in the index: how rare it is, what it counts in which passages, and which entries hold it at all."""

    rarity: float
    passages: Places
    impacts: Scores
    entries: Places


class Scorer:
    """Scores by the postings of one index; what a word weighs in each passage is worked out once.

    `order` are the ids of the entries in the order in which the scores are given.
    """

    def __init__(self, index: FileIndex, order: Iterable[str]) -> None:
        # By name: the guide need not be in the order in which the index was made.
        places = {name: at for at, name in enumerate(order)}
        # Whoosh's reader has one place in its file, which threads would move under one another's hands.
        self._reading = Lock()
        self._reader = index.reader()
        documents = self._reader.doc_count()
        self._entry = np.array([places[self._reader.stored_fields(at)["entry"]] for at in range(documents)], np.int32)
        # The first document of an entry holds what is said of it as a whole, those that follow its passages.
        self._first = np.flatnonzero(np.diff(self._entry, prepend=-1))
        self._last = np.append(self._first[1:], documents)
        self._scale = {name: self._lengths(name, *how) for name, how in (_OF_ENTRY | _OF_PASSAGE).items()}
        self._postings = lru_cache(maxsize=20_000)(self._worked_out)

    @property
    def places(self) -> Places:
        """The places of the entries, in the order in which the index was made."""
        return self._entry[self._first]

    def is_written(self, word: str) -> bool:
        """Whether a name or a passage holds a word; what people ask may be misspelt."""
        with self._reading:
            return any((field, word) in self._reader for field in ("names", "body"))

    def scores(self, words: Mapping[str, float]) -> Scores:
        """What each entry scores for words with their weights; 0 for one that holds none of them."""
        passages = np.zeros(len(self._entry), np.float32)
        held = np.zeros(len(self._first), np.float32)
        sought = 0.0
        for word, weight in words.items():
            postings = self._postings(word)
            worth = weight * postings.rarity
            passages[postings.passages] += worth * postings.impacts
            held[postings.entries] += worth
            sought += worth
        best = np.zeros(len(self._first), np.float32)
        best[self.places] = np.maximum.reduceat(passages, self._first)
        return best * (1 + _HELD * held / sought) if sought else best

    def _lengths(self, name: str, weight: float, slope: float) -> Scores:
        """By what an occurrence in each document counts: the field's weight over the relative length."""
        lengths = np.array([self._reader.doc_field_length(at, name, 0) for at in range(len(self._entry))], np.float32)
        mean = lengths[lengths > 0].mean() if lengths.any() else 1.0
        return (weight / (1 - slope + slope * lengths / mean)).astype(np.float32)

    def _worked_out(self, word: str) -> _Postings:
        """Where a word counts, and by what; a word that is nowhere counts nowhere."""
        often = np.zeros(len(self._entry), np.float32)
        for name in _OF_ENTRY:
            heads, times = self._often(word, name)
            for at, more in zip(np.searchsorted(self._first, heads), times, strict=True):
                often[self._first[at] : self._last[at]] += more
        # What is said of an entry as a whole counts in its passages.
        often[self._first] = 0.0
        passages, times = self._often(word, *_OF_PASSAGE)
        often[passages] += times
        found = np.flatnonzero(often)
        total = len(self._entry) - len(self._first)
        rarity = math.log(1 + (total - len(found) + 0.5) / (len(found) + 0.5)) if len(found) else 0.0
        impacts = often[found] / (_DAMPING + often[found])
        return _Postings(rarity, found.astype(np.int32), impacts, np.unique(self._entry[found]))

    def _often(self, word: str, field: str) -> tuple[Places, Scores]:
        """The documents that hold a word in a field, and how often, by the field's weight."""
        found = []
        with self._reading:
            if (field, word) not in self._reader:
                return np.empty(0, np.int32), np.empty(0, np.float32)
            matcher = self._reader.postings(field, word)
            while matcher.is_active():
                found.append((matcher.id(), matcher.weight()))
                matcher.next()
        documents, times = zip(*found, strict=True)
        at = np.array(documents, np.int32)
        return at, np.array(times, np.float32) * self._scale[field][at]
