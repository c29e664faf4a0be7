"""The pages on destinations and rules, the glossary and the list of sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest
from flask.testing import FlaskClient
from html_tree import links, of_class, section, tree, words

from advisor.knowledge.model import Knowledge

Read = Callable[[str], Element]

STALE = {"en": "has not been reviewed for a long time", "zh": "本页较长时间未复核"}


def listed(page: Element) -> list[str]:
    return [words(row.find("th/a")) for row in page.iter("tr") if row.find("th/a") is not None]


def probes(guide: Knowledge, steering: str) -> list[str]:
    return [probe.id for probe in guide.probes if probe.case["vehicle"]["steering"] == steering]


# The list of destinations


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Alphaland", "Betaland"]),
        ("region=central-asia", ["Alphaland"]),
        ("side=left", ["Betaland"]),
        ("side=right", ["Alphaland"]),
        ("region=&side=", ["Alphaland", "Betaland"]),
        ("region=central-asia&side=left", []),
    ],
)
def test_destinations_are_filtered_by_place_and_side_of_traffic(read: Read, query: str, names: list[str]) -> None:
    page = read(f"/en/countries?{query}")
    assert listed(page) == names
    assert f"{len(names)} of 2 destinations" in words(page)
    assert ("Take one of the filters away" in words(page)) == (not names)


def test_destinations_are_filtered_by_what_they_admit(read: Read, guide: Knowledge) -> None:
    left, right = probes(guide, "left")[0], probes(guide, "right")[0]
    assert listed(read(f"/en/countries?admits={left}")) == ["Alphaland", "Betaland"]
    assert listed(read(f"/en/countries?admits={left}&admits={right}")) == []


def test_destinations_are_compared_point_by_point(read: Read) -> None:
    page = read("/en/compare")
    assert listed(page) == ["Alphaland", "Betaland"] * 2, "points and key figures"
    row = next(row for row in page.iter("tr") if row.find("th/a") is not None)
    cells = {cell.get("data-label"): cell for cell in row.iter("td")}
    assert list(cells) == [
        "Age limit", "Steering", "Emissions", "Electric vehicles", "Customs duty", "VAT", "Inspection and approval",
    ]  # fmt: skip
    assert links(cells["Age limit"]) == {
        "Under eight calendar years": "/en/rules/xa.age-limit",
        "official": "https://example.org/regulations",
    }
    assert words(cells["VAT"]) == "Not found"
    assert listed(read("/en/compare?region=central-asia")) == ["Alphaland"] * 2, "points and key figures"


def test_the_list_shows_what_was_filtered_by(read: Read, guide: Knowledge) -> None:
    left = probes(guide, "left")[0]
    page = read(f"/en/countries?side=right&admits={left}")
    assert [option.get("value") for option in page.iter("option") if "selected" in option.attrib] == ["right"]
    assert [box.get("value") for box in page.iter("input") if "checked" in box.attrib] == [left]
    assert links(page)["Clear the filters"] == "/en/countries"


def test_marks_of_the_list_follow_from_the_rules(read: Read, guide: Knowledge) -> None:
    (row, _) = [row for row in read("/en/countries").iter("tr") if row.find("th/a") is not None]
    marks = {probe.id: words(cell) for probe, cell in zip(guide.probes, row.findall("td"), strict=False)}
    assert {marks[name] for name in probes(guide, "right")} == {"Not admitted"}
    assert marks[probes(guide, "left")[0]] == "With conditions"


@pytest.mark.parametrize(
    ("lang", "words_", "way"),
    [
        ("en", "“moon” is not a value that “region” can take", "The same page without this filter"),
        ("zh", "“region”不能取“moon”", "去掉筛选，返回该页"),
    ],
)
def test_a_filter_that_is_not_offered_is_refused(client: FlaskClient, lang: str, words_: str, way: str) -> None:
    response = client.get(f"/{lang}/countries?region=moon")
    page = tree(response.text)
    assert response.status_code == 400
    assert words_ in words(page)
    assert "central-asia" in words(page)
    assert links(page)[way] == f"/{lang}/countries"


# A destination


@pytest.mark.parametrize("rest", ["", "/tax"])
def test_a_code_in_capitals_leads_to_the_one_address(client: FlaskClient, rest: str) -> None:
    response = client.get(f"/en/countries/XA{rest}")
    assert (response.status_code, response.headers["Location"]) == (301, f"/en/countries/xa{rest}")


@pytest.mark.parametrize(
    ("path", "words_", "way"),
    [
        ("/en/countries/qq", "no destination with the code “qq”", "/en/countries"),
        ("/en/countries/xa/weather", "“weather” is not a section", "/en/countries/xa"),
        ("/en/rules/xa.nothing", "no rule “xa.nothing”", "/en/countries"),
        ("/en/policies/nothing", "no policy “nothing”", "/en/policies"),
        ("/zh/countries/qq", "“qq”", "/zh/countries"),
        ("/en/nowhere", "There is nothing at this address", "/en/"),
    ],
)
def test_what_is_not_there_says_so_and_where_to_go(client: FlaskClient, path: str, words_: str, way: str) -> None:
    response = client.get(path)
    page = tree(response.text)
    assert response.status_code == 404
    assert words_ in words(page.find(".//main"))
    assert way in links(page).values()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("rest", ["", "/market"])
def test_an_entry_not_reviewed_for_long_says_so(read: Read, lang: str, rest: str) -> None:
    assert STALE[lang] in words(read(f"/{lang}/countries/xb{rest}"))
    assert STALE[lang] not in words(read(f"/{lang}/countries/xa{rest}"))


@pytest.mark.parametrize(("days", "stale"), [(0, False), (1, True)])
def test_an_entry_is_stale_the_day_after_its_review_is_due(
    read: Read, guide: Knowledge, move_to: Callable[[dt.date], None], days: int, stale: bool
) -> None:
    move_to(dt.date(2026, 11, 1) + dt.timedelta(guide.site.review_days + days))
    assert bool(of_class(read("/en/countries/xa"), "notice--stale")) is stale


def test_a_destination_shows_its_rules_by_what_they_do(read: Read) -> None:
    page = read("/en/countries/xb")
    assert "No right-hand drive vehicle" in words(section(page, "rules-prohibit"))
    assert "must pass an inspection before shipment" in words(section(page, "rules-require"))
    assert "has to be registered after release" in words(section(page, "rules-oblige"))
    assert "right-hand drive ambulance" in words(section(page, "rules-permit"))


def test_a_rule_to_come_is_marked_and_one_that_is_over_is_folded_away(read: Read) -> None:
    page = read("/en/countries/xa")
    (coming,) = [rule for rule in of_class(page, "rule") if "No petrol vehicle" in words(rule)]
    assert "not yet in force in force from 1 June 2027" in words(coming)
    assert "The old age limit" in words(page.find(".//details"))
    assert "The old age limit" not in words(section(page, "rules-prohibit"))


def test_a_member_shows_the_rules_of_its_union_but_not_those_it_replaces(read: Read) -> None:
    alpha, beta = (words(section(read(f"/en/countries/{code}"), "rules-require")) for code in ("xa", "xb"))
    assert "needs an emergency call device" in alpha
    assert "shared rule of Sample Union" in alpha
    assert "needs an emergency call device" not in beta
    assert "Its own rule on emergency calls" in beta


def test_a_destination_shows_figures_places_papers_steps_and_gaps(read: Read) -> None:
    page = read("/en/countries/xa")
    assert "1,200,000 vehicles [1] 2024 official" in words(section(page, "figures"))
    assert "Central Port sea port" in words(section(page, "basics"))
    assert "Pre-shipment inspection certificate" in words(section(page, "documents"))
    assert "Takes about 3 days" in words(section(page, "procedure"))
    assert "The inspection fee was not found." in words(section(page, "gaps"))


def test_a_destination_leads_to_the_questions_about_it(read: Read) -> None:
    assert links(read("/en/countries/xb"))["Check a vehicle for this destination"] == "/en/advice?destination=XB"


# A section


def test_a_section_numbers_its_sources_in_the_order_in_which_it_cites_them(read: Read) -> None:
    page = read("/en/countries/xa/market")
    assert [words(cite) for cite in of_class(page, "cite")] == ["[1]", "[2]", "[1]"]
    assert [words(item).split(" · ")[0] for item in section(page, "references").iter("li")] == [
        "Import regulations",
        "Press report",
    ]


def test_a_long_section_begins_with_its_contents(read: Read) -> None:
    (contents,) = of_class(read("/en/countries/xa/market"), "contents")
    assert list(links(contents)) == ["Market", "Prices", "Outlook"]
    assert of_class(read("/en/countries/xa/tax"), "contents") == []


def test_sections_lead_from_one_to_the_next(read: Read) -> None:
    page = read("/en/countries/xa/market")
    ways = {link.get("rel"): link.get("href") for link in page.iter("a") if link.get("rel") in ("prev", "next")}
    assert ways == {"prev": "/en/countries/xa", "next": "/en/countries/xa/policy"}


def test_each_cell_of_a_table_carries_the_title_of_its_column(read: Read) -> None:
    cells = list(read("/en/countries/xa/market").iter("td"))
    assert [(cell.get("data-label"), words(cell)) for cell in cells] == [("Year", "2024"), ("Number", "10 [1]")]


# A rule


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        (
            "en",
            [
                "All of these hold:",
                "Used vehicle: yes",
                "From “First registration” to “Arrival date”: 8 calendar years",
            ],
        ),
        ("zh", ["二手车：是", "从“首次注册登记日”到“到货清关日”", "日历年"]),
    ],
)
def test_a_rule_says_in_words_when_it_applies(read: Read, lang: str, lines: list[str]) -> None:
    said = words(section(read(f"/{lang}/rules/xa.age-limit"), "when"))
    assert [line for line in lines if line not in said] == []


def facts_about(page: Element) -> dict[str, str]:
    return {
        words(row.find("dt")): " ".join(words(part) for part in row.findall("dd"))
        for row in page.iterfind(".//dl[@class='summary-list']/div")
    }


def test_a_rule_shows_what_it_rests_on_and_how_surely(read: Read) -> None:
    official, conflicting = (facts_about(read(f"/en/rules/xa.{name}")) for name in ("age-limit", "large-engine"))
    assert official["Dates in force"] == "in force from 1 January 2021"
    assert conflicting["Dates in force"] == "in force at least since 2023, beginning not known"
    assert official["Judged on"] == "Arrival date"
    assert official["Rests on"].startswith("[1] § 1 official")
    assert "Sources differ, so this rule never decides a verdict alone" in conflicting["Rests on"]


def test_a_rule_shows_what_it_asks_for(read: Read) -> None:
    inspection, duty = (facts_about(read(f"/en/rules/xa.{name}")) for name in ("inspection", "registration"))
    assert "Pre-shipment inspection certificate" in inspection["Documents"]
    assert "Must state: The odometer reading" in inspection["Documents"]
    assert "may refuse this" in inspection["Decided by others"]
    assert "Within 30 days of: customs release" in duty["What has to be done"]


@pytest.mark.parametrize(
    ("rule", "label", "other"),
    [
        ("xa.right-hand-drive", "Exceptions to it", "/en/rules/xa.right-hand-ambulance"),
        ("xa.right-hand-ambulance", "Is an exception to", "/en/rules/xa.right-hand-drive"),
        ("xb.own-emergency-call", "Replaces the shared rule", "/en/rules/uu.emergency-call"),
        ("uu.emergency-call", "Replaced in some places by", "/en/rules/xb.own-emergency-call"),
        ("cn.after-sales-letter", "Policy", "/en/policies/sample-2025-1"),
        ("cn.stolen", "Where it is used", "/en/countries/xb"),
    ],
)
def test_a_rule_leads_to_what_stands_beside_it(read: Read, rule: str, label: str, other: str) -> None:
    page = read(f"/en/rules/{rule}")
    (row,) = [row for row in page.iterfind(".//dl/div") if words(row.find("dt")) == label]
    assert other in links(row).values()


def test_a_shared_rule_is_used_only_where_it_is_not_replaced(read: Read) -> None:
    assert facts_about(read("/en/rules/uu.emergency-call"))["Where it is used"] == "Alphaland"


def test_a_rule_leads_to_the_clause_that_it_cites(read: Read) -> None:
    address = links(read("/en/rules/cn.after-sales-letter"))["clause 一"]
    assert address.startswith("/en/policies/sample-2025-1#clause-")


@pytest.mark.parametrize(
    ("rule", "said"), [("xa.petrol-ban", "not yet in force"), ("uu.old-limit", "no longer in force")]
)
def test_a_rule_out_of_force_says_so(read: Read, rule: str, said: str) -> None:
    assert said in [words(tag) for tag in of_class(read(f"/en/rules/{rule}"), "tag")]


# The rest


def test_the_front_page_shows_the_latest_policies_and_the_coming_changes(read: Read) -> None:
    page = read("/en/")
    policies = [link for link in links(section(page, "latest")) if "policies" not in link]
    assert policies == ["Notice on the export of used vehicles", "The old notice"]
    assert "No petrol vehicle Alphaland begins on 1 June 2027" in words(section(page, "coming"))
    assert list(links(section(page, "destinations"))) == ["Alphaland", "Betaland"]


def test_the_glossary_shows_each_term_in_both_languages_with_its_synonyms(read: Read) -> None:
    said = words(read("/en/glossary").find(".//dl"))
    assert said.startswith("After-sales letter 售后维修服务确认书 A letter in which the maker promises")
    assert "Also: 确认书 maker's letter" in said
    assert words(read("/zh/glossary").find(".//dl")).startswith("售后维修服务确认书 After-sales letter")


def test_the_list_of_sources_has_every_source_once(read: Read, guide: Knowledge) -> None:
    shown = [item.get("id") for item in read("/en/sources").iter("li") if item.get("id")]
    assert sorted(shown) == sorted(source.id for source in guide.sources)


def test_a_source_says_who_published_it_when_and_of_what_kind_it_is(read: Read) -> None:
    source = read("/en/sources").find(".//li[@id='uu.s9']")
    assert words(source) == "Union regulation · Commission · 2019 · intergovernmental organisation"
    assert links(source)["Union regulation"] == "https://example.org/union"
