"""The artefact is opened for reading only; a broken successor never displaces good knowledge."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import small_guide

from advisor.knowledge.compiling import build
from advisor.knowledge.model import Knowledge
from advisor.knowledge.store import FORMAT, ArtefactError, Store, artefact_version, open_knowledge

COUNTRY = "countries/xa/country.yaml"


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    """The small guide in files of its own."""
    root = tmp_path / "guide"
    small_guide.write_small_guide(root)
    return root


@pytest.fixture
def artefact(guide: Path, tmp_path: Path) -> Path:
    """The artefact of that guide."""
    return build(guide, tmp_path / "out")


def first_name(knowledge: Knowledge, files: Mapping[str, bytes]) -> str:
    return knowledge.countries[0].names.en


def replace(path: Path, content: bytes) -> None:
    successor = path.with_suffix(".new")
    successor.write_bytes(content)
    successor.replace(path)


def rebuild(guide: Path, artefact: Path, old: str, new: str) -> None:
    small_guide.edit(guide / COUNTRY, old, new)
    build(guide, artefact.parent)


def execute(artefact: Path, statement: str) -> None:
    with closing(sqlite3.connect(artefact)) as connection, connection:
        connection.execute(statement)


# Opening


@pytest.mark.parametrize("opens", [open_knowledge, artefact_version])
def test_an_artefact_is_opened_for_reading_only(artefact: Path, monkeypatch: pytest.MonkeyPatch, opens: Any) -> None:
    writable = []
    connect = sqlite3.connect

    def watched(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)
        try:
            connection.execute("create table written (x)")
            writable.append(True)
        except sqlite3.OperationalError:
            writable.append(False)
        return connection

    monkeypatch.setattr(sqlite3, "connect", watched)
    assert opens(artefact)
    assert writable == [False]
    assert [path.name for path in artefact.parent.iterdir()] == [artefact.name]


@pytest.mark.parametrize("rubbish", [b"", b"not a database", b"SQLite format 3\x00" + b"\x00" * 100, None])
def test_what_is_no_artefact_is_said_to_be_none(tmp_path: Path, rubbish: bytes | None) -> None:
    path = tmp_path / "knowledge.db"
    if rubbish is not None:
        path.write_bytes(rubbish)
    with pytest.raises(ArtefactError, match="run 'advisor build'"):
        open_knowledge(path)
    assert artefact_version(path) is None
    assert path.exists() is (rubbish is not None)


@pytest.mark.parametrize(
    "damage",
    [
        "drop table meta",
        "delete from meta where key = 'site'",
        "delete from meta where key = 'format'",
        "update meta set value = 'new' where key = 'format'",
        "update meta set value = 'long ago' where key = 'built'",
        "update rules set data = '{}'",
        "update rules set data = 'rubbish'",
    ],
)
def test_a_damaged_artefact_is_said_to_be_damaged(artefact: Path, damage: str) -> None:
    execute(artefact, damage)
    with pytest.raises(ArtefactError, match=r"is not a readable artefact \(\w+\); run 'advisor build'"):
        open_knowledge(artefact)


def test_an_artefact_of_another_format_is_built_anew(artefact: Path) -> None:
    execute(artefact, f"update meta set value = '{FORMAT + 1}' where key = 'format'")
    with pytest.raises(ArtefactError, match=f"has format {FORMAT + 1}, not {FORMAT}; run 'advisor build'"):
        open_knowledge(artefact)
    assert artefact_version(artefact) is None


# Keeping


def test_a_store_takes_a_new_artefact_as_soon_as_it_is_there(guide: Path, artefact: Path) -> None:
    store = Store(artefact, first_name)
    assert store.current == "Alphaland"
    rebuild(guide, artefact, "Alphaland", "Newland")
    assert store.current == "Newland"


def test_a_store_derives_once_from_one_artefact(artefact: Path) -> None:
    derived = []
    store = Store(artefact, lambda knowledge, files: derived.append(knowledge.version))
    assert [store.current, store.current] == [None, None]
    assert len(derived) == 1


@pytest.mark.parametrize("rubbish", [b"rubbish", b"", None])
def test_a_store_keeps_the_last_good_knowledge_and_takes_the_next(
    guide: Path, artefact: Path, caplog: pytest.LogCaptureFixture, rubbish: bytes | None
) -> None:
    store = Store(artefact, first_name)
    if rubbish is None:
        artefact.unlink()
    else:
        replace(artefact, rubbish)
    assert [store.current, store.current] == ["Alphaland", "Alphaland"]
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == ["keeping the last good knowledge"]
    rebuild(guide, artefact, "Alphaland", "Newland")
    assert store.current == "Newland"


def test_a_successor_that_can_only_half_be_read_does_not_displace_it(guide: Path, artefact: Path) -> None:
    store = Store(artefact, first_name)
    damaged = artefact.with_name("damaged.db")
    damaged.write_bytes(artefact.read_bytes())
    execute(damaged, "update meta set value = 'new' where key = 'format'")
    damaged.replace(artefact)
    assert store.current == "Alphaland"


def test_there_is_no_store_without_an_artefact(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="run 'advisor build'"):
        Store(tmp_path / "knowledge.db", first_name)
