"""How text becomes words: the same word in every way in which people write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.search.analysis import document_numbers, fold, tokens, without_asking


def words(text: str) -> set[str]:
    return {token.text for token in tokens(fold(text))}


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("ＣＩＦ", "cif"),
        ("證書", "证书"),
        ("Côte d'Ivoire", "cote d'ivoire"),
        ("２０２４年", "2024年"),
        ("Ärger", "arger"),
    ],
)
def test_ways_of_writing_are_folded_into_one(written: str, same: str) -> None:
    assert fold(written) == same


@given(st.text(max_size=80))
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(max_size=80))
def test_whatever_is_written_has_words_that_lie_in_it(text: str) -> None:
    for token in (*tokens(fold(text)), *document_numbers(fold(text))):
        assert 0 <= token.start < token.end <= len(text)


@pytest.mark.parametrize("written", ["180天", "180 days", "180-day", "一百八十天", "１８０日"])
def test_a_number_with_a_unit_is_the_same_word_in_both_languages(written: str) -> None:
    assert {"180", "180d"} <= words(written)


@pytest.mark.parametrize(
    ("written", "number"), [("十五年", "15y"), ("二十辆", "20u"), ("两年", "2y"), ("三千毫升", "3000c")]
)
def test_numbers_written_in_chinese_are_read(written: str, number: str) -> None:
    assert number in words(written)


def test_thousands_are_written_with_and_without_commas() -> None:
    assert "7500" in words("7,500 vehicles")


def test_english_words_are_their_stems() -> None:
    assert words("inspections inspected") == words("inspection inspect")


def test_chinese_is_cut_into_pairs() -> None:
    assert words("许可证") == {"许可", "可证"}


@pytest.mark.parametrize(
    "written",
    ["商贸函〔2025〕648号", "商贸函2025 648", "2025年第648号", "No. 648 of 2025", "公告2025年648号", "648 of 2025"],
)
def test_a_document_number_is_found_in_the_forms_that_people_type(written: str) -> None:
    assert "no:2025-648" in {token.text for token in document_numbers(fold(written))}


def test_a_long_number_is_no_document() -> None:
    assert not list(document_numbers(fold("quota 20000 cars")))


def test_what_only_asks_is_not_sought() -> None:
    assert without_asking(fold("抵押车可以出口吗")).split() == ["抵押车", "出口"]
    assert [token.text for token in tokens(fold("what is a COC"))] == ["coc"]
