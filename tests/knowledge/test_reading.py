"""A broken file is reported with its place, what is wrong and what would be right, and never alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import small_guide

from advisor.knowledge.problems import ContentError
from advisor.knowledge.reading import fingerprint, read_content

RULES = "countries/xa/rules.yaml"
COUNTRY = "countries/xa/country.yaml"
POLICY = "content/policies/sample-2025-1/policy.yaml"

Edit = Callable[[str, str, str], None]


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    """The small guide in files of its own."""
    small_guide.read_small_guide(tmp_path)
    return tmp_path


@pytest.fixture
def edit(guide: Path) -> Edit:
    """Replace words in one file of the guide."""

    def replace(name: str, old: str, new: str) -> None:
        text = (guide / name).read_text(encoding="utf-8")
        assert old in text
        (guide / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


def problems(root: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        read_content(root)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        (COUNTRY, "currency: USD", "currency: dollars", "'currency'"),
        (COUNTRY, "currency: USD", "currency: USD\nmotto: peace", "'motto' is not a field here; see CONTRIBUTING.md"),
        (COUNTRY, "traffic_side: right", "", "'traffic_side' is missing"),
        (COUNTRY, "code: XA", "code: XC", "code is XC but the folder is xa"),
        (COUNTRY, "currency: USD", "currency: USD\ncurrency: EUR", "the key 'currency' stands here twice"),
        (COUNTRY, "cites: [s1]", "cites: [s7]", "the source 's7' is not listed; add it under sources"),
        (COUNTRY, "summary: {zh: 只收左舵车。, en:", "summary: {en:", "'summary.zh' is missing"),
        (RULES, "effect: prohibit", "effect: forbid", "'effect'"),
        (RULES, "in_force: {from: 2021-01-01}", "in_force: {from: 2021-13-01}", "no month 13"),
        (RULES, "at-least: 8", "at-last: 8", "'age' needs a limit"),
        (RULES, "in: calendar-years", "in: years", "'age' has no unit 'years'; use one of calendar-years"),
        (RULES, "{vehicle.steering: right}", "{steering: right}", "'steering' is no condition; use all, any, not, age"),
        (RULES, "id: right-hand-drive", "id: age-limit", "is already written in countries/xa/rules.yaml:"),
        (POLICY, "status: in-force", "status: valid", "'status'"),
        (POLICY, "issued: 2025-11-11", "issued: 11 Nov 2025", "write YYYY, YYYY-MM or YYYY-MM-DD"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    guide: Path, edit: Edit, name: str, old: str, new: str, words: str
) -> None:
    edit(name, old, new)
    found = problems(guide)
    assert len(found) == 1
    place, _, message = found[0].partition(": ")
    assert words in message
    assert place.startswith(f"{name}:")


def test_the_line_is_that_of_the_value(guide: Path, edit: Edit) -> None:
    edit(RULES, "effect: permit", "effect: allow")
    line = next(
        number
        for number, text in enumerate((guide / RULES).read_text(encoding="utf-8").splitlines(), 1)
        if "allow" in text
    )
    assert problems(guide)[0].startswith(f"{RULES}:{line}: ")


def test_all_problems_come_at_once(guide: Path, edit: Edit) -> None:
    edit(COUNTRY, "currency: USD", "currency: dollars")
    edit(RULES, "effect: prohibit", "effect: forbid")
    edit("countries/xb/country.yaml", "traffic_side: right", "traffic_side: middle")
    assert len(problems(guide)) == 3


def test_broken_yaml_names_the_line(guide: Path) -> None:
    (guide / RULES).write_text("rules:\n  - id: [\n", encoding="utf-8")
    assert any(text.startswith(f"{RULES}:") and "is not valid YAML" in text for text in problems(guide))


def test_a_file_that_is_no_text_is_said_to_be_none(guide: Path) -> None:
    (guide / RULES).write_bytes(b"\xff\xfe\x00")
    assert f"{RULES}:1: is not UTF-8 text" in problems(guide)


def test_a_section_must_be_written_in_both_languages(guide: Path) -> None:
    (guide / "countries/xa/tax.en.md").unlink()
    assert problems(guide) == ["countries/xa/tax.en.md:1: is missing: tax must be written in zh and en"]


def test_a_citation_in_running_text_must_resolve(guide: Path) -> None:
    (guide / "countries/xa/tax.en.md").write_text("First.\n\nDuty is 5% [@s9].\n", encoding="utf-8")
    assert problems(guide) == ["countries/xa/tax.en.md:3: the source 's9' is not listed; add it under sources"]


def test_a_faulty_source_is_reported_once_not_by_all_that_cites_it(guide: Path, edit: Edit) -> None:
    edit(COUNTRY, "language: en, kind: official", "language: english, kind: official")
    assert len(problems(guide)) == 1


def test_a_rule_of_a_policy_belongs_to_its_scope(guide: Path) -> None:
    rules = {rule.id: rule for rule in read_content(guide).knowledge.rules}
    assert rules["cn.after-sales-letter"].policy == "sample-2025-1"
    assert rules["cn.after-sales-letter"].judged_on == "dates.application"
    assert rules["xa.age-limit"].judged_on == "dates.arrival"


def test_a_cite_is_qualified_with_the_entry_that_lists_its_source(guide: Path) -> None:
    rules = {rule.id: rule for rule in read_content(guide).knowledge.rules}
    assert [(cite.source, cite.clause) for cite in rules["xa.age-limit"].cites] == [("xa.s1", "1")]


def test_the_fingerprint_changes_with_any_file(guide: Path, edit: Edit) -> None:
    before = fingerprint(guide)
    assert fingerprint(guide) == before
    edit("countries/xb/country.yaml", "currency: USD", "currency: EUR")
    assert fingerprint(guide) != before
