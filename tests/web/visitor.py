"""Somebody who fills in the questionnaire: sends its forms as a browser would, and follows where they lead."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree.ElementTree import Element

from flask.testing import FlaskClient
from html_tree import tree

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Place:
    """A page, its address, and how it was answered."""

    url: str
    status: int
    page: Element

    @property
    def asked(self) -> list[str]:
        """The fields that the page asks for."""
        return [box.get("value", "") for box in self.page.iter("input") if box.get("name") == "asked"]

    @property
    def answers(self) -> dict[str, str]:
        """The answers in its address."""
        return {name: text for name, text in parse_qsl(urlsplit(self.url).query) if name not in ("skip", "ask")}

    @property
    def skipped(self) -> list[str]:
        """The questions that its address passes over."""
        return [text for name, text in parse_qsl(urlsplit(self.url).query) if name == "skip"]

    @property
    def path(self) -> str:
        """Its address without the answers."""
        return urlsplit(self.url).path


class Visitor:
    """Opens pages and sends forms; `seen` are all addresses on the way."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.seen: list[str] = []

    def open(self, url: str) -> Place:
        """Open an address, following redirects."""
        while True:
            self.seen.append(url)
            response = self.client.get(url)
            assert "Set-Cookie" not in response.headers, url
            if response.status_code not in (301, 302):
                return Place(url, response.status_code, tree(response.text))
            url = response.headers["Location"]

    def send(self, place: Place, *typed: tuple[str, str]) -> Place:
        """Send the form of a page with something typed or chosen."""
        form = place.page.find(".//form[@class='form']")
        assert form is not None, place.url
        assert form.get("method") == "get"
        kept = [
            (box.get("name", ""), box.get("value", "")) for box in form.iter("input") if box.get("type") == "hidden"
        ]
        return self.open(f"{form.get('action')}?{urlencode([*kept, *typed])}")

    def skip(self, place: Place) -> Place:
        """Use the button that passes over a question."""
        (field,) = place.asked
        assert place.page.find(f".//button[@name='skip'][@value='{field}']") is not None
        return self.send(place, ("skip", field))
