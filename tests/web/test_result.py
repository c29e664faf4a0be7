"""The result: the verdict first, then why, what to have, what to do, and what is not known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from a_case import BARE, PAPERS, as_json, known, result
from flask.testing import FlaskClient
from html_tree import links, of_class, section, words

from advisor.knowledge.model import Knowledge

Read = Callable[[str], Element]

# What the guide says of cases that differ in one thing: the word in both languages, export side, import side.
VERDICTS: dict[str, tuple[dict[str, str], str, str, str, str, str]] = {
    "papers to obtain": (
        known(), "conditional", "Conditional", "有条件可以出口", "conditional", "conditional",
    ),
    "papers in hand": (
        known(documents_held=PAPERS), "eligible", "Eligible", "可以出口", "eligible", "eligible",
    ),
    "registered 179 days ago": (
        known(vehicle__first_registered="2025-09-03"), "conditional", "Conditional", "有条件可以出口", "conditional", "conditional",
    ),
    "registered 180 days ago": (
        known(vehicle__first_registered="2025-09-02"), "conditional", "Conditional", "有条件可以出口", "eligible", "conditional",
    ),
    "barred on one side": (
        known(exporter__filed="false"), "not-eligible", "Not eligible", "不可出口", "not-eligible", "conditional",
    ),
    "the wheel on the right": (
        known(vehicle__steering="right", vehicle__special_use="none"),
        "not-eligible", "Not eligible", "不可出口", "conditional", "not-eligible",
    ),
    "an ambulance": (
        known(vehicle__steering="right", vehicle__special_use="ambulance"),
        "conditional", "Conditional", "有条件可以出口", "conditional", "conditional",
    ),
    "nothing known": (
        BARE, "undetermined", "Undetermined", "尚不能确定", "undetermined", "undetermined",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", VERDICTS)
def test_the_verdict_stands_first_as_a_word_a_shape_and_a_colour(read: Read, name: str) -> None:
    facts, verdict, english, chinese, *_ = VERDICTS[name]
    for lang, word in (("en", english), ("zh", chinese)):
        page = read(result(facts, lang))
        (box,) = of_class(page, "verdict")
        assert words(of_class(box, "verdict__word")[0]) == word
        assert f"verdict--{verdict}" in box.get("class", "").split()
        assert box.find(".//svg") is not None
        assert words(page.find(".//title")).startswith(word)


@pytest.mark.parametrize("name", VERDICTS)
def test_each_side_has_its_verdict_and_the_worse_one_is_the_whole(read: Read, name: str) -> None:
    facts, verdict, _, _, export, imported = VERDICTS[name]
    marks = [
        mark.get("class", "").split("--")[1]
        for mark in of_class(of_class(read(result(facts)), "result__facts")[0], "mark")
    ]
    assert marks == [export, imported]
    order = ["not-eligible", "undetermined", "conditional", "eligible"]
    assert min(marks, key=order.index) == verdict


@pytest.mark.parametrize("name", VERDICTS)
def test_the_page_says_what_programs_are_told(read: Read, client: FlaskClient, name: str) -> None:
    facts = VERDICTS[name][0]
    answer = client.post("/api/v1/advice", json=as_json(facts)).json
    page = read(result(facts))
    assert rules_of(page) == {finding["rule"] for finding in answer["findings"]}
    assert len(of_class(page, "paper")) == len(answer["documents"])
    assert [words(item) for item in cautions(page)] == [caution["en"] for caution in answer["cautions"]]


def rules_of(page: Element) -> set[str]:
    return {link.rpartition("/")[2] for link in links(section(page, "why")).values() if "/rules/" in link}


def cautions(page: Element) -> list[Element]:
    return list(section(page, "cautions").iter("li")) if page.find(".//*[@id='cautions']") is not None else []


def why(page: Element) -> str:
    return words(of_class(page, "verdict__why")[0])


def test_a_bar_is_named_with_the_values_of_the_case(read: Read) -> None:
    barred = read(result(known(vehicle__steering="right", vehicle__special_use="none")))
    assert why(barred).startswith("No right-hand drive vehicle. Steering wheel: Right.")
    old = read(result(known(vehicle__first_registered="2018-12-31")))
    assert "(31 December 2018)" in why(old)
    assert "8 calendar years" in why(old)


def test_more_than_one_bar_is_counted(read: Read) -> None:
    assert why(read(result(known(exporter__filed="false", vehicle__history="stolen")))).endswith(
        "One more prohibition applies."
    )


def test_papers_to_obtain_are_named_in_the_first_sentence(read: Read, guide: Knowledge) -> None:
    letter = next(document.names.en for document in guide.documents if document.id == "after-sales-letter")
    assert why(read(result(known()))) == (
        f"Nothing forbids it, but this must be obtained first: {letter} and Pre-shipment inspection certificate."
    )


def test_an_open_result_names_what_it_depends_on(read: Read) -> None:
    assert why(read(result(known(exporter__filed=None)))) == (
        "A prohibition could apply; that depends on: Filed as used-vehicle exporter."
    )


def test_every_reason_carries_its_source_its_confidence_and_its_dates(read: Read) -> None:
    findings = of_class(section(read(result(known())), "why"), "rule")
    assert len(findings) == 11
    for finding in findings:
        assert of_class(finding, "cite") != [], words(finding)
        assert of_class(finding, "confidence") != [], words(finding)
        assert "in force" in words(finding)


def test_what_decides_stands_open_and_the_rest_is_folded(read: Read) -> None:
    why_ = section(read(result(known())), "why")
    folded = [words(rule.find("p")) for part in why_.iter("details") for rule in of_class(part, "rule")]
    (decides,) = why_.findall("ul")
    assert [words(rule.find(".//a")) for rule in of_class(decides, "rule")] == [
        "Under 180 days from registration, an after-sales letter is needed",
        "The vehicle must pass an inspection before shipment",
    ]
    assert len(folded) == 9


def test_papers_stand_by_stage_with_who_issues_them_and_what_they_must_state(read: Read, guide: Knowledge) -> None:
    papers = section(read(result(known())), "documents")
    stages = [stage.names.en for stage in guide.stages]
    shown = [words(heading) for heading in papers.iter("h3")]
    assert shown == sorted(shown, key=stages.index)
    (inspection,) = [paper for paper in of_class(papers, "paper") if "inspection certificate" in words(paper)]
    assert "Issued by: Appointed inspection body" in words(inspection)
    assert "Must state: The odometer reading" in words(inspection)
    assert list(links(inspection).values()) == ["/en/documents/xa-inspection", "/en/rules/xa.inspection"]


def test_a_paper_in_hand_is_ticked_and_one_that_may_be_needed_says_so(read: Read) -> None:
    def of(facts: dict[str, str]) -> dict[str, str]:
        papers = of_class(section(read(result(facts)), "documents"), "paper")
        return {links_of(paper)[0]: words(of_class(paper, "paper__name")[0]) for paper in papers}

    def links_of(paper: Element) -> list[str]:
        return [link.rpartition("/")[2] for link in links(paper).values()]

    held, perhaps = of(known(documents_held="xa-inspection")), of(BARE)
    assert held["xa-inspection"].endswith("in hand")
    assert not held["after-sales-letter"].endswith("in hand")
    assert perhaps["after-sales-letter"].endswith("perhaps needed")


def duties(page: Element) -> dict[str, tuple[str, str]]:
    rows = section(page, "duties").iterfind(".//tbody/tr")
    cells = [[words(cell) for cell in row] for row in rows]
    return {duty.split(" Asked for by:")[0]: (stage, when) for stage, duty, when in cells}


@pytest.mark.parametrize(("shipment", "due"), [("2026-03-20", "by 20 May 2026"), ("2026-12-31", "by 28 February 2027")])
def test_a_duty_has_its_day_where_the_case_fixes_it(read: Read, shipment: str, due: str) -> None:
    facts = known(dates__shipment=shipment, dates__arrival=None)
    assert duties(read(result(facts)))["Deregister the vehicle"] == ("After export clearance", due)


def test_a_duty_has_its_period_where_the_case_does_not_fix_the_day(read: Read) -> None:
    assert duties(read(result(known())))["Register the vehicle"] == (
        "Registration there", "within 30 days from customs release at the destination",
    )  # fmt: skip
    assert (
        duties(read(result(BARE)))["Deregister the vehicle"][1] == "within 2 months from completion of export clearance"
    )


def test_an_unknown_shows_what_each_reply_would_make_of_the_result(read: Read) -> None:
    unknown = section(read(result(known(exporter__filed=None))), "unknown")
    rows = {words(row[0]): words(row[1]) for row in unknown.iterfind(".//tbody/tr")}
    assert rows == {"Yes": "Conditional", "No": "Not eligible"}


def test_a_known_case_has_no_unknowns_and_asks_nothing_more(read: Read) -> None:
    page = read(result(known()))
    assert page.find(".//*[@id='unknown']") is None
    assert "Answer the next question" not in links(page)
    assert links(read(result(known(exporter__filed=None))))["Answer the next question"].startswith("/en/advice?")


def test_a_rule_that_begins_soon_is_announced_with_its_day(read: Read) -> None:
    soon = known(
        dates__application="2026-11-01", dates__shipment=None, dates__arrival=None, vehicle__powertrain="petrol"
    )
    changes = words(section(read(result(soon)), "changes"))
    assert "From 1 June 2027: No petrol vehicle" in changes
    assert "Import side applies official" in changes


def test_the_case_is_shown_as_entered_and_what_was_assumed_says_so(read: Read) -> None:
    rows = {
        words(row.find("dt")): words(row.find("dd"))
        for row in section(read(result(BARE)), "case").iterfind(".//dl/div")
    }
    assert rows == {
        "Destination": "Alphaland",
        "Licence application date": "1 March 2026",
        "Shipment date": "1 March 2026 (assumed; not given)",
        "Arrival date": "1 March 2026 (assumed; not given)",
        "Used vehicle": "yes (assumed; not given)",
    }


def test_the_day_of_judgement_and_the_date_of_the_knowledge_are_told(read: Read, guide: Knowledge) -> None:
    def told(facts: dict[str, str]) -> str:
        return words(of_class(read(result(facts)), "result__facts")[0])

    assert "Judged on 1 March 2026" in told(known())
    assert "Judged on 25 November 2026 (today; no application date was given)" in told({"destination": "XA"})
    assert "Destination entry reviewed 1 November 2026" in told(known())
    assert f"version {guide.version}" in told(known())


def test_a_stale_destination_brings_a_caution(read: Read) -> None:
    def said(code: str) -> str:
        return " ".join(words(item) for item in cautions(read(result(known(destination=code)))))

    assert said("XB") != said("XA")
    assert "1 January 2020" in said("XB")


def test_a_weak_source_brings_a_caution(read: Read) -> None:
    (caution,) = cautions(read(result(known())))
    assert words(caution).startswith("Known from secondary sources")


def test_conflicting_sources_decide_nothing_by_themselves(read: Read) -> None:
    page = read(result(known(vehicle__engine_cc="3001")))
    assert words(of_class(page, "verdict__word")[0]) == "Undetermined"
    assert any("Sources differ" in words(item) for item in cautions(page))


def test_the_sources_are_numbered_in_the_order_in_which_they_are_cited(read: Read) -> None:
    page = read(result(known()))
    numbers = [int(words(cite).strip("[]")) for cite in of_class(page, "cite")]
    assert list(dict.fromkeys(numbers)) == list(range(1, max(numbers) + 1))
    assert len(of_class(page, "footnote")) == max(numbers)
    assert len(list(section(page, "references").iter("li"))) == max(numbers)


def test_without_a_destination_there_is_no_result(client: FlaskClient) -> None:
    response: Any = client.get("/en/advice/result")
    assert response.status_code == 400
    assert "Destination: choose an answer." in response.text
