"""A broken file is reported with its place, what is wrong and what would be right, and never alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import rich_guide
import small_guide

from advisor.knowledge.files import fingerprint
from advisor.knowledge.problems import ContentError
from advisor.knowledge.reading import read_content

RULES = "countries/xa/rules.yaml"
OTHER_RULES = "countries/xb/rules.yaml"
COUNTRY = "countries/xa/country.yaml"
DOCUMENTS = "countries/xa/documents.yaml"
TAXES = "countries/xa/taxes.yaml"
TAX_EN = "countries/xa/tax.en.md"
POLICY = "content/policies/sample-2025-1/policy.yaml"
POLICY_RULES = "content/policies/sample-2025-1/rules.yaml"
STAGES = "content/stages.yaml"

TAX_LINE = """lines:
  - id: duty
    kind: duty
    title: {zh: 关税, en: Duty}
    amount: {rate: 15, of: cif}
    in_force: {from: 2021}
    cites: [s1]
    confidence: official
"""


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    """The small guide in files of its own."""
    small_guide.write_small_guide(tmp_path)
    return tmp_path


def problems(root: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        read_content(root)
    return [str(problem) for problem in caught.value.problems]


def line_of(path: Path, words: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


# Each edit, the words on the line that is blamed, and what is said of it.
EDITS = [
    (COUNTRY, "currency: USD", "currency: dollars", "currency:", "'currency': String should match pattern '^[A-Z]{3}$' (it is 'dollars')"),
    (COUNTRY, "currency: USD", "currency: USD\nmotto: peace", "motto:", "'motto' is not a field here; see CONTRIBUTING.md"),
    (COUNTRY, "traffic_side: right", "", "code:", "'traffic_side' is missing"),
    (COUNTRY, "code: XA", "code: XC", "code:", "code is XC but the folder is xa"),
    (COUNTRY, "currency: USD", "currency: USD\ncurrency: EUR", "currency: EUR", "the key 'currency' stands here twice"),
    (COUNTRY, "cites: [s1]", "cites: [s7]", "cites: [s7]", "the source 's7' is not listed; add it under sources"),
    (COUNTRY, "cites: [s1]", "cites: [xb.s7]", "cites: [xb.s7]", "the source 'xb.s7' is not listed; add it under sources"),
    (COUNTRY, "summary: {zh: 只收左舵车。, en:", "summary: {en:", "summary:", "'summary.zh' is missing"),
    (COUNTRY, "names: {zh: 甲国, en: Alphaland}", "names: {zh: 甲国}", "names: {zh: 甲国}", "'names.en' is missing"),
    (COUNTRY, "reviewed: 2026-11-01", "reviewed: 2026-11", "reviewed:", "'reviewed': Input should be a valid date or datetime, input is too short (it is '2026-11')"),
    (COUNTRY, "value: 1200000", "value: .inf", "value: .inf", "'key_figures.0.value': Input should be a valid decimal (it is '.inf')"),
    (COUNTRY, "currency: USD", "currency: USD\nunions: 5", "unions:", "'unions': Input should be a valid tuple (it is 5)"),
    (COUNTRY, "kind: official}", "kind: rumour}", "kind: rumour}", "'kind': Input should be 'official', 'reprint', 'intergovernmental', 'press', 'industry' or 'blog' (it is 'rumour')"),
    (RULES, "effect: prohibit", "effect: forbid", "effect: forbid", "'effect': Input should be 'prohibit', 'require', 'oblige', 'permit' or 'warn' (it is 'forbid')"),
    (RULES, "    effect: permit\n", "", "id: right-hand-ambulance", "'effect' is missing"),
    (RULES, "in_force: {from: 2021-01-01}", "in_force: {from: 2021-13-01}", "2021-13-01", "'in_force.from': '2021-13-01' has no month 13; write YYYY, YYYY-MM or YYYY-MM-DD (it is '2021-13-01')"),
    (RULES, "at-least: 8", "at-last: 8", "when:", "'age' needs a limit: one of over, at-least, under, at-most"),
    (RULES, "at-least: 8", "at-least: 7.5", "when:", "'age' is compared with a whole number, not 7.5"),
    (RULES, "at-least: 8", "at-least: eight", "when:", "'age' is compared with a number, not 'eight'"),
    (RULES, "in: calendar-years", "in: years", "when:", "'age' has no unit 'years'; use one of calendar-years, completed-years, completed-months, days, days-inclusive"),
    (RULES, "to: dates.arrival", "to: arrival", "when:", "'age' counts from one date fact to another, such as from: vehicle.first_registered, to: dates.arrival"),
    (RULES, "{over: 3000}", "{above: 3000}", "{above: 3000}", "'vehicle.engine_cc' has no comparison 'above'; use one of includes, over, at-least, under, at-most, before, until, from, after"),
    (RULES, "{over: 3000}", "{over: nan}", "{over: nan}", "'vehicle.engine_cc' is compared with a number, not 'nan'"),
    (RULES, "{over: 3000}", "{}", "{vehicle.engine_cc: {}}", "'vehicle.engine_cc' is compared with nothing"),
    (RULES, "{over: 3000}", "{before: soon}", "{before: soon}", "'vehicle.engine_cc': 'soon' is not a date; write YYYY, YYYY-MM or YYYY-MM-DD"),
    (RULES, "vehicle.category: [M1, N1]", "vehicle.category: []", "when:", "'vehicle.category' is compared with nothing"),
    (RULES, "{vehicle.steering: right}", "{any: right}", "{any: right}", "'any' holds a list of conditions, not 'right'"),
    (RULES, "{vehicle.steering: right}", "right", "when: right", "a condition is a mapping such as {vehicle.steering: right}, not 'right'"),
    (RULES, "{vehicle.steering: right}", "{steering: right}", "{steering: right}", "'steering' is no condition; use all, any, not, age or a fact such as vehicle.steering"),
    (RULES, "given: {vehicle.used: true}", "given: {used: true}", "given:", "'used' is no condition; use all, any, not, age or a fact such as vehicle.steering"),
    (RULES, "    gate: true", "    gate: true\n    met_when: {held: true}", "met_when:", "'held' is no condition; use all, any, not, age or a fact such as vehicle.steering"),
    (RULES, "period: P30D", "period: 30 days", "30 days", "'obligations.0.period': String should match pattern '^P(\\d+Y)?(\\d+M)?(\\d+D)?$' (it is '30 days')"),
    (RULES, "  - id: age-limit", "  - right\n  - id: age-limit", "- right", "a rule is a mapping with id, side, effect, title ..."),
    (POLICY, "status: in-force", "status: valid", "status:", "'status': Input should be 'in-force', 'superseded', 'expired', 'draft' or 'unknown' (it is 'valid')"),
    (POLICY, "issued: 2025-11-11", "issued: 11 Nov 2025", "issued:", "'issued': '11 Nov 2025' is not a date; write YYYY, YYYY-MM or YYYY-MM-DD (it is '11 Nov 2025')"),
    (DOCUMENTS, "id: xa-inspection", "id: Inspection", "id: Inspection", "'id': String should match pattern '^[a-z0-9]+(-[a-z0-9]+)*$' (it is 'Inspection')"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "blamed", "message"), EDITS, ids=[edit[2] for edit in EDITS])
def test_what_is_wrong_is_said_with_its_place_and_nothing_else_is(
    guide: Path, name: str, old: str, new: str, blamed: str, message: str
) -> None:
    small_guide.edit(guide / name, old, new)
    assert problems(guide) == [f"{name}:{line_of(guide / name, blamed)}: {message}"]


# A whole file in place of the one that is there, and what is said of it.
WHOLE_FILES = [
    (RULES, b"rules:\n  - id: [\n", "3: is not valid YAML: "),
    (RULES, b"a: 1\nb: 2: 3\n", "2: is not valid YAML: "),
    (RULES, b"\xff\xfe\x00", "1: is not UTF-8 text"),
    (RULES, b"", "1: is empty"),
    (RULES, b"rules: 1\n", "1: must hold 'rules', a list, and optionally 'given', a condition"),
    (RULES, b"rules: &all\n  - *all\n", "1: is nested too deeply, or an alias in it stands for itself"),
    (DOCUMENTS, b"id: xa-inspection\n", "1: must be a list of documents"),
    (STAGES, b"- licence\n", "1: must be a mapping with the fields of a named"),
    (TAXES, b"- duty\n", "1: must be a mapping with the fields of a taxes"),
    (TAX_EN, b"\xff\xfe", "1: is not UTF-8 text"),
    (TAX_EN, b"First.\n\nDuty is 5% [@s9].\n", "3: the source 's9' is not listed; add it under sources"),
    (TAX_EN, b"Duty is 5% [@s1; @s2].\n", "1: '[@s1; @s2]' is no citation; write one source in each, such as [@s1][@s2]"),
    (TAX_EN, b"First.\nDuty is 5% [@S1].\n", "2: '[@S1]' is no citation; write one source in each, such as [@s1][@s2]"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "written", "message"), WHOLE_FILES, ids=[str(file[1]) for file in WHOLE_FILES])
def test_a_file_that_cannot_be_read_is_said_to_be_so(guide: Path, name: str, written: bytes, message: str) -> None:
    (guide / name).write_bytes(written)
    found = problems(guide)
    assert [text for text in found if not text.startswith(f"{name}:")] == []
    assert found[0].startswith(f"{name}:{message}")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{rate: 15, of: cif}", "15", "an amount is a mapping such as {rate: 15, of: customs-value}, not 15"),
        ("{rate: 15, of: cif}", "{rate: 15}", "an amount is one of rate, amount, units, sum, greatest, least, table"),
        ("{rate: 15, of: cif}", "{rate: .nan, of: cif}", "'rate' is a number, not '.nan'"),
        ("{rate: 15, of: cif}", "{amount: 15, per: {seats: 1}}", "'per' names a fact such as vehicle.engine_cc, or has of or age"),
        ("{rate: 15, of: cif}", "{amount: 15, currency: dollars}", "a currency is an ISO 4217 code such as USD, not 'dollars'"),
        ("{rate: 15, of: cif}", "{sum: 15}", "'sum' holds a list, not 15"),
        ("{rate: 15, of: cif}", "{table: [{when: {cc: 1}, then: {amount: 1}}]}", "'cc' is no condition; use all, any, not, age"),
        ("{rate: 15, of: cif}", "{not-known: {zh: 不详}}", "'not-known' says in zh and en which figure was not found"),
        ("    cites", "    when: electric\n    cites", "a condition is a mapping such as {vehicle.steering: right}, not 'electric'"),
    ],
)  # fmt: skip
def test_an_amount_that_cannot_be_read_is_one_problem_on_its_line(
    guide: Path, old: str, new: str, message: str
) -> None:
    (guide / TAXES).write_text(TAX_LINE, encoding="utf-8")
    small_guide.edit(guide / TAXES, old, new)
    line = line_of(guide / TAXES, new.strip().splitlines()[0])
    found = problems(guide)
    assert len(found) == 1
    assert found[0].startswith(f"{TAXES}:{line}: ")
    assert message in found[0]


@pytest.mark.parametrize("name", ["content/site.yaml", "content/questions.yaml", STAGES, COUNTRY, POLICY])
def test_a_file_that_is_missing_is_asked_for(guide: Path, name: str) -> None:
    (guide / name).unlink()
    assert f"{name}:1: is missing" in problems(guide)


def test_a_folder_with_rules_and_no_country_is_not_passed_over(guide: Path) -> None:
    (guide / "countries/xc").mkdir()
    (guide / "countries/xc/rules.yaml").write_text("rules: []\n", encoding="utf-8")
    assert problems(guide) == ["countries/xc/country.yaml:1: is missing"]


def test_an_empty_folder_is_no_country(guide: Path) -> None:
    (guide / "countries/xc").mkdir()
    assert [country.code for country in read_content(guide).knowledge.countries] == ["XA", "XB"]


@pytest.mark.parametrize(("name", "model"), [(COUNTRY, "country"), (POLICY, "policy")])
def test_an_entry_that_is_no_mapping_is_not_passed_over(guide: Path, name: str, model: str) -> None:
    (guide / name).write_text("- one\n", encoding="utf-8")
    assert f"{name}:1: must be a mapping with the fields of a {model}" in problems(guide)


def test_a_section_must_be_written_in_both_languages(guide: Path) -> None:
    (guide / TAX_EN).unlink()
    assert problems(guide) == [f"{TAX_EN}:1: is missing: tax must be written in zh and en"]


def test_sources_that_are_no_mapping_are_said_to_be_none(guide: Path) -> None:
    small_guide.edit(guide / COUNTRY, "sources:\n", "sources: [s1]\nolder:\n")
    wrong = f"{COUNTRY}:{line_of(guide / COUNTRY, 'sources:')}: sources must map ids to title, publisher, url ..."
    assert wrong in problems(guide)


def test_a_source_that_is_no_mapping_is_told_its_fields(guide: Path) -> None:
    small_guide.edit(guide / COUNTRY, "sources:\n", "sources:\n  s3: a page\n")
    line = line_of(guide / COUNTRY, "a page")
    assert problems(guide) == [f"{COUNTRY}:{line}: a source has title, publisher, url, published, language, kind"]


def test_all_problems_come_at_once_in_the_order_of_files_and_lines(guide: Path) -> None:
    small_guide.edit(guide / COUNTRY, "currency: USD", "currency: dollars")
    small_guide.edit(guide / RULES, "effect: prohibit", "effect: forbid")
    small_guide.edit(guide / RULES, "effect: oblige", "effect: compel")
    small_guide.edit(guide / "countries/xb/country.yaml", "traffic_side: right", "traffic_side: middle")
    (guide / TAX_EN).write_text("[@s9]\n", encoding="utf-8")
    (guide / STAGES).write_text("- {id: [\n", encoding="utf-8")
    files = [text.partition(":")[0] for text in problems(guide)]
    assert files == [STAGES, COUNTRY, RULES, RULES, TAX_EN, "countries/xb/country.yaml"]


def test_a_faulty_source_is_reported_once_not_by_all_that_cites_it(guide: Path) -> None:
    small_guide.edit(guide / COUNTRY, "language: en, kind: official", "language: english, kind: official")
    assert len(problems(guide)) == 1


# Ids


def test_a_rule_may_not_be_written_twice_in_a_file(guide: Path) -> None:
    first = line_of(guide / RULES, "id: age-limit")
    small_guide.edit(guide / RULES, "id: large-engine", "id: age-limit")
    assert len(problems(guide)) == 1
    assert problems(guide)[0].endswith(f"the rule 'xa.age-limit' is already written in {RULES}:{first}; ids are unique")


def test_a_rule_may_not_be_written_in_two_policies_of_a_scope(guide: Path) -> None:
    other = guide / "content/policies/sample-2026-2"
    (guide / POLICY).parent.rename(other)
    small_guide.write_small_guide(guide / "again")
    (guide / "again/content/policies/sample-2025-1").rename((guide / POLICY).parent)
    found = problems(guide)
    assert {text.partition(":")[0] for text in found} == {
        "content/policies/sample-2026-2/rules.yaml",
        "content/policies/sample-2026-2/filing.yaml",
    }
    (stolen,) = [text for text in found if "'cn.stolen'" in text]
    assert f"is already written in {POLICY_RULES}:" in stolen


def test_two_destinations_may_have_rules_of_the_same_name(guide: Path) -> None:
    rules = {rule.id for rule in read_content(guide).knowledge.rules}
    assert {"xa.age-limit", "xb.age-limit"} <= rules


def test_a_document_may_not_be_written_by_two_destinations(guide: Path) -> None:
    small_guide.edit(guide / "countries/xb/documents.yaml", "id: xb-inspection", "id: xa-inspection")
    (text,) = problems(guide)
    assert f"the document 'xa-inspection' is already written in {DOCUMENTS}:1; ids are unique" in text


def test_a_region_may_not_be_written_twice(guide: Path) -> None:
    region = guide / "content/regions/taiyuan.yaml"
    region.with_name("zz.yaml").write_bytes(region.read_bytes())
    (text,) = problems(guide)
    assert "the region 'taiyuan' is already written in content/regions/taiyuan.yaml:" in text


# What is understood


def test_a_rule_of_a_policy_belongs_to_its_scope(guide: Path) -> None:
    rules = {rule.id: rule for rule in read_content(guide).knowledge.rules}
    assert rules["cn.after-sales-letter"].policy == "sample-2025-1"
    assert rules["xa.age-limit"].policy is None


def test_a_rule_is_judged_on_the_day_of_its_side_unless_it_names_another(guide: Path) -> None:
    small_guide.edit(guide / RULES, "effect: permit", "effect: permit\n    judged_on: dates.shipment")
    rules = {rule.id: rule for rule in read_content(guide).knowledge.rules}
    assert rules["cn.after-sales-letter"].judged_on == "dates.application"
    assert rules["xa.age-limit"].judged_on == "dates.arrival"
    assert rules["xa.right-hand-ambulance"].judged_on == "dates.shipment"


def test_what_is_given_holds_for_every_rule_of_the_file(guide: Path) -> None:
    small_guide.edit(guide / OTHER_RULES, "given: {vehicle.used: true}", "")
    rules = {rule.id: rule for rule in read_content(guide).knowledge.rules}
    used = {"vehicle.used": [True]}
    steering = {"vehicle.steering": ["right"]}
    written = {name: rules[name].model_dump()["when"] for name in ("xa.right-hand-drive", "xa.inspection")}
    assert written == {"xa.right-hand-drive": {"all": [used, steering]}, "xa.inspection": used}
    assert rules["xb.right-hand-drive"].model_dump()["when"] == steering
    assert rules["xb.inspection"].when is None


def test_a_cite_is_qualified_with_the_entry_that_lists_its_source(guide: Path) -> None:
    small_guide.edit(guide / RULES, "cites: [s2]", "cites: [xb.s2]")
    knowledge = read_content(guide).knowledge
    cites = {rule.id: [(cite.source, cite.clause) for cite in rule.cites] for rule in knowledge.rules}
    assert cites["xa.age-limit"] == [("xa.s1", "1")]
    assert cites["xa.large-engine"] == [("xb.s2", None)]
    assert "[@xa.s1]" in knowledge.countries[0].sections[0].markdown


def test_a_member_cites_the_sources_of_its_union(tmp_path: Path) -> None:
    rich_guide.read_rich_guide(tmp_path)
    small_guide.edit(tmp_path / RULES, "cites: [s2]", "cites: [s9]")
    rules = {rule.id: rule for rule in read_content(tmp_path).knowledge.rules}
    assert rules["xa.large-engine"].cites[0].source == "uu.s9"


@pytest.mark.parametrize("name", [COUNTRY, TAX_EN, "content/regions/taiyuan.yaml", STAGES])
def test_the_fingerprint_changes_with_any_file(guide: Path, name: str) -> None:
    before = fingerprint(guide)
    assert fingerprint(guide) == before
    (guide / name).write_bytes((guide / name).read_bytes() + b"\n")
    assert fingerprint(guide) != before


def test_the_fingerprint_changes_with_a_name_and_not_with_what_is_never_read(guide: Path) -> None:
    before = fingerprint(guide)
    (guide / "content/notes.txt").write_text("x", encoding="utf-8")
    assert fingerprint(guide) == before
    (guide / TAX_EN).rename(guide / "countries/xa/tax.fr.md")
    assert fingerprint(guide) != before
