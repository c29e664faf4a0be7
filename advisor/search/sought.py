"""What a query asks for: words with their weights, places, topics, and whether it compares, defines or names a number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from advisor.knowledge.model import Knowledge
from advisor.search.analysis import Token, document_numbers, fold, is_chinese, tokens, without_asking
from advisor.search.lexicon import ANYWHERE, Lexicon
from advisor.search.phrases import phrases_of

# What a concept weighs: a term of the glossary, a set of equals, a place. Which place is meant has a measure of its own.
_WEIGHTS: Final = {"#": 0.9, "=": 0.8, "@": 0.5}
# A word inside a phrase that is known says little that the phrase does not.
_INSIDE_PHRASE: Final = 0.55
_DOCUMENT_NUMBER: Final = 1.1
_CODE: Final = re.compile(r"\b[A-Z]{2}\b")


@dataclass(frozen=True, slots=True)
class Sought:
    """What a query asks for: words with their weights, those that stand side by side, the places that it names, the
    sections' topics that it touches; whether it asks for destinations at large, for the meaning of a word, or by a document's number."""

    words: Mapping[str, float]
    phrases: tuple[str, ...]
    places: frozenset[str]
    topics: frozenset[str]
    comparing: bool
    defining: bool
    numbered: bool


class QueryReader:
    """Reads queries by the words of one guide; `is_written` tells of a stem whether the guide writes it anywhere."""

    def __init__(self, knowledge: Knowledge, lexicon: Lexicon, is_written: Callable[[str], bool]) -> None:
        self._lexicon = lexicon
        self._is_written = is_written
        self._codes = {country.code: country.scope for country in knowledge.countries}
        self._unions = {country.scope: country.unions for country in knowledge.countries}

    def read(self, query: str) -> tuple[Sought, str | None]:
        """What a query asks for, and how it should be written where it is nearly written so."""
        folded = fold(query)
        mended = self._lexicon.corrected(folded, self._is_written)
        written = mended or folded
        text = self._lexicon.without_meaning(written)
        words = self._words(text)
        # Only capitals tell a code from other words.
        words |= {f"@{self._codes[code]}": _WEIGHTS["@"] for code in _CODE.findall(query) if code in self._codes}
        sought = Sought(
            words,
            phrases=phrases_of(without_asking(text)),
            places=self._meant({word[1:] for word in words if word.startswith("@") and word != ANYWHERE}),
            topics=frozenset(self._topics(text, words)),
            comparing=ANYWHERE in words,
            defining=text != written,
            numbered=any(word.startswith("no:") for word in words),
        )
        return sought, mended

    def _words(self, text: str) -> dict[str, float]:
        asked = without_asking(text)
        # What each character weighs as a part of other words than the concepts.
        apart = [1.0] * len(text)
        words: dict[str, float] = {}
        for token in _longest(list(self._lexicon.concepts(text))):
            kind = token.text[0]
            words[token.text] = _WEIGHTS[kind]
            apart[token.start : token.end] = [0.0 if kind == "@" else _INSIDE_PHRASE] * (token.end - token.start)
        for token in document_numbers(asked):
            words[token.text] = _DOCUMENT_NUMBER if "-" in token.text else 1.0
        for token in tokens(asked):
            weight = max(apart[token.start : token.end])
            # A Chinese character that stands alone, what remains of a question, says too little.
            if weight and not (len(token.text) == 1 and is_chinese(token.text)):
                words[token.text] = max(words.get(token.text, 0.0), weight)
        return words

    def _meant(self, names: Iterable[str]) -> frozenset[str]:
        """The places that are named, one by one or several at once, and the unions that they belong to."""
        areas = self._lexicon.areas
        places = {name for name in names if name not in areas}
        # Whoever names a destination beside the part of the world around it asks for that one, not for all of them.
        wider = [areas[name] for name in names if name in areas and not areas[name] & places]
        places.update(*wider)
        return frozenset(places.union(*(self._unions.get(place, ()) for place in places)))

    def _topics(self, text: str, words: Mapping[str, float]) -> Iterator[str]:
        for topic, names in self._lexicon.topics.items():
            if any(name in words or (is_chinese(name) and name in text) for name in names):
                yield topic


def _longest(found: Sequence[Token]) -> list[Token]:
    """Concepts that do not lie within a longer one."""
    return [
        one
        for one in found
        if not any(
            other.start <= one.start and one.end <= other.end and other.end - other.start > one.end - one.start
            for other in found
        )
    ]
