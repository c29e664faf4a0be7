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
