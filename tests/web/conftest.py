"""The web application over the rich made-up guide, on a fixed day."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

import pytest
import rich_guide
from flask import Flask
from flask.testing import FlaskClient
from html_tree import tree

from advisor.knowledge.compiling import build
from advisor.knowledge.model import Knowledge
from advisor.knowledge.store import Store
from advisor.loading import Advisor
from advisor.web import create_app

TODAY = dt.date(2026, 11, 25)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store[Advisor]:
    root = tmp_path_factory.mktemp("guide")
    rich_guide.read_rich_guide(root)
    with pytest.MonkeyPatch.context() as patch:
        # An editor would refuse the script that stands in this guide's text.
        patch.setattr("advisor.knowledge.compiling.check", lambda content, on: [])
        return Store(build(root, root / "out"), Advisor.of)


@pytest.fixture(scope="session")
def advisor(store: Store[Advisor]) -> Advisor:
    """The advisor that the pages answer from, in place of the one over the shipped content."""
    return store.current


@pytest.fixture(scope="session")
def guide(advisor: Advisor) -> Knowledge:
    return advisor.knowledge


@pytest.fixture(scope="session")
def app(store: Store[Advisor]) -> Flask:
    return create_app(store)


@pytest.fixture(scope="session")
def client(app: Flask) -> FlaskClient:
    return app.test_client(use_cookies=False)


def set_day(patch: pytest.MonkeyPatch, day: dt.date) -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("advisor.web.") and hasattr(module, "today"):
            patch.setattr(module, "today", lambda: day)


@pytest.fixture(scope="module", autouse=True)
def _on_the_day(app: Flask) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        set_day(patch, TODAY)
        yield


@pytest.fixture
def move_to(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.date], None]:
    """Moves to another day for one test."""
    return lambda day: set_day(monkeypatch, day)


@pytest.fixture(scope="session")
def read(client: FlaskClient) -> Callable[[str], Element]:
    """Reads a page that has to be there."""

    def page(url: str) -> Element:
        response = client.get(url)
        assert response.status_code == 200, (url, response.status_code, response.headers.get("Location"))
        return tree(response.text)

    return page
