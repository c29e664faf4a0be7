"""What holds of every page: found by following every link from the front page, in both languages."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from urllib.parse import unquote, urldefrag, urlsplit
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient
from html_tree import of_class, tree, words
from werkzeug.datastructures import Headers

LINKS = (("a", "href"), ("link", "href"), ("script", "src"), ("form", "action"))


@dataclass(frozen=True)
class Visit:
    status: int
    headers: Headers
    linked_from: str
    page: Element | None


@pytest.fixture(scope="module")
def visits(client: FlaskClient) -> dict[str, Visit]:
    """Every address that can be reached from the front page by links alone."""
    found: dict[str, Visit] = {}
    waiting = deque([("/", "")])
    while waiting:
        url, linked_from = waiting.popleft()
        if url in found:
            continue
        response = client.get(url, buffered=True)
        page = tree(response.text) if response.mimetype == "text/html" and response.status_code == 200 else None
        found[url] = Visit(response.status_code, response.headers, linked_from, page)
        onward = [*links_of(page)] if page is not None else [response.headers.get("Location", "")]
        waiting.extend((urldefrag(link).url, url) for link in onward if link.startswith("/"))
    return found


@pytest.fixture(scope="module")
def pages(visits: dict[str, Visit]) -> dict[str, Element]:
    return {url: visit.page for url, visit in visits.items() if visit.page is not None}


def links_of(page: Element) -> list[str]:
    return [element.get(name, "") for tag, name in LINKS for element in page.iter(tag) if element.get(name)]


def ids_of(page: Element) -> list[str]:
    return [element.get("id", "") for element in page.iter() if element.get("id")]


def test_every_link_leads_somewhere(visits: dict[str, Visit]) -> None:
    assert {url: visit for url, visit in visits.items() if visit.status >= 400} == {}


def test_every_kind_of_page_can_be_reached(app: Flask, visits: dict[str, Visit]) -> None:
    reached = {app.url_map.bind("localhost").match(unquote(urlsplit(url).path))[0] for url in visits}
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    offered = {rule.endpoint for rule in rules if not rule.rule.startswith("/api/")}
    assert reached == offered


def test_both_languages_have_the_same_pages(pages: dict[str, Element]) -> None:
    zh, en = ({url[3:] for url in pages if url.startswith(f"/{lang}/")} for lang in ("zh", "en"))
    assert zh == en
    assert len(zh) > 50


def test_every_page_says_its_language(pages: dict[str, Element]) -> None:
    tags = {"zh": "zh-Hans", "en": "en"}
    assert {url: page.get("lang") for url, page in pages.items() if page.get("lang") != tags[url[1:3]]} == {}


def test_every_page_has_a_title_of_its_own_and_one_heading(pages: dict[str, Element]) -> None:
    for url, page in pages.items():
        title, _, site = words(page.find(".//title")).partition(" · ")
        headings = [words(heading) for heading in page.iter("h1")]
        assert title, url
        assert site, url
        assert len(headings) == 1, (url, headings)
        assert headings[0], url


def test_every_page_leads_to_itself_in_the_other_language(pages: dict[str, Element]) -> None:
    other = {"zh": ("en", "English", "en"), "en": ("zh", "中文", "zh-Hans")}
    for url, page in pages.items():
        lang, name, tag = other[url[1:3]]
        (switch,) = of_class(page, "header__lang")
        alternate = page.find(f".//link[@hreflang='{tag}']")
        assert (words(switch), switch.get("href"), switch.get("lang")) == (name, f"/{lang}{url[3:]}", tag)
        assert alternate is not None, url
        assert alternate.get("href") == switch.get("href")


def test_no_page_carries_script_or_style_of_its_own(pages: dict[str, Element]) -> None:
    for url, page in pages.items():
        for element in page.iter():
            assert element.tag != "style", url
            assert element.tag != "script" or (element.get("src") and not element.text), url
            own = [name for name in element.attrib if name == "style" or name.startswith("on")]
            assert own == [], (url, element.tag, own)


def test_nothing_is_loaded_from_elsewhere(pages: dict[str, Element]) -> None:
    for url, page in pages.items():
        loaded = [link for element in page.iter() if element.tag != "a" for link in links_of_element(element)]
        assert [link for link in loaded if not link.startswith(("/", "#"))] == [], url


def links_of_element(element: Element) -> list[str]:
    return [element.get(name, "") for name in ("src", "href", "action", "srcset") if element.get(name)]


def test_every_link_within_a_page_has_its_place(pages: dict[str, Element]) -> None:
    for url, page in pages.items():
        for link in links_of(page):
            target, fragment = urldefrag(link)
            aim = page if not target else pages.get(target)
            if fragment and aim is not None:
                assert unquote(fragment) in ids_of(aim), (url, link)


def test_ids_are_unique_and_what_refers_to_one_finds_it(pages: dict[str, Element]) -> None:
    for url, page in pages.items():
        ids = ids_of(page)
        assert len(ids) == len(set(ids)), (url, sorted(ids))
        for element in page.iter():
            for name in ("for", "popovertarget", "aria-describedby", "aria-labelledby"):
                assert set(element.get(name, "").split()) <= set(ids), (url, name, element.get(name))


def test_every_input_has_a_label(pages: dict[str, Element]) -> None:
    for url, page in pages.items():
        wrapped = {id(field) for label in page.iter("label") for field in label.iter("input")}
        named = {label.get("for") for label in page.iter("label")}
        for field in (*page.iter("input"), *page.iter("select"), *page.iter("textarea")):
            assert field.get("type") == "hidden" or id(field) in wrapped or field.get("id") in named, (
                url,
                field.items(),
            )


def test_every_answer_carries_a_strict_policy_for_its_content(visits: dict[str, Visit]) -> None:
    for url, visit in visits.items():
        policy = dict(part.split(maxsplit=1) for part in visit.headers["Content-Security-Policy"].split("; "))
        assert policy.pop("default-src") == "'none'", url
        assert policy.pop("img-src") == "'self' data:", url
        assert set(policy.values()) <= {"'self'", "'none'"}, (url, policy)
        assert {"base-uri", "form-action", "frame-ancestors"} <= policy.keys()
        assert visit.headers["X-Content-Type-Options"] == "nosniff", url


def test_no_page_sets_a_cookie(visits: dict[str, Visit]) -> None:
    assert [url for url, visit in visits.items() if "Set-Cookie" in visit.headers] == []


def test_the_front_door_opens_in_chinese(client: FlaskClient) -> None:
    assert client.get("/").headers["Location"] == "/zh/"
    assert client.get("/en").headers["Location"].endswith("/en/")
