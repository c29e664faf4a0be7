"""An entry that says the question in its order comes before one that has the same words here and there."""

from __future__ import annotations

import pytest
import small_guide

from advisor.knowledge.model import Knowledge, Text
from advisor.search.entries import Entry
from advisor.search.index import build_index
from advisor.search.lexicon import Lexicon
from advisor.search.phrases import phrases_of
from advisor.search.ranking import Ranking
from advisor.search.sought import QueryReader


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return small_guide.read_small_guide(tmp_path_factory.mktemp("guide"))


def entry(name: str, zh: str, en: str) -> Entry:
    return Entry(f"term:{name}", "term", Text(zh=name, en=name), Text(zh=zh, en=en), f"glossary#{name}")


# The same words; in the order of their ids the scattered ones would come first.
SCATTERED = entry("a", "费用", "costs follow the container port, loading charged fees")
WHOLE = entry("b", "费用", "container loading costs follow the port fees charged")


def test_a_whole_phrase_comes_before_scattered_words(guide: Knowledge) -> None:
    lexicon = Lexicon(guide)
    ranking = Ranking((SCATTERED, WHOLE), build_index((SCATTERED, WHOLE), lexicon))
    sought, _ = QueryReader(guide, lexicon, ranking.is_written).read("container loading costs")
    assert [found.id for found, _ in ranking.ranked(sought)] == ["term:b", "term:a"]


def test_phrases_stand_side_by_side() -> None:
    assert phrases_of("right-hand drive, 港口装卸") == ("港口装", "口装卸", "right hand", "hand drive")
    assert phrases_of("what is it") == ()


def test_a_question_of_one_word_has_none() -> None:
    assert phrases_of("coc") == ()
