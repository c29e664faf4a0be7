"""Which files are content, and a fingerprint of them all."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

SUFFIXES: Final = (".yaml", ".md", ".docx")
CONTENT: Final = "content"
COUNTRIES: Final = "countries"


def fingerprint(root: Path) -> str:
    """A short digest of everything that is compiled; it changes when a file does."""
    digest = hashlib.sha256()
    for path in content_files(root):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def content_files(root: Path) -> list[Path]:
    """The files of content below a folder, in the order of their paths."""
    return sorted(
        path
        for top in (CONTENT, COUNTRIES)
        for path in (root / top).rglob("*")
        if path.suffix in SUFFIXES and path.is_file()
    )
