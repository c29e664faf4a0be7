"""What is found, in which order, and what is refused: over the made-up guide."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import rich_guide
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.knowledge.compiling import build
from advisor.knowledge.model import Knowledge, Lang
from advisor.knowledge.store import open_artefact
from advisor.search.answer import answer
from advisor.search.engine import LONGEST_QUERY, PAGE, QueryError, Search, index_files
from advisor.search.entries import KINDS


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return rich_guide.read_rich_guide(tmp_path_factory.mktemp("guide"))


@pytest.fixture(scope="module")
def search(guide: Knowledge) -> Search:
    return Search(guide, index_files(guide))


def ids(search: Search, query: str, lang: Lang = "en") -> list[str]:
    return [hit.entry.id for hit in search.find(query, lang).hits]


def test_every_kind_of_entry_can_be_found(search: Search) -> None:
    assert {entry.kind for entry in search.entries} == set(KINDS)


@pytest.mark.parametrize("query", ["右舵", "right-hand drive", "右舵車", "RIGHT HAND DRIVE"])
def test_a_question_in_either_language_finds_the_rule(search: Search, query: str) -> None:
    assert any(name.endswith("right-hand-drive") for name in ids(search, query)[:3])


@pytest.mark.parametrize(("query", "country"), [("Alphaland", "XA"), ("甲国", "XA"), ("乙国 税费", "XB")])
def test_a_destination_that_is_named_comes_first(search: Search, query: str, country: str) -> None:
    assert search.find(query, "en").hits[0].entry.country == country


@pytest.mark.parametrize("query", ["乙国 关税", "Betaland duty"])
def test_a_destination_and_a_topic_lead_to_that_section(search: Search, query: str) -> None:
    assert "guide:xb/tax" in ids(search, query)[:3]


@pytest.mark.parametrize(
    ("query", "entry"),
    [("香港旧车", "rule:xa.right-hand-drive"), ("owe at the quay", "guide:xa/tax"), ("落地掏多少钱", "guide:xa/tax")],
)
def test_a_question_in_words_that_the_entry_lacks_finds_it_by_the_index(search: Search, query: str, entry: str) -> None:
    assert ids(search, query)[0] == entry


@pytest.mark.parametrize("query", ["确认书什么意思", "what does maker's letter mean"])
def test_asking_what_a_word_means_leads_to_the_term(search: Search, query: str) -> None:
    assert ids(search, query)[0] == "term:after-sales-letter"
    plain = query.replace("什么意思", "").replace("what does", "").replace(" mean", "")
    assert search.find(query, "en").hits[0].score > search.find(plain, "en", kind="term").hits[0].score


def test_a_part_of_the_world_means_its_destinations(search: Search) -> None:
    assert {hit.entry.country for hit in search.find("Inner Asia right-hand drive", "en").hits[:3]} == {"XA"}


def test_a_destination_means_more_than_the_part_of_the_world_around_it(search: Search) -> None:
    assert search.find("Betaland duty, Inner Asia", "en").hits[0].entry.country == "XB"


def test_what_is_in_doubt_comes_after_what_is_known(guide: Knowledge, search: Search) -> None:
    rule = next(rule for rule in guide.rules if rule.id == "xa.right-hand-drive")
    doubtful = rule.model_copy(update={"id": "xa.a-right-hand-drive", "confidence": "conflicting"})
    more = guide.model_copy(update={"rules": (doubtful, *guide.rules)})
    found = ids(Search(more, index_files(more)), "right-hand drive", "en")
    assert found.index("rule:xa.right-hand-drive") < found.index("rule:xa.a-right-hand-drive")


def test_what_no_longer_holds_comes_after_what_does(search: Search) -> None:
    found = [hit.entry for hit in search.find("policy", "en", kind="policy").hits]
    assert [entry.past for entry in found] == sorted(entry.past for entry in found)


def test_the_number_of_a_document_finds_it(search: Search) -> None:
    assert ids(search, "2025 1")[0] == "policy:sample-2025-1"


@pytest.mark.parametrize(
    ("lang", "query", "marked"), [("zh", "保有量", "保有量"), ("en", "million vehicles", "million")]
)
def test_a_snippet_is_in_the_readers_language_with_the_words_marked(
    search: Search, lang: Lang, query: str, marked: str
) -> None:
    pieces = search.find(query, lang, kind="guide").hits[0].snippet
    assert marked in " ".join(piece.text for piece in pieces if piece.marked)


def test_the_facets_count_what_fits_and_narrow_it(search: Search) -> None:
    found = search.find("vehicle", "en")
    assert sum(found.kinds.values()) == found.total
    rules = search.find("vehicle", "en", kind="rule")
    assert rules.total == found.kinds["rule"]
    assert {hit.entry.kind for hit in rules.hits} == {"rule"}
    there = search.find("vehicle", "en", country="XB")
    assert {hit.entry.country for hit in there.hits} == {"XB"}


def test_the_pages_together_hold_all_that_fits_once(search: Search) -> None:
    first = search.find("vehicle", "en")
    assert first.pages > 1
    seen = [hit.entry.id for page in range(1, first.pages + 1) for hit in search.find("vehicle", "en", page=page).hits]
    assert len(seen) == len(set(seen)) == first.total
    assert len(first.hits) == min(PAGE, first.total)


def test_a_slip_of_the_pen_is_put_right(search: Search) -> None:
    found = search.find("Alfaland", "en")
    assert found.suggestion == "alphaland"
    assert found.hits[0].entry.country == "XA"


@pytest.mark.parametrize(
    "query", ["Alphaland right-hand drive", "would the same still be so", "右舵车能进口吗", "a sentence without sense"]
)
def test_what_is_written_right_is_left_alone(search: Search, query: str) -> None:
    assert search.find(query, "en").suggestion is None


def test_nothing_is_found_where_nothing_fits(search: Search) -> None:
    found = search.find("zzzzqqq", "en")
    assert (found.total, found.hits, found.pages) == (0, (), 1)


@pytest.mark.parametrize("query", ["", "   ", "\n"])
def test_an_empty_query_is_refused(search: Search, query: str) -> None:
    with pytest.raises(QueryError, match="empty"):
        search.find(query, "zh")


def test_a_query_without_end_is_refused(search: Search) -> None:
    with pytest.raises(QueryError, match=f"{LONGEST_QUERY} at most"):
        search.find("车" * 10_000, "zh")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=LONGEST_QUERY), st.sampled_from(["zh", "en"]))
def test_any_string_is_a_query(search: Search, query: str, lang: Lang) -> None:
    try:
        found = search.find(query, lang)
    except QueryError:
        assert not query.split() or len(" ".join(query.split())) > LONGEST_QUERY
    else:
        assert answer(found, lang)["total"] == found.total


def test_the_index_lies_in_the_artefact_and_answers_the_same(tmp_path: Path) -> None:
    root = tmp_path / "guide"
    rich_guide.read_rich_guide(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("advisor.knowledge.compiling.check", lambda content, on: [])
        knowledge, files = open_artefact(build(root, tmp_path / "out", attach=index_files))
    assert files
    assert ids(Search(knowledge, files), "right-hand drive") == ids(Search(knowledge, {}), "right-hand drive")


def test_many_who_search_at_once_find_what_one_would(guide: Knowledge) -> None:
    queries = [entry.title.en for entry in Search(guide, {}).entries] * 3
    files = index_files(guide)
    alone = Search(guide, files)
    expected = [ids(alone, query) for query in queries]
    # Threads take turns as often as they can.
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        shared = Search(guide, files)
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(lambda query: ids(shared, query), queries)) == expected
    finally:
        sys.setswitchinterval(before)


def test_the_order_in_which_the_index_was_made_does_not_matter(guide: Knowledge, search: Search) -> None:
    turned = guide.model_copy(update={"rules": guide.rules[::-1], "terms": guide.terms[::-1]})
    for query in ("right-hand drive", "乙国 税费", "certificate"):
        assert ids(Search(turned, index_files(guide)), query) == ids(search, query)
