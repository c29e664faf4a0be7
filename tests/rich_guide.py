"""The small guide with everything that the guide's pages can show: a union, terms, related policies, tables."""

from __future__ import annotations

from pathlib import Path

import small_guide

from advisor.knowledge.model import Knowledge
from advisor.knowledge.reading import read_content

_UNION = """
names: {zh: 样例联盟, en: Sample Union}
summary: {zh: 成员国共用规则。, en: Members share rules.}
reviewed: 2026-11-01
sources:
  s9: {title: Union regulation, publisher: Commission, url: "https://example.org/union", published: 2019, language: en, kind: intergovernmental}
"""

_UNION_RULES = """
rules:
  - id: emergency-call
    side: import
    effect: require
    title: {zh: 须装有紧急呼叫装置, en: The vehicle needs an emergency call device}
    when: {vehicle.category: [M1]}
    in_force: {from: 2015-01-01}
    cites: [s9]
    confidence: official
  - id: old-limit
    side: import
    effect: prohibit
    title: {zh: 旧的车龄限制, en: The old age limit}
    when: {vehicle.category: [M1]}
    in_force: {from: 2015-01-01, until: 2019-12-31}
    cites: [s9]
    confidence: dated
"""

_OVERRIDE = """
  - id: own-emergency-call
    side: import
    effect: require
    title: {zh: 本国的紧急呼叫要求, en: Its own rule on emergency calls}
    overrides: uu.emergency-call
    in_force: {from: 2022-01-01}
    cites: [s1]
    confidence: official
"""

_OLD_POLICY = """
title: {zh: 旧的通知, en: The old notice}
number: 样例〔2019〕9号
issuers: [miit]
level: municipal
scope: cn
issued: 2019-04-01
effective: 2019-05-01
expires: 2025-12-31
status: superseded
status_note: {zh: 已被新通知取代。, en: The new notice took its place.}
clauses:
  - {ref: "第 1 条", topic: filing, zh: 旧条款。, en: An old clause., cites: [s1]}
gaps:
  - {zh: 未见附件。, en: The annex was not seen.}
reviewed: 2026-01-01
sources:
  s1: {title: Old notice, publisher: Ministry, language: zh, kind: reprint, note: {zh: 纸质, en: on paper}}
"""

_GLOSSARY = """
- id: after-sales-letter
  names: {zh: 售后维修服务确认书, en: After-sales letter}
  synonyms: {zh: [确认书], en: [maker's letter]}
  definition: {zh: 生产企业承诺售后的文件。, en: A letter in which the maker promises after-sales service.}
  cites: [sample-2025-1.s1]
"""

_MARKET = {
    "zh": "## 市场\n\n保有量约 120 万辆 [@s1]，其中左舵车占多数 [@s2]。\n\n| 年份 | 数量 |\n| --- | --- |\n| 2024 | 10 [@s1] |\n\n"
    "## 价格\n\n不详。\n\n## 前景\n\n不详。",
    "en": "## Market\n\nSome 1.2 million vehicles [@s1], mostly left-hand drive [@s2].\n\n| Year | Number |\n| --- | --- |\n"
    "| 2024 | 10 [@s1] |\n\n<script>alert(1)</script>\n\n## Prices\n\nNot known.\n\n## Outlook\n\nNot known.",
}


_CHAPTER = """
title: {zh: 全流程, en: From purchase to registration}
summary: {zh: 一步一步怎么办。, en: "What to do, step by step."}
order: 1
charts:
  - id: exports
    title: {zh: 历年出口, en: Exports by year}
    unit: {zh: 辆, en: vehicles}
    points:
      - {label: {zh: 2023年, en: "2023"}, value: 200, cites: [s1], confidence: secondary}
      - {label: {zh: 2024年, en: "2024"}, value: 400, cites: [s1], confidence: official}
gaps: [{zh: 费用没有查到。, en: The fees were not found.}]
reviewed: 2026-11-01
sources:
  s1: {title: Handbook, publisher: Association, url: "https://example.org/handbook", language: en, kind: industry}
"""


def read_rich_guide(root: Path) -> Knowledge:
    """Write the guide below `root` and read it back."""
    small_guide.write_small_guide(root)
    _write(root / "countries/_unions/uu/union.yaml", _UNION)
    _write(root / "countries/_unions/uu/rules.yaml", _UNION_RULES)
    _write(root / "content/policies/old-2019-9/policy.yaml", _OLD_POLICY)
    _write(root / "content/policies/old-2019-9/summary.zh.md", "旧的做法 [@s1]。")
    _write(root / "content/policies/old-2019-9/summary.en.md", "How it used to be [@s1].")
    _write(root / "content/glossary.yaml", _GLOSSARY)
    _write(root / "content/guides/steps/guide.yaml", _CHAPTER)
    _write(root / "content/guides/steps/text.zh.md", "## 收购\n\n先查车 [@s1]。")
    _write(root / "content/guides/steps/text.en.md", "## Purchase\n\nCheck the vehicle first [@s1].")
    for lang, text in _MARKET.items():
        _write(root / f"countries/xa/market.{lang}.md", text)
    for code in ("xa", "xb"):
        _edit(root / f"countries/{code}/country.yaml", "traffic_side: right", "traffic_side: right\nunions: [uu]")
    _edit(root / "countries/xb/country.yaml", "traffic_side: right", "traffic_side: left")
    _edit(root / "countries/xb/country.yaml", "reviewed: 2026-11-01", "reviewed: 2020-01-01")
    rules = root / "countries/xb/rules.yaml"
    _write(rules, rules.read_text(encoding="utf-8") + _OVERRIDE)
    _edit(
        root / "content/policies/sample-2025-1/policy.yaml",
        "relations: []",
        "relations:\n  - {kind: replaces, target: old-2019-9, confidence: inferred}",
    )
    return read_content(root).knowledge


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.rstrip() + "\n", encoding="utf-8")


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, (path, old)
    _write(path, text.replace(old, new, 1))
