"""Finds the artefact, builds it when it is missing or older than the content, and keeps it current."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from advisor.knowledge.files import fingerprint
from advisor.knowledge.model import Knowledge
from advisor.knowledge.problems import ContentError
from advisor.knowledge.store import ARTEFACT, Store, artefact_version
from advisor.paths import content_root, default_out
from advisor.rules.answer import Answerer
from advisor.rules.engine import Engine
from advisor.rules.facts import CaseReader
from advisor.search.engine import Search, index_files

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, repr=False)
class Advisor:
    """Everything that answers questions, made from one artefact; `filings` reads what a company says of itself."""

    knowledge: Knowledge
    engine: Engine
    cases: CaseReader
    filings: CaseReader
    answers: Answerer
    search: Search

    def __repr__(self) -> str:
        """Which knowledge it answers from; all of it would fill a log."""
        return f"<Advisor {self.knowledge.version}>"

    @classmethod
    def of(cls, knowledge: Knowledge, files: Mapping[str, bytes] = MappingProxyType({})) -> Advisor:
        """The parts that answer from this knowledge; `files` hold the index of the search, which is made where there are none."""
        engine = Engine(knowledge)
        return cls(
            knowledge,
            engine,
            cases=CaseReader.of_vehicles(knowledge),
            filings=CaseReader.of_companies(knowledge),
            answers=Answerer(knowledge, engine),
            search=Search(knowledge, files),
        )


def build_artefact(root: Path, out: Path) -> Path:
    """Compile the content below `root` into `out`, the index of the search included; returns the artefact's path.

    Raises ContentError, leaving the last good artefact in place, when an error is found.
    """
    # What reads and checks the content takes a third of a second to load, and a server that finds it built needs none of it.
    from advisor.knowledge.compiling import build

    return build(root, out, attach=index_files)


def ensure_artefact(out: Path | None = None) -> Path:
    """The artefact's path; builds it first when it is missing or older than the content.

    Raises ContentError when the content is broken and there is no earlier artefact to fall back on.
    """
    out = out or default_out()
    path = out / ARTEFACT
    version = artefact_version(path)
    if version == fingerprint(content_root()):
        return path
    try:
        return build_artefact(content_root(), out)
    except ContentError as error:
        if version is None:
            raise
        _LOG.warning("the content has errors; serving the last good knowledge (%s):\n%s", version, error)
        return path


def open_store(out: Path | None = None) -> Store[Advisor]:
    """A store of advisors over the current artefact."""
    return Store(ensure_artefact(out), Advisor.of)
