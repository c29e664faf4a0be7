"""The commands answer, and what is wrong is one clear line: never a traceback."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
import small_guide
from click.testing import CliRunner, Result

import advisor.cli
import advisor.loading
from advisor.cli import main
from advisor.knowledge.compiling import build
from advisor.knowledge.store import ARTEFACT, open_knowledge
from advisor.loading import Advisor

RULES = "countries/xa/rules.yaml"


@pytest.fixture
def guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small guide in the place of the shipped content, with a folder of its own for the artefact."""
    root = tmp_path / "guide"
    small_guide.write_small_guide(root)
    for module in (advisor.cli, advisor.loading):
        monkeypatch.setattr(module, "content_root", lambda: root)
        monkeypatch.setattr(module, "default_out", lambda: tmp_path / "out")
    return root


@pytest.fixture
def artefact(guide: Path, tmp_path: Path) -> Path:
    """The guide's artefact, where the commands look for it."""
    return build(guide, tmp_path / "out")


def run(*arguments: str, text: str | bytes | None = None) -> Result:
    """A command, which may end in an exit code but never in any other exception."""
    result = CliRunner().invoke(main, arguments, input=text)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def refused(result: Result) -> str:
    """The one line on stderr with which bad usage ends."""
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    return line


CASE = "destination: XA\nvehicle: {category: M1, first_registered: 2024-05-01, steering: left, history: []}\n"
AS_JSON = json.dumps(
    {
        "destination": "XA",
        "vehicle": {"category": "M1", "first_registered": "2024-05-01", "steering": "left", "history": []},
    }
)


def answer_in_python(artefact: Path) -> object:
    """What the engine answers to that case when it is asked in Python."""
    answers = Advisor.of(open_knowledge(artefact))
    case = answers.cases.read(json.loads(AS_JSON), dt.date(2026, 3, 1))
    return answers.answers.answer(answers.engine.advise(case))


# Answers


def test_the_search_answers_in_either_language(artefact: Path) -> None:
    found = json.loads(run("search", "right-hand drive", "--lang", "en", "--json").stdout)
    assert found["hits"][0]["url"].startswith("/en/")
    assert "右舵" in run("search", "right-hand drive").stdout


def test_the_search_refuses_a_destination_that_is_none(artefact: Path) -> None:
    assert "--country" in refused(run("search", "duty", "--country", "ZZ"))


def test_the_search_says_when_no_server_answers(artefact: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["advisor.cli.search"], "_SERVER", "http://127.0.0.1:9")
    assert "advisor serve" in refused(run("search", "duty", "--on-server"))


def test_a_company_is_checked_by_its_fields(artefact: Path) -> None:
    answer = run(
        "filing", "--on", "2026-11-25", "--set", "exporter.kind=trader", "--set", "exporter.appraisers=2", "--json"
    )
    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["verdict"] == "not-eligible"


@pytest.mark.parametrize(("lang", "word"), [("zh", "不符合备案条件"), ("en", "May not be filed")])
def test_a_company_is_told_in_its_language(artefact: Path, lang: str, word: str) -> None:
    answer = run("filing", "--set", "exporter.kind=trader", "--set", "exporter.appraisers=2", "--lang", lang)
    assert word in answer.stdout


def test_a_field_of_a_vehicle_is_none_of_a_company(artefact: Path) -> None:
    assert "vehicle.category" in refused(run("filing", "--set", "vehicle.category=M1"))


@pytest.mark.parametrize("text", [CASE, AS_JSON])
def test_json_is_the_answer_that_python_gives(artefact: Path, text: str) -> None:
    result = run("advise", "-", "--on", "2026-03-01", "--json", text=text)
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == answer_in_python(artefact)


def test_a_case_is_the_same_from_a_file_and_from_options(artefact: Path, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(CASE, encoding="utf-8")
    options = [
        "vehicle.category=M1",
        "vehicle.first_registered=2024-05-01",
        "vehicle.steering=left",
        "vehicle.history=",
    ]
    pairs = [word for option in options for word in ("--set", option)]
    from_file = run("advise", str(tmp_path / "case.yaml"), "--on", "2026-03-01", "--json")
    from_options = run("advise", "--to", "XA", *pairs, "--on", "2026-03-01", "--json")
    assert json.loads(from_file.stdout) == json.loads(from_options.stdout) == answer_in_python(artefact)


KNOWN = {
    "vehicle.category": "M1", "vehicle.powertrain": "petrol", "vehicle.first_registered": "2024-05-01",
    "vehicle.steering": "left", "vehicle.history": "none", "vehicle.engine_cc": "1500", "exporter.filed": "true",
}  # fmt: skip
CHANGES = {
    "eligible": {"documents_held": "xa-inspection"},
    "conditional": {},
    "undetermined": {"vehicle.engine_cc": "4000"},
    "not-eligible": {"vehicle.first_registered": "2010"},
}
VERDICTS = {
    "eligible": ("✔ 可以出口", "✔ Eligible"),
    "conditional": ("◐ 有条件可以出口", "◐ Conditional"),
    "undetermined": ("? 尚不能确定", "? Undetermined"),
    "not-eligible": ("✖ 不可出口", "✖ Not eligible"),
}


def options(verdict: str) -> list[str]:
    """The options that lead to a verdict."""
    pairs = {**KNOWN, **CHANGES[verdict]}.items()
    return ["--to", "XA", "--on", "2026-03-01", *(word for pair in pairs for word in ("--set", "=".join(pair)))]


@pytest.mark.usefixtures("guide")
@pytest.mark.parametrize("verdict", CHANGES)
def test_every_verdict_is_an_answer(verdict: str) -> None:
    result = run("advise", "--json", *options(verdict))
    assert (result.exit_code, json.loads(result.stdout)["verdict"]) == (0, verdict)


@pytest.mark.usefixtures("guide")
@pytest.mark.parametrize("verdict", CHANGES)
def test_tables_are_in_the_language_that_is_asked_for(verdict: str) -> None:
    zh, en = (run("advise", "--lang", lang, *options(verdict)) for lang in ("zh", "en"))
    assert (zh.exit_code, en.exit_code) == (0, 0)
    assert (VERDICTS[verdict][0] in zh.stdout, "甲国" in zh.stdout, "Alphaland" in zh.stdout) == (True, True, False)
    assert (VERDICTS[verdict][1] in en.stdout, "甲国" in en.stdout, "Alphaland" in en.stdout) == (True, False, True)


@pytest.mark.usefixtures("guide")
def test_tables_are_chinese_where_no_language_is_asked_for() -> None:
    assert (
        run("advise", *options("conditional")).stdout == run("advise", "--lang", "zh", *options("conditional")).stdout
    )


@pytest.mark.usefixtures("guide")
def test_options_come_after_the_file() -> None:
    result = run("advise", "-", "--to", "XB", "--set", "vehicle.first_registered=2010", "--json", text=CASE)
    answer = json.loads(result.stdout)
    assert (answer["destination"]["code"], answer["verdict"]) == ("XB", "not-eligible")


# Cases that cannot be read


@pytest.mark.usefixtures("artefact")
@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "advisor: destination: is missing; give one of XA, XB"),
        (["--to", "XX"], "advisor: destination: 'XX' is not allowed; use one of XA, XB"),
        (["--to", "XA", "--on", "2026-02-30"], "advisor: --on: '2026-02-30' is not a day; write YYYY-MM-DD"),
        (["--to", "XA", "--on", "2026-02"], "advisor: --on: '2026-02' is not a day; write YYYY-MM-DD"),
        (["--to", "XA", "--on", "1989-12-31"], "advisor: --on: 1989-12-31 lies outside 1990 to 2100"),
        (["--to", "XA", "--on", "2101-01-01"], "advisor: --on: 2101-01-01 lies outside 1990 to 2100"),
        (["--to", "XA", "--set", "vehicle.steering"], "advisor: vehicle.steering: is not KEY=VALUE, such as vehicle.powertrain=bev"),
        (["--to", "XA", "--set", "=left"], "advisor: =left: is not KEY=VALUE, such as vehicle.powertrain=bev"),
        (["--to", "XA", "--set", "vehicle.stering=left"], "advisor: vehicle.stering: is not a field of a case; did you mean vehicle.steering?"),
        (["--to", "XA", "--set", "vehicle.steering=up"], "advisor: vehicle.steering: 'up' is not allowed; use one of left, right"),
        (["--to", "XA", "--set", "vehicle.modified=maybe"], "advisor: vehicle.modified: 'maybe' is neither true nor false"),
        (["--to", "XA", "--set", "vehicle.first_registered=soon"], "advisor: vehicle.first_registered: 'soon' is not a date; write YYYY, YYYY-MM or YYYY-MM-DD"),
        (["--to", "XA", "--set", "vehicle.first_registered=1989"], "advisor: vehicle.first_registered: '1989' lies outside 1990 to 2100"),
        (["--to", "XA", "--set", "vehicle.engine_cc=-5"], "advisor: vehicle.engine_cc: '-5' is negative; it must be 0 or more"),
        (["--to", "XA", "--set", "vehicle.engine_cc=big"], "advisor: vehicle.engine_cc: 'big' is not a number"),
        (["nowhere.yaml"], "advisor: nowhere.yaml cannot be read: No such file or directory"),
        (["/"], "advisor: / cannot be read: Is a directory"),
    ],
)  # fmt: skip
def test_bad_options_are_one_line_that_says_what_is_allowed(arguments: list[str], line: str) -> None:
    assert refused(run("advise", *arguments)) == line


@pytest.mark.usefixtures("artefact")
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [", "advisor: - is neither JSON nor YAML (line "),
        ("[" * 5000, "advisor: - is neither JSON nor YAML"),
        ("destination: XA\ndestination: XB\n", 'advisor: - is neither JSON nor YAML (line 2): found duplicate key "destination"'),
        ("- XA\n", "advisor: - does not hold a case: a mapping with destination, dates, vehicle, exporter, importer"),
        ("", "advisor: - does not hold a case: a mapping with destination, dates, vehicle, exporter, importer"),
        ("x" * 200_000, "advisor: - is larger than a case can be (100000 characters)"),
        ("vehicle: car\ndestination: XA\n", "advisor: vehicle: 'car' is not a mapping; write vehicle: {field: value}"),
        ("destination: XA\ncolour: red\n", "advisor: colour: is not a field of a case; known are destination, "),
        ("destination: XA\nvehicle: {wheel: left}\n", "advisor: vehicle.wheel: is not a field of a case; did you mean vehicle."),
        ("destination: XA\nvehicle: {steering: [left]}\n", "advisor: vehicle.steering: ['left'] is not allowed; use one of left, right"),
        ("destination: XA\nvehicle: {history: flood}\n", "advisor: vehicle.history: 'flood' is not a list; write [] for none, or some of "),
        ("destination: XA\nvehicle: {first_registered: 2026-02-30}\n", "advisor: vehicle.first_registered: '2026-02-30' has no day 30; that month has 28 days"),
        ("destination: XA\ndates: {arrival: 2026-03-01 10:00:00}\n", "advisor: dates.arrival: '2026-03-01 10:00:00' is not a date; write YYYY, YYYY-MM"),
        ("destination: XA\ndates: {shipment: 2026-05-01, arrival: 2026-04-01}\n", "advisor: dates.arrival: 2026-04-01 lies before dates.shipment (2026-05-01)"),
        ("destination: XA\nvehicle: {price: 18000}\n", "advisor: vehicle.price: 18000 is not a price; write {amount: 18000, currency: USD, terms: CIF}"),
        ('destination: XA\n"two\\nlines": 1\n', "advisor: 'two\\nlines': is not a field of a case; known are destination, "),
    ],
)  # fmt: skip
def test_a_bad_case_is_one_line_that_names_the_field_and_what_is_allowed(text: str, line: str) -> None:
    assert refused(run("advise", "-", text=text)).startswith(line)


@pytest.mark.usefixtures("artefact")
def test_a_field_is_not_set_in_what_is_no_mapping() -> None:
    result = run("advise", "-", "--set", "vehicle.steering=left", text="destination: XA\nvehicle: car\n")
    assert refused(result) == "advisor: vehicle: is not a mapping in the case, so its fields cannot be set"


@pytest.mark.usefixtures("artefact")
def test_a_case_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(b"\xff\xfe")
    assert refused(run("advise", str(path))) == f"advisor: {path} is not UTF-8 text"
    assert refused(run("advise", "-", text=b"\xff\xfe")) == "advisor: - is not UTF-8 text"


# Usage


@pytest.mark.usefixtures("artefact")
@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["advise", "--lang", "fr"], "Error: Invalid value for '--lang': 'fr' is not one of 'zh', 'en'."),
        (["advise", "--colour", "red"], "Error: No such option '--colour'."),
        (["advise", "one", "two"], "Error: Got unexpected extra argument (two)"),
        (["serve", "--port", "0"], "Error: Invalid value for '--port': 0 is not in the range 1<=x<=65535."),
        (["check", "--on", "soon"], "Error: --on: 'soon' is not a day; write YYYY-MM-DD"),
        (["check", "--on", "1600-01-01"], "Error: --on: 1600-01-01 lies outside 1990 to 2100"),
        (["fly"], "Error: No such command 'fly'."),
        (["--fly"], "Error: No such option '--fly'."),
    ],
)
def test_bad_usage_is_one_line(arguments: list[str], line: str) -> None:
    assert refused(run(*arguments)).startswith(line)


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_help_lists_the_commands(arguments: list[str]) -> None:
    listed = run(*arguments).output
    assert [name for name in ("advise", "build", "check", "serve") if f"\n  {name} " not in listed] == []


# Build and check


def test_build_writes_the_artefact_where_it_is_told(guide: Path, tmp_path: Path) -> None:
    result = run("build", "--out", str(tmp_path / "there"))
    assert result.exit_code == 0
    assert result.stdout.startswith(f"built {tmp_path / 'there' / ARTEFACT} (")
    assert open_knowledge(tmp_path / "there" / ARTEFACT).countries[0].code == "XA"
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("guide")
def test_build_writes_it_where_the_other_commands_look(tmp_path: Path) -> None:
    assert run("build").exit_code == 0
    assert (tmp_path / "out" / ARTEFACT).is_file()


@pytest.mark.usefixtures("guide")
def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert refused(run("build", "--out", str(tmp_path / "file" / "below"))).startswith(f"Error: {tmp_path / 'file'}")


@pytest.mark.parametrize("command", ["build", "check"])
@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        (RULES, "rules: 1\n", f"{RULES}:1: must hold 'rules', a list, and optionally 'given', a condition"),
        ("countries/xa/tax.en.md", "Duty is 5%.\n", "countries/xa/tax.en.md:1: a number without a citation: “Duty is 5%.”"),
    ],
)  # fmt: skip
def test_broken_content_is_listed_with_its_places(guide: Path, command: str, name: str, text: str, line: str) -> None:
    (guide / name).write_text(text, encoding="utf-8")
    result = run(command)
    assert result.exit_code == 1
    assert line in result.stdout.splitlines()
    assert result.stderr.splitlines()[-1].endswith(" errors, 0 warnings")
    assert result.stderr.startswith(f"{len(result.stdout.splitlines())} errors")


@pytest.mark.usefixtures("guide")
def test_check_finds_nothing_in_a_guide_without_faults() -> None:
    result = run("check", "--on", "2026-11-25")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "0 errors, 0 warnings\n")


@pytest.mark.usefixtures("guide")
def test_check_warns_of_old_entries_on_a_day_and_is_content() -> None:
    result = run("check", "--on", "2030-01-01")
    assert (result.exit_code, result.stderr) == (0, "0 errors, 3 warnings\n")
    assert [line.partition(": ")[2][:22] for line in result.stdout.splitlines()] == ["warning: last reviewed"] * 3


# The artefact behind an answer


def test_an_answer_comes_from_the_newest_content(guide: Path, artefact: Path) -> None:
    small_guide.edit(guide / "countries/xa/country.yaml", "Alphaland", "Newland")
    assert "Newland" in run("advise", "--to", "XA", "--lang", "en").stdout


def test_broken_content_does_not_take_away_the_last_good_answer(guide: Path, artefact: Path) -> None:
    before = json.loads(run("advise", "--to", "XA", "--json", "--on", "2026-03-01").stdout)
    (guide / RULES).write_text("rules: 1\n", encoding="utf-8")
    result = run("advise", "--to", "XA", "--json", "--on", "2026-03-01")
    assert (result.exit_code, json.loads(result.stdout)) == (0, before)


def test_without_any_good_content_there_is_no_answer(guide: Path) -> None:
    (guide / RULES).write_text("rules: 1\n", encoding="utf-8")
    result = run("advise", "--to", "XA")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{RULES}:1: must hold 'rules'" in result.stderr


def test_rubbish_in_the_artefacts_place_is_built_anew(artefact: Path) -> None:
    artefact.write_bytes(b"rubbish")
    assert run("advise", "--to", "XA").exit_code == 0


def test_a_damaged_artefact_is_one_line_that_says_how_to_mend_it(artefact: Path) -> None:
    with closing(sqlite3.connect(artefact)) as connection, connection:
        connection.execute("update rules set data = '{}'")
    result = run("advise", "--to", "XA")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Error: {artefact} is not a readable artefact (ValidationError); run 'advisor build'\n"
    assert run("build").exit_code == 0
    assert run("advise", "--to", "XA").exit_code == 0
