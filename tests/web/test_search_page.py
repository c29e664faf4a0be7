"""The page of the search: what it shows, how it is narrowed, and what it says when nothing fits."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from flask.testing import FlaskClient
from html_tree import links, of_class, tree, words

from advisor.loading import Advisor


def page(client: FlaskClient, query: str, lang: str = "en", **more: str):
    more_pairs = "".join(f"&{name}={quote(text)}" for name, text in more.items())
    response = client.get(f"/{lang}/search?q={quote(query)}{more_pairs}")
    assert response.status_code == 200
    return tree(response.text)


@pytest.mark.parametrize(("lang", "query"), [("zh", "right-hand drive"), ("en", "右舵")])
def test_a_question_in_the_other_language_is_answered_in_the_readers(
    client: FlaskClient, lang: str, query: str
) -> None:
    hits = of_class(page(client, query, lang), "hit")
    assert any({"zh": "右舵", "en": "right-hand"}[lang] in words(hit).lower() for hit in hits)


def test_what_was_sought_is_marked(client: FlaskClient) -> None:
    marked = [words(mark).lower() for mark in page(client, "million vehicles").iter("mark")]
    assert "million" in " ".join(marked)


def test_every_hit_leads_to_its_place(client: FlaskClient, advisor: Advisor) -> None:
    for entry in advisor.search.entries:
        for lang in ("zh", "en"):
            path, _, anchor = entry.path.partition("#")
            response = client.get(f"/{lang}/{path}")
            assert response.status_code == 200, entry.id
            assert not anchor or f'id="{unquote(anchor)}"' in response.text, entry.id


def test_the_kinds_narrow_what_was_found(client: FlaskClient) -> None:
    found = page(client, "vehicle")
    narrowed = {name: url for name, url in links(found).items() if parse_qs(urlsplit(url).query).get("kind")}
    assert set(narrowed) >= {"Rule", "Destination guide"}
    rules = tree(client.get(narrowed["Rule"]).text)
    assert all("Rule" in words(of_class(hit, "smallprint")[0]) for hit in of_class(rules, "hit"))


def test_a_slip_is_asked_back(client: FlaskClient) -> None:
    assert "Did you mean: alphaland" in words(page(client, "Alfaland"))


@pytest.mark.parametrize(("lang", "says"), [("zh", "没有找到"), ("en", "Nothing fits")])
def test_where_nothing_fits_the_page_says_what_to_try(client: FlaskClient, lang: str, says: str) -> None:
    found = page(client, "zzzzqqq", lang)
    assert says in words(found)
    assert f"/{lang}/search?q=COC" in links(found).values()


def test_an_empty_query_is_the_form_and_no_error(client: FlaskClient) -> None:
    assert "What you can ask" in words(page(client, ""))


def test_a_query_without_end_is_refused_in_words(client: FlaskClient) -> None:
    assert "300 characters at most" in words(page(client, "a" * 2_000))


@pytest.mark.parametrize("query", ["kind=nonsense", "country=ZZ", "page=0", "page=x", "page=99999999999999999999"])
def test_a_filter_that_is_not_offered_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/en/search?q=vehicle&{query}").status_code == 400
    assert client.get(f"/api/v1/search?q=vehicle&{query}").status_code == 400


def test_programs_may_ask_in_one_of_the_two_languages_only(client: FlaskClient) -> None:
    assert client.get("/api/v1/search?q=vehicle&lang=fr").status_code == 400


def test_a_page_beyond_the_last_is_the_last(client: FlaskClient) -> None:
    found = client.get("/api/v1/search?q=vehicle&page=900").json
    assert found["page"] == found["pages"]
    assert found["hits"]


def test_programs_get_the_same_hits(client: FlaskClient) -> None:
    found = client.get("/api/v1/search?q=right-hand+drive&lang=en").json
    shown = [link for hit in of_class(page(client, "right-hand drive"), "hit__title") for link in links(hit).values()]
    assert [hit["url"] for hit in found["hits"]] == shown
    assert found["total"] == sum(found["facets"]["kind"].values())


@pytest.mark.parametrize("query", ["", "%20", "a" * 2_000])
def test_programs_are_told_what_is_wrong_with_a_query(client: FlaskClient, query: str) -> None:
    response = client.get(f"/api/v1/search?q={query}")
    assert response.status_code == 400
    assert "the query" in response.json["detail"]


def test_the_header_of_every_page_searches(client: FlaskClient) -> None:
    form = next(one for one in tree(client.get("/zh/").text).iter("form") if "header__search" in one.get("class", ""))
    assert form.get("action") == "/zh/search"
