"""The artefact: one file that opens well, holds all that was read, and is swapped in whole."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import rich_guide
import small_guide
from datasette.app import Datasette

from advisor.knowledge import compiling
from advisor.knowledge.compiling import build
from advisor.knowledge.files import fingerprint
from advisor.knowledge.model import Knowledge
from advisor.knowledge.problems import ContentError
from advisor.knowledge.reading import read_content
from advisor.knowledge.store import artefact_version, open_knowledge

RULES = "countries/xa/rules.yaml"
TAX_EN = "countries/xa/tax.en.md"

TAXES = """units:
  - {id: index, names: {zh: 指数, en: Index}, values: [{value: 10.50, from: 2025}], cites: [s1]}
lines:
  - id: duty
    kind: duty
    title: {zh: 关税, en: Duty}
    when: {vehicle.powertrain: [petrol, diesel]}
    amount: {greatest: [{rate: 15.5, of: cif}, {quotient: {units: 2, of: index}, by: 1.5}]}
    in_force: {attested: 2021-05}
    cites: [s1]
    confidence: official
  - id: excise
    kind: excise
    title: {zh: 消费税, en: Excise}
    amount:
      either:
        - table: [{when: {vehicle.engine_cc: {over: 3000}}, then: {amount: 0.5, currency: EUR, per: vehicle.engine_cc}}, {then: {not-known: {zh: 不详, en: Not known}}}]
        - {by: duty, currency: USD, rows: [{up-to: 100, then: {amount: 1}}, {then: {least: [{rate: 2, of: [cif, duty]}, {sum: [{amount: 3}]}]}}]}
    in_force: {from: 2022, until: 2030-06-30}
    cites: [s2]
    confidence: conflicting
"""


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    """A guide that uses every part of the model, in files of its own."""
    root = tmp_path / "guide"
    rich_guide.read_rich_guide(root)
    (root / "countries/xa/market.en.md").write_text("Not known.\n", encoding="utf-8")
    (root / "countries/xa/taxes.yaml").write_text(TAXES, encoding="utf-8")
    return root


@pytest.fixture
def artefact(guide: Path, tmp_path: Path) -> Path:
    """The artefact of that guide."""
    return build(guide, tmp_path / "out")


@pytest.fixture
def tables(artefact: Path) -> Iterator[sqlite3.Connection]:
    """The artefact's tables."""
    with closing(sqlite3.connect(artefact)) as connection:
        yield connection


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# What it holds


def test_what_was_written_is_what_is_opened(guide: Path, artefact: Path) -> None:
    opened = open_knowledge(artefact)
    assert opened.built is not None
    written = read_content(guide).knowledge
    assert written.asked
    # What is asked lies in the index of the search and is not read back.
    assert opened.model_copy(update={"built": None}) == written.model_copy(update={"asked": ()})


def test_the_guide_of_these_tests_uses_every_list(guide: Path) -> None:
    knowledge = read_content(guide).knowledge
    lists = (name for name in Knowledge.model_fields if isinstance(getattr(knowledge, name), tuple))
    assert [name for name in lists if not getattr(knowledge, name)] == []


def test_every_table_refers_to_what_is_there(tables: sqlite3.Connection) -> None:
    assert tables.execute("pragma foreign_key_check").fetchall() == []


@pytest.mark.parametrize(
    ("table", "references"),
    [
        ("rules", {"policies"}),
        ("rule_cites", {"rules", "sources"}),
        ("rule_documents", {"rules", "documents"}),
        ("obligations", {"rules", "stages", "events"}),
        ("documents", {"stages"}),
        ("countries", {"world"}),
        ("country_unions", {"countries", "unions"}),
        ("key_figures", {"countries"}),
        ("tax_lines", {"countries"}),
        ("policy_issuers", {"policies", "issuers"}),
        ("relations", {"policies"}),
        ("clauses", {"policies"}),
        ("sections", {"countries", "policies"}),
    ],
)
def test_a_table_names_the_tables_that_it_refers_to(
    tables: sqlite3.Connection, table: str, references: set[str]
) -> None:
    assert {row[2] for row in tables.execute(f"pragma foreign_key_list([{table}])")} == references
    assert tables.execute(f"select count(*) from [{table}]").fetchone()[0] > 0


def test_a_rule_is_a_row_that_people_can_read(tables: sqlite3.Connection) -> None:
    columns = "scope, side, effect, gate, title_en, in_force_from, in_force_until, attested, confidence, policy"
    rows = {row[0]: row[1:] for row in tables.execute(f"select id, {columns} from rules")}
    assert rows["cn.stolen"] == (
        "cn", "export", "prohibit", 0, "No stolen or smuggled vehicle", "2026-01-01", None, None, "official",
        "sample-2025-1",
    )  # fmt: skip
    assert rows["uu.old-limit"][5:7] == ("2015-01-01", "2019-12-31")
    assert rows["xa.large-engine"][5:8] == (None, None, "2023")
    assert rows["xa.inspection"][3] == 1


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("clauses", "售后确认书"),
        ("clauses", "after-sales letter"),
        ("clauses", "AFTER-SALES"),
        ("sections", "左舵车占多数"),
        ("sections", "million vehicles"),
    ],
)
def test_clauses_and_sections_are_found_in_either_language(tables: sqlite3.Connection, table: str, words: str) -> None:
    query = f"select count(*) from [{table}] join {table}_fts on {table}_fts.rowid = [{table}].rowid where {table}_fts match ?"
    assert tables.execute(query, (f'"{words}"',)).fetchone()[0] > 0
    assert tables.execute(query, ('"没有这句话"',)).fetchone()[0] == 0


def test_datasette_opens_it(artefact: Path) -> None:
    paths = ("/knowledge.json", "/knowledge/rules", "/knowledge/clauses.json?_search=售后确认书")

    async def statuses() -> list[int]:
        datasette = Datasette([str(artefact)])
        await datasette.invoke_startup()
        try:
            return [(await datasette.client.get(path)).status_code for path in paths]
        finally:
            for database in datasette.databases.values():
                database.close()

    assert asyncio.run(statuses()) == [200, 200, 200]


# How it is replaced


def test_a_build_leaves_one_file_that_anyone_may_read(artefact: Path) -> None:
    assert files(artefact.parent) == ["knowledge.db"]
    assert artefact.stat().st_mode & 0o777 == 0o644


def test_whoever_has_the_old_file_open_goes_on_reading_it(guide: Path, artefact: Path) -> None:
    name = "select name_en from countries where code = 'XA'"
    with closing(sqlite3.connect(artefact)) as reader:
        small_guide.edit(guide / "countries/xa/country.yaml", "Alphaland", "Newland")
        build(guide, artefact.parent)
        assert reader.execute(name).fetchone() == ("Alphaland",)
    with closing(sqlite3.connect(artefact)) as reader:
        assert reader.execute(name).fetchone() == ("Newland",)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (RULES, "rules: 1\n", rf"{RULES}:1: must hold 'rules'"),
        (TAX_EN, "Duty is 5%.\n", rf"{TAX_EN}:1: a number without a citation"),
    ],
)
def test_a_broken_successor_leaves_the_last_good_artefact_in_place(
    guide: Path, artefact: Path, name: str, text: str, message: str
) -> None:
    before = artefact.read_bytes()
    (guide / name).write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=message):
        build(guide, artefact.parent)
    assert artefact.read_bytes() == before
    assert files(artefact.parent) == ["knowledge.db"]


def test_a_build_that_fails_half_way_leaves_no_trace(
    guide: Path, artefact: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no room left")

    before = artefact.read_bytes()
    monkeypatch.setattr(compiling, "_text", fail)
    with pytest.raises(RuntimeError, match="no room left"):
        build(guide, artefact.parent)
    assert artefact.read_bytes() == before
    assert files(artefact.parent) == ["knowledge.db"]


def test_a_stale_entry_does_not_stop_a_build(guide: Path, tmp_path: Path) -> None:
    small_guide.edit(guide / "countries/xa/country.yaml", "reviewed: 2026-11-01", "reviewed: 2001-01-01")
    assert build(guide, tmp_path / "out").is_file()


def test_a_version_names_the_content(guide: Path, artefact: Path, tmp_path: Path) -> None:
    first = artefact_version(artefact)
    assert first == fingerprint(guide)
    assert artefact_version(build(guide, tmp_path / "again")) == first
    (guide / TAX_EN).write_text("Duty is 6% [@s1].\n", encoding="utf-8")
    assert artefact_version(build(guide, artefact.parent)) not in (None, first)
