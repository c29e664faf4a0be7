"""How a policy is named where there is one line for it."""

from __future__ import annotations

import datetime as dt

import pytest

from advisor.knowledge.model import Lang, Policy, Text
from advisor.web.labels import policy_label


@pytest.mark.parametrize(
    ("number", "lang", "label"),
    [
        ("商贸函〔2025〕648号", "en", "商贸函〔2025〕648号"),
        ("商务部 工业和信息化部 海关总署公告2024年第6号", "zh", "公告2024年第6号"),
        ("商务部令2012年第12号", "zh", "商务部令2012年第12号"),
        (None, "zh", "一二三四五六七八九十一二三四五六七八九十…"),
        (None, "en", "A title that is well beyond the line that…"),
    ],
)
def test_a_joint_announcement_goes_by_its_number_and_a_long_title_is_cut(
    number: str | None, lang: Lang, label: str
) -> None:
    policy = Policy(
        id="one",
        title=Text(zh="一二三四五六七八九十" * 3, en="A title that is well beyond the line that a picture has for it"),
        number=number,
        issuers=("office",),
        level="national",
        scope="cn",
        status="unknown",
        reviewed=dt.date(2026, 1, 1),
        sources=(),
    )
    assert policy_label(policy, lang) == label
