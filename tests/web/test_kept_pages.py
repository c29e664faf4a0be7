"""A page that was rendered is served again as it is, until the knowledge or the day changes."""

from __future__ import annotations

import datetime as dt

from flask.testing import FlaskClient

from advisor.web.kept_pages import KeptPages

DAY = dt.date(2026, 11, 25)


def test_a_page_reads_the_same_the_second_time(client: FlaskClient) -> None:
    first, second = client.get("/zh/countries/xa"), client.get("/zh/countries/xa")
    assert first.data == second.data
    assert dict(first.headers) == dict(second.headers)


def test_a_filtered_list_is_not_the_list(client: FlaskClient) -> None:
    everything = client.get("/en/countries").data
    assert client.get("/en/countries?side=left").data != everything


def test_what_belongs_to_an_older_artefact_or_day_is_forgotten() -> None:
    pages = KeptPages()
    for owner in (("a", None, DAY), ("b", None, DAY), ("b", None, DAY + dt.timedelta(1))):
        assert pages.find(owner, "/zh/") is None
        pages.keep(owner, "/zh/", b"page")
        assert pages.find(owner, "/zh/") == b"page"


def test_a_page_of_the_artefact_before_is_not_kept_for_the_next() -> None:
    pages = KeptPages()
    pages.find(("b", None, DAY), "/zh/")
    pages.keep(("a", None, DAY), "/zh/", b"old")
    assert pages.find(("b", None, DAY), "/zh/") is None
