"""The guide's chapters: text, figures as bars and as a table, what is not known."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest
from flask.testing import FlaskClient
from html_tree import links, of_class, section, tree, words

Read = Callable[[str], Element]


def test_the_list_leads_to_the_chapters(read: Read) -> None:
    assert links(read("/en/guides"))["From purchase to registration"] == "/en/guides/steps"


def test_a_chapter_shows_its_text_its_gaps_and_its_sources(read: Read) -> None:
    page = read("/en/guides/steps")
    assert "Check the vehicle first" in words(page)
    assert "The fees were not found." in words(section(page, "gaps"))
    assert "https://example.org/handbook" in links(section(page, "references")).values()


def test_figures_are_bars_and_numbers_in_one_table(read: Read) -> None:
    (chart,) = of_class(read("/en/guides/steps"), "chart")
    rows = [row for row in chart.iter("tr") if row.find("td/svg") is not None]
    assert [words(row.findall("td")[0]) for row in rows] == ["200", "400"]
    assert [row.find("td/svg/rect").get("width") for row in rows] == ["50.0%", "100.0%"]  # type: ignore[union-attr]


def test_a_chapter_is_data_too(client: FlaskClient) -> None:
    data = client.get("/zh/guides/steps.json").json
    assert data is not None
    assert data["charts"][0]["points"][1]["value"] == 400
    assert data["markdown"]["zh"].startswith("## 收购")


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "The guide has no chapter “x”."), ("zh", "本指南没有编号为“x”的篇章。")]
)
def test_a_chapter_that_is_not_there_says_so(client: FlaskClient, lang: str, said: str) -> None:
    answer = client.get(f"/{lang}/guides/x")
    assert answer.status_code == 404
    assert said in words(tree(answer.text))
