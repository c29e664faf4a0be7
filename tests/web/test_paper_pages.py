"""The catalogue of documents and the page of a document."""

from __future__ import annotations

import io
from collections.abc import Callable
from xml.etree.ElementTree import Element

import docx
import pytest
from flask.testing import FlaskClient
from html_tree import links, tree, words

Read = Callable[[str], Element]


def test_the_catalogue_lists_the_papers_of_the_home_market_and_leads_to_the_destinations(read: Read) -> None:
    page = read("/en/documents")
    found = links(page)
    assert "/en/documents/after-sales-letter" in found.values()
    assert "/en/documents/xa-inspection" not in found.values()
    assert found["Alphaland"] == "/en/countries/xa#documents"


def test_a_document_says_what_it_must_state_and_which_rules_ask_for_it(read: Read) -> None:
    page = read("/en/documents/xa-inspection")
    shown = words(page)
    assert "Appointed inspection body" in shown
    assert "The odometer reading" in shown
    assert "/en/rules/xa.inspection" in links(page).values()
    assert links(page)["Alphaland"] == "/en/countries/xa"


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "The guide has no document “x”."), ("zh", "本指南没有编号为“x”的文件。")]
)
def test_a_document_that_is_not_there_says_so(client: FlaskClient, lang: str, said: str) -> None:
    answer = client.get(f"/{lang}/documents/x")
    assert answer.status_code == 404
    assert said in words(tree(answer.text))


@pytest.mark.parametrize(("lang", "country"), [("zh", "甲国"), ("en", "Alphaland")])
def test_a_blank_comes_filled_with_the_case(client: FlaskClient, lang: str, country: str) -> None:
    answer = client.get(
        f"/{lang}/documents/after-sales-letter/form.docx?destination=XA&vehicle.vin=LZZ1BLMJ4TJ465057&vehicle.make=BYD"
    )
    assert answer.headers["Content-Disposition"] == f'attachment; filename="after-sales-letter.{lang}.docx"'
    cells = [cell.text for row in docx.Document(io.BytesIO(answer.data)).tables[0].rows for cell in row.cells]
    assert {"BYD", "LZZ1BLMJ4TJ465057", country} <= set(cells)


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "write a number in digits, without other signs."), ("zh", "只填数字")]
)
def test_a_case_that_cannot_be_read_is_refused(client: FlaskClient, lang: str, said: str) -> None:
    answer = client.get(f"/{lang}/documents/after-sales-letter/form.docx?destination=XA&vehicle.engine_cc=big")
    assert answer.status_code == 400
    assert said in words(tree(answer.text))


def test_a_document_without_a_blank_says_so(client: FlaskClient) -> None:
    answer = client.get("/en/documents/deregistration-proof/form.docx")
    assert answer.status_code == 404
    assert "There is no blank of this document." in words(tree(answer.text))
