"""The filing check: what is asked of a company, what it is told, and where it goes from there."""

from __future__ import annotations

import pytest
from a_case import known, result
from flask.testing import FlaskClient
from html_tree import links, of_class, section, tree, words
from visitor import Visitor

LANGUAGES = ("zh", "en")


@pytest.fixture
def visitor(client: FlaskClient) -> Visitor:
    return Visitor(client)


def address(lang: str = "en", page: str = "/result", **facts: str) -> str:
    query = "&".join(f"exporter.{name}={text}" for name, text in facts.items())
    return f"/{lang}/filing-check{page}?{query}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_company_goes_from_the_first_page_to_its_result(visitor: Visitor, lang: str) -> None:
    first = visitor.open(f"/{lang}/filing-check")
    assert first.asked == ["exporter.kind", "exporter.region", "dates.filing"]
    second = visitor.send(first, ("exporter.kind", "trader"))
    assert second.asked == ["exporter.appraisers"]
    end = visitor.send(second, ("exporter.appraisers", "3"))
    assert (end.path, end.status) == (f"/{lang}/filing-check/result", 200)
    assert end.answers == {"exporter.kind": "trader", "exporter.appraisers": "3"}


def test_what_kind_of_company_it_is_has_to_be_said(visitor: Visitor) -> None:
    refused = visitor.send(visitor.open("/en/filing-check"))
    assert refused.status == 400
    assert "choose an answer" in words(of_class(refused.page, "error-summary")[0])


@pytest.mark.parametrize(
    ("appraisers", "zh", "en"), [("2", "不符合备案条件", "May not be filed"), ("3", "符合备案条件", "May be filed")]
)
def test_three_appraisers_make_the_difference(client: FlaskClient, appraisers: str, zh: str, en: str) -> None:
    for lang, word in (("zh", zh), ("en", en)):
        page = tree(client.get(address(lang, kind="trader", appraisers=appraisers)).text)
        assert words(page.find(".//title")).startswith(word)


def test_the_result_tells_the_papers_the_year_and_what_would_end_it(client: FlaskClient) -> None:
    page = tree(client.get(address(kind="trader", appraisers="3", filing_approved="2026-03-10")).text)
    assert "A commitment is handed in" in words(section(page, "documents"))
    assert "10 March 2027" in words(section(page, "duties"))
    bars = words(section(page, "bars"))
    assert "A trading company needs at least three appraisers" in bars
    assert "clear" in bars


def test_without_answers_the_result_shows_what_is_asked_of_anybody(client: FlaskClient) -> None:
    page = tree(client.get("/en/filing-check/result").text)
    assert words(page.find(".//title")).startswith("Undetermined")
    assert "What kind of exporter is it?" in words(section(page, "unknown"))


def test_of_a_vehicle_nothing_is_asked_here(client: FlaskClient) -> None:
    response = client.get("/en/filing-check/result?exporter.kind=trader&vehicle.category=M1")
    assert response.status_code == 400
    assert "vehicle.category" in response.text


def test_the_result_of_a_vehicle_leads_to_the_check_of_its_exporter(client: FlaskClient) -> None:
    unfiled = tree(client.get(result(known(exporter__filed="false", exporter__kind="trader"))).text)
    (link,) = [one for one in links(unfiled).values() if "/filing-check?" in one]
    assert "exporter.kind=trader" in link
    assert "vehicle" not in link
    filed = tree(client.get(result(known())).text)
    assert not [one for one in links(filed).values() if "/filing-check?" in one]


def test_programs_get_the_same_answer(client: FlaskClient) -> None:
    answer = client.post("/api/v1/filing?on=2026-11-25", json={"exporter": {"kind": "trader", "appraisers": 2}}).json
    assert answer["verdict"] == "not-eligible"
    assert [finding["rule"] for finding in answer["findings"]] == ["cn.filing-appraisers", "cn.filing-papers"]
    assert "sides" not in answer


def test_programs_are_told_which_field_is_wrong(client: FlaskClient) -> None:
    response = client.post("/api/v1/filing", json={"exporter": {"appraisers": -1}})
    assert (response.status_code, response.json["field"]) == (400, "exporter.appraisers")
