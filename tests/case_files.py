"""Cases as an officer writes them (tests/cases/*.yaml), and what is compared with the answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from advisor.knowledge.yamlfile import read_yaml
from advisor.loading import Advisor

FOLDER = Path(__file__).parent / "cases"

_FIELDS = {"case", "source", "about", "on", "given", "expect"}


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One case of a file; `place` is where it is written."""

    place: str
    name: str
    source: str | None
    about: str
    on: dt.date
    given: Mapping[str, Any]
    expect: Mapping[str, Any]


def read_cases(path: Path) -> Iterator[CaseFile]:
    """The cases of one file, in order; raises ValueError that names the place of a malformed one."""
    file, problems = read_yaml(path, f"tests/cases/{path.name}")
    if file is None or problems:
        raise ValueError("\n".join(str(problem) for problem in problems))
    for position, raw in enumerate(file.data):
        place = f"{file.name}:{file.line((position,))}"
        if set(raw) - _FIELDS or not {"case", "on", "given", "expect"} <= set(raw):
            raise ValueError(f"{place}: a case has {', '.join(sorted(_FIELDS))}; this has {', '.join(raw)}")
        day = dt.date.fromisoformat(raw["on"])
        yield CaseFile(
            place, raw["case"], raw.get("source"), raw.get("about", "vehicle"), day, raw["given"], raw["expect"]
        )


def differences(case: CaseFile, advisor: Advisor) -> list[str]:
    """Where the answer is not what the case expects; empty when it is right."""
    seen = _Seen(_ASKED[case.about](advisor, case.given, case.on))
    return [difference for key, wanted in case.expect.items() for difference in seen.compare(key, wanted)]


def _vehicle(advisor: Advisor, given: Mapping[str, Any], on: dt.date) -> dict[str, Any]:
    return advisor.answers.answer(advisor.engine.advise(advisor.cases.read(given, on)))


def _company(advisor: Advisor, given: Mapping[str, Any], on: dt.date) -> dict[str, Any]:
    return advisor.answers.review(advisor.engine.review(advisor.filings.read(given, on)))


_ASKED = {"vehicle": _vehicle, "company": _company}


class _Seen:
    """An answer, looked at in the ways in which a case speaks of it."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self._answer = answer
        self._findings = {finding["rule"]: finding for finding in answer["findings"]}

    def compare(self, key: str, wanted: Any) -> Iterator[str]:
        """What differs in one part of the expectation."""
        match key:
            case "verdict":
                yield from _differs("verdict", self._answer["verdict"], wanted)
            case "sides":
                for side, verdict in wanted.items():
                    yield from _differs(f"sides.{side}", self._answer["sides"][side], verdict)
            case "findings":
                for rule, status in wanted.items():
                    found = self._findings[rule]["status"] if rule in self._findings else "absent"
                    yield from _differs(rule, found, status)
            case "documents" | "missing":
                found = {item["id"] if key == "documents" else item for item in self._answer[key]}
                yield from (f"{key}: {name} is not among {sorted(found)}" for name in wanted if name not in found)
            case "obligations":
                dues = {due["id"]: due["due"] for due in self._answer["obligations"]}
                for name, day in wanted.items():
                    yield from _differs(f"obligations.{name}", dues.get(name, "absent"), day)
            case "costs":
                yield from self._costs(wanted)
            case "changes":
                days = {change["rule"]: change["on"] for change in self._answer["changes"]}
                for rule, day in wanted.items():
                    yield from _differs(f"changes.{rule}", days.get(rule, "absent"), day)
            case "next":
                question = self._answer["next_question"]
                yield from _differs("next", question["field"] if question else None, wanted)
            case "says":
                yield from self._says(wanted)
            case _:
                yield f"'{key}' is nothing that a case can expect"

    def _costs(self, wanted: Mapping[str, Any]) -> Iterator[str]:
        costs = self._answer["costs"]
        if costs is None:
            yield "costs: none, since the case has no price or the destination no table"
            return
        lines = {line["id"]: _bounds(line) for line in (*costs["lines"], *costs["deposits"])}
        for name, amount in wanted.get("lines", {}).items():
            yield from _differs(f"costs.{name}", lines.get(name, "absent"), _wanted(amount))
        for name in ("total", "landed"):
            if name in wanted:
                found = (costs[f"{name}_least"], costs[f"{name}_most"])
                yield from _differs(f"costs.{name}", found, _wanted(wanted[name]))

    def _says(self, wanted: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
        for rule, texts in wanted.items():
            if rule not in self._findings:
                yield f"says.{rule}: absent"
                continue
            reason = self._findings[rule]["reason"]
            for lang, words in texts.items():
                if words not in reason[lang]:
                    yield f"says.{rule}.{lang}: “{words}” is not in “{reason[lang]}”"


def _bounds(line: Mapping[str, Any]) -> tuple[float, float | None]:
    return line["least"], line["most"]


def _wanted(amount: Any) -> Any:
    """An amount, or its least and most; `absent` for a line that is not shown."""
    if isinstance(amount, list):
        return tuple(None if end is None else float(end) for end in amount)
    return amount if isinstance(amount, str) else (float(amount), float(amount))


def _differs(what: str, found: Any, wanted: Any) -> Iterator[str]:
    if found != wanted:
        yield f"{what}: {found!r}, not {wanted!r}"
