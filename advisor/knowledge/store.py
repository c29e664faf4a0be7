"""Opens the artefact, read-only, and opens it again when a newer one has taken its place."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final, Generic, NamedTuple, TypeVar

from advisor.knowledge.model import Knowledge

ARTEFACT: Final = "knowledge.db"

# The format of the tables; an artefact of another format is built anew.
FORMAT: Final = 6

_LOG: Final = logging.getLogger(__name__)

_TABLES: Final = (
    "countries", "unions", "policies", "chapters", "regions", "rules", "documents", "questions",
    "terms", "stages", "events", "issuers", "world", "probes", "forms", "sources",
)  # fmt: skip

Derived = TypeVar("Derived")


class ArtefactError(Exception):
    """The artefact is missing, or is not one that this version can read."""


class Opened(NamedTuple):
    """What an artefact holds: the knowledge, but for `asked`, and the files that were attached to it, by their names."""

    knowledge: Knowledge
    files: Mapping[str, bytes]


def open_knowledge(path: Path) -> Knowledge:
    """The knowledge of an artefact; raises ArtefactError that says what to do."""
    return open_artefact(path).knowledge


def open_artefact(path: Path) -> Opened:
    """Load an artefact; raises ArtefactError that says what to do."""
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        raise ArtefactError(f"{path} cannot be opened; run 'advisor build'") from None
    try:
        meta = dict(connection.execute("select key, value from meta"))
        if int(meta["format"]) != FORMAT:
            raise ArtefactError(f"{path} has format {meta['format']}, not {FORMAT}; run 'advisor build'")
        parts = {name: _rows(connection, name) for name in _TABLES}
        document = ",".join(f'"{name}":[{",".join(rows)}]' for name, rows in parts.items())
        knowledge = Knowledge.model_validate_json(
            f'{{"site":{meta["site"]},"licence":{meta["licence"]},"search":{meta["search"]},"version":"{meta["version"]}","built":"{meta["built"]}",{document}}}'
        )
        return Opened(knowledge, _files(connection))
    except (sqlite3.Error, KeyError, ValueError) as error:
        raise ArtefactError(
            f"{path} is not a readable artefact ({type(error).__name__}); run 'advisor build'"
        ) from error
    finally:
        connection.close()


def artefact_version(path: Path) -> str | None:
    """The version of the content that an artefact was built from, or None if there is no usable one."""
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            meta = dict(connection.execute("select key, value from meta"))
    except sqlite3.Error:
        return None
    return meta.get("version") if meta.get("format") == str(FORMAT) else None


def _rows(connection: sqlite3.Connection, table: str) -> list[str]:
    exists = connection.execute("select 1 from sqlite_master where name = ?", (table,)).fetchone()
    if exists is None:
        return []
    return [row[0] for row in connection.execute(f"select data from [{table}] order by position")]


def _files(connection: sqlite3.Connection) -> dict[str, bytes]:
    exists = connection.execute("select 1 from sqlite_master where name = 'files'").fetchone()
    return dict(connection.execute("select name, data from files")) if exists else {}


class Store(Generic[Derived]):
    """Holds what is derived from the current artefact; a broken successor never displaces a good one."""

    def __init__(self, path: Path, derive: Callable[[Knowledge, Mapping[str, bytes]], Derived]) -> None:
        self._path = path
        self._derive = derive
        self._lock = threading.Lock()
        self._stamp = self._file_stamp()
        self._current = derive(*open_artefact(path))

    @property
    def current(self) -> Derived:
        """What belongs to the newest good artefact; costs one look at the file."""
        stamp = self._file_stamp()
        if stamp != self._stamp:
            with self._lock:
                if stamp != self._stamp:
                    self._reload(stamp)
        return self._current

    def _file_stamp(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    def _reload(self, stamp: tuple[int, int] | None) -> None:
        self._stamp = stamp
        try:
            self._current = self._derive(*open_artefact(self._path))
        except ArtefactError as error:
            _LOG.warning("keeping the last good knowledge: %s", error)
