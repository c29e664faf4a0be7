"""A condition in words: a nested list that says, in either language, when a rule applies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, assert_never

from advisor.knowledge.conditions import Age, All, AnyOf, Condition, Day, Includes, Not, Number, OneOf, flat_parts
from advisor.knowledge.model import Lang, Text
from advisor.knowledge.text import date_text, either_text
from advisor.rules.reasons import _DAYS, _LIMITS, Leaf, Reasoner, age_limit_text

_ALL: Final = Text(zh="以下各项同时成立：", en="All of these hold:")
_ANY: Final = Text(zh="以下任何一项成立：", en="At least one of these holds:")
_NONE: Final = Text(zh="以下各项都不成立：", en="None of these holds:")
_NOT_ALL: Final = Text(zh="以下各项不同时成立：", en="These do not all hold:")

_CONVENTIONS: Final[dict[str, Text]] = {
    "calendar-years": Text(
        zh="只用年份相减，不看月和日：2024年12月到2026年1月算2个日历年。",
        en="Only the years are subtracted, months and days do not count: December 2024 to January 2026 is 2 calendar years.",
    ),
    "completed-years": Text(
        zh="到了周年日才算满一年：2024年3月1日到2026年2月28日满1年。",
        en="A year counts once its anniversary is reached: 1 March 2024 to 28 February 2026 is 1 completed year.",
    ),
    "completed-months": Text(
        zh="到了每月的同一日才算满一个月：1月15日到3月14日满1个月。",
        en="A month counts once the same day of the month is reached: 15 January to 14 March is 1 completed month.",
    ),
    "days": Text(
        zh="起算当天不计：3月1日到3月2日为1天。",
        en="The first day is day 0: 1 March to 2 March is 1 day.",
    ),
    "days-inclusive": Text(
        zh="首尾两天都计：3月1日到3月2日为2天。",
        en="The first and the last day both count: 1 March to 2 March is 2 days.",
    ),
}


@dataclass(frozen=True, slots=True)
class Words:
    """One line of a condition; `parts` stand below it, `note` explains how it is counted."""

    text: str
    parts: tuple[Words, ...] = ()
    note: str | None = None


def condition_words(condition: Condition, reasoner: Reasoner, lang: Lang) -> Words:
    """The condition as a line with lines below it."""
    match condition:
        case All():
            return _group(_ALL, flat_parts(condition), reasoner, lang)
        case AnyOf():
            return _group(_ANY, flat_parts(condition), reasoner, lang)
        case Not(part):
            return _negated(part, reasoner, lang)
        case leaf:
            return _leaf(leaf, reasoner, lang, negated=False)


def _group(head: Text, parts: Iterable[Condition], reasoner: Reasoner, lang: Lang) -> Words:
    return Words(head[lang], tuple(condition_words(part, reasoner, lang) for part in parts))


def _negated(part: Condition, reasoner: Reasoner, lang: Lang) -> Words:
    match part:
        case Not(inner):
            return condition_words(inner, reasoner, lang)
        case All():
            return _group(_NOT_ALL, flat_parts(part), reasoner, lang)
        case AnyOf():
            return _group(_NONE, flat_parts(part), reasoner, lang)
        case leaf:
            return _leaf(leaf, reasoner, lang, negated=True)


def _leaf(leaf: Leaf, reasoner: Reasoner, lang: Lang, *, negated: bool) -> Words:
    match leaf:
        case OneOf(fact, values):
            return Words(_one_of(reasoner.label(fact, lang), _values(fact, values, reasoner, lang), lang, negated))
        case Includes(fact, wanted):
            return Words(_includes(reasoner.label(fact, lang), _values(fact, wanted, reasoner, lang), lang, negated))
        case Number(fact, operator, limit):
            bound = _LIMITS[operator][lang].format(reasoner.value_text(fact, limit, lang))
            return Words(_compared(reasoner.label(fact, lang), bound, lang, negated))
        case Day(fact, operator, day):
            bound = _DAYS[operator][lang].format(date_text(day, lang))
            return Words(_compared(reasoner.label(fact, lang), bound, lang, negated))
        case Age():
            return _age(leaf, reasoner, lang, negated)
        case _:
            assert_never(leaf)


def _values(fact: str, values: Iterable[str | bool], reasoner: Reasoner, lang: Lang) -> str:
    return either_text([reasoner.value_text(fact, value, lang) for value in values], lang)


def _one_of(label: str, values: str, lang: Lang, negated: bool) -> str:
    if lang == "zh":
        return f"{label}：不是“{values}”" if negated else f"{label}：{values}"
    return f"{label}: not {values}" if negated else f"{label}: {values}"


def _includes(label: str, values: str, lang: Lang, negated: bool) -> str:
    if lang == "zh":
        return f"{label}：没有{values}" if negated else f"{label}：有{values}"
    return f"{label}: none of {values}" if negated else f"{label}: {values}"


def _compared(subject: str, bound: str, lang: Lang, negated: bool) -> str:
    if lang == "zh":
        return f"{subject}：并非{bound}" if negated else f"{subject}：{bound}"
    return f"{subject}: not {bound}" if negated else f"{subject}: {bound}"


def _age(age: Age, reasoner: Reasoner, lang: Lang, negated: bool) -> Words:
    start, end = reasoner.label(age.start, lang), reasoner.label(age.end, lang)
    subject = f"从“{start}”到“{end}”" if lang == "zh" else f"From “{start}” to “{end}”"
    bound = age_limit_text(age, lang)
    return Words(_compared(subject, bound, lang, negated), note=_CONVENTIONS[age.unit][lang])
