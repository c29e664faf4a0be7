"""Each editorial rule finds what it forbids, names its file, and finds nothing else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import rich_guide
import small_guide

from advisor.knowledge.checking import check
from advisor.knowledge.problems import ContentError, Problem
from advisor.knowledge.reading import read_content

ON = dt.date(2026, 11, 25)
RULES = "countries/xa/rules.yaml"
DOCUMENTS = "countries/xa/documents.yaml"
COUNTRY = "countries/xa/country.yaml"
TAXES = "countries/xa/taxes.yaml"
TAX_EN, TAX_ZH = "countries/xa/tax.en.md", "countries/xa/tax.zh.md"
POLICY = "content/policies/sample-2025-1/policy.yaml"
POLICY_RULES = "content/policies/sample-2025-1/rules.yaml"
SEARCH = "content/search.yaml"
ASKED = "countries/xa/asked.yaml"
SUMMARY_ZH = "content/policies/sample-2025-1/summary.zh.md"


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    """The small guide in files of its own."""
    small_guide.write_small_guide(tmp_path)
    return tmp_path


@pytest.fixture
def rich(tmp_path: Path) -> Path:
    """The rich guide, without its one page that is wrong on purpose."""
    rich_guide.read_rich_guide(tmp_path)
    (tmp_path / "countries/xa/market.en.md").write_text("Not known.\n", encoding="utf-8")
    return tmp_path


def found(root: Path, on: dt.date = ON) -> list[Problem]:
    """What the check finds in the guide below a folder."""
    return check(read_content(root), on)


def messages(root: Path) -> list[str]:
    """The errors in it, with their files and without their lines."""
    return [f"{problem.file}: {problem.message}" for problem in found(root) if problem.severity == "error"]


def line_of(path: Path, words: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_a_guide_without_faults_has_none(guide: Path) -> None:
    assert found(guide) == []


def test_words_for_several_destinations_name_parts_of_the_world_or_unions(guide: Path) -> None:
    small_guide.edit(guide / SEARCH, "of: [central-asia]", "of: [inner-asia]")
    assert messages(guide) == [f"{SEARCH}: inner-asia: there is no part of the world and no union 'inner-asia'"]


def test_a_word_stands_in_one_set_of_equals(guide: Path) -> None:
    small_guide.edit(guide / SEARCH, "en: [truck, lorry]}", "en: [truck, lorry]}\n  - {zh: [大卡], en: [Truck]}")
    assert messages(guide) == [f"{SEARCH}: 'truck' stands 2 times among the equals"]


def test_the_index_speaks_both_languages(guide: Path) -> None:
    small_guide.edit(guide / ASKED, "en: [cars from Hong Kong]", "en: []")
    with pytest.raises(ContentError, match=rf"{ASKED}:3: "):
        read_content(guide)


def test_the_index_leads_to_entries_that_exist(guide: Path) -> None:
    small_guide.edit(guide / ASKED, "guide:xa/tax", "guide:xa/taxes")
    assert [str(problem) for problem in found(guide)] == [
        f"{ASKED}:{line_of(guide / ASKED, 'guide:xa/taxes')}: the index names 'guide:xa/taxes', and there is no such entry"
    ]


CONDITIONS = [
    ("{vehicle.steering: right}", "{vehicle.wheel: right}", "xa.right-hand-drive: 'vehicle.wheel' is not a fact; content/questions.yaml lists them"),
    ("{vehicle.steering: right}", "{vehicle.steering: middle}", "xa.right-hand-drive: 'vehicle.steering' has no value 'middle'; it is one of left, right"),
    ("{vehicle.steering: right}", "{not: {vehicle.steering: middle}}", "xa.right-hand-drive: 'vehicle.steering' has no value 'middle'; it is one of left, right"),
    ("{vehicle.steering: right}", "{vehicle.steering: {over: 3}}", "xa.right-hand-drive: 'vehicle.steering' is tested with a value or a list of values"),
    ("{vehicle.steering: right}", "{vehicle.steering: {includes: [right]}}", "xa.right-hand-drive: 'vehicle.steering' is tested with a value or a list of values"),
    ("{vehicle.steering: right}", "{vehicle.steering: {before: 2026}}", "xa.right-hand-drive: 'vehicle.steering' is tested with a value or a list of values"),
    ("{vehicle.steering: right}", "{vehicle.history: flood}", "xa.right-hand-drive: 'vehicle.history' is tested with includes and a list of values"),
    ("{vehicle.steering: right}", "{vehicle.transferred: true}", "xa.right-hand-drive: 'vehicle.transferred' is tested with before, until, from or after and a day"),
    ("{vehicle.steering: right}", "{vehicle.modified: {over: 1}}", "xa.right-hand-drive: 'vehicle.modified' is tested with true or false"),
    ("{vehicle.steering: right}", "{vehicle.make: {over: 1}}", "xa.right-hand-drive: 'vehicle.make' is tested with a value or a list of values"),
    ("{vehicle.steering: right}", "{vehicle.price: {over: 1}}", "xa.right-hand-drive: 'vehicle.price' is tested with nothing; no rule reads a price"),
    ("{vehicle.steering: right}", "{vehicle.engine_cc: 1500}", "xa.right-hand-drive: 'vehicle.engine_cc' is tested with over, at-least, under or at-most and a number"),
    ("{vehicle.steering: right}", "{vehicle.modified: sometimes}", "xa.right-hand-drive: 'vehicle.modified' is true or false, not 'sometimes'"),
    ("from: vehicle.first_registered", "from: vehicle.engine_cc", "xa.age-limit: an age runs between dates; 'vehicle.engine_cc' is a number"),
    ("to: dates.arrival", "to: vehicle.steering", "xa.age-limit: an age runs between dates; 'vehicle.steering' is a choice"),
    ("to: dates.arrival", "to: dates.moonrise", "xa.age-limit: 'dates.moonrise' is not a fact; content/questions.yaml lists them"),
    ("    gate: true", "    gate: true\n    met_when: {vehicle.conform: true}", "xa.inspection: 'vehicle.conform' is not a fact; content/questions.yaml lists them"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), CONDITIONS, ids=[row[1] for row in CONDITIONS])
def test_a_condition_tests_facts_that_exist_as_their_kind_allows(guide: Path, old: str, new: str, message: str) -> None:
    small_guide.edit(guide / RULES, old, new)
    assert messages(guide) == [f"{RULES}: {message}"]


@pytest.mark.parametrize(
    ("fact", "test", "value"),
    [
        ("vehicle.history", "{includes: [flood, rust]}", "rust"),
        ("exporter.region", "[taiyuan, atlantis]", "atlantis"),
    ],
)
def test_a_value_is_one_of_those_that_are_offered(guide: Path, fact: str, test: str, value: str) -> None:
    small_guide.edit(guide / RULES, "{vehicle.steering: right}", f"{{{fact}: {test}}}")
    (message,) = messages(guide)
    assert message.startswith(f"{RULES}: xa.right-hand-drive: '{fact}' has no value '{value}'; it is one of ")


@pytest.mark.parametrize(
    "condition",
    [
        "{vehicle.make: BYD}",
        "{vehicle.history: {includes: [flood, stolen]}}",
        "{exporter.region: taiyuan}",
        "{vehicle.modified: false}",
        "{vehicle.transferred: {before: 2026-01-01}}",
        "{any: [{vehicle.engine_cc: {over: 1500, at-most: 3000}}, {not: {vehicle.category: [M1, N1]}}]}",
    ],
)
def test_a_condition_of_every_kind_passes(guide: Path, condition: str) -> None:
    small_guide.edit(guide / RULES, "{vehicle.steering: right}", condition)
    assert messages(guide) == []


REFERENCES = [
    (RULES, "documents: [xa-inspection]", "documents: [xa-inspection, xa-permit]", "xa.inspection: there is no document 'xa-permit'"),
    (RULES, "lifts: [xa.right-hand-drive]", "lifts: [xa.left-hand-drive]", "xa.right-hand-ambulance: there is no rule 'xa.left-hand-drive'"),
    (RULES, "effect: oblige", "effect: oblige\n    overrides: uu.gone", "xa.registration: there is no rule 'uu.gone'"),
    (RULES, "stage: registration", "stage: sometime", "xa.registration: there is no stage 'sometime'"),
    (RULES, "counted_from: import-clearance", "counted_from: moonrise", "xa.registration: there is no event 'moonrise'"),
    (DOCUMENTS, "stage: pre-shipment", "stage: never", "xa-inspection: there is no stage 'never'"),
    (COUNTRY, "region: central-asia", "region: atlantis", "there is no part of the world 'atlantis'"),
    (COUNTRY, "traffic_side: right", "traffic_side: right\nunions: [moon]", "there is no union 'moon'"),
    (COUNTRY, "documents: [xa-inspection]", "documents: [xa-inspection, xa-stamp]", "there is no document 'xa-stamp'"),
    (POLICY, "issuers: [mofcom]", "issuers: [moon]", "there is no issuer 'moon'"),
    (POLICY, "relations: []", "relations: [{kind: cites, target: gone}]", "there is no policy 'gone'"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "message"), REFERENCES, ids=[row[3] for row in REFERENCES])
def test_a_name_stands_for_something_that_exists(guide: Path, name: str, old: str, new: str, message: str) -> None:
    small_guide.edit(guide / name, old, new)
    assert messages(guide) == [f"{name}: {message}"]


def test_a_policy_belongs_to_the_home_market_or_to_a_region_of_it(guide: Path) -> None:
    small_guide.edit(guide / POLICY, "scope: cn", "scope: taiyuan")
    assert [message for message in messages(guide) if message.startswith(POLICY)] == []
    small_guide.edit(guide / POLICY, "scope: taiyuan", "scope: moon")
    assert f"{POLICY}: there is no scope 'moon'" in messages(guide)


FIT = "a permit names the rules that it lifts, and nothing else does"
EFFECTS = [
    ('cites: [{source: s1, clause: "1"}]', "cites: []", "xa.age-limit: cites nothing; a rule needs a source"),
    ("effect: oblige", "effect: oblige\n    gate: true", "xa.registration: only a requirement can be a gate, not effect 'oblige'"),
    ("effect: oblige", "effect: warn\n    gate: true", "xa.registration: only a requirement can be a gate, not effect 'warn'"),
    ("effect: permit", "effect: warn", f"xa.right-hand-ambulance: {FIT}"),
    ("    lifts: [xa.right-hand-drive]\n", "", f"xa.right-hand-ambulance: {FIT}"),
    ("effect: require", "effect: oblige", "xa.inspection: obliges to nothing; list obligations"),
    ("in_force: {from: 2020-01-01}", "in_force: {until: 2020-01-01}", "xa.right-hand-drive: in_force needs 'from', or 'attested': the earliest day for which a source shows the rule"),
    ("in_force: {from: 2020-01-01}", "in_force: {from: 2020-01-01, until: 2019-12-31}", "xa.right-hand-drive: ends (2019-12-31) before it begins (2020-01-01)"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), EFFECTS, ids=[row[2] for row in EFFECTS])
def test_the_parts_of_a_rule_fit_its_effect(guide: Path, old: str, new: str, message: str) -> None:
    small_guide.edit(guide / RULES, old, new)
    if "obliges to nothing" in message:
        small_guide.edit(guide / RULES, "    gate: true\n", "")
    assert messages(guide) == [f"{RULES}: {message}"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    gate: true\n", ""),
        ("effect: oblige", "effect: require\n    gate: true"),
        ("in_force: {from: 2020-01-01}", "in_force: {from: 2020, until: 2020-01-01}"),
        ("in_force: {from: 2020-01-01}", "in_force: {attested: 2020, until: 2025}"),
    ],
)
def test_what_fits_an_effect_is_left_alone(guide: Path, old: str, new: str) -> None:
    small_guide.edit(guide / RULES, old, new)
    assert messages(guide) == []


@pytest.mark.parametrize("outcome", ["applies", "clear", "unknown"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_reason_uses_facts_that_exist(guide: Path, outcome: str, lang: str) -> None:
    words = {"zh": "说明", "en": "Said", lang: "{vehicle.colour}"}
    reasons = f"    reasons: {{{outcome}: {{zh: '{words['zh']}', en: '{words['en']}'}}}}\n    gate: true"
    small_guide.edit(guide / RULES, "    gate: true", reasons)
    fault = "the reason uses {vehicle.colour}, which is neither a fact nor the age of the condition"
    assert messages(guide) == [f"{RULES}: xa.inspection: {fault}"]


@pytest.mark.parametrize(("rule", "faults"), [("age-limit", 0), ("right-hand-drive", 1), ("inspection", 1)])
def test_only_a_reason_for_an_age_speaks_of_one(guide: Path, rule: str, faults: int) -> None:
    reasons = f"id: {rule}\n    reasons: {{applies: {{zh: '{{vehicle.steering}}', en: '{{age}} years'}}}}"
    small_guide.edit(guide / RULES, f"id: {rule}", reasons)
    fault = "the reason uses {age}, which is neither a fact nor the age of the condition"
    assert messages(guide) == [f"{RULES}: xa.{rule}: {fault}"] * faults


def test_a_reason_for_an_age_uses_facts_that_exist(guide: Path) -> None:
    reasons = "id: age-limit\n    reasons: {applies: {zh: '{vehicle.colour}', en: '{age} years'}}"
    small_guide.edit(guide / RULES, "id: age-limit", reasons)
    fault = "the reason uses {vehicle.colour}, which is neither a fact nor the age of the condition"
    assert messages(guide) == [f"{RULES}: xa.age-limit: {fault}"]


# Policies


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (POLICY, "issued: 2025-11-11\neffective: 2026-01-01\n", ""),
        (POLICY_RULES, "in_force: {from: 2026-01-01}", "in_force: {attested: 2025}"),
    ],
)
def test_a_day_that_is_not_known_is_in_nobodys_way(guide: Path, name: str, old: str, new: str) -> None:
    small_guide.edit(guide / name, old, new)
    assert messages(guide) == []


@pytest.mark.parametrize(
    ("start", "fault"),
    [
        ("2025-12-31", "is in force from 2025-12-31, before its policy takes effect (2026-01-01)"),
        ("2026-01-01", None),
        ("2026", None),
    ],
)
def test_a_rule_is_not_in_force_before_its_policy(guide: Path, start: str, fault: str | None) -> None:
    small_guide.edit(guide / POLICY_RULES, "in_force: {from: 2026-01-01}", f"in_force: {{from: {start}}}")
    assert messages(guide) == ([f"{POLICY_RULES}: cn.stolen: {fault}"] if fault else [])


@pytest.mark.parametrize(
    ("until", "fault"),
    [
        (", until: 2026-07-01", "must end with its policy, which expires on 2026-06-30"),
        ("", "must end with its policy, which expires on 2026-06-30"),
        (", until: 2026-06-30", None),
        (", until: 2026-06", None),
    ],
)
def test_a_rule_ends_with_its_policy(guide: Path, until: str, fault: str | None) -> None:
    small_guide.edit(guide / POLICY, "effective: 2026-01-01", "effective: 2026-01-01\nexpires: 2026-06-30")
    for path in (guide / POLICY_RULES, guide / POLICY_RULES.replace("rules", "filing")):
        text = path.read_text(encoding="utf-8").replace("{from: 2026-01-01}", "{from: 2026-01-01, until: 2026-06-30}")
        path.write_text(text, encoding="utf-8")
    small_guide.edit(guide / POLICY_RULES, ", until: 2026-06-30", until)
    assert messages(guide) == ([f"{POLICY_RULES}: cn.stolen: {fault}"] if fault else [])


@pytest.mark.parametrize(
    ("cite", "fault"),
    [
        ("{source: s1, clause: 九}", "cites clause '九', which sample-2025-1 does not have"),
        ("s1", "names no clause of sample-2025-1"),
        ("xa.s1", None),
    ],
)
def test_a_rule_cites_a_clause_that_its_policy_has(guide: Path, cite: str, fault: str | None) -> None:
    small_guide.edit(guide / POLICY_RULES, 'cites: [{source: s1, clause: "一"}]', f"cites: [{cite}]")
    assert messages(guide) == ([f"{POLICY_RULES}: cn.stolen: {fault}"] if fault else [])


# Taxes

TAX_LINES = """units:
  - {id: index, names: {zh: 指数, en: Index}, values: [{value: 10, from: 2025}], cites: [s1]}
lines:
  - id: duty
    kind: duty
    title: {zh: 关税, en: Duty}
    amount: {sum: [{rate: 15, of: cif}, {units: 2, of: index}, {amount: 30}]}
    in_force: {from: 2021}
    cites: [s1]
    confidence: official
  - id: excise
    kind: excise
    title: {zh: 消费税, en: Excise}
    when: {vehicle.powertrain: petrol}
    amount: {table: [{when: {vehicle.engine_cc: {over: 3000}}, then: {amount: 0.5, per: vehicle.engine_cc}}, {then: {rate: 1, of: duty}}]}
    in_force: {from: 2022}
    cites: [s2]
    confidence: official
"""

TAX_FAULTS = [
    ("{rate: 15, of: cif}", "{rate: 15, of: excise}", "xa.duty: there is no base 'excise' before it"),
    ("{rate: 15, of: cif}", "{rate: 15, of: duty}", "xa.duty: there is no base 'duty' before it"),
    ("{units: 2, of: index}", "{units: 2, of: brv}", "xa.duty: there is no unit 'brv'"),
    ("per: vehicle.engine_cc", "per: vehicle.steering", "xa.excise: 'vehicle.steering' is no number to charge by"),
    ("per: vehicle.engine_cc", "per: vehicle.wheels", "xa.excise: 'vehicle.wheels' is no number to charge by"),
    ("{vehicle.engine_cc: {over: 3000}}", "{vehicle.bore: {over: 3000}}", "xa.excise: 'vehicle.bore' is not a fact; content/questions.yaml lists them"),
    ("when: {vehicle.powertrain: petrol}", "when: {vehicle.steering: up}", "xa.excise: 'vehicle.steering' has no value 'up'; it is one of left, right"),
    ("in_force: {from: 2022}", "in_force: {until: 2022}", "xa.excise: in_force needs 'from', or 'attested': the earliest day for which a source shows the rule"),
    ("in_force: {from: 2022}", "in_force: {from: 2022, until: 2021}", "xa.excise: ends (2021) before it begins (2022)"),
    ("cites: [s2]", "cites: []", "xa.excise: cites nothing; a tax needs a source"),
]  # fmt: skip


def test_a_tax_that_rests_on_what_stands_before_it_passes(guide: Path) -> None:
    (guide / TAXES).write_text(TAX_LINES, encoding="utf-8")
    assert found(guide) == []


@pytest.mark.parametrize(("old", "new", "message"), TAX_FAULTS, ids=[row[2] for row in TAX_FAULTS])
def test_a_tax_rests_on_bases_units_facts_and_sources_that_exist(guide: Path, old: str, new: str, message: str) -> None:
    (guide / TAXES).write_text(TAX_LINES, encoding="utf-8")
    small_guide.edit(guide / TAXES, old, new)
    assert messages(guide) == [f"{TAXES}: {message}"]


# Lists

REPEATED = [
    (RULES, "documents: [xa-inspection]", "documents: [xa-inspection, xa-inspection]", "the document 'xa-inspection' stands here 2 times"),
    (RULES, "    obligations:\n", "    obligations:\n      - {id: register, title: {zh: 登记, en: Register}, stage: registration}\n", "the obligation 'register' stands here 2 times"),
    (COUNTRY, "key_figures:\n", "key_figures:\n  - {id: fleet, label: {zh: 保有量, en: Fleet}, value: 2, unit: {zh: 辆, en: vehicles}, as_of: 2024, cites: [s1], confidence: official}\n", "the key figure 'fleet' of 2024 stands here 2 times"),
    (POLICY, "issuers: [mofcom]", "issuers: [mofcom, mofcom]", "the issuer 'mofcom' stands here 2 times"),
    (POLICY, "clauses:\n", 'clauses:\n  - {ref: "一", topic: filing, zh: 备案。, en: Filing., cites: [s1]}\n', "the clause '一' stands here 2 times"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "message"), REPEATED, ids=[row[3] for row in REPEATED])
def test_a_list_names_nothing_twice(guide: Path, name: str, old: str, new: str, message: str) -> None:
    small_guide.edit(guide / name, old, new)
    assert messages(guide) == [f"{name}: {message}"]


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (COUNTRY, "unions: [uu]", "unions: [uu, uu]", "the union 'uu' stands here 2 times"),
        (
            POLICY,
            "relations:\n",
            "relations:\n  - {kind: replaces, target: old-2019-9}\n",
            "the relation 'replaces old-2019-9' stands here 2 times",
        ),
    ],
)
def test_an_entry_names_no_other_twice(rich: Path, name: str, old: str, new: str, message: str) -> None:
    small_guide.edit(rich / name, old, new)
    assert messages(rich) == [f"{name}: {message}"]


COMPARED = "rules: [xa.age-limit]"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (f"Under eight calendar years, {COMPARED}", "Under 8 years", "age: a figure needs the rule or tax line that says so"),
        (COMPARED, "rules: [xa.height]", "age: the destination has no rule or tax line 'xa.height'"),
        (COMPARED, "taxes: [duty]", "age: the destination has no rule or tax line 'duty'"),
        ("zh: 不满八个日历年", f"zh: {'年' * 46}", "age: a few words, at most 45 characters of Chinese"),
    ],
)  # fmt: skip
def test_what_is_compared_rests_on_rules_and_taxes(guide: Path, old: str, new: str, message: str) -> None:
    small_guide.edit(guide / COUNTRY, old, new)
    assert messages(guide) == [f"{COUNTRY}: comparison.{message}"]


@pytest.mark.parametrize("until", [ON, ON - dt.timedelta(days=1)])
def test_what_is_compared_is_in_force_today(guide: Path, until: dt.date) -> None:
    small_guide.edit(guide / RULES, "in_force: {from: 2021-01-01}", f"in_force: {{from: 2021-01-01, until: {until}}}")
    over = f"{COUNTRY}: comparison.age: 'xa.age-limit' is not in force on {ON}"
    assert messages(guide) == ([] if until == ON else [over])


def test_a_figure_of_another_year_is_another_figure(guide: Path) -> None:
    figure = "{id: fleet, label: {zh: 保有量, en: Fleet}, value: 2, unit: {zh: 辆, en: vehicles}, as_of: 2023, cites: [s1], confidence: official}"
    small_guide.edit(guide / COUNTRY, "key_figures:\n", f"key_figures:\n  - {figure}\n")
    assert messages(guide) == []


@pytest.fixture
def forgotten(guide: Path) -> Path:
    """The guide with a document that nobody asks for."""
    path = guide / DOCUMENTS
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text.replace("id: xa-inspection", "id: xa-forgotten"), encoding="utf-8")
    return guide


def test_a_document_that_nobody_asks_for_is_found_where_it_stands(forgotten: Path) -> None:
    (problem,) = found(forgotten)
    line = line_of(forgotten / DOCUMENTS, "id: xa-forgotten")
    assert str(problem) == f"{DOCUMENTS}:{line}: nobody requires the document 'xa-forgotten'"


@pytest.mark.parametrize("name", [RULES, COUNTRY])
def test_a_rule_or_a_step_of_the_procedure_asks_for_a_document(forgotten: Path, name: str) -> None:
    small_guide.edit(forgotten / name, "documents: [xa-inspection]", "documents: [xa-inspection, xa-forgotten]")
    assert found(forgotten) == []


def test_a_source_that_nothing_cites_is_a_warning(guide: Path) -> None:
    small_guide.edit(guide / RULES, "cites: [s2]", "cites: [s1]")
    (problem,) = found(guide)
    line = line_of(guide / COUNTRY, "  s2:")
    assert str(problem) == f"{COUNTRY}:{line}: warning: nothing cites the source 'xa.s2'"


def test_a_source_cited_in_running_text_is_used(guide: Path) -> None:
    small_guide.edit(guide / RULES, "cites: [s2]", "cites: [s1]")
    (guide / TAX_EN).write_text("Free of duty [@s2].\n", encoding="utf-8")
    assert found(guide) == []


# Running text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Duty is 5%.", 1),
        ("Free.\n\nDuty is\n5%.\n", 3),
        ("- one [@s1]\n- two 2\n", 2),
        ("- one\n- two [@s1]\n  and 2\n", 2),
        ("* first 1\n* second [@s1]\n", 1),
        ("1. first 1 [@s1]\n2. second 2\n", 2),
        ("| a | b |\n| --- | --- |\n| 1 | 2 [@s1] |\n| 3 | 4 |\n", 4),
        ("Costs [@s1] are 7.", 1),
        ("Duty is 5%.\n## Title\nFree [@s1].", 1),
        ("M1 and 3 more.", 1),
        ("[@s1]\n\n## Title\nDuty is 5%.", 4),
    ],
)
def test_a_number_in_running_text_needs_a_citation_after_it(guide: Path, text: str, line: int) -> None:
    (guide / TAX_EN).write_text(text, encoding="utf-8")
    (problem,) = found(guide)
    assert str(problem).startswith(f"{TAX_EN}:{line}: a number without a citation: “")


@pytest.mark.parametrize(
    "text",
    [
        "Duty is 5% [@s1].",
        "Duty is\n5%\n[@s1].",
        "Duty is 5%, levy 6 [@s1][@s2].",
        "M1, M1G, N2 and CO2.",
        "## 2026\n\nNone.",
        "[page](https://a/1)",
        "1. first\n2. second",
    ],
)
def test_names_headings_and_cited_numbers_are_left_alone(guide: Path, text: str) -> None:
    (guide / TAX_EN).write_text(text, encoding="utf-8")
    assert found(guide) == []


def test_the_words_of_a_policy_need_citations_too(guide: Path) -> None:
    (guide / SUMMARY_ZH).write_text("须满 180 天。\n", encoding="utf-8")
    assert messages(guide) == [f"{SUMMARY_ZH}: a number without a citation: “须满 180 天。”"]


def test_a_long_passage_is_shown_by_its_beginning(guide: Path) -> None:
    (guide / TAX_EN).write_text(f"Duty {'very ' * 40}is 5%.\n", encoding="utf-8")
    (message,) = messages(guide)
    assert message.endswith("very ve...”")
    assert len(message.partition("“")[2]) == 61


@pytest.mark.parametrize(
    ("text", "shown"),
    [("关税,增值税。", "税,"), ("免税;BYD,增值税", "税;"), ("BYD,增值税", ",增"), ("注意: 免税", None)],
)
def test_running_text_in_chinese_is_punctuated_as_chinese(guide: Path, text: str, shown: str | None) -> None:
    (guide / TAX_ZH).write_text(f"第一行。\n\n{text}\n", encoding="utf-8")
    (problem,) = found(guide)
    shown = shown or "意:"
    assert str(problem) == f"{TAX_ZH}:3: half-width punctuation in Chinese text at “{shown}”"


def test_english_punctuation_and_citations_are_left_alone(guide: Path) -> None:
    (guide / TAX_EN).write_text("The paper, called 证书, is free; so is 甲,乙.\n", encoding="utf-8")
    (guide / TAX_ZH).write_text("免税[@s1]，M1,N1 也是。\n", encoding="utf-8")
    assert found(guide) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("zh: 装运前须检验合格", "zh: '装运前,须检验合格'"),
        ("    gate: true", "    gate: true\n    note: {zh: '装运前,须检验', en: Before loading}"),
        ("    gate: true", "    gate: true\n    reasons: {unknown: {zh: '装运前,须检验', en: Before loading}}"),
    ],
)
def test_the_words_of_a_rule_are_punctuated_as_chinese(guide: Path, old: str, new: str) -> None:
    small_guide.edit(guide / RULES, old, new)
    assert messages(guide) == [f"{RULES}: half-width punctuation in Chinese text at “前,”"]


# Age of entries


@pytest.mark.parametrize(("on", "stale"), [(dt.date(2027, 4, 30), False), (dt.date(2027, 5, 1), True)])
def test_an_entry_is_stale_the_day_after_the_interval(guide: Path, on: dt.date, stale: bool) -> None:
    assert bool(found(guide, on)) is stale


def test_an_old_entry_is_a_warning_that_says_how_old(guide: Path) -> None:
    late = found(guide, dt.date(2027, 11, 1))
    assert {problem.severity for problem in late} == {"warning"}
    assert [problem.file for problem in late] == [POLICY, COUNTRY, "countries/xb/country.yaml"]
    assert {problem.message for problem in late} == {
        "last reviewed 365 days ago (2026-11-01); the interval is 180 days"
    }
    assert late[1].line == line_of(guide / COUNTRY, "reviewed:")


def test_a_union_grows_old_as_well(rich: Path) -> None:
    late = [problem.file for problem in found(rich, dt.date(2027, 11, 1))]
    assert "countries/_unions/uu/union.yaml" in late


def test_a_review_in_the_future_is_a_warning(guide: Path) -> None:
    small_guide.edit(guide / COUNTRY, "reviewed: 2026-11-01", "reviewed: 2026-12-01")
    (problem,) = found(guide)
    line = line_of(guide / COUNTRY, "reviewed:")
    assert str(problem) == f"{COUNTRY}:{line}: warning: xa is reviewed on 2026-12-01, after 2026-11-25"


def test_a_review_on_the_day_itself_is_none(guide: Path) -> None:
    assert found(guide, dt.date(2026, 11, 1)) == []


def test_what_is_found_comes_in_the_order_of_files_and_lines(guide: Path) -> None:
    small_guide.edit(guide / RULES, "{vehicle.steering: right}", "{vehicle.steering: up}")
    small_guide.edit(guide / RULES, 'cites: [{source: s1, clause: "1"}]', "cites: []")
    small_guide.edit(guide / POLICY, "issuers: [mofcom]", "issuers: [moon]")
    places = [(problem.file, problem.line) for problem in found(guide)]
    rule_lines = [line_of(guide / RULES, f"id: {name}") for name in ("age-limit", "right-hand-drive")]
    assert places == [(POLICY, 1), (RULES, rule_lines[0]), (RULES, rule_lines[1])]
