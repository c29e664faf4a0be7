"""The guide's own words: which phrases of either language mean the same thing, and which are nearly written.

A phrase of the glossary, a destination's name, or a word set equal to others becomes one concept, wherever it
stands in a text or a question. So a question in one language finds what is written in the other.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from advisor.knowledge.model import Knowledge
from advisor.search.analysis import HAN, Token, fold, is_asking, is_chinese, stemmed, without_asking

# A phrase of Chinese is found by its first characters; a single character means too much to be one.
_BEGINNING: Final = 2
_SHORTEST_MISSPELT: Final = 3
_LONGEST_MISSPELT: Final = 8
# The concept of destinations at large.
ANYWHERE: Final = "@*"
_LIKENESS: Final = 0.8
# How like a word must be that is longer or shorter: "retired" is no slip for "returned".
_LIKENESS_OF_OTHER_LENGTH: Final = 0.82
_SLIPS: Final = 2
_BRACKETS: Final = re.compile(r"[（）()《》]")
_WORD: Final = re.compile(rf"[^\W_{HAN}]+")
_LETTERS: Final = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand for a concept: a term (`#id`), a place (`@code`) or a set of equals (`=number`)."""

    words: str
    concept: str


class Lexicon:
    """Finds concepts in folded text."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._chinese: dict[str, list[Phrase]] = {}
        self._english: dict[str, list[tuple[list[str], str]]] = {}
        self._spelling: set[str] = set()
        self._near: dict[str, str] = {}
        self._words = Counter[str]()
        self._initials: dict[str, list[str]] = {}
        self._written: dict[str, tuple[str, ...]] = {}
        for phrase in _phrases(knowledge):
            self._add(phrase)
        for topic in knowledge.search.topics:
            self._learn(topic.words.zh, topic.words.en)
        self._meaning = _one_of((*knowledge.search.meaning.zh, *knowledge.search.meaning.en))
        self.areas = dict(_areas(knowledge))
        self.topics = {
            topic.id: frozenset(self._of_topic(topic.words.zh, topic.words.en)) for topic in knowledge.search.topics
        }

    def concepts(self, folded: str) -> Iterator[Token]:
        """The concepts in a text, a longer phrase beside the shorter ones in it."""
        for start in range(len(folded) - 1):
            for phrase in self._chinese.get(folded[start : start + _BEGINNING], ()):
                if folded.startswith(phrase.words, start):
                    yield Token(phrase.concept, start, start + len(phrase.words))
        words = list(_written_words(folded))
        texts = [word.text for word in words]
        for at, text in enumerate(texts):
            for written, concept in self._english.get(text, ()):
                if texts[at : at + len(written)] == written:
                    yield Token(concept, words[at].start, words[at + len(written) - 1].end)

    def without_meaning(self, folded: str) -> str:
        """A question without what asks for the meaning of a word; places stay as they were."""
        return self._meaning.sub(lambda match: " " * len(match.group()), folded)

    def written(self, concept: str) -> tuple[str, ...]:
        """The ways in which a concept is written, folded; none for what is no concept."""
        return self._written.get(concept, ())

    def corrected(self, folded: str, is_written: Callable[[str], bool]) -> str | None:
        """The question with what is nearly one of the guide's own words put right, or None where nothing is.

        `is_written` tells of a word as it is indexed whether the guide writes it anywhere: such a word is no slip.
        """
        known = [False] * len(folded)
        for token in self.concepts(folded):
            known[token.start : token.end] = [True] * (token.end - token.start)
        mended = self._mend_words(folded, known, is_written)
        mended = self._mend_chinese(mended, known, is_written) if len(mended) == len(folded) else mended
        return mended if mended != folded else None

    def _mend_words(self, folded: str, known: list[bool], is_written: Callable[[str], bool]) -> str:
        mended, last = [], 0
        for token in _english_words(folded):
            is_word = is_asking(token.text) or is_written(stemmed(token.text))
            if not is_word and not any(known[token.start : token.end]):
                right = self._nearest(token.text)
                if right is not None:
                    mended += [folded[last : token.start], right]
                    last = token.end
        return "".join([*mended, folded[last:]])

    def _nearest(self, word: str) -> str | None:
        """The word of the guide that is nearly written so, or None where it is one itself or there is none."""
        if len(word) <= _SHORTEST_MISSPELT or word in self._words:
            return None
        # A slip seldom falls on the first letter, and changes the length by little.
        alike = [one for one in self._initials.get(word[0], ()) if abs(len(one) - len(word)) <= _SLIPS]
        near = [
            one
            for one in difflib.get_close_matches(word, alike, cutoff=_LIKENESS)
            if len(one) == len(word) or _likeness(one, word) >= _LIKENESS_OF_OTHER_LENGTH
        ]
        # Of words that are equally near, the one that the guide uses most.
        right = max(near, key=lambda one: (_likeness(one, word), self._words[one]), default=None)
        return right if right and stemmed(right) != stemmed(word) else None

    def _mend_chinese(self, folded: str, known: list[bool], is_written: Callable[[str], bool]) -> str:
        """One wrong character in a phrase of the guide; a short phrase, or a wrong end of one, may be another word."""
        asked = without_asking(folded)
        for length in range(_LONGEST_MISSPELT, _SHORTEST_MISSPELT, -1):
            for start in range(len(folded) - length + 1):
                piece = asked[start : start + length]
                if not is_chinese(piece) or piece in self._spelling:
                    continue
                places = range(length) if length > _SHORTEST_MISSPELT + 1 else range(1, length - 1)
                for at in places:
                    right = self._near.get(f"{piece[:at]}*{piece[at + 1 :]}")
                    around = (piece[max(0, at - 1) : at + 1], piece[at : at + 2])
                    if right is not None and not known[start + at] and not any(map(is_written, around)):
                        return folded[:start] + right + folded[start + length :]
        return folded

    def _add(self, phrase: Phrase) -> None:
        folded = fold(phrase.words).strip()
        self._written[phrase.concept] = (*self.written(phrase.concept), folded)
        if any(map(is_chinese, folded)):
            if len(folded) >= _BEGINNING:
                self._chinese.setdefault(folded[:_BEGINNING], []).append(Phrase(folded, phrase.concept))
            if is_chinese(folded):
                self._spell(folded)
            return
        words = [token.text for token in _written_words(folded)]
        if words:
            self._english.setdefault(words[0], []).append((words, phrase.concept))
            self._learn_words(folded)

    def _spell(self, folded: str) -> None:
        self._spelling.add(folded)
        if len(folded) >= _SHORTEST_MISSPELT:
            for at in range(len(folded)):
                self._near.setdefault(f"{folded[:at]}*{folded[at + 1 :]}", folded)

    def _learn(self, zh: Iterable[str], en: Iterable[str]) -> None:
        for words in zh:
            self._spell(fold(words))
        for words in en:
            self._learn_words(fold(words))

    def _learn_words(self, folded: str) -> None:
        for word in folded.split():
            if word.isalpha() and len(word) > _SHORTEST_MISSPELT:
                self._learn_word(word)

    def _learn_word(self, word: str) -> None:
        if word not in self._words:
            self._initials.setdefault(word[0], []).append(word)
        self._words[word] += 1

    def _of_topic(self, zh: Iterable[str], en: Iterable[str]) -> Iterator[str]:
        for words in (*zh, *en):
            folded = fold(words)
            found = {token.text for token in self.concepts(folded) if token.end - token.start == len(folded)}
            yield from found or {folded if is_chinese(folded) else " ".join(stemmed(part) for part in folded.split())}


def _phrases(knowledge: Knowledge) -> Iterator[Phrase]:
    destinations = knowledge.search.destinations
    yield from (Phrase(name, ANYWHERE) for name in (*destinations.zh, *destinations.en))
    for country in knowledge.countries:
        for name in (country.names.zh, country.names.en, *country.aliases.zh, *country.aliases.en):
            yield Phrase(name, f"@{country.scope}")
    for region in knowledge.regions:
        if not region.last:
            names = (region.names.zh, region.names.en, *region.aliases.zh, *region.aliases.en, region.id)
            yield from (Phrase(name, f"@{region.id}") for name in names)
    for area in knowledge.search.areas:
        yield from (Phrase(name, f"@{area.id}") for name in (*area.words.zh, *area.words.en))
    for term in knowledge.terms:
        for name in (term.names.zh, term.names.en, *term.synonyms.zh, *term.synonyms.en):
            yield from (Phrase(part, f"#{term.id}") for part in _parts(name))
    for number, equals in enumerate(knowledge.search.equals):
        yield from (Phrase(name, f"={number}") for name in (*equals.zh, *equals.en))


def _areas(knowledge: Knowledge) -> Iterator[tuple[str, frozenset[str]]]:
    """The destinations that each word for several of them means."""
    for area in knowledge.search.areas:
        parts = frozenset(area.of)
        yield (
            area.id,
            frozenset(
                one.scope for one in knowledge.countries if one.region in parts or parts.intersection(one.unions)
            ),
        )


def _parts(name: str) -> Iterator[str]:
    """A name and what stands in brackets after it: certificate of conformity (COC) is both."""
    yield from (part for part in _BRACKETS.split(name) if part.strip())


def _written_words(folded: str) -> Iterator[Token]:
    """English words by their stems, and numbers, in order."""
    yield from (Token(stemmed(found.group()), *found.span()) for found in _WORD.finditer(folded))


def _one_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Finds any of the phrases in folded text, those in letters as whole words; finds nothing where there are none."""
    found = "|".join(re.escape(fold(phrase)) for phrase in phrases)
    return re.compile(rf"(?<![a-z])(?:{found})(?![a-z])" if found else r"(?!)")


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def _english_words(folded: str) -> Iterator[Token]:
    """English words as they are written."""
    yield from (Token(found.group(), *found.span()) for found in _LETTERS.finditer(folded))
