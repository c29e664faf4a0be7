"""Cuts from a text the passage that answers best, with the words that were sought marked in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from advisor.knowledge.model import Lang
from advisor.search.analysis import fold, stemmed
from advisor.search.entries import NOTHING
from advisor.search.lexicon import Lexicon

# How many characters a snippet has; a Chinese character says more than a letter.
_LENGTH: Final[dict[Lang, int]] = {"zh": 90, "en": 200}
_LONGEST_TEXT: Final = 6_000
# A line that is no sentence, a row of a table or an item of a list, runs on into the next unless something parts them.
_LINE_END: Final = re.compile(r"(?<=[^\s。！？：；.!?:;…])\n(?=\S)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a snippet, marked where it was sought."""

    text: str
    marked: bool


def snippet(text: str, sought: Iterable[str], lexicon: Lexicon, lang: Lang) -> tuple[Piece, ...]:
    """The passage of a text with most of what was sought, from the beginning of a line where one is near."""
    if text == NOTHING:
        return ()
    text = text[:_LONGEST_TEXT]
    places = _places(_folded(text), sought, lexicon)
    length = _LENGTH[lang]
    start = _best_start(text, places, length)
    end = _word_end(text, min(len(text), start + length))
    pieces = _pieces(text, places, start, end)
    lead = [Piece("… ", False)] if start and text[start - 1] != "\n" else []
    tail = [Piece(" …", False)] if end < len(text.rstrip()) else []
    return (*lead, *pieces, *tail)


@lru_cache(maxsize=1024)
def _folded(text: str) -> str:
    return fold(text)


def _places(folded: str, sought: Iterable[str], lexicon: Lexicon) -> list[tuple[int, int, str]]:
    """Where what is sought stands in a text, in order, however it is written there."""
    found = []
    for word in sought:
        for written in lexicon.written(word) or (word,):
            found += [(start, end, word) for start, end in _occurrences(folded, written, is_stem=written == word)]
    return sorted(found)


def _occurrences(folded: str, written: str, is_stem: bool) -> Iterator[tuple[int, int]]:
    """The places of a word; one in letters stands alone there, or with the ending that a stem has lost."""
    start = folded.find(written)
    letters = written[:1].isascii()
    while start >= 0:
        end = start + len(written)
        if not letters:
            yield start, end
        elif not folded[start - 1 : start].isalnum():
            while end < len(folded) and folded[end].isascii() and folded[end].isalnum():
                end += 1
            whole = folded[start:end]
            if whole in (written, f"{written}s") or (is_stem and stemmed(whole) == written):
                yield start, end
        start = folded.find(written, max(end, start + 1))


def _best_start(text: str, places: Sequence[tuple[int, int, str]], length: int) -> int:
    """Where the passage begins that holds the most different words, and of those the first."""
    best, most = 0, 0
    last = 0
    for first, (start, _, _) in enumerate(places):
        last = max(last, first)
        while last < len(places) and places[last][1] <= start + length:
            last += 1
        different = len({word for _, _, word in places[first:last]})
        if different > most:
            best, most = start, different
    line = text.rfind("\n", 0, best) + 1
    if best - line <= length // 3:
        return line
    return _word_start(text, max(line, best - length // 6))


def _word_start(text: str, at: int) -> int:
    while 0 < at < len(text) and text[at - 1].isascii() and text[at - 1].isalnum():
        at += 1
    return at


def _word_end(text: str, at: int) -> int:
    """Back to the end of the last whole word."""
    if at == len(text):
        return at
    while at > 0 and text[at].isascii() and text[at].isalnum() and text[at - 1].isascii() and text[at - 1].isalnum():
        at -= 1
    return at


def _pieces(text: str, places: Sequence[tuple[int, int, str]], start: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for place_start, place_end, _ in places:
        first, last = max(place_start, at), min(place_end, end)
        if first >= last:
            continue
        if first > at:
            pieces.append(Piece(_line(text[at:first]), False))
        pieces.append(Piece(_line(text[first:last]), True))
        at = last
    if at < end:
        pieces.append(Piece(_line(text[at:end]), False))
    return _merged(pieces)


def _line(text: str) -> str:
    return _LINE_END.sub(" / ", text).replace("\n", " ")


def _merged(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours that are both marked, or both not, are one."""
    merged: list[Piece] = []
    for piece in pieces:
        if merged and merged[-1].marked == piece.marked:
            merged[-1] = Piece(merged[-1].text + piece.text, piece.marked)
        else:
            merged.append(piece)
    return merged
