"""Answers a query: the entries that fit, best first, with their snippets, facets and what may have been meant."""

from __future__ import annotations

import datetime as dt
import math
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from advisor.knowledge.model import Knowledge, Lang
from advisor.search.entries import Entry, Kind, entries
from advisor.search.lexicon import Lexicon
from advisor.search.snippets import Piece, snippet
from advisor.search.sought import QueryReader

if TYPE_CHECKING:
    from advisor.search.ranking import Ranking

LONGEST_QUERY: Final = 300
PAGE: Final = 10


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
    from advisor.search.index import build_index

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
        sought, mended = self._reader.read(text)
        ranked = self._ranking.ranked(sought)
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
    def _reader(self) -> QueryReader:
        return QueryReader(self._knowledge, self._lexicon, self._ranking.is_written)

    @cached_property
    def _ranking(self) -> Ranking:
        # NumPy and Whoosh take long to load, and most who open the guide search nothing.
        from advisor.search.index import build_index
        from advisor.search.ranking import Ranking

        return Ranking(self.entries, self._files or build_index(self.entries, self._lexicon))


def _pages(total: int) -> int:
    return max(1, math.ceil(total / PAGE))
