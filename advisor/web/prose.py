"""Running text: Markdown whose `[@source]` citations become numbers, made safe for a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import slugify_unicode
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

_TAGS: Final = frozenset(
    [
        "h2",
        "h3",
        "h4",
        "p",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "strong",
        "em",
        "code",
        "pre",
        "blockquote",
        "br",
        "hr",
        "a",
        "sup",
        "sub",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "button",
        "span",
    ]
)
_ATTRIBUTES: Final = {
    "*": {"id", "lang"},
    "a": {"href", "title", "class"},
    "span": {"class"},
    "table": {"class", "role"},
    "thead": {"role"},
    "tbody": {"role"},
    "tr": {"role"},
    "th": {"role", "scope"},
    "td": {"role", "data-label"},
    "ol": {"start"},
    "button": {"type", "class", "popovertarget", "aria-label"},
}
_ROLES: Final = {
    "table": "table",
    "thead": "rowgroup",
    "tbody": "rowgroup",
    "tr": "row",
    "th": "columnheader",
    "td": "cell",
}
# Where a term is linked: running text and cells, not headings, links or code.
_LINKED_IN: Final = frozenset(["p", "li", "td", "dd", "strong", "em"])
_SOURCE_WORD: Final = {"zh": "来源 {}", "en": "Source {}"}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the text, for the list of contents."""

    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """Safe HTML, the sources in the order of their numbers, and the headings of the second level."""

    html: str
    sources: tuple[str, ...]
    headings: tuple[Heading, ...]


# A word of the glossary and the address of its entry.
Term = tuple[str, str]


@lru_cache(maxsize=1024)
def render(markdown: str, lang: str, terms: tuple[Term, ...] = ()) -> Rendered:
    """Turn Markdown into safe HTML whose citations are numbered from 1, each term linked where it first stands."""
    citations = _Citations(lang)
    reader = Markdown(
        extensions=["tables", "sane_lists", "toc", citations, _Tables(), _Terms(terms)],
        extension_configs={"toc": {"slugify": slugify_unicode, "toc_depth": "2"}},
        output_format="html",
    )
    html = nh3.clean(
        reader.convert(markdown),
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )
    tokens: list[dict[str, Any]] = getattr(reader, "toc_tokens", [])
    headings = tuple(Heading(token["id"], token["name"]) for token in tokens)
    return Rendered(html, tuple(citations.numbers), headings)


class _Citations(Extension):
    """`[@ke.s6]` becomes a number that opens the note of its source."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self.lang = lang
        self.numbers: dict[str, int] = {}

    def extendMarkdown(self, md: Markdown) -> None:
        md.inlinePatterns.register(_Citation(self, md), "citation", 175)


class _Citation(InlineProcessor):
    """Citations that follow one another, with the punctuation after them, so that no line begins with it."""

    def __init__(self, citations: _Citations, md: Markdown) -> None:
        super().__init__(r"(?:\s?\[@[a-z0-9.-]+\])+([。，；：、）.,;:)]?)", md)
        self._citations = citations

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]
        group = Element("span", {"class": "cites"})
        for source in re.findall(r"\[@([a-z0-9.-]+)\]", m.group(0)):
            group.append(self._button(source))
        group[-1].tail = AtomicString(m.group(1))
        return group, m.start(0), m.end(0)

    def _button(self, source: str) -> Element:
        numbers = self._citations.numbers
        number = numbers.setdefault(source, len(numbers) + 1)
        button = Element("button", {"type": "button", "class": "cite", "popovertarget": f"note-{number}"})
        button.set("aria-label", _SOURCE_WORD[self._citations.lang].format(number))
        button.text = AtomicString(f"[{number}]")
        return button


class _Tables(Extension):
    """Tables that a narrow screen can stack: each cell carries the title of its column."""

    def extendMarkdown(self, md: Markdown) -> None:
        # After the inline patterns (20), when the titles of the columns are plain text and elements.
        md.treeprocessors.register(_TableLabels(md), "table-labels", 15)


class _Terms(Extension):
    """The words of the glossary lead to their entries, each once in a text."""

    def __init__(self, terms: tuple[Term, ...]) -> None:
        super().__init__()
        self._addresses = {word.casefold(): address for word, address in terms}
        # The longest first, so that a word within another does not take its place; Latin words stand alone.
        words = sorted(self._addresses, key=len, reverse=True)
        found = "|".join(rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word) for word in words)
        self._pattern = re.compile(found, re.IGNORECASE) if words else None

    def extendMarkdown(self, md: Markdown) -> None:
        if self._pattern is not None:
            # After the table labels, which are plain text.
            md.treeprocessors.register(_TermLinks(md, self._pattern, self._addresses), "term-links", 14)


class _TermLinks(Treeprocessor):
    def __init__(self, md: Markdown, pattern: re.Pattern[str], addresses: dict[str, str]) -> None:
        super().__init__(md)
        self._pattern, self._addresses = pattern, addresses
        self._linked: set[str] = set()

    def run(self, root: Element) -> None:
        self._linked = set()
        for element in list(root.iter()):
            if element.tag in _LINKED_IN:
                self._link_text(element)
                for child in list(element):
                    self._link_tail(element, child)

    def _link_text(self, element: Element) -> None:
        split = self._first(element.text)
        if split is not None:
            element.text, link = split
            element.insert(0, link)
            self._link_tail(element, link)

    def _link_tail(self, parent: Element, child: Element) -> None:
        split = self._first(child.tail)
        if split is not None:
            child.tail, link = split
            parent.insert(list(parent).index(child) + 1, link)
            self._link_tail(parent, link)

    def _first(self, text: str | None) -> tuple[str, Element] | None:
        """The text before the first term that is not linked yet, and the link with the text after it."""
        for match in self._pattern.finditer(text or ""):
            address = self._addresses[match.group().casefold()]
            if address not in self._linked and text is not None:
                self._linked.add(address)
                link = Element("a", {"class": "term", "href": address})
                link.text = AtomicString(match.group())
                link.tail = text[match.end() :]
                return text[: match.start()], link
        return None


class _TableLabels(Treeprocessor):
    def run(self, root: Element) -> None:
        for table in root.iter("table"):
            table.set("class", "table table--stacked")
            for part in table.iter():
                # Stacked rows are blocks, and a browser then forgets that they are a table.
                if part.tag in _ROLES:
                    part.set("role", _ROLES[part.tag])
            _label_cells(table)


def _label_cells(table: Element) -> None:
    titles = [_plain(title) for title in table.iter("th")]
    for row in table.iter("tr"):
        for title, cell in zip(titles, row.findall("td"), strict=False):
            cell.set("data-label", title)


def _plain(element: Element) -> str:
    return "".join(_texts(element)).strip()


def _texts(element: Element) -> Iterator[str]:
    """The text of an element without the numbers of its sources."""
    yield element.text or ""
    for child in element:
        if child.tag != "button":
            yield from _texts(child)
        yield child.tail or ""
