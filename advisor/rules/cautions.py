"""What a reader must bear in mind: weak sources, entries past their review date, assumed dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from advisor.knowledge.model import LANGUAGES, Confidence, Lang, Text
from advisor.knowledge.text import date_text
from advisor.rules.advice import Finding
from advisor.rules.facts import Case

_WEAK: dict[Confidence, Text] = {
    "secondary": Text(
        zh="有 {} 条规则只依据二手来源（媒体、行业资料），官方原文未能核对",
        en="{} rules rest on secondary sources (press, trade) only; the official text was not seen",
    ),
    "dated": Text(
        zh="有 {} 条规则的来源较旧，之后未查到更新",
        en="{} rules rest on old sources; nothing newer was found",
    ),
    "conflicting": Text(
        zh="有 {} 条规则各来源说法不一，两种说法都已列出",
        en="{} rules on which sources differ; both readings are shown",
    ),
    "inferred": Text(
        zh="有 {} 条规则系推断，没有明文",
        en="{} rules are inferred, not written anywhere",
    ),
}


def cautions(
    findings: Iterable[Finding], case: Case, entries: Iterable[tuple[Text, dt.date]], review_days: int
) -> tuple[Text, ...]:
    """The cautions of an answer; `entries` are what it rests on, with the days of their review."""
    return (
        *_weak_sources(findings),
        *_assumed_dates(case),
        *(_stale(names, day) for names, day in entries if (case.as_of - day).days > review_days),
    )


def _weak_sources(findings: Iterable[Finding]) -> list[Text]:
    weighty = [f for f in findings if f.status != "clear" and f.rule.effect in ("prohibit", "require", "oblige")]
    found: list[Text] = []
    for confidence, sentence in _WEAK.items():
        rules = [finding for finding in weighty if finding.rule.confidence == confidence]
        if rules:
            zh, en = (_counted(sentence[lang], rules, lang) for lang in LANGUAGES)
            found.append(Text(zh=zh, en=en))
    return found


def _counted(sentence: str, findings: Sequence[Finding], lang: Lang) -> str:
    shown = [finding.rule.title[lang] for finding in findings[:3]]
    more = len(findings) - len(shown)
    if lang == "zh":
        return sentence.format(len(findings)) + "：" + "；".join(shown) + ("等。" if more else "。")
    sentence = sentence.format(len(findings))
    if len(findings) == 1:
        sentence = (
            sentence.replace("1 rules rest", "1 rule rests")
            .replace("1 rules are", "1 rule is")
            .replace("1 rules", "1 rule")
        )
    return sentence + ": " + "; ".join(shown) + (f"; and {more} more." if more else ".")


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
            zh=f"没有填到货清关日，进口规则按 {shown['zh']} 判断；晚到可能改变结论。",
            en=f"No arrival date was given: import rules are judged on {shown['en']}; a later arrival can change the answer.",
        )
    ]


def _stale(names: Text, day: dt.date) -> Text:
    return Text(
        zh=f"“{names.zh}”上次复核于 {date_text(day, 'zh')}，离所问日期较久，此后的变化可能未收入。",
        en=f"“{names.en}” was last reviewed on {date_text(day, 'en')}, long before the day asked about; later changes may be missing.",
    )
