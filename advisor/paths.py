"""Where the content is, and where the artefact goes: in a checkout and in an installed wheel."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def content_root() -> Path:
    """The folder that holds `content/`, `countries/` and `translations/`: the checkout, or the wheel's own copy."""
    carried = _PACKAGE / "_data"
    return carried if carried.is_dir() else _PACKAGE.parent


def default_out() -> Path:
    """Where the artefact is built: `build/` in a checkout, else the user's cache folder."""
    root = content_root()
    if root == _PACKAGE.parent:
        return root / "build" / "knowledge"
    cache = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
    return Path(cache) / "used-vehicle-export-advisor"


def default_translations() -> Path:
    """Where the compiled message catalogues are."""
    return content_root() / "translations"
