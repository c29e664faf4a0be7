"""Reads a case for the commands: from a file, from standard input, or field by field."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError

from advisor.rules.facts import CaseError, CaseReader

LARGEST_CASE = 100_000


def read_file(name: str) -> dict[str, Any]:
    """A case from a JSON or YAML file, or from standard input (`-`); raises CaseError that says what is wrong."""
    try:
        text = sys.stdin.read(LARGEST_CASE + 1) if name == "-" else _text_of(Path(name))
    except UnicodeDecodeError:
        raise CaseError("", f"{name} is not UTF-8 text") from None
    if len(text) > LARGEST_CASE:
        raise CaseError("", f"{name} is larger than a case can be ({LARGEST_CASE} characters)")
    try:
        raw = _case_yaml().load(text)
    except (YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        at = f" (line {mark.line + 1})" if mark else ""
        problem = getattr(error, "problem", None) or "cannot be read"
        raise CaseError("", f"{name} is neither JSON nor YAML{at}: {problem}") from None
    if not isinstance(raw, dict):
        raise CaseError(
            "", f"{name} does not hold a case: a mapping with destination, dates, vehicle, exporter, importer"
        )
    return raw


class _DatesAsWritten(SafeConstructor):
    """Leaves a date as it is written, so that a wrong one is reported with its field."""


_DatesAsWritten.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


def _case_yaml() -> YAML:
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _DatesAsWritten
    return yaml


def _text_of(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(LARGEST_CASE + 1)
    except OSError as error:
        raise CaseError("", f"{path} cannot be read: {error.strerror}") from None


def with_pairs(raw: dict[str, Any], pairs: Iterable[str], reader: CaseReader) -> dict[str, Any]:
    """A case with single fields set, each written KEY=VALUE; raises CaseError for what is not."""
    merged = {key: dict(value) if isinstance(value, dict) else value for key, value in raw.items()}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not (equals and key.strip()):
            raise CaseError(pair, "is not KEY=VALUE, such as vehicle.powertrain=bev")
        _put(merged, key.strip(), reader.from_text(key.strip(), value))
    return merged


def _put(merged: dict[str, Any], key: str, value: Any) -> None:
    group, dot, field = key.partition(".")
    if not dot:
        merged[key] = value
        return
    inner = merged.setdefault(group, {})
    if not isinstance(inner, dict):
        raise CaseError(group, "is not a mapping in the case, so its fields cannot be set")
    inner[field] = value
