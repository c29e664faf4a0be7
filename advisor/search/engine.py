"""Answers a query: the entries that fit, best first, with their snippets, facets and what may have been meant."""

from __future__ import annotations

import datetime as dt
import math
import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from advisor.knowledge.model import Knowledge, Lang
from advisor.search.analysis import Token, document_numbers, fold, is_chinese, tokens, without_asking
from advisor.search.entries import Entry, Kind, entries
from advisor.search.fitting import Fitting, Sought
from advisor.search.index import build_index, open_index
from advisor.search.latent import LATENT, Latent
from advisor.search.lexicon import ANYWHERE, Lexicon
from advisor.search.scoring import Scorer
from advisor.search.snippets import Piece, snippet

LONGEST_QUERY: Final = 300
PAGE: Final = 10

# A pair of characters inside a phrase that is known says little that the phrase does not.
_INSIDE_PHRASE: Final = 0.55
# Which place is meant is weighed by its own measure.
_PLACE: Final = 0.5
# What a concept weighs: a term of the glossary, a set of equals, a place.
_WEIGHTS: Final = {"#": 0.8, "=": 0.8, "@": _PLACE}
_DOCUMENT_NUMBER: Final = 1.1
_CODE: Final = re.compile(r"\b[A-Z]{2}\b")
# What scores less than this share of the best answer is none.
_LEAST_SHARE: Final = 0.05


class QueryError(ValueError):
    """A query that is not answered: it is empty or too long."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that fits, with its passage in the reader's language."""

    entry: Entry
    score: float
    snippet: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a query; `facets` count all that fits, `hits` are those of one page."""

    query: str
    total: int
    page: int
    hits: tuple[Hit, ...]
    kinds: Mapping[str, int]
    countries: Mapping[str, int]
    suggestion: str | None
    took_ms: float

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return _pages(self.total)

    @property
    def first(self) -> int:
        """The place of the first hit of the page, from 1."""
        return (self.page - 1) * PAGE + 1


def index_files(knowledge: Knowledge) -> dict[str, bytes]:
    """The files of the index over a body of knowledge, for its artefact."""
    return build_index(_entries(knowledge), Lexicon(knowledge))


def _entries(knowledge: Knowledge) -> tuple[Entry, ...]:
    day = (knowledge.built or dt.datetime.now(dt.UTC)).date()
    return entries(knowledge, day.isoformat())


class Search:
    """Searches one body of knowledge; its index is opened, or made, when it is first asked."""

    def __init__(self, knowledge: Knowledge, files: Mapping[str, bytes]) -> None:
        self._knowledge = knowledge
        self._files = files

    def find(
        self, query: str, lang: Lang, kind: Kind | None = None, country: str | None = None, page: int = 1
    ) -> Found:
        """The entries that fit a query, best first; a page beyond the last is the last.

        Raises QueryError where the query is empty or too long.
        """
        began = time.perf_counter()
        text = " ".join(query.split())
        if not text:
            raise QueryError("the query is empty")
        if len(text) > LONGEST_QUERY:
            raise QueryError(f"the query has {len(text)} characters; it can have {LONGEST_QUERY} at most")
        folded = fold(text)
        mended = self._lexicon.corrected(folded)
        sought = self._sought(folded, mended, self._codes_in(text))
        ranked = self._ranked(sought)
        kinds = Counter[str](entry.kind for entry, _ in ranked if country in (None, entry.country))
        countries = Counter[str](entry.country for entry, _ in ranked if entry.country and kind in (None, entry.kind))
        kept = [pair for pair in ranked if kind in (None, pair[0].kind) and country in (None, pair[0].country)]
        page = min(page, _pages(len(kept)))
        hits = tuple(
            Hit(entry, round(score, 3), snippet(entry.body[lang], sought.words, self._lexicon, lang))
            for entry, score in kept[(page - 1) * PAGE : page * PAGE]
        )
        took = (time.perf_counter() - began) * 1000
        return Found(text, len(kept), page, hits, kinds, countries, mended, round(took, 2))

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Everything that can be found, in the order of the index."""
        return _entries(self._knowledge)

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(self._knowledge)

    @cached_property
    def _index_files(self) -> Mapping[str, bytes]:
        return self._files or build_index(self.entries, self._lexicon)

    @cached_property
    def _scorer(self) -> Scorer:
        return Scorer(open_index(self._index_files), (entry.id for entry in self.entries))

    @cached_property
    def _latent(self) -> Latent:
        return Latent(self._index_files[LATENT], self._scorer.places)

    @cached_property
    def _by_name(self) -> NDArray[np.intp]:
        """The place of each entry in the order of their ids, which settles ties."""
        return np.argsort(np.argsort([entry.id for entry in self.entries]))

    @cached_property
    def _fitting(self) -> Fitting:
        return Fitting(self.entries)

    def _codes_in(self, text: str) -> dict[str, float]:
        """Destinations by their codes, which only capitals tell from other words."""
        codes = {country.code: country.scope for country in self._knowledge.countries}
        return {f"@{codes[word]}": _PLACE for word in _CODE.findall(text) if word in codes}

    def _sought(self, folded: str, mended: str | None, codes: Mapping[str, float]) -> Sought:
        text = mended or folded
        asked = without_asking(text)
        concepts = list(self._lexicon.concepts(text))
        # What each character weighs as a part of other words than the concepts.
        apart = [1.0] * len(text)
        words: dict[str, float] = dict(codes)
        for token in _longest(concepts):
            weight = _WEIGHTS[token.text[0]]
            words[token.text] = max(words.get(token.text, 0.0), weight)
            inside = 0.0 if token.text[0] == "@" else _INSIDE_PHRASE
            apart[token.start : token.end] = [inside] * (token.end - token.start)
        for token in document_numbers(asked):
            words[token.text] = _DOCUMENT_NUMBER if "-" in token.text else 1.0
        for token in tokens(asked):
            # A Chinese character that stands alone, what remains of a question, says too little.
            if len(token.text) == 1 and is_chinese(token.text):
                continue
            weight = max(apart[token.start : token.end])
            if weight:
                words[token.text] = max(words.get(token.text, 0.0), weight)
        places = self._meant(name[1:] for name in words if name.startswith("@") and name != ANYWHERE)
        topics = frozenset(topic for topic, names in self._lexicon.topics.items() if self._touches(asked, words, names))
        numbered = any(word.startswith("no:") for word in words)
        return Sought(words, places, topics, ANYWHERE in words, self._lexicon.asks_meaning(folded), numbered)

    def _meant(self, names: Iterable[str]) -> frozenset[str]:
        """The places that are named, one by one or several at once, and the unions that they belong to."""
        named = set(names)
        areas = [self._lexicon.areas[name] for name in named if name in self._lexicon.areas]
        places = named.difference(self._lexicon.areas)
        # "The Gulf specification in Qatar" asks for one of the Gulf states, not for all of them.
        places.update(*(area for area in areas if not area & places))
        unions = {union for one in self._knowledge.countries if one.scope in places for union in one.unions}
        return frozenset(places | unions)

    def _touches(self, asked: str, words: Mapping[str, float], names: Iterable[str]) -> bool:
        return any(name in words or (is_chinese(name) and name in asked) for name in names)

    def _ranked(self, sought: Sought) -> list[tuple[Entry, float]]:
        scores = self._latent.spread(self._scorer.scores(sought.words)) * self._fitting.fit(sought)
        least = scores.max(initial=0.0) * _LEAST_SHARE
        order = np.lexsort((self._by_name, -scores))
        return [(self.entries[at], float(scores[at])) for at in order if scores[at] >= least and scores[at] > 0]


def _pages(total: int) -> int:
    return max(1, math.ceil(total / PAGE))


def _longest(found: Sequence[Token]) -> list[Token]:
    """Concepts that do not lie within a longer one."""
    return [
        one
        for one in found
        if not any(
            other.start <= one.start and one.end <= other.end and other.end - other.start > one.end - one.start
            for other in found
        )
    ]
