"""The list of policies with its filters and timeline, and the page of a policy."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest
from flask.testing import FlaskClient
from html_tree import links, of_class, section, tree, words

Read = Callable[[str], Element]

NEW, OLD = "Notice on the export of used vehicles", "The old notice"


def listed(page: Element) -> list[str]:
    return [words(title) for title in of_class(page, "rule__title")]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", [NEW, OLD]),
        ("issuer=mofcom", [NEW]),
        ("level=municipal", [OLD]),
        ("status=superseded", [OLD]),
        ("status=draft", []),
        ("year=2025", [NEW]),
        ("year=2019&issuer=mofcom", []),
        ("on=2019-04-30", []),
        ("on=2019-05-01", [OLD]),
        ("on=2025-12-31", [OLD]),
        ("on=2026-01-01", [NEW]),
    ],
)
def test_policies_are_filtered_the_latest_first(read: Read, query: str, titles: list[str]) -> None:
    page = read(f"/en/policies?{query}")
    assert listed(page) == titles
    assert f"{len(titles)} of 2 policies" in words(page)
    assert ("No policy fits all of these" in words(page)) == (not titles)
    assert ("Clear the filters" in links(page)) == bool(query)


@pytest.mark.parametrize("query", ["issuer=nobody", "level=x", "status=x", "year=1066", "on=2026-02-30", "on=2026-02"])
def test_a_filter_that_cannot_be_is_refused(client: FlaskClient, query: str) -> None:
    response = client.get(f"/en/policies?{query}")
    assert response.status_code == 400
    assert f"“{query.split('=')[1]}” is not a" in words(tree(response.text))


def percent(text: str | None) -> float:
    assert text is not None
    assert text.endswith("%")
    return float(text[:-1])


def bars(page: Element) -> list[tuple[float, float]]:
    """Where each bar of the timeline begins and ends, in hundredths."""
    found = [rect for group in of_class(page, "timeline__bar") for rect in group.iter("rect")]
    return [(percent(bar.get("x")), percent(bar.get("x")) + percent(bar.get("width"))) for bar in found]


def test_the_timeline_has_a_bar_for_each_policy_from_its_first_day_to_its_last(read: Read) -> None:
    page = read("/en/policies")
    (new_start, new_end), (old_start, old_end) = bars(page)
    assert 0 <= old_start < old_end <= new_start < new_end
    assert new_end == pytest.approx(100, abs=0.1)
    assert new_start - old_end < 0.1  # the one ends on the day before the other begins
    today = page.find(".//*[@class='timeline__today']")
    assert today is not None
    assert new_start < percent(today.get("x1")) < new_end


def test_the_relations_are_drawn_and_listed(read: Read) -> None:
    page = read("/en/policies")
    (arc,) = [path for path in section(page, "relations").iter("path") if path.get("d", "").startswith("M130")]
    assert arc.get("class") == "relations__arc relations__arc--replaces"
    (listed_one,) = section(page, "relations").iterfind(".//details/ul/li")
    assert list(links(listed_one).values()) == ["/en/policies/sample-2025-1", "/en/policies/old-2019-9"]
    assert "Replaces" in words(listed_one)


def test_only_a_policy_without_a_known_end_has_an_arrow(read: Read) -> None:
    new, old = of_class(read("/en/policies"), "timeline__bar")
    assert [new.find("svg") is not None, old.find("svg") is not None] == [True, False]


def test_the_timeline_shows_what_the_list_shows(read: Read) -> None:
    assert [words(bar) for bar in of_class(read("/en/policies?year=2019"), "timeline__bar")] == ["样例〔2019〕9号"]
    assert of_class(read("/en/policies?status=draft"), "timeline") == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_clause_stands_in_both_languages_side_by_side(read: Read, lang: str) -> None:
    (clause,) = of_class(read(f"/{lang}/policies/sample-2025-1"), "clause")
    (texts,) = of_class(clause, "clause__texts")
    assert [(text.get("lang"), words(text)) for text in texts] == [
        ("zh-Hans", "新近登记的车辆须有售后确认书。"),
        ("en", "A vehicle registered recently needs an after-sales letter."),
    ]
    assert words(clause.find("h3")) == "一 [1]"


def test_a_relation_shows_from_both_ends(read: Read) -> None:
    new, old = (section(read(f"/en/policies/{name}"), "related") for name in ("sample-2025-1", "old-2019-9"))
    assert words(new.find(".//dt")) == "Replaces"
    assert links(new) == {OLD: "/en/policies/old-2019-9"}
    assert words(old.find(".//dt")) == "Replaced by"
    assert links(old) == {NEW: "/en/policies/sample-2025-1"}
    assert "inferred" in words(new)
    assert "inferred" in words(old)


def test_a_policy_shows_the_rules_that_rest_on_it(read: Read) -> None:
    assert list(links(section(read("/en/policies/sample-2025-1"), "rules")).values()) == [
        f"/en/rules/cn.{name}"
        for name in (
            "stolen",
            "exporter-filing",
            "after-sales-letter",
            "deregistration",
            "filing-appraisers",
            "filing-papers",
        )
    ]


def test_a_policy_shows_its_number_issuer_dates_and_status(read: Read) -> None:
    page = read("/en/policies/old-2019-9")
    said = words(page.find(".//dl"))
    assert "Document number 样例〔2019〕9号" in said
    assert "Issued 1 April 2019 Takes effect 1 May 2019 Ends 31 December 2025" in said
    assert "Superseded The new notice took its place." in said
    assert "How it used to be [1] ." in words(section(page, "summary"))
    assert "The annex was not seen." in words(section(page, "gaps"))


def test_the_title_of_a_policy_stands_in_the_other_language_too(read: Read) -> None:
    for lang, title, other, tag in (
        ("en", NEW, "二手车出口管理通知", "zh-Hans"),
        ("zh", "二手车出口管理通知", NEW, "en"),
    ):
        page = read(f"/{lang}/policies/sample-2025-1")
        (below,) = of_class(page, "lead")
        assert (words(page.find(".//h1")), words(below), below.get("lang")) == (title, other, tag)
