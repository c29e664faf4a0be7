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

from advisor.knowledge.model import Knowledge, Lang
from advisor.search.analysis import Token, document_numbers, fold, is_chinese, tokens, without_asking
from advisor.search.entries import Entry, Kind, entries
from advisor.search.index import build_index, open_index
from advisor.search.lexicon import ANYWHERE, Lexicon
from advisor.search.scoring import Scorer
from advisor.search.snippets import Piece, snippet

LONGEST_QUERY: Final = 300
PAGE: Final = 10

# A pair of characters inside a phrase that is known says little that the phrase does not.
_INSIDE_PHRASE: Final = 0.35
# Which place is meant is weighed by its own measure.
_PLACE: Final = 0.75
# What a concept weighs: a term of the glossary, a set of equals, a place.
_WEIGHTS: Final = {"#": 0.8, "=": 0.8, "@": _PLACE}
_DOCUMENT_NUMBER: Final = 1.1
_CODE: Final = re.compile(r"\b[A-Z]{2}\b")
# What scores less than this share of the best answer is none.
_LEAST_SHARE: Final = 0.12

# How the kinds stand to one another where a question names a destination, and where it names none.
_OF_A_PLACE: Final[dict[Kind, float]] = {
    "guide": 1.0, "rule": 1.25, "policy": 1.0, "clause": 0.9, "term": 1.1, "document": 1.0, "chapter": 1.5,
}  # fmt: skip
_AT_HOME: Final[dict[Kind, float]] = {
    "guide": 1.0, "rule": 1.1, "policy": 1.2, "clause": 1.1, "term": 0.9, "document": 1.0, "chapter": 1.3,
}  # fmt: skip
_HERE: Final = 1.45
_ELSEWHERE: Final = 0.2
_NO_PLACE: Final = 0.6
_ABROAD: Final = 0.7
_TOPIC: Final = 1.85
_OFF_TOPIC: Final = 0.75
_PAST: Final = 0.6
# Where the number of a document is given, the document comes before its clauses.
_NUMBERED: Final = 1.2
# Asking for destinations without naming one: their rules answer, one by one.
_COMPARING: Final = 1.6


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


@dataclass(frozen=True, slots=True)
class _Sought:
    """What a query asks for: words with their weights, the places that it names, the topics that it touches."""

    words: Mapping[str, float]
    places: frozenset[str]
    topics: frozenset[str]
    comparing: bool
    numbered: bool


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
    def _scorer(self) -> Scorer:
        index = open_index(self._files or build_index(self.entries, self._lexicon))
        return Scorer(index, (entry.id for entry in self.entries))

    def _codes_in(self, text: str) -> dict[str, float]:
        """Destinations by their codes, which only capitals tell from other words."""
        codes = {country.code: country.scope for country in self._knowledge.countries}
        return {f"@{codes[word]}": _PLACE for word in _CODE.findall(text) if word in codes}

    def _sought(self, folded: str, mended: str | None, codes: Mapping[str, float]) -> _Sought:
        asked = without_asking(mended or folded)
        concepts = list(self._lexicon.concepts(asked))
        covered = [0.0] * (len(asked) + 1)
        words: dict[str, float] = dict(codes)
        for token in _longest(concepts):
            weight = _WEIGHTS[token.text[0]]
            words[token.text] = max(words.get(token.text, 0.0), weight)
            covered[token.start : token.end] = [weight] * (token.end - token.start)
        for token in document_numbers(asked):
            words[token.text] = _DOCUMENT_NUMBER if "-" in token.text else 1.0
        for token in tokens(asked):
            # A Chinese character that stands alone, what remains of a question, says too little.
            if len(token.text) == 1 and is_chinese(token.text):
                continue
            inside = min(covered[token.start : token.end])
            weight = 1.0 if not inside else 0.0 if inside == _PLACE else _INSIDE_PHRASE
            if weight:
                words[token.text] = max(words.get(token.text, 0.0), weight)
        places = self._meant(name[1:] for name in words if name.startswith("@") and name != ANYWHERE)
        topics = frozenset(topic for topic, names in self._lexicon.topics.items() if self._touches(asked, words, names))
        return _Sought(words, places, topics, ANYWHERE in words, any(word.startswith("no:") for word in words))

    def _meant(self, names: Iterable[str]) -> frozenset[str]:
        """The places that are named, one by one or several at once, and the unions that they belong to."""
        places = {place for name in names for place in self._lexicon.areas.get(name, (name,))}
        unions = {union for one in self._knowledge.countries if one.scope in places for union in one.unions}
        return frozenset(places | unions)

    def _touches(self, asked: str, words: Mapping[str, float], names: Iterable[str]) -> bool:
        return any(name in words or (is_chinese(name) and name in asked) for name in names)

    def _ranked(self, sought: _Sought) -> list[tuple[Entry, float]]:
        scores = self._scorer.scores(sought.words)
        fitting = [(self.entries[at], score * self._fit(at, sought)) for at, score in scores.items()]
        least = max((score for _, score in fitting), default=0.0) * _LEAST_SHARE
        return sorted((pair for pair in fitting if pair[1] >= least), key=lambda pair: (-pair[1], pair[0].id))

    def _fit(self, at: int, sought: _Sought) -> float:
        """How well the kind, the place, the topic and the force of an entry fit what is asked."""
        entry = self.entries[at]
        fit = self._place(entry, sought)
        if entry.kind == "policy" and sought.numbered:
            fit *= _NUMBERED
        return fit * _PAST if entry.past else fit

    def _place(self, entry: Entry, sought: _Sought) -> float:
        """How well the place and the topic of an entry fit what is asked."""
        if not sought.places:
            if entry.country is None:
                return _AT_HOME[entry.kind]
            return _COMPARING if sought.comparing and entry.kind == "rule" else _ABROAD
        fit = _OF_A_PLACE[entry.kind]
        if entry.place is None:
            return fit * _NO_PLACE
        fit *= _HERE if entry.place in sought.places else _ELSEWHERE
        if entry.kind != "guide" or not sought.topics:
            return fit
        return fit * (_TOPIC if entry.section in sought.topics else _OFF_TOPIC)


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
