"""Each editorial rule finds what it forbids."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import small_guide

from advisor.knowledge.checking import check
from advisor.knowledge.problems import Problem
from advisor.knowledge.reading import read_content

ON = dt.date(2026, 11, 25)
RULES = "countries/xa/rules.yaml"
DOCUMENTS = "countries/xa/documents.yaml"
COUNTRY = "countries/xa/country.yaml"
POLICY = "content/policies/sample-2025-1/policy.yaml"
POLICY_RULES = "content/policies/sample-2025-1/rules.yaml"
TAX_EN, TAX_ZH = "countries/xa/tax.en.md", "countries/xa/tax.zh.md"


def found(root: Path, on: dt.date = ON) -> list[Problem]:
    """What the check finds in the guide below a folder."""
    return check(read_content(root), on)


def test_the_small_guide_is_clean(tmp_path: Path) -> None:
    small_guide.read_small_guide(tmp_path)
    assert [problem for problem in found(tmp_path) if problem.severity == "error"] == []


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        (RULES, "{vehicle.steering: right}", "{vehicle.wheel: right}", "'vehicle.wheel' is not a fact"),
        (RULES, "{vehicle.steering: right}", "{vehicle.steering: middle}", "has no value 'middle'; it is one of left, right"),
        (RULES, "{vehicle.steering: right}", "{vehicle.steering: {over: 3}}", "is a choice and cannot be tested like this"),
        (RULES, "from: vehicle.first_registered", "from: vehicle.engine_cc", "an age runs between dates"),
        (POLICY_RULES, "{exporter.filed: false}", "{exporter.filed: 'no'}", "is true or false, not 'no'"),
        (RULES, "documents: [xa-inspection]", "documents: [xa-inspection, xa-permit]", "there is no document 'xa-permit'"),
        (RULES, "lifts: [xa.right-hand-drive]", "lifts: [xa.left-hand-drive]", "there is no rule 'xa.left-hand-drive'"),
        (RULES, "stage: registration", "stage: sometime", "there is no stage 'sometime'"),
        (RULES, "counted_from: import-clearance", "counted_from: moonrise", "there is no event 'moonrise'"),
        (RULES, "    gate: true\n", "", None),
        (RULES, "effect: permit", "effect: warn", "a permit names the rules that it lifts, and nothing else does"),
        (RULES, "effect: oblige", "effect: require\n    gate: true", None),
        (RULES, "in_force: {from: 2020-01-01}", "in_force: {until: 2020-01-01}", "in_force needs 'from', or 'attested'"),
        (RULES, "in_force: {from: 2020-01-01}", "in_force: {from: 2020-01-01, until: 2019-01-01}", "before it begins"),
        (RULES, "cites: [{source: s1, clause: \"1\"}]", "cites: []", "cites nothing; a rule needs a source"),
        (RULES, "    lifts: [xa.right-hand-drive]\n", "", "a permit names the rules that it lifts"),
        (DOCUMENTS, "stage: pre-shipment", "stage: never", "there is no stage 'never'"),
        (COUNTRY, "region: central-asia", "region: atlantis", "there is no part of the world 'atlantis'"),
        (COUNTRY, "traffic_side: right", "traffic_side: right\nunions: [moon]", "there is no union 'moon'"),
        (COUNTRY, "documents: [xa-inspection]", "documents: [xa-stamp]", "there is no document 'xa-stamp'"),
        (POLICY, "issuers: [mofcom]", "issuers: [moon]", "there is no issuer 'moon'"),
        (POLICY, "scope: cn", "scope: moon", "there is no scope 'moon'"),
        (POLICY, "relations: []", "relations: [{kind: cites, target: gone}]", "there is no policy 'gone'"),
        (POLICY_RULES, "in_force: {from: 2026-01-01}", "in_force: {from: 2025-12-31}", "before its policy takes effect"),
        (POLICY, "status: in-force", "status: expired\nexpires: 2026-06-30", "must end with its policy"),
        (POLICY_RULES, "clause: \"一\"", "clause: \"九\"", "cites clause '九', which sample-2025-1 does not have"),
    ],
)  # fmt: skip
def test_what_must_not_be_is_found(tmp_path: Path, name: str, old: str, new: str, words: str | None) -> None:
    small_guide.read_small_guide(tmp_path)
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    errors = [problem for problem in found(tmp_path) if problem.severity == "error"]
    if words is None:
        assert errors == []
    else:
        assert any(words in problem.message for problem in errors), [str(problem) for problem in errors]


def test_a_reason_uses_facts_that_exist(tmp_path: Path) -> None:
    small_guide.read_small_guide(tmp_path)
    path = tmp_path / RULES
    text = path.read_text(encoding="utf-8")
    reason = "    reasons: {applies: {zh: '{vehicle.colour}', en: '{vehicle.colour} {age}'}}\n    cites: [s2]"
    path.write_text(text.replace("    cites: [s2]", reason, 1), encoding="utf-8")
    messages = [problem.message for problem in found(tmp_path)]
    assert any("{vehicle.colour}, which is neither a fact nor the age" in message for message in messages)
    assert any("{age}, which is neither a fact nor the age" in message for message in messages)


@pytest.mark.parametrize("text", ["Duty is 5%.", "- one [@s1]\n- two 2\n", "| a | 3 |\n", "Costs [@s1] are 7."])
def test_a_number_in_running_text_needs_a_citation_after_it(tmp_path: Path, text: str) -> None:
    small_guide.read_small_guide(tmp_path)
    (tmp_path / TAX_EN).write_text(text, encoding="utf-8")
    assert ["a number without a citation" in problem.message for problem in found(tmp_path)] == [True]


@pytest.mark.parametrize(
    "text", ["Duty is 5% [@s1].", "M1 and N2 vehicles.", "## 2026\n\nNone.", "[page](https://a/1)"]
)
def test_names_headings_and_cited_numbers_are_left_alone(tmp_path: Path, text: str) -> None:
    small_guide.read_small_guide(tmp_path)
    (tmp_path / TAX_EN).write_text(text, encoding="utf-8")
    assert found(tmp_path) == []


def test_chinese_is_punctuated_as_chinese(tmp_path: Path) -> None:
    small_guide.read_small_guide(tmp_path)
    (tmp_path / TAX_ZH).write_text("第一行。\n\n关税,增值税。\n", encoding="utf-8")
    assert [(p.file, p.line) for p in found(tmp_path)] == [(TAX_ZH, 3)]


def test_a_document_that_nobody_asks_for_is_found(tmp_path: Path) -> None:
    small_guide.read_small_guide(tmp_path)
    path = tmp_path / DOCUMENTS
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text.replace("id: xa-inspection", "id: xa-forgotten"), encoding="utf-8")
    assert any("nobody requires the document 'xa-forgotten'" in problem.message for problem in found(tmp_path))


def test_an_old_entry_is_a_warning_that_says_how_old(tmp_path: Path) -> None:
    small_guide.read_small_guide(tmp_path)
    fresh = [problem for problem in found(tmp_path) if "last reviewed" in problem.message]
    late = [problem for problem in found(tmp_path, dt.date(2027, 11, 1)) if "last reviewed" in problem.message]
    assert fresh == []
    assert {problem.severity for problem in late} == {"warning"}
    assert any(
        problem.file == COUNTRY and "365 days ago (2026-11-01); the interval is 180 days" in problem.message
        for problem in late
    )
