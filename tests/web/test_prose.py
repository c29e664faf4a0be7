"""Prose: citations become numbers that stay with what they follow."""

from __future__ import annotations

import pytest

from advisor.web.prose import render


@pytest.mark.parametrize(("text", "end"), [("税率15%[@s1][@s2]。", "。"), ("The rate is 15% [@s1][@s2].", ".")])
def test_no_line_begins_with_the_punctuation_after_a_citation(text: str, end: str) -> None:
    html = render(text, "zh").html
    group = html[html.index('<span class="cites">') : html.index("</span>")]
    assert group.count("<button") == 2
    assert group.endswith(end)


def test_a_source_keeps_its_number_through_a_section() -> None:
    rendered = render("One [@s4], two [@s2], and again one [@s4].", "en")
    assert rendered.sources == ("s4", "s2")
    assert rendered.html.count("note-1") == 2


TERMS = (("VAT", "/en/glossary#vat"), ("customs duty", "/en/glossary#duty"), ("duty", "/en/glossary#any-duty"))


def test_a_term_leads_to_the_glossary_where_it_first_stands() -> None:
    html = render(
        "## VAT\n\nCustoms duty and VAT [@s1], VAT again. A [VAT](https://example.org) link.", "en", TERMS
    ).html
    assert html.count('href="/en/glossary#vat"') == 1
    assert '<a class="term" href="/en/glossary#duty" rel="noopener">Customs duty</a> and' in html
    assert "<h2" in html
    assert "any-duty" not in html


def test_a_term_within_a_latin_word_is_none() -> None:
    assert "term" not in render("PRIVATE", "en", TERMS).html


def test_a_chinese_term_is_found_within_the_sentence_and_in_a_table() -> None:
    terms = (("关税", "/zh/glossary#duty"), ("增值税", "/zh/glossary#vat"))
    html = render("进口要缴关税[@s1]。\n\n| 税 | 率 |\n| --- | --- |\n| 增值税 | 5% |", "zh", terms).html
    assert '缴<a class="term" href="/zh/glossary#duty" rel="noopener">关税</a>' in html
    assert '<a class="term" href="/zh/glossary#vat" rel="noopener">增值税</a></td>' in html
