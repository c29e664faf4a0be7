"""What a reader must bear in mind: weak sources, entries past their review date, assumed dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

from advisor.knowledge.model import LANGUAGES, Confidence, Rule, Text
from advisor.knowledge.text import date_text
from advisor.rules.advice import Finding
from advisor.rules.facts import Case

# How each kind of weak support is said, with the number of rules.
_WEAK: Final[dict[Confidence, Text]] = {
    "secondary": Text(
        zh="只依据二手来源（媒体、行业资料）、官方原文未能核对的规则有{}条",
        en="Known from secondary sources (press, trade) only, the official text not seen ({})",
    ),
    "dated": Text(
        zh="来源较旧、之后未查到更新的规则有{}条", en="Known from old sources only, nothing newer found ({})"
    ),
    "conflicting": Text(
        zh="各来源说法不一、两种说法都已列出的规则有{}条", en="Sources differ, both readings are shown ({})"
    ),
    "inferred": Text(zh="没有明文、系推断的规则有{}条", en="Inferred, not written anywhere ({})"),
}
_WEIGHTY: Final = ("prohibit", "require", "oblige")
_SHOWN: Final = 3


def cautions(
    standing: Iterable[Finding], case: Case, entries: Iterable[tuple[Text, dt.date]], review_days: int
) -> tuple[Text, ...]:
    """The cautions of an answer; `entries` are what it rests on, with the days of their review."""
    return (
        *_weak_sources(standing),
        *_assumed_dates(case),
        *(_stale(names, day) for names, day in entries if (case.as_of - day).days > review_days),
    )


def _weak_sources(standing: Iterable[Finding]) -> list[Text]:
    weak: dict[Confidence, list[Rule]] = {}
    for finding in standing:
        rule = finding.rule
        if rule.confidence in _WEAK and rule.effect in _WEIGHTY:
            weak.setdefault(rule.confidence, []).append(rule)
    return [_counted(_WEAK[confidence], weak[confidence]) for confidence in _WEAK if confidence in weak]


def _counted(sentence: Text, rules: Sequence[Rule]) -> Text:
    zh, en = ([rule.title[lang] for rule in rules[:_SHOWN]] for lang in LANGUAGES)
    more = len(rules) - _SHOWN
    return Text(
        zh=sentence.zh.format(len(rules)) + "：" + "；".join(zh) + ("等。" if more > 0 else "。"),
        en=sentence.en.format(len(rules)) + ": " + "; ".join(en) + (f"; and {more} more." if more > 0 else "."),
    )


def _assumed_dates(case: Case) -> list[Text]:
    if "dates.arrival" not in case.assumed:
        return []
    shown = {lang: date_text(case.as_of, lang) for lang in LANGUAGES}
    later = "dates.shipment" not in case.assumed
    if later:
        return [
            Text(
                zh="没有填到货清关日，进口规则按装运日判断。",
                en="No arrival date was given: import rules are judged on the shipment date.",
            )
        ]
    return [
        Text(
            zh=f"没有填到货清关日，进口规则按{shown['zh']}判断；晚到可能改变结论。",
            en=f"No arrival date was given: import rules are judged on {shown['en']}; a later arrival can change the answer.",
        )
    ]


def _stale(names: Text, day: dt.date) -> Text:
    return Text(
        zh=f"“{names.zh}”上次复核于{date_text(day, 'zh')}，离所问日期较久，此后的变化可能未收入。",
        en=f"“{names.en}” was last reviewed on {date_text(day, 'en')}, long before the day asked about; later changes may be missing.",
    )
