"""The artefact: one file that opens well, is swapped in whole, and never displaced by a broken one."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
import small_guide
from datasette.app import Datasette

from advisor.knowledge.compiling import build
from advisor.knowledge.model import Knowledge
from advisor.knowledge.problems import ContentError
from advisor.knowledge.reading import read_content
from advisor.knowledge.store import ArtefactError, Store, artefact_version, open_knowledge


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    """The small guide in files of its own."""
    root = tmp_path / "guide"
    small_guide.read_small_guide(root)
    return root


def test_what_was_written_is_what_is_opened(guide: Path, tmp_path: Path) -> None:
    opened = open_knowledge(build(guide, tmp_path / "out"))
    assert opened.built is not None
    assert opened.model_copy(update={"built": None}) == read_content(guide).knowledge


def test_every_foreign_key_holds(guide: Path, tmp_path: Path) -> None:
    with sqlite3.connect(build(guide, tmp_path / "out")) as connection:
        tables = {row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")}
        assert {"countries", "rules", "rule_cites", "policies", "clauses", "documents", "obligations"} <= tables
        assert connection.execute("pragma foreign_key_list(rule_cites)").fetchall()
        assert connection.execute("pragma foreign_key_check").fetchall() == []


@pytest.mark.parametrize("words", ["售后确认书", "after-sales letter"])
def test_clauses_are_found_in_either_language(guide: Path, tmp_path: Path, words: str) -> None:
    with sqlite3.connect(build(guide, tmp_path / "out")) as connection:
        query = "select rowid from clauses_fts where clauses_fts match ?"
        assert connection.execute(query, (f'"{words}"',)).fetchall()


def test_datasette_opens_it(guide: Path, tmp_path: Path) -> None:
    async def statuses() -> list[int]:
        datasette = Datasette([str(build(guide, tmp_path / "out"))])
        await datasette.invoke_startup()
        try:
            return [(await datasette.client.get(path)).status_code for path in ("/knowledge.json", "/knowledge/rules")]
        finally:
            for database in datasette.databases.values():
                database.close()

    assert asyncio.run(statuses()) == [200, 200]


def test_a_broken_file_leaves_the_last_good_artefact_in_place(guide: Path, tmp_path: Path) -> None:
    artefact = build(guide, tmp_path / "out")
    before = artefact.read_bytes()
    (guide / "countries/xa/rules.yaml").write_text("rules: 1\n", encoding="utf-8")
    with pytest.raises(ContentError):
        build(guide, tmp_path / "out")
    assert artefact.read_bytes() == before
    assert [path.name for path in artefact.parent.iterdir()] == [artefact.name]


def test_an_editorial_error_stops_the_build_too(guide: Path, tmp_path: Path) -> None:
    (guide / "countries/xa/tax.en.md").write_text("Duty is 5%.\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"countries/xa/tax\.en\.md:1: a number without a citation"):
        build(guide, tmp_path / "out")


def test_a_version_names_the_content(guide: Path, tmp_path: Path) -> None:
    first = artefact_version(build(guide, tmp_path / "out"))
    assert artefact_version(build(guide, tmp_path / "again")) == first
    (guide / "countries/xa/tax.en.md").write_text("Duty is 6% [@s1].\n", encoding="utf-8")
    assert artefact_version(build(guide, tmp_path / "out")) != first


def test_the_artefact_is_opened_read_only(guide: Path, tmp_path: Path) -> None:
    artefact = build(guide, tmp_path / "out")
    stamp = artefact.stat().st_mtime_ns
    open_knowledge(artefact)
    assert artefact.stat().st_mtime_ns == stamp
    assert [path.name for path in artefact.parent.iterdir()] == [artefact.name]


@pytest.mark.parametrize("rubbish", [b"", b"not a database", None])
def test_what_is_no_artefact_is_said_to_be_none(tmp_path: Path, rubbish: bytes | None) -> None:
    path = tmp_path / "knowledge.db"
    if rubbish is not None:
        path.write_bytes(rubbish)
    with pytest.raises(ArtefactError, match="run 'advisor build'"):
        open_knowledge(path)


def _name(knowledge: Knowledge) -> str:
    return knowledge.countries[0].names.en


def _replace(path: Path, content: bytes) -> None:
    successor = path.with_suffix(".new")
    successor.write_bytes(content)
    successor.replace(path)


def test_a_store_keeps_the_last_good_knowledge_and_takes_the_next(guide: Path, tmp_path: Path) -> None:
    artefact = build(guide, tmp_path / "out")
    store = Store(artefact, _name)
    assert store.current == "Alphaland"
    _replace(artefact, b"rubbish")
    assert store.current == "Alphaland"
    country = guide / "countries/xa/country.yaml"
    country.write_text(country.read_text(encoding="utf-8").replace("Alphaland", "Newland"), encoding="utf-8")
    build(guide, tmp_path / "out")
    assert store.current == "Newland"
