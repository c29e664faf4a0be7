"""A YAML file as plain values, with the line on which each of them stands."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from advisor.knowledge.problems import Problem

Path_ = tuple[str | int, ...]

_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class YamlFile:
    """The content of a file; `name` is its path below the root, `lines` the line of each value by its path."""

    name: str
    data: Any
    lines: dict[Path_, int]

    def line(self, path: Path_) -> int:
        """The line of a value, or of the nearest value around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: Path_, message: str) -> Problem:
        """A problem with the value at a path."""
        return Problem(self.name, self.line(path), message)


def read_yaml(path: Path, name: str) -> tuple[YamlFile | None, list[Problem]]:
    """Read one file; dates stay text, numbers with a point become Decimal, keys must be unique."""
    try:
        node = YAML(typ="safe").compose(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        return None, [Problem(name, 1, "is not UTF-8 text")]
    except MarkedYAMLError as error:
        mark = error.problem_mark
        return None, [Problem(name, mark.line + 1 if mark else 1, f"is not valid YAML: {error.problem}")]
    except YAMLError as error:
        return None, [Problem(name, 1, f"is not valid YAML: {error}")]
    if node is None:
        return None, [Problem(name, 1, "is empty")]
    problems: list[Problem] = []
    lines: dict[Path_, int] = {}
    try:
        data = _value(node, (), lines, problems, name)
    except RecursionError:
        return None, [Problem(name, 1, "is nested too deeply, or an alias in it stands for itself")]
    return YamlFile(name, data, lines), problems


def _value(node: Node, path: Path_, lines: dict[Path_, int], problems: list[Problem], name: str) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, SequenceNode):
        return [_value(item, (*path, at), lines, problems, name) for at, item in enumerate(node.value)]
    if isinstance(node, MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in mapping:
                problems.append(Problem(name, key_node.start_mark.line + 1, f"the key '{key}' stands here twice"))
            mapping[key] = _value(value_node, (*path, key), lines, problems, name)
            lines[(*path, key)] = key_node.start_mark.line + 1
        return mapping
    assert isinstance(node, ScalarNode)
    return _scalar(str(node.tag), node.value)


def _scalar(tag: str, text: str) -> Any:
    match tag.removeprefix(_TAG):
        case "null":
            return None
        case "bool":
            return text.lower() in ("true", "yes", "on")
        case "int" if text.lstrip("+-").isdigit():
            return int(text)
        case "float":
            return _decimal(text)
        case _:
            return text


def _decimal(text: str) -> Decimal | str:
    """The number, or the text of what YAML takes for a number and is none: .inf, .nan."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return text
