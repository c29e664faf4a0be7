"""A page as a tree, to ask what stands where on it; markup that does not nest is an error."""

from __future__ import annotations

from html.parser import HTMLParser
from xml.etree.ElementTree import Element, TreeBuilder

_VOID = frozenset(["br", "hr", "img", "input", "link", "meta", "wbr"])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tree = TreeBuilder()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), (tag, attrs)
        self.tree.start(tag, {name: value or "" for name, value in attrs})
        self.open.append(tag)
        if tag in _VOID:
            self.handle_endtag(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1] == tag, f"</{tag}> at {self.getpos()} closes <{self.open[-1]}>"
        self.open.pop()
        self.tree.end(tag)

    def handle_data(self, data: str) -> None:
        if self.open:
            self.tree.data(data)


def tree(html: str) -> Element:
    """The root element of a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open, reader.open
    return reader.tree.close()


def words(element: Element | None) -> str:
    """The text of an element in one line, its pieces a space apart."""
    assert element is not None
    return " ".join(" ".join(element.itertext()).split())


def of_class(root: Element, name: str) -> list[Element]:
    """The elements with a class."""
    return [element for element in root.iter() if name in element.get("class", "").split()]


def section(root: Element, name: str) -> Element:
    """The part of a page under the heading with an id."""
    found = root.find(f".//section[@aria-labelledby='{name}']")
    assert found is not None, f"no section {name!r}"
    return found


def links(root: Element) -> dict[str, str]:
    """Where the links lead, by their text."""
    return {words(link): link.get("href", "") for link in root.iter("a")}
