"""A small made-up guide: the questions and lists of the real one, with two destinations and a policy of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import advisor.paths
from advisor.knowledge.model import Knowledge
from advisor.knowledge.reading import read_content

_SOURCES = """
sources:
  s1: {title: Import regulations, publisher: Bureau of Roads, url: "https://example.org/regulations", published: 2024-05, language: en, kind: official}
  s2: {title: Press report, publisher: Daily News, url: "https://example.org/news", language: en, kind: press}
"""

_POLICY_SOURCES = """
sources:
  s1: {title: Notice on the export of used vehicles, publisher: Ministry, url: "https://example.org/notice", published: 2025-11, language: zh, kind: official}
"""

_COUNTRY = """
code: {code}
names: {{zh: {zh}, en: {en}}}
region: {region}
currency: USD
traffic_side: right
summary: {{zh: 只收左舵车。, en: Only left-hand drive vehicles are admitted.}}
entry_points:
  - {{names: {{zh: 中央港, en: Central Port}}, kind: sea, cites: [s1]}}
key_figures:
  - {{id: fleet, label: {{zh: 保有量, en: Vehicles in use}}, value: 1200000, unit: {{zh: 辆, en: vehicles}}, as_of: 2024, cites: [s1], confidence: official}}
comparison:
  age: {{zh: 不满八个日历年, en: Under eight calendar years, rules: [{scope}.age-limit]}}
  steering: {{zh: 没有查到, en: Not found}}
  emission: {{zh: 没有查到, en: Not found}}
  electric: {{zh: 没有查到, en: Not found}}
  duty: {{zh: 没有查到, en: Not found}}
  vat: {{zh: 没有查到, en: Not found}}
  inspection: {{zh: 没有查到, en: Not found}}
procedure:
  - {{title: {{zh: 报关, en: Customs entry}}, who: {{zh: 报关代理, en: Customs agent}}, days: 3, documents: [{scope}-inspection], cites: [s1]}}
gaps:
  - {{zh: 未查到检验费标准。, en: The inspection fee was not found.}}
reviewed: 2026-11-01
"""

_COUNTRY_RULES = """
given: {vehicle.used: true}
rules:
  - id: age-limit
    side: import
    effect: prohibit
    title: {zh: 首次登记满八个日历年的车辆不得进口, en: No vehicle eight or more calendar years after first registration}
    when:
      all:
        - vehicle.category: [M1, N1]
        - age: {from: vehicle.first_registered, to: dates.arrival, in: calendar-years, at-least: 8}
    in_force: {from: 2021-01-01}
    cites: [{source: s1, clause: "1"}]
    confidence: official
  - id: right-hand-drive
    side: import
    effect: prohibit
    title: {zh: 右舵车不得进口, en: No right-hand drive vehicle}
    when: {vehicle.steering: right}
    in_force: {from: 2020-01-01}
    cites: [s1]
    confidence: official
  - id: right-hand-ambulance
    side: import
    effect: permit
    title: {zh: 右舵救护车可以进口, en: A right-hand drive ambulance is admitted}
    lifts: [SCOPE.right-hand-drive]
    when: {vehicle.special_use: ambulance}
    in_force: {from: 2020-01-01}
    cites: [s1]
    confidence: official
  - id: large-engine
    side: import
    effect: prohibit
    title: {zh: 排量过大的车辆不得进口, en: No vehicle with a large engine}
    when: {vehicle.engine_cc: {over: 3000}}
    in_force: {attested: 2023}
    cites: [s2]
    confidence: conflicting
    note: {zh: 另有报道称已取消。, en: Another report says that it was lifted.}
  - id: inspection
    side: import
    effect: require
    gate: true
    title: {zh: 装运前须检验合格, en: The vehicle must pass an inspection before shipment}
    in_force: {from: 2021-01-01}
    documents: [SCOPE-inspection]
    cites: [s1]
    confidence: secondary
  - id: registration
    side: import
    effect: oblige
    title: {zh: 放行后须登记, en: The vehicle has to be registered after release}
    in_force: {from: 2021-01-01}
    obligations:
      - {id: register, title: {zh: 在当地登记, en: Register the vehicle}, stage: registration, period: P30D, counted_from: import-clearance}
    cites: [s1]
    confidence: official
  - id: petrol-ban
    side: import
    effect: prohibit
    title: {zh: 汽油车不得进口, en: No petrol vehicle}
    when: {vehicle.powertrain: petrol}
    in_force: {from: 2027-06-01}
    cites: [s1]
    confidence: official
"""

_COUNTRY_DOCUMENTS = """
- id: SCOPE-inspection
  names: {zh: 装运前检验证书, en: Pre-shipment inspection certificate}
  issuer: {zh: 授权检验机构, en: Appointed inspection body}
  stage: pre-shipment
  must_state: [{zh: 里程数, en: The odometer reading}]
  cites: [s1]
"""

_PAPERS = """
- id: after-sales-letter
  names: {zh: 售后维修服务确认书, en: After-sales Maintenance Service Confirmation Letter}
  issuer: {zh: 车辆生产企业, en: The vehicle's manufacturer}
  stage: licence
- id: deregistration-proof
  names: {zh: 机动车注销证明, en: Deregistration certificate}
  issuer: {zh: 车辆登记地公安交管部门车管所, en: Vehicle office of the traffic police where the vehicle is registered}
  stage: after-clearance
"""

_LICENCE = """
batch: {vehicles: 2, rule: cn.exporter-filing}
check_digit: {begins: [L], policy: sample-2025-1, confidence: secondary}
entries:
  - {id: make, kind: text, names: {zh: 品牌, en: Make}, papers: [after-sales-letter, deregistration-proof], rule: cn.stolen}
  - {id: vin, kind: vin, names: {zh: 车辆识别代号, en: VIN}, papers: [after-sales-letter, deregistration-proof], rule: cn.stolen}
  - {id: registered, kind: date, names: {zh: 注册登记日, en: Date of registration}, papers: [after-sales-letter, deregistration-proof], rule: cn.stolen}
"""

_POLICY = """
title: {zh: 二手车出口管理通知, en: Notice on the export of used vehicles}
number: 样例〔2025〕1号
issuers: [mofcom]
level: national
scope: cn
issued: 2025-11-11
effective: 2026-01-01
status: in-force
relations: []
clauses:
  - {ref: "一", topic: after-sales, zh: 新近登记的车辆须有售后确认书。, en: A vehicle registered recently needs an after-sales letter., cites: [s1]}
gaps: []
reviewed: 2026-11-01
"""

_POLICY_RULES = """
given: {vehicle.used: true}
rules:
  - id: stolen
    side: export
    effect: prohibit
    title: {zh: 盗抢、走私的车辆不得出口, en: No stolen or smuggled vehicle}
    when: {vehicle.history: {includes: [stolen, smuggled]}}
    in_force: {from: 2026-01-01}
    cites: [{source: s1, clause: "一"}]
    confidence: official
  - id: exporter-filing
    side: export
    effect: prohibit
    title: {zh: 未备案的企业不得出口二手车, en: A company that is not filed may not export used vehicles}
    when: {exporter.filed: false}
    in_force: {from: 2026-01-01}
    cites: [{source: s1, clause: "一"}]
    confidence: official
  - id: after-sales-letter
    side: export
    effect: require
    gate: true
    title: {zh: 登记未满 180 天的须有售后维修服务确认书, en: "Under 180 days from registration, an after-sales letter is needed"}
    when:
      age: {from: vehicle.first_registered, to: dates.application, in: days, under: 180}
    in_force: {from: 2026-01-01}
    documents: [after-sales-letter]
    cites: [{source: s1, clause: "一"}]
    confidence: official
  - id: deregistration
    side: export
    effect: oblige
    title: {zh: 出口后须注销登记, en: The vehicle has to be deregistered after export}
    in_force: {from: 2026-01-01}
    documents: [deregistration-proof]
    obligations:
      - {id: deregister, title: {zh: 办理注销登记, en: Deregister the vehicle}, stage: after-clearance, period: P2M, counted_from: export-clearance}
    cites: [{source: s1, clause: "一"}]
    confidence: official
"""

_FILING_RULES = """
rules:
  - id: filing-appraisers
    side: filing
    effect: prohibit
    title: {zh: 流通企业至少要有三名鉴定评估人员, en: A trading company needs at least three appraisers}
    when: {all: [{exporter.kind: trader}, {exporter.appraisers: {under: 3}}]}
    in_force: {from: 2026-01-01}
    cites: [{source: s1, clause: "一"}]
    confidence: official
  - id: filing-papers
    side: filing
    effect: require
    title: {zh: 交承诺书, en: A commitment is handed in}
    in_force: {from: 2026-01-01}
    documents: [after-sales-letter]
    obligations:
      - {id: renew-filing, title: {zh: 到期前重新申报, en: File again before it ends}, stage: filing, period: P1Y, counted_from: filing-approval}
    cites: [{source: s1, clause: "一"}]
    confidence: official
"""

_SEARCH = """\
topics:
  - {id: tax, words: {zh: [税, 关税], en: [tax, duty]}}
areas:
  - {id: inner-asia, of: [central-asia], words: {zh: [亚洲内陆], en: [Inner Asia]}}
destinations: {zh: [哪些国家], en: [which countries]}
meaning: {zh: [什么意思], en: [what does it mean, mean]}
equals:
  - {zh: [货车, 卡车], en: [truck, lorry]}
"""

_ASKED = """\
"rule:xa.right-hand-drive":
  zh: [香港旧车收不收]
  en: [cars from Hong Kong]
"guide:xa/tax":
  zh: [落地要掏多少]
  en: [what do I owe at the quay]
"""

_SECTIONS = ("market", "policy", "regulations", "tax", "procedures", "after-sales")


def read_small_guide(root: Path) -> Knowledge:
    """Write the guide below `root` and read it back."""
    write_small_guide(root)
    return read_content(root).knowledge


def write_small_guide(root: Path) -> None:
    """Write the guide's files below `root`."""
    real = advisor.paths.content_root() / "content"
    (root / "content").mkdir(parents=True)
    for path in real.glob("*.yaml"):
        shutil.copy(path, root / "content" / path.name)
    _write(root / "content" / "glossary.yaml", "[]")
    _write(root / "content" / "search.yaml", _SEARCH)
    _write(root / "content" / "asked.yaml", "{}")
    _write(root / "content" / "documents.yaml", _PAPERS)
    _write(root / "content" / "licence_check.yaml", _LICENCE)
    shutil.copytree(real / "regions", root / "content" / "regions")
    (root / "content" / "forms").mkdir()
    for path in (real / "forms").glob("after-sales-letter.*.docx"):
        shutil.copy(path, root / "content" / "forms" / path.name)
    _write_country(root, "XA", "甲国", "Alphaland", "central-asia")
    _write_country(root, "XB", "乙国", "Betaland", "east-africa")
    _write(root / "countries" / "xa" / "asked.yaml", _ASKED)
    _write_policy(root)


def edit(path: Path, old: str, new: str) -> None:
    """Replace words that a file holds, where they stand first."""
    text = path.read_text(encoding="utf-8")
    assert old in text, (path, old)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _write_country(root: Path, code: str, zh: str, en: str, region: str) -> None:
    scope = code.lower()
    folder = root / "countries" / scope
    folder.mkdir(parents=True)
    written = _COUNTRY.format(code=code, zh=zh, en=en, region=region, scope=scope) + _SOURCES
    _write(folder / "country.yaml", written)
    _write(folder / "rules.yaml", _COUNTRY_RULES.replace("SCOPE", scope))
    _write(folder / "documents.yaml", _COUNTRY_DOCUMENTS.replace("SCOPE", scope))
    for section in _SECTIONS:
        _write(folder / f"{section}.zh.md", "保有量约 120 万辆 [@s1]。")
        _write(folder / f"{section}.en.md", "About 1.2 million vehicles are in use [@s1].")


def _write_policy(root: Path) -> None:
    folder = root / "content" / "policies" / "sample-2025-1"
    folder.mkdir(parents=True)
    _write(folder / "policy.yaml", _POLICY + _POLICY_SOURCES)
    _write(folder / "rules.yaml", _POLICY_RULES)
    _write(folder / "filing.yaml", _FILING_RULES)
    _write(folder / "summary.zh.md", "新车须有售后确认书 [@s1]。")
    _write(folder / "summary.en.md", "A recent vehicle needs an after-sales letter [@s1].")


def _write(path: Path, text: str) -> None:
    path.write_text(text.strip() + "\n", encoding="utf-8")
