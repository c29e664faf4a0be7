"""Weighs the entries against the words of a query by BM25F, over the postings that the index holds.

Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), section 3.6: how often a
word stands in each field, made comparable by the field's length and weight, is added up before it is damped.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from whoosh.index import FileIndex

# A name says more of what an entry is about than a word in passing, and long names dilute it less.
_FIELDS: Final = {"names": (3.0, 0.5), "body": (1.0, 0.6)}
_DAMPING: Final = 1.2


class Scorer:
    """Scores by the postings of one index; what a word weighs in each entry is worked out once.

    `order` are the ids of the entries in the order by which the scores name them.
    """

    def __init__(self, index: FileIndex, order: Iterable[str]) -> None:
        # By name: the guide need not be in the order in which the index was made.
        places = {name: at for at, name in enumerate(order)}
        self._reader = index.reader()
        self._total = self._reader.doc_count()
        self._entry = [places[self._reader.stored_fields(at)["entry"]] for at in range(self._total)]
        self._scale = {name: self._lengths(name, weight, slope) for name, (weight, slope) in _FIELDS.items()}
        self._impacts = lru_cache(maxsize=20_000)(self._worked_out)

    def scores(self, words: Mapping[str, float]) -> dict[int, float]:
        """What the best passage of each entry scores, by the entry's place in their order, for words with their weights."""
        passages: dict[int, float] = {}
        for word, weight in words.items():
            rarity, impacts = self._impacts(word)
            worth = weight * rarity
            for at, impact in impacts:
                passages[at] = passages.get(at, 0.0) + worth * impact
        scores: dict[int, float] = {}
        for at, score in passages.items():
            entry = self._entry[at]
            if score > scores.get(entry, 0.0):
                scores[entry] = score
        return scores

    def _lengths(self, name: str, weight: float, slope: float) -> list[float]:
        """By what an occurrence in each document counts: the field's weight over the relative length."""
        lengths = [self._reader.doc_field_length(at, name, 1) for at in range(self._total)]
        mean = sum(lengths) / max(1, len(lengths))
        return [weight / (1 - slope + slope * length / mean) for length in lengths]

    def _worked_out(self, word: str) -> tuple[float, tuple[tuple[int, float], ...]]:
        """How rare a word is, and by what it counts in each passage that holds it; a word that is nowhere is not asked for."""
        found: dict[int, float] = {}
        for name, scale in self._scale.items():
            if (name, word) in self._reader:
                matcher = self._reader.postings(name, word)
                while matcher.is_active():
                    at = matcher.id()
                    found[at] = found.get(at, 0.0) + matcher.weight() * scale[at]
                    matcher.next()
        if not found:
            return 0.0, ()
        rarity = math.log(1 + (self._total - len(found) + 0.5) / (len(found) + 0.5))
        return rarity, tuple((at, often / (_DAMPING + often)) for at, often in found.items())
