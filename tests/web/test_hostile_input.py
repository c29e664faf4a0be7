"""Input that means harm: nothing of it breaks a page, and none of it is ever markup."""

from __future__ import annotations

from urllib.parse import quote, urlencode
from xml.etree.ElementTree import Element

import pytest
from a_case import BARE, result, start
from flask.testing import FlaskClient
from html_tree import of_class, tree, words

from advisor.knowledge.model import Knowledge
from advisor.rules.facts import CaseReader
from advisor.web import LARGEST_REQUEST, LONGEST_QUERY
from advisor.web.prose import render

MARKUP = '"\'><x-evil onclick="alert(1)"></title></textarea><script>alert(1)</script>'


def assert_harmless(html: str) -> Element:
    """Whatever the page shows of the markup, it shows as text."""
    assert "<x-evil" not in html
    page = tree(html)
    assert [script for script in page.iter("script") if not script.get("src")] == []
    assert [name for element in page.iter() for name in element.attrib if name.startswith("on")] == []
    return page


def test_markup_in_any_answer_comes_out_as_text(client: FlaskClient, guide: Knowledge) -> None:
    for question in guide.questions:
        facts = {**BARE, question.field: MARKUP}
        for url in (start(facts), result(facts), start(facts, ask=question.field), result(facts, "zh")):
            response = client.get(url, follow_redirects=True)
            assert response.status_code in (200, 400), url
            assert_harmless(response.text)


def test_markup_in_a_free_text_is_shown_as_it_was_typed(client: FlaskClient) -> None:
    response = client.get(result({**BARE, "vehicle.model": MARKUP}))
    assert response.status_code == 200
    assert MARKUP in words(assert_harmless(response.text))


@pytest.mark.parametrize(
    "query",
    [
        {MARKUP: "1"},
        {"skip": MARKUP},
        {"ask": MARKUP},
        {"asked": MARKUP, MARKUP: "1"},
        {"asked": "vehicle.first_registered", "vehicle.first_registered.year": MARKUP},
        {"asked": "vehicle.price", "vehicle.price.amount": MARKUP},
    ],
    ids=str,
)
def test_markup_in_the_frame_of_a_form_comes_out_as_text(client: FlaskClient, query: dict[str, str]) -> None:
    response = client.get(f"/en/advice?{urlencode({**BARE, **query})}", follow_redirects=True)
    assert response.status_code in (200, 400)
    assert_harmless(response.text)


@pytest.mark.parametrize(
    "path",
    ["countries?region=", "policies?on=", "policies?year=", "countries/", "rules/", "policies/", "countries/xa/"],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_markup_in_an_address_comes_out_as_text(client: FlaskClient, lang: str, path: str) -> None:
    response = client.get(f"/{lang}/{path}{quote(MARKUP)}")
    assert response.status_code in (400, 404)
    assert_harmless(response.text)


def test_the_language_switch_of_a_strange_address_leads_to_the_same_address(client: FlaskClient) -> None:
    page = tree(client.get("/en/rules/a%3Fb%2520c").text)
    (switch,) = of_class(page, "header__lang")
    assert switch.get("href") == "/zh/rules/a%3Fb%2520c"


# Addresses that are broken


@pytest.mark.parametrize(
    "query", ["%zz=%ff&a", "destination=%ff", "destination=X%41%", "=&=&&", "a=%00", "%", "destination=XA&%c3%28=1"]
)
@pytest.mark.parametrize("page", ["advice", "advice/result", "countries", "policies"])
def test_a_malformed_query_is_answered(client: FlaskClient, page: str, query: str) -> None:
    response = client.get(f"/en/{page}?{query}", follow_redirects=True)
    assert response.status_code in (200, 400)
    assert_harmless(response.text)


@pytest.mark.parametrize(
    "path", ["/en/%ff%fe", "/%", "/en/countries/%00", "/en/..%2f..%2fetc", "/static/..%2f__init__.py"]
)
def test_a_malformed_path_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_answer_given_twice_is_not_chosen_from(client: FlaskClient, lang: str) -> None:
    response = client.get(f"{result(BARE, lang)}&vehicle.steering=left&vehicle.steering=right")
    assert response.status_code == 400
    (item,) = of_class(tree(response.text), "error-summary")[0].iter("li")
    assert (
        words(item)
        == {
            "en": "Steering wheel: the address answers this more than once; choose one answer.",
            "zh": "方向盘：网址里出现了不止一个答案，请选定一个。",
        }[lang]
    )


def test_a_question_that_nobody_asks_is_refused_by_name(client: FlaskClient) -> None:
    response = client.get(f"{result(BARE)}&vehicle.colour=red")
    assert response.status_code == 400
    assert "“vehicle.colour” is not a question of this guide." in words(tree(response.text))


# More than there is room for


@pytest.mark.parametrize("path", ["/en/advice", "/en/advice/result", "/en/countries", "/en/", "/api/v1/countries"])
def test_a_query_over_the_limit_is_refused(client: FlaskClient, path: str) -> None:
    response = client.get(f"{path}?destination=XA&vehicle.model={'a' * LONGEST_QUERY}")
    assert response.status_code == 413
    assert response.mimetype == ("application/problem+json" if path.startswith("/api/") else "text/html")


def test_a_query_up_to_the_limit_is_read(client: FlaskClient) -> None:
    query = "destination=XA&vehicle.model="
    response = client.get(f"/en/advice?{query}{'a' * (LONGEST_QUERY - len(query))}")
    assert response.status_code == 400
    assert "write one line of at most 200 characters" in words(tree(response.text))


def test_a_query_full_of_nearly_known_fields_is_read_once(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    readings = []
    read_pairs = CaseReader.read_pairs
    monkeypatch.setattr(CaseReader, "read_pairs", lambda *args: readings.append(args) or read_pairs(*args))
    response = client.get(f"{start(BARE)}&{'&'.join(f'vehicle.use{number}=' for number in range(800))}")
    assert response.status_code == 400
    assert len(readings) == 1


def test_a_body_over_the_limit_is_refused(client: FlaskClient) -> None:
    body = b'{"destination": "XA", "vehicle": {"model": "%s"}}' % (b"a" * LARGEST_REQUEST)
    response = client.post("/api/v1/advice", data=body, content_type="application/json")
    assert response.status_code == 413
    assert response.mimetype == "application/problem+json"
    assert response.json["status"] == 413


def test_a_page_takes_no_body(client: FlaskClient) -> None:
    response = client.post("/en/advice", data={"destination": "XA"})
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert "This address cannot be used in this way." in words(tree(response.text))


# Markup in content


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_script_in_content_never_reaches_the_page(client: FlaskClient, guide: Knowledge, lang: str) -> None:
    written = [part.markdown for country in guide.countries for part in country.sections]
    assert any("<script>" in text for text in written)
    html = client.get(f"/{lang}/countries/xa/market").text
    assert "alert(1)" not in html
    assert_harmless(html)


def test_data_with_markup_in_it_is_never_taken_for_a_page(client: FlaskClient) -> None:
    response = client.get("/en/countries/xa/market.json")
    assert "<script>" in response.json["markdown"]["en"]
    assert response.mimetype == "application/json"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[here](javascript:alert(1))",
        "<a href='javascript:alert(1)'>here</a>",
        "<p style='position:fixed'>over everything</p>",
        "<h2 onclick=alert(1)>title</h2>",
        "<iframe src='https://example.org'></iframe>",
        "<form action='https://example.org'><input name=a></form>",
        "<svg><animate onbegin=alert(1)></svg>",
        "## <img src=x onerror=alert(1)>",
    ],
)
def test_markdown_keeps_no_markup_that_acts(markdown: str) -> None:
    html = render(f"before {markdown}\n\n{markdown}\n\nafter", "en").html
    page = tree(f"<div>{html}</div>")
    assert {element.tag for element in page.iter()} <= {"div", "p", "h2", "a"}
    assert {name for element in page.iter() for name in element.attrib} <= {"id", "href", "rel"}
    assert "javascript:" not in html
    assert words(page).startswith("before")
    assert words(page).endswith("after")
