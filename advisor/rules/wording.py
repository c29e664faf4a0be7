"""The words for verdicts, effects, statuses, confidence and periods, the same everywhere."""

from __future__ import annotations

import re
from typing import Final

from advisor.knowledge.model import Confidence, Effect, Lang, Side, Text
from advisor.rules.advice import Status, Verdict

VERDICT_NAMES: Final[dict[Verdict, Text]] = {
    "eligible": Text(zh="可以出口", en="Eligible"),
    "conditional": Text(zh="有条件可以出口", en="Conditional"),
    "undetermined": Text(zh="尚不能确定", en="Undetermined"),
    "not-eligible": Text(zh="不可出口", en="Not eligible"),
}
FILING_NAMES: Final[dict[Verdict, Text]] = {
    "eligible": Text(zh="符合备案条件", en="May be filed"),
    "conditional": Text(zh="有条件可以备案", en="May be filed on conditions"),
    "undetermined": Text(zh="尚不能确定", en="Undetermined"),
    "not-eligible": Text(zh="不符合备案条件", en="May not be filed"),
}
SIDE_NAMES: Final[dict[Side, Text]] = {
    "export": Text(zh="出口侧", en="Export side"),
    "import": Text(zh="进口侧", en="Import side"),
    "filing": Text(zh="企业备案", en="Filing as exporter"),
}
EFFECT_NAMES: Final[dict[Effect, Text]] = {
    "prohibit": Text(zh="禁止", en="Prohibition"),
    "require": Text(zh="要求", en="Requirement"),
    "oblige": Text(zh="义务", en="Duty"),
    "permit": Text(zh="例外", en="Exception"),
    "warn": Text(zh="提示", en="Notice"),
}
STATUS_NAMES: Final[dict[Status, Text]] = {
    "applies": Text(zh="适用", en="applies"),
    "clear": Text(zh="不触及", en="clear"),
    "unknown": Text(zh="待定", en="open"),
}
CONFIDENCE_NAMES: Final[dict[Confidence, Text]] = {
    "official": Text(zh="官方原文", en="official"),
    "secondary": Text(zh="二手来源", en="secondary source"),
    "conflicting": Text(zh="来源冲突", en="sources conflict"),
    "dated": Text(zh="来源较旧", en="dated source"),
    "inferred": Text(zh="推断", en="inferred"),
}

_PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")
_UNITS_ZH = ("年", "个月", "天")
_UNITS_EN = ("year", "month", "day")


def period_text(period: str, lang: Lang) -> str:
    """An ISO 8601 period in words: P2M is 2个月, 2 months."""
    match = _PERIOD.fullmatch(period)
    assert match is not None
    numbers = [(at, int(part)) for at, part in enumerate(match.groups()) if part]
    if lang == "zh":
        return "".join(f"{number}{_UNITS_ZH[at]}" for at, number in numbers)
    return " ".join(f"{number} {_UNITS_EN[at]}{'' if number == 1 else 's'}" for at, number in numbers)
