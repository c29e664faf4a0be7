"""Turns text of either language into the words that are indexed and sought.

Every character becomes one character (full width to half, traditional to simplified, capitals to small,
accents off), so that a word keeps its place in the text and a snippet can mark it. Runs of Chinese become
pairs of neighbouring characters; English words their stems; numbers lose their thousands' marks, and those
written in Chinese become digits; a number with a unit is a word of its own, the same in both languages.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Final, NamedTuple

from whoosh.lang.porter import stem

HAN: Final = "\u3400-\u9fff"
_CHINESE: Final = re.compile(rf"[{HAN}]+")
_PIECES: Final = re.compile(rf"[{HAN}]+|\d+(?:[.,]\d+)*|[^\W_{HAN}]+")
_LETTERS_AND_DIGITS: Final = re.compile(r"([a-z]+)(\d+)")

_DIGITS: Final = {character: number for number, character in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_POWERS: Final = {"十": 10, "百": 100, "千": 1000, "万": 10000}
_ZH_NUMBER: Final = re.compile(r"[零〇一二两三四五六七八九十百千万]+(?=个?[天日年月辆座吨岁人名元公小毫])")

# Units as they are written after a number, by the letter that stands for each.
_UNITS: Final = {
    "d": "天|日|days?",
    "m": "个月|月|months?",
    "y": "年|周岁|岁|years?",
    "u": "辆|台|vehicles?|cars?|units?",
    "s": "座|seats?",
    "c": "毫升|cc",
    "t": "吨|t\\b|tonnes?|tons?",
    "k": "千瓦|kw",
    "p": "%|percent|个百分点",
}
_UNIT: Final = re.compile(r"[\s-]*(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _UNITS.items()) + ")")

# A document's year and number: 〔2025〕648号, 2025年第648号, 2025 648, No. 648 of 2025, 648号.
_YEAR_NUMBER: Final = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?!\d)\W{0,2}年?\s*(?:第|no\.?)?\s*(\d{1,4})(?!\d|\s*月)\s*号?"
)
_NUMBER_YEAR: Final = re.compile(r"(?<![\d.])(\d{1,4})\s*(?:号)?\s*(?:of|,|/|\()\s*((?:19|20)\d\d)(?!\d)")
_NUMBER: Final = re.compile(r"(?:第|no\.?|number|#)\s*(\d{1,4})(?!\d)|(?<!\d)(\d{1,4})\s*号")

# Words that only make a question of it, or tie others together: in Chinese they are cut from what is sought, in
# English they are no words at all.
_ASKING_ZH: Final = re.compile(
    "请问|我们|你们|怎么办理|怎么办|怎么样|怎么|怎样|如何|什么时候|什么|多少|哪些|哪个|哪里|哪一|是不是|有没有|能不能|可不可以"
    "|要不要|需不需要|可以|能否|是否|需要|一下|还有|还要|还能|现在|如果|的话|吗|呢|吧|啊|了|的|我的|我要|想要|想问"
    "|行不行|会不会|算不算|给不给|收不收|管不管|用不用|得不得|行吗|成不成|哪儿|到底|已经|听说|是不|还是|或者|以及|这个|那个"
)
_ASKING_EN: Final = frozenset(
    re.findall(
        r"\w+",
        """
        a about above after again all already also am among an and another any anything are around as at
        be because been before being below between both but by can cannot could did do does doing done
        down during each either else enough even ever every few for from get go goes going got had has
        have he hello her here him his how however i if in instead into is it its itself just let like
        long many may me might more much must my need neither nobody none nor now of off often on one
        only or other others our out over own per please possible rather same she should since so some
        someone something still such sure take takes tell than that the their them then there these they
        thing things this those though through to too under unless until up upon us use very want wants
        was we well were what when where whether which while who whose why will with within without
        would yes yet you your
        """,
    )
)


class Token(NamedTuple):
    """A word as it is indexed, and its place in the text that it comes from."""

    text: str
    start: int
    end: int


# Cuts a run of Chinese into words: pairs of (start, end) within the run.
Segmenter = Callable[[str], Iterable[tuple[int, int]]]


class _Fold(dict[int, str]):
    """One character for one, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        for step in (_half_width, _without_accent, str.casefold, _simplified):
            changed = step(character)
            character = changed if len(changed) == 1 else character
        self[code] = character
        return character


def _half_width(character: str) -> str:
    return unicodedata.normalize("NFKC", character)


def _without_accent(character: str) -> str:
    return unicodedata.normalize("NFD", character)[:1]


def _simplified(character: str) -> str:
    return _simplifications().get(character, character)


@cache
def _simplifications() -> Mapping[str, str]:
    """Traditional characters with their simplified forms, from the tables of zhconv, which are MediaWiki's."""
    table = json.loads(resources.files("zhconv").joinpath("zhcdict.json").read_text(encoding="utf-8"))
    return {before: after for before, after in table["zh2Hans"].items() if len(before) == 1}


_FOLD: Final = _Fold()


def fold(text: str) -> str:
    """The text in small letters of half width, simplified and without accents; as long as it was."""
    return text.translate(_FOLD)


def is_chinese(text: str) -> bool:
    """Whether a text is written in Chinese characters alone."""
    return _CHINESE.fullmatch(text) is not None


def pairs(run: str) -> Iterator[tuple[int, int]]:
    """The neighbouring characters of a run of Chinese, two by two."""
    if len(run) == 1:
        yield 0, 1
    for start in range(len(run) - 1):
        yield start, start + 2


def tokens(folded: str, segment: Segmenter = pairs) -> Iterator[Token]:
    """The words of a folded text, in order, those made of several beside their parts."""
    yield from _numbers(folded)
    for piece in _PIECES.finditer(folded):
        text, start = piece.group(), piece.start()
        if is_chinese(text):
            yield from (Token(text[first:last], start + first, start + last) for first, last in segment(text))
        elif text[0].isdigit():
            yield from _counted(folded, text, start, piece.end())
        elif text not in _ASKING_EN:
            yield Token(stemmed(text), start, piece.end())
            parts = _LETTERS_AND_DIGITS.fullmatch(text)
            if parts:
                yield from (Token(parts[at], start + parts.start(at), start + parts.end(at)) for at in (1, 2))


@lru_cache(maxsize=50_000)
def stemmed(word: str) -> str:
    """An English word's stem by Porter's algorithm; a word with digits or of another script stays."""
    return stem(word) if word.isascii() and word.isalpha() else word


def is_asking(word: str) -> bool:
    """Whether an English word only makes a question, or ties others together."""
    return word in _ASKING_EN


def without_asking(folded: str) -> str:
    """A question without what only makes a question of it in Chinese; places stay as they were."""
    return _ASKING_ZH.sub(lambda match: " " * len(match.group()), folded)


def document_numbers(folded: str) -> Iterator[Token]:
    """Numbers of documents in the forms in which people type them: with their year, and bare."""
    for pattern, year, number in ((_YEAR_NUMBER, 1, 2), (_NUMBER_YEAR, 2, 1)):
        for found in pattern.finditer(folded):
            yield Token(f"no:{found[year]}-{int(found[number])}", *found.span())
            yield Token(f"no:{int(found[number])}", *found.span(number))
    for found in _NUMBER.finditer(folded):
        yield Token(f"no:{int(found[1] or found[2])}", *found.span())


def _counted(folded: str, text: str, start: int, end: int) -> Iterator[Token]:
    number = text.replace(",", "")
    yield Token(number, start, end)
    unit = _UNIT.match(folded, end)
    if unit:
        yield Token(f"{number}{unit.lastgroup}", start, unit.end())


def _numbers(folded: str) -> Iterator[Token]:
    """Numbers written in Chinese before a unit."""
    for found in _ZH_NUMBER.finditer(folded):
        number = str(_value(found.group()))
        yield Token(number, *found.span())
        unit = _UNIT.match(folded, found.end())
        if unit:
            yield Token(f"{number}{unit.lastgroup}", found.start(), unit.end())


def _value(written: str) -> int:
    """A number written in Chinese: 一百八十 is 180, 十五 is 15."""
    if not any(character in _POWERS for character in written):
        return int("".join(str(_DIGITS[character]) for character in written))
    total, digit = 0, 0
    for character in written:
        if character in _POWERS:
            total, digit = (
                ((total + digit) * 10000, 0) if character == "万" else (total + (digit or 1) * _POWERS[character], 0)
            )
        else:
            digit = _DIGITS[character]
    return total + digit
