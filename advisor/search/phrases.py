"""How much of what is asked an entry says in the same order, not only in the same words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from advisor.search.analysis import HAN, fold, is_asking
from advisor.search.entries import Entry

# Pairs of characters are words of the index; three in a row are a phrase.
_CHARACTERS: Final = 3
_RUN: Final = re.compile(rf"[{HAN}]{{{_CHARACTERS},}}")
_LETTERS: Final = re.compile(r"[a-z0-9][a-z0-9 -]*")
_BETWEEN: Final = re.compile(r"\W+")


def phrases_of(folded: str) -> tuple[str, ...]:
    """What stands side by side in a question: three Chinese characters, two English words."""
    return tuple(dict.fromkeys((*_chinese(folded), *_english(folded))))


class Phrases:
    """Looks for phrases in what entries say and are called."""

    def __init__(self) -> None:
        # All of them together are a few megabytes.
        self._text = lru_cache(maxsize=None)(_text)

    def share(self, entry: Entry, phrases: Sequence[str]) -> float:
        """Which part of the phrases an entry holds, from 0 to 1."""
        text = self._text(entry)
        return sum(phrase in text for phrase in phrases) / len(phrases)


def _text(entry: Entry) -> str:
    parts = (entry.title.zh, entry.title.en, *entry.also, entry.body.zh, entry.body.en)
    return _BETWEEN.sub(" ", fold("\n".join(parts)))


def _chinese(folded: str) -> Iterator[str]:
    for run in _RUN.findall(folded):
        yield from (run[at : at + _CHARACTERS] for at in range(len(run) - _CHARACTERS + 1))


def _english(folded: str) -> Iterator[str]:
    for piece in _LETTERS.findall(folded):
        words = piece.replace("-", " ").split()
        yield from (f"{one} {other}" for one, other in pairwise(words) if not is_asking(one) or not is_asking(other))
