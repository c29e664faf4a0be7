"""The search beside SQLite FTS5 and tantivy: how well each ranks the graded questions, and how fast.

All three hold the same entries. The other two get the same words, cut as ours are (folded, stemmed, Chinese by
pairs), since neither reads Chinese by itself, and weigh names above bodies as their own ranking functions do.
"""

from __future__ import annotations

import math
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import tantivy
from ruamel.yaml import YAML

from advisor.knowledge.model import Knowledge, Text
from advisor.search.analysis import Segmenter, fold, pairs, tokens
from advisor.search.engine import Search
from advisor.search.entries import NOTHING, Entry, entries

_FOLDER: Final = Path(__file__).parent.parent / "tests" / "search"
QUERIES: Final = _FOLDER / "queries.yaml"
# More questions: those by which the weights were fitted, too, and those that nobody looked at while fitting.
FITTED: Final = _FOLDER / "fitted.yaml"
HELD_OUT: Final = _FOLDER / "held-out.yaml"
DEPTH: Final = 10
TIMES: Final = 10
_RELEVANT: Final = 2
_NAMES, _BODY = 3.0, 1.0

# The ids of the best entries for a question in a language.
Ranker = Callable[[str, str], list[str]]


@dataclass(frozen=True, slots=True)
class Graded:
    """A question with what answers it, from 3 (the reader can stop here) to 1 (worth seeing)."""

    text: str
    lang: str
    tags: tuple[str, ...]
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over the questions."""

    ndcg: float
    recall: float
    reciprocal_rank: float


def read_queries(path: Path = QUERIES) -> list[Graded]:
    """The graded questions."""
    raw = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return [Graded(one["q"], one["lang"], tuple(one["tags"]), dict(one["grades"])) for one in raw]


def quality(ranker: Ranker, queries: Sequence[Graded]) -> Quality:
    """How well a ranking fits the grades: nDCG@10, recall@10, mean reciprocal rank of the first good answer."""
    results = [(query.grades, ranker(query.text, query.lang)[:DEPTH]) for query in queries]
    return Quality(
        statistics.mean(ndcg(ids, grades) for grades, ids in results),
        statistics.mean(sum(name in grades for name in ids) / min(DEPTH, len(grades)) for grades, ids in results),
        statistics.mean(reciprocal_rank(ids, grades) for grades, ids in results),
    )


def ndcg(ids: Sequence[str], grades: Mapping[str, int]) -> float:
    """Normalised discounted cumulative gain with exponential gains (Burges and others, 2005)."""
    best = _gain(sorted(grades.values(), reverse=True))
    return _gain([grades.get(name, 0) for name in ids]) / best


def reciprocal_rank(ids: Sequence[str], grades: Mapping[str, int]) -> float:
    """One over the place of the first answer graded 2 or 3."""
    return next((1 / place for place, name in enumerate(ids, 1) if grades.get(name, 0) >= _RELEVANT), 0.0)


def _gain(grades: Iterable[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 1) for place, grade in enumerate(list(grades)[:DEPTH], 1))


def latencies(ranker: Ranker, queries: Sequence[Graded]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds, each question asked once before."""
    taken = []
    for query in queries:
        ranker(query.text, query.lang)
        began = time.perf_counter()
        ranker(query.text, query.lang)
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return statistics.median(taken), taken[int(len(taken) * 0.95)]


def ours(search: Search) -> Ranker:
    """The search of the guide, snippets included."""
    return lambda text, lang: [hit.entry.id for hit in search.find(text, "en" if lang == "en" else "zh").hits]


def enlarged(knowledge: Knowledge, times: int) -> Search:
    """The search over the same guide several times over, each copy with the characters of its texts moved about."""

    class _Large(Search):
        @cached_property
        def entries(self) -> tuple[Entry, ...]:
            once = entries(knowledge, "2026-01-01")
            return tuple(_altered(entry, turn) for turn in range(times) for entry in once)

    return _Large(knowledge, {})


def _altered(entry: Entry, turn: int) -> Entry:
    if not turn:
        return entry
    zh, en = (text[turn * 7 :] + text[: turn * 7] for text in (entry.body.zh, entry.body.en))
    body = Text(zh=zh.strip() or NOTHING, en=en.strip() or NOTHING)
    return replace(entry, id=f"{entry.id}~{turn}", body=body, passages=tuple(one[turn:] for one in entry.passages))


def words_of(text: str, segment: Segmenter = pairs) -> list[str]:
    """The words of a text, without the concepts of our own lexicon."""
    return [token.text for token in tokens(fold(text), segment)]


def with_fts5(entries: Sequence[Entry], segment: Segmenter = pairs) -> Ranker:
    """SQLite FTS5 with its bm25, any of the words."""
    database = sqlite3.connect(":memory:")
    database.execute(
        "create virtual table entries using fts5(id unindexed, names, body, tokenize=\"unicode61 tokenchars '%'\")"
    )
    database.executemany("insert into entries values (?, ?, ?)", _rows(entries, segment))
    statement = (
        f"select id from entries where entries match ? order by bm25(entries, 0, {_NAMES}, {_BODY}) limit {DEPTH}"
    )

    def rank(text: str, _: str) -> list[str]:
        asked = " OR ".join(f'"{word}"' for word in dict.fromkeys(words_of(text, segment)))
        return [row[0] for row in database.execute(statement, (asked,))] if asked else []

    return rank


def with_tantivy(entries: Sequence[Entry], segment: Segmenter = pairs) -> Ranker:
    """tantivy with its BM25, any of the words."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for field in ("names", "body"):
        builder.add_text_field(field, tokenizer_name="whitespace")
    index = tantivy.Index(builder.build())
    writer = index.writer()
    for name, names, body in _rows(entries, segment):
        writer.add_document(tantivy.Document(id=name, names=names, body=body))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def rank(text: str, _: str) -> list[str]:
        parts = [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(tantivy.Query.term_query(index.schema, field, word), boost),
            )
            for word in dict.fromkeys(words_of(text, segment))
            for field, boost in (("names", _NAMES), ("body", _BODY))
        ]
        found = searcher.search(tantivy.Query.boolean_query(parts), DEPTH).hits if parts else []
        return [searcher.doc(address)["id"][0] for _, address in found]

    return rank


def _rows(entries: Sequence[Entry], segment: Segmenter) -> Iterable[tuple[str, str, str]]:
    for entry in entries:
        names = " ".join(
            word for name in (entry.title.zh, entry.title.en, *entry.also) for word in words_of(name, segment)
        )
        said = (entry.body.zh, entry.body.en, *entry.about, *entry.asked)
        body = " ".join(word for text in said for word in words_of(text, segment))
        yield entry.id, names, body
