"""The graded questions: what they are, and that the search of the shipped guide goes on answering them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from advisor.loading import Advisor
from advisor.search.entries import KINDS, Kind
from benchmarks.search import FITTED, HELD_OUT, QUERIES, Graded, ours, quality, read_queries

# The figures of docs/architecture.md, with room for content that comes and goes: nDCG@10 and mean reciprocal rank.
LEAST = {QUERIES: (0.87, 0.94), FITTED: (0.84, 0.93), HELD_OUT: (0.84, 0.93)}


@pytest.fixture(scope="module")
def queries() -> list[Graded]:
    return read_queries()


def test_there_are_enough_of_each_kind(queries: list[Graded]) -> None:
    languages = Counter(query.lang for query in queries)
    tags = Counter(tag for query in queries for tag in query.tags)
    assert len(queries) >= 120
    assert abs(languages["zh"] - languages["en"]) <= len(queries) / 10
    assert tags["cross"] >= len(queries) / 5
    assert tags["misspelt"] >= 10
    assert tags["sentence"] >= 20
    assert len({query.text for query in queries}) == len(queries)


@pytest.mark.parametrize("path", LEAST, ids=lambda path: path.stem)
def test_every_question_has_an_answer_that_exists(path: Path, advisor: Advisor) -> None:
    known = {entry.id for entry in advisor.search.entries}
    for query in read_queries(path):
        assert max(query.grades.values()) == 3, query.text
        assert set(query.grades.values()) <= {1, 2, 3}, query.text
        assert set(query.grades) <= known, query.text


def test_no_question_stands_in_two_files() -> None:
    texts = [query.text for path in LEAST for query in read_queries(path)]
    assert len(set(texts)) == len(texts)


@pytest.mark.xdist_group("shipped-index")
@pytest.mark.parametrize("path", LEAST, ids=lambda path: path.stem)
def test_the_questions_are_answered_well(path: Path, advisor: Advisor) -> None:
    found = quality(ours(advisor.search), read_queries(path))
    least_gain, least_rank = LEAST[path]
    assert found.ndcg >= least_gain
    assert found.reciprocal_rank >= least_rank


@pytest.mark.xdist_group("shipped-index")
@pytest.mark.parametrize("kind", KINDS)
def test_a_common_word_hides_no_kind_behind_the_others(advisor: Advisor, kind: Kind) -> None:
    assert advisor.search.find("age of the vehicle", "en", kind=kind).hits
