"""Wheel build: compiles the message catalogues and carries the content inside the package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CARRIED = ("content", "countries", "translations")


class CustomBuildHook(BuildHookInterface):
    """A checkout reads its own folders; only a wheel proper has to carry a copy of them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every catalogue in place and, for a wheel proper, include the folders."""
        for catalogue in Path(self.root, "translations").rglob("*.po"):
            with catalogue.open("rb") as source, catalogue.with_suffix(".mo").open("wb") as target:
                write_mo(target, read_po(source))
        if version == "standard":
            build_data["force_include"] |= {f"{self.root}/{name}": f"advisor/_data/{name}" for name in CARRIED}
