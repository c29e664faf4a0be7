"""The interface for programs: advice, knowledge with its tags, and errors as RFC 9457 problem documents."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from a_case import BARE, PAPERS, as_json, known
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.test import TestResponse

from advisor.knowledge.model import Knowledge, Question
from advisor.loading import Advisor

CASES: dict[str, dict[str, str]] = {
    "nothing known": BARE,
    "all known": known(),
    "papers in hand": known(documents_held=PAPERS),
    "barred": known(exporter__filed="false"),
    "elsewhere": known(destination="XB"),
    "dates in part": known(vehicle__first_registered="2025", dates__arrival="2026-05"),
    "a change to come": known(dates__application="2026-11-01", dates__shipment=None, dates__arrival=None),
}


def advise(client: FlaskClient, case: Any, query: str = "") -> TestResponse:
    return client.post(f"/api/v1/advice{query}", data=json.dumps(case), content_type="application/json")


def problem_in(response: TestResponse, status: int) -> dict[str, Any]:
    """The problem document that a response is."""
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    problem: Any = response.json
    assert problem["status"] == status
    assert problem["type"] == "about:blank"
    assert problem["title"].isascii()  # programs are spoken to in English
    assert problem["detail"]
    return dict(problem)


# Advice


@pytest.mark.parametrize("name", CASES)
def test_the_answer_is_the_one_that_python_gives(client: FlaskClient, advisor: Advisor, name: str) -> None:
    case = as_json(CASES[name])
    response = advise(client, case)
    answer = advisor.answers.answer(advisor.engine.advise(advisor.cases.read(case, dt.date(2026, 3, 1))))
    assert response.status_code == 200
    assert response.json == json.loads(json.dumps(answer))


def test_the_day_of_the_question_stands_in_for_the_application_date(client: FlaskClient) -> None:
    def as_of(case: dict[str, Any], query: str) -> str:
        answer: Any = advise(client, case, query).json
        return str(answer["as_of"])

    assert as_of({"destination": "XA"}, "?on=2026-02-01") == "2026-02-01"
    assert as_of({"destination": "XA"}, "") == "2026-11-25"
    assert as_of(as_json(BARE), "?on=2026-02-01") == "2026-03-01"


# Errors


@pytest.mark.parametrize(
    ("case", "field", "said"),
    [
        ({}, "destination", "is missing; give one of XA, XB"),
        ({"destination": "QQ"}, "destination", "'QQ' is not allowed; use one of XA, XB"),
        ({"destination": ["XA"]}, "destination", "is not allowed"),
        ({"destination": "XA", "colour": "red"}, "colour", "is not a field of a case"),
        ({"destination": "XA", "\ud800": 1}, "?", "is not a field of a case"),
        ({"destination": "XA", "vehicle": {"powertrian": "bev"}}, "vehicle.powertrian", "did you mean vehicle.powertrain?"),
        ({"destination": "XA", "vehicle": "a car"}, "vehicle", "is not a mapping"),
        ({"destination": "XA", "vehicle": {"steering": "up"}}, "vehicle.steering", "use one of left, right"),
        ({"destination": "XA", "vehicle": {"used": "yes"}}, "vehicle.used", "is neither true nor false"),
        ({"destination": "XA", "vehicle": {"engine_cc": -1}}, "vehicle.engine_cc", "it must be 0 or more"),
        ({"destination": "XA", "vehicle": {"engine_cc": "large"}}, "vehicle.engine_cc", "is not a number"),
        ({"destination": "XA", "vehicle": {"first_registered": "1989-12-31"}}, "vehicle.first_registered", "lies outside 1990 to 2100"),
        ({"destination": "XA", "vehicle": {"first_registered": "2025-02-29"}}, "vehicle.first_registered", "that month has 28 days"),
        ({"destination": "XA", "vehicle": {"history": "none"}}, "vehicle.history", "is not a list"),
        ({"destination": "XA", "vehicle": {"price": {"amount": 1}}}, "vehicle.price", "is not a price"),
        ({"destination": "XA", "vehicle": {"price": {"amount": 1, "currency": "euro", "terms": "CIF"}}}, "vehicle.price.currency", "ISO 4217"),
        ({"destination": "XA", "vehicle": {"vin": "123"}}, "vehicle.vin", "is malformed"),
        ({"destination": "XA", "dates": {"shipment": "2026-03-02", "arrival": "2026-03-01"}}, "dates.arrival", "lies before dates.shipment"),
        ([], "", "a case is a mapping"),
        ("XA", "", "a case is a mapping"),
        (None, "", "a case is a mapping"),
    ],
)  # fmt: skip
def test_a_bad_case_is_told_its_field_and_what_is_allowed(
    client: FlaskClient, case: Any, field: str, said: str
) -> None:
    problem = problem_in(advise(client, case), 400)
    assert problem["field"] == field
    assert said in problem["detail"]
    assert "\n" not in problem["detail"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[" * 50_000, b'{"a":' * 20_000, b"destination=XA", b"9" * 5_000]
)
def test_a_body_that_is_not_json_says_so(client: FlaskClient, body: bytes) -> None:
    response = client.post("/api/v1/advice", data=body, content_type="application/json")
    problem = problem_in(response, 400)
    assert problem["field"] == ""
    assert "JSON" in problem["detail"] or "nested too deeply" in problem["detail"]


def test_a_case_nested_too_deeply_says_so_at_whatever_depth(client: FlaskClient) -> None:
    for depth in (*range(1, 800, 50), *range(800, 1100)):
        body = '{"destination": ' + '{"a":' * depth + "1" + "}" * depth + "}"
        problem_in(client.post("/api/v1/advice", data=body, content_type="application/json"), 400)


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "1066-10-14", "", "%00", "2026-03"])
def test_a_day_of_the_question_that_is_none_is_refused(client: FlaskClient, day: str) -> None:
    assert problem_in(advise(client, {"destination": "XA"}, f"?on={day}"), 400)["field"] == "on"


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
def test_only_json_is_taken(client: FlaskClient, media_type: str) -> None:
    problem_in(client.post("/api/v1/advice", data=b"{}", content_type=media_type), 415)


@pytest.mark.parametrize(
    "path",
    ["/api/v1/nothing", "/api/v2/advice", "/api/v1/countries/qq", "/api/v1/policies/x", "/api/v1/rules/xa.x", "/api/"],
)
def test_what_is_not_there_is_a_problem_document(client: FlaskClient, path: str) -> None:
    problem_in(client.get(path), 404)


@pytest.mark.parametrize(
    "path",
    ["/zh/countries/qq.json", "/zh/countries/xa/weather.json", "/en/rules/x.json", "/en/policies/x.json", "/en/x.json"],
)
def test_data_that_is_not_there_is_a_problem_document_in_the_language_of_its_page(
    client: FlaskClient, path: str
) -> None:
    response = client.get(path)
    assert (response.status_code, response.content_type) == (404, "application/problem+json")
    problem: Any = response.json
    assert problem["title"] == ("Page not found" if path.startswith("/en/") else "没有这个页面")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/v1/advice", "POST"),
        ("DELETE", "/api/v1/countries", "GET"),
        ("POST", "/api/v1/rules/cn.stolen", "GET"),
    ],
)
def test_another_method_is_refused_with_those_that_are_allowed(
    client: FlaskClient, method: str, path: str, allowed: str
) -> None:
    response = client.open(path, method=method)
    problem_in(response, 405)
    assert allowed in response.headers["Allow"]


# Anything at all

TEXTS = st.one_of(
    st.text(max_size=20),
    st.text(st.characters(categories=["Cc", "Cs", "Ll", "Lo", "Po"]), max_size=20),
    st.from_regex(r"[12]\d{3}(-\d\d){0,2}", fullmatch=True),
)
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=8,
)


def values_for(advisor: Advisor, question: Question) -> st.SearchStrategy[Any]:
    """What may be given for a fact: good, nearly good, or anything."""
    options = [value for value, _ in advisor.answers.options(question)]
    listed = st.sampled_from(options) if options else TEXTS
    price = st.fixed_dictionaries({"amount": ANYTHING, "currency": st.just("USD"), "terms": st.just("CIF")})
    return st.one_of(ANYTHING, listed, st.lists(listed, max_size=3), st.booleans(), st.integers(0, 5000), price)


@given(st.data())
def test_whatever_is_sent_gets_an_answer_or_one_clear_problem(
    client: FlaskClient, advisor: Advisor, data: st.DataObject
) -> None:
    case: Any = {"destination": data.draw(st.one_of(st.just("XA"), ANYTHING))}
    questions = advisor.knowledge.questions
    for question in data.draw(st.lists(st.sampled_from(questions), unique_by=lambda one: one.field, max_size=6)):
        group, _, name = question.field.rpartition(".")
        (case.setdefault(group, {}) if group else case)[name] = data.draw(values_for(advisor, question))
    answered(advise(client, case))


@given(ANYTHING)
def test_json_that_is_no_case_gets_one_clear_problem(client: FlaskClient, anything: Any) -> None:
    answered(advise(client, anything))


@given(st.binary(max_size=200))
def test_bytes_that_are_no_json_get_one_clear_problem(client: FlaskClient, body: bytes) -> None:
    answered(client.post("/api/v1/advice", data=body, content_type="application/json"))


def answered(response: TestResponse) -> None:
    if response.status_code != 200:
        assert "field" in problem_in(response, 400)


# Knowledge and its tags


def addresses(guide: Knowledge) -> list[str]:
    """Every address that gives knowledge as data."""
    return [
        *(f"/api/v1/{name}" for name in ("countries", "policies", "openapi.json")),
        *(f"/api/v1/countries/{country.code}" for country in guide.countries),
        *(f"/api/v1/policies/{policy.id}" for policy in guide.policies),
        *(f"/api/v1/rules/{rule.id}" for rule in guide.rules),
        *(f"/en/countries/{country.scope}.json" for country in guide.countries),
        *(f"/zh/countries/xa/{section}.json" for section in {part.section for part in guide.countries[0].sections}),
        *(f"/en/policies/{policy.id}.json" for policy in guide.policies),
        *(f"/zh/rules/{rule.id}.json" for rule in guide.rules),
    ]


def test_knowledge_is_sent_once_to_who_keeps_its_tag(client: FlaskClient, guide: Knowledge) -> None:
    for address in addresses(guide):
        first = client.get(address)
        tag = first.headers["ETag"]
        again = client.get(address, headers={"If-None-Match": tag})
        other = client.get(address, headers={"If-None-Match": '"something-else"'})
        assert guide.version in tag
        assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200), address
        assert (again.data, again.headers["ETag"], other.data) == (b"", tag, first.data), address
        assert first.cache_control.no_cache


def test_the_twin_of_a_page_is_what_the_interface_gives(client: FlaskClient) -> None:
    for page, twin in (
        ("/en/countries/xa.json", "countries/XA"),
        ("/zh/countries/XA.json", "countries/xa"),
        ("/en/policies/sample-2025-1.json", "policies/sample-2025-1"),
        ("/zh/rules/cn.stolen.json", "rules/cn.stolen"),
    ):
        assert client.get(page).json == client.get(f"/api/v1/{twin}").json


def test_the_lists_hold_every_entry(client: FlaskClient, guide: Knowledge) -> None:
    countries: Any = client.get("/api/v1/countries").json
    policies: Any = client.get("/api/v1/policies").json
    assert [one["code"] for one in countries["countries"]] == [one.code for one in guide.countries]
    assert [one["id"] for one in policies["policies"]] == [one.id for one in guide.policies]


# The description


@pytest.fixture(scope="module")
def description(client: FlaskClient) -> dict[str, Any]:
    found: Any = client.get("/api/v1/openapi.json").json
    return dict(found)


def matches(description: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    whole = {**schema, "components": description["components"]}
    errors = list(Draft202012Validator(whole, format_checker=FormatChecker()).iter_errors(value))
    assert [(error.json_path, error.message[:200]) for error in errors] == []


def schema_of(description: dict[str, Any], path: str, method: str, status: int) -> dict[str, Any]:
    (content,) = description["paths"][path][method]["responses"][str(status)]["content"].values()
    return dict(content["schema"])


def test_the_description_is_valid_openapi(description: dict[str, Any]) -> None:
    assert list(OpenAPIV31SpecValidator(description).iter_errors()) == []


def test_the_description_names_every_address_of_the_interface(app: Flask, description: dict[str, Any]) -> None:
    served = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}
    described = {f"/api/v1{path}" for path in description["paths"]}
    assert {re.sub(r"<(?:\w+_)?(\w+)>", r"{\1}", path) for path in served} == described


@pytest.mark.parametrize("name", CASES)
def test_real_cases_and_answers_match_the_description(
    client: FlaskClient, description: dict[str, Any], name: str
) -> None:
    case = as_json(CASES[name])
    body = description["paths"]["/advice"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    matches(description, body, case)
    matches(description, schema_of(description, "/advice", "post", 200), advise(client, case).json)


def test_real_knowledge_matches_the_description(
    client: FlaskClient, description: dict[str, Any], guide: Knowledge
) -> None:
    names = {
        "countries": [one.code for one in guide.countries],
        "policies": [one.id for one in guide.policies],
        "rules": [one.id for one in guide.rules],
    }
    for path, operations in description["paths"].items():
        if "get" not in operations:
            continue
        pattern = path.replace("{code}", "{}").replace("{id}", "{}")
        for name in names.get(path.split("/")[1], []) if "{}" in pattern else [""]:
            url = f"/api/v1{pattern.format(name)}" + ("?q=duty" if path == "/search" else "")
            matches(description, schema_of(description, path, "get", 200), client.get(url).json)


def test_problems_match_the_description(client: FlaskClient, description: dict[str, Any]) -> None:
    huge = client.post("/api/v1/advice", data=b"x" * 200_000, content_type="application/json")
    for status, response in (
        (400, advise(client, {})),
        (413, huge),
        (415, client.post("/api/v1/advice", data=b"", content_type="text/plain")),
    ):
        assert response.status_code == status
        matches(description, schema_of(description, "/advice", "post", status), response.json)
    matches(description, schema_of(description, "/rules/{id}", "get", 404), client.get("/api/v1/rules/x").json)


@pytest.mark.parametrize(
    "vehicle",
    [
        {"colour": "red"},
        {"steering": "up"},
        {"used": "yes"},
        {"engine_cc": -1},
        {"first_registered": "May"},
        {"vin": "1"},
    ],
    ids=str,
)
def test_what_the_interface_refuses_does_not_match_the_description(
    client: FlaskClient, description: dict[str, Any], vehicle: dict[str, Any]
) -> None:
    case = {"destination": "XA", "vehicle": vehicle}
    assert advise(client, case).status_code == 400
    schema = {"$ref": "#/components/schemas/Case", "components": description["components"]}
    assert not Draft202012Validator(schema).is_valid(case)
