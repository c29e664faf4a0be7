"""The commands answer, and what is wrong is one clear line: never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import small_guide
from click.testing import CliRunner, Result

import advisor.cli
import advisor.loading
from advisor.cli import main
from advisor.knowledge.compiling import ARTEFACT, build
from advisor.knowledge.store import open_knowledge
from advisor.loading import Advisor
from advisor.rules.facts import EARLIEST


@pytest.fixture
def guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small guide in the place of the shipped content, with a folder of its own for the artefact."""
    root = tmp_path / "guide"
    small_guide.read_small_guide(root)
    for module in (advisor.cli, advisor.loading):
        monkeypatch.setattr(module, "content_root", lambda: root)
        monkeypatch.setattr(module, "default_out", lambda: tmp_path / "out")
    return root


@pytest.fixture
def run(guide: Path) -> CliRunner:
    return CliRunner()


def advise(run: CliRunner, *arguments: str, text: str | None = None) -> Result:
    return run.invoke(main, ["advise", *arguments], input=text)


CASE = "destination: XA\nvehicle: {category: M1, first_registered: 2024-05-01, steering: left, history: []}\n"


def test_a_case_from_a_file_is_answered(run: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(CASE, encoding="utf-8")
    result = advise(run, str(tmp_path / "case.yaml"), "--on", "2026-03-01", "--lang", "en")
    assert result.exit_code == 0
    assert "Undetermined" in result.stdout
    assert "Alphaland" in result.stdout


def test_tables_are_in_the_language_that_is_asked_for(run: CliRunner) -> None:
    assert "尚不能确定" in advise(run, "--to", "XA", "--lang", "zh").stdout
    assert "Undetermined" in advise(run, "--to", "XA", "--lang", "en").stdout


def test_json_is_the_answer_that_python_gives(run: CliRunner, tmp_path: Path, guide: Path) -> None:
    result = advise(run, "-", "--on", "2026-03-01", "--json", text=CASE)
    answers = Advisor.of(open_knowledge(tmp_path / "out" / ARTEFACT))
    case = answers.cases.read(
        {
            "destination": "XA",
            "vehicle": {"category": "M1", "first_registered": "2024-05-01", "steering": "left", "history": []},
        },
        EARLIEST.replace(2026, 3, 1),
    )
    assert json.loads(result.stdout) == answers.answers.answer(answers.engine.advise(case))


def test_options_come_after_the_file(run: CliRunner) -> None:
    result = advise(run, "-", "--to", "XB", "--set", "vehicle.first_registered=2010", "--json", text=CASE)
    answer = json.loads(result.stdout)
    assert answer["destination"]["code"] == "XB"
    assert answer["verdict"] == "not-eligible"


@pytest.mark.parametrize("verdict", ["eligible", "conditional", "undetermined", "not-eligible"])
def test_every_verdict_is_an_answer(run: CliRunner, verdict: str) -> None:
    known = {
        "vehicle.category": "M1", "vehicle.powertrain": "petrol", "vehicle.first_registered": "2024-05-01",
        "vehicle.steering": "left", "vehicle.history": "none", "vehicle.engine_cc": "1500", "exporter.filed": "true",
    }  # fmt: skip
    changes: dict[str, dict[str, str]] = {
        "eligible": {"documents_held": "xa-inspection"},
        "conditional": {},
        "undetermined": {"vehicle.engine_cc": "4000"},
        "not-eligible": {"vehicle.first_registered": "2010"},
    }
    options = [word for pair in {**known, **changes[verdict]}.items() for word in ("--set", "=".join(pair))]
    result = advise(run, "--to", "XA", "--on", "2026-03-01", "--json", *options)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["verdict"] == verdict


@pytest.mark.parametrize(
    ("arguments", "text", "words"),
    [
        ([], None, "destination: is missing; give one of XA, XB"),
        (["--to", "XX"], None, "destination: 'XX' is not allowed; use one of XA, XB"),
        (["--to", "XA", "--on", "2026-02-30"], None, "--on: '2026-02-30' is not a day; write YYYY-MM-DD"),
        (["--to", "XA", "--on", "1989-12-31"], None, "--on: 1989-12-31 lies outside 1990 to 2100"),
        (["--to", "XA", "--set", "vehicle.steering"], None, "vehicle.steering: is not KEY=VALUE"),
        (["--to", "XA", "--set", "vehicle.stering=left"], None, "did you mean vehicle.steering?"),
        (["--to", "XA", "--set", "vehicle.steering=up"], None, "vehicle.steering: 'up' is not allowed; use one of left, right"),
        (["--to", "XA", "--set", "vehicle.first_registered=soon"], None, "vehicle.first_registered: 'soon' is not a date"),
        (["--to", "XA", "--set", "vehicle.engine_cc=-5"], None, "vehicle.engine_cc: '-5' is negative"),
        (["nowhere.yaml"], None, "nowhere.yaml cannot be read: No such file or directory"),
        (["-"], "a: [", "- is neither JSON nor YAML (line"),
        (["-"], "- XA\n", "- does not hold a case: a mapping"),
        (["-"], "vehicle: car\ndestination: XA\n", "vehicle: 'car' is not a mapping"),
        (["-"], "x" * 200_000, "- is larger than a case can be"),
    ],
)  # fmt: skip
def test_a_bad_case_is_one_line_on_stderr(run: CliRunner, arguments: list[str], text: str | None, words: str) -> None:
    result = advise(run, *arguments, text=text)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_case_that_is_no_text_is_refused(run: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_bytes(b"\xff\xfe")
    result = advise(run, str(tmp_path / "case.yaml"))
    assert result.exit_code == 2
    assert result.stderr.endswith("is not UTF-8 text\n")


def test_build_writes_the_artefact_where_it_is_told(run: CliRunner, tmp_path: Path) -> None:
    result = run.invoke(main, ["build", "--out", str(tmp_path / "there")])
    assert result.exit_code == 0
    assert (tmp_path / "there" / ARTEFACT).is_file()


def test_a_folder_that_cannot_be_written_is_one_line(run: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = run.invoke(main, ["build", "--out", str(tmp_path / "file" / "below")])
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1


def test_broken_content_is_listed_with_its_places(run: CliRunner, guide: Path) -> None:
    (guide / "countries/xa/rules.yaml").write_text("rules: 1\n", encoding="utf-8")
    for command in ("build", "check"):
        result = run.invoke(main, [command])
        assert result.exit_code == 1
        assert result.stdout.startswith("countries/xa/rules.yaml:1: must hold 'rules'")


def test_broken_content_does_not_take_away_the_last_good_answer(run: CliRunner, guide: Path, tmp_path: Path) -> None:
    build(guide, tmp_path / "out")
    (guide / "countries/xa/rules.yaml").write_text("rules: 1\n", encoding="utf-8")
    assert advise(run, "--to", "XA", "--json").exit_code == 0


def test_without_any_good_content_there_is_no_answer(run: CliRunner, guide: Path) -> None:
    (guide / "countries/xa/rules.yaml").write_text("rules: 1\n", encoding="utf-8")
    result = advise(run, "--to", "XA")
    assert result.exit_code == 1
    assert "countries/xa/rules.yaml:1:" in result.stderr


def test_check_warns_of_old_entries_on_a_day(run: CliRunner) -> None:
    result = run.invoke(main, ["check", "--on", "2030-01-01"])
    assert result.exit_code == 0
    assert "countries/xa/country.yaml" in result.stdout
    assert "warning: last reviewed" in result.stdout
