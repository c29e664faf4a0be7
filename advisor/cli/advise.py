"""`advisor advise`: one case, one destination, read from a file, standard input or options."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import click
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError

from advisor.cli.rendering import render_advice
from advisor.knowledge.problems import ContentError
from advisor.loading import Advisor, open_store
from advisor.rules.facts import RATES, CaseError, read_day

BROKEN, BAD_CASE = 1, 2
LARGEST_CASE = 100_000


@click.command()
@click.argument("case", required=False)
@click.option("--to", "destination", metavar="CC", help="Destination, ISO 3166-1 alpha-2.")
@click.option("--on", "on", metavar="DATE", help="Day of the question, YYYY-MM-DD; today if absent.")
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="Set one field: vehicle.powertrain=bev.")
@click.option("--rate", "rates", multiple=True, metavar="CUR=RATE", help="Exchange rate for one US dollar: KZT=520.")
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of the tables."
)
@click.option("--json", "as_json", is_flag=True, help="The whole answer as JSON.")
def advise(
    case: str | None,
    destination: str | None,
    on: str | None,
    pairs: tuple[str, ...],
    rates: tuple[str, ...],
    lang: Any,
    as_json: bool,
) -> None:
    """Advise on one case. CASE is a JSON or YAML file, or - for standard input."""
    try:
        advisor = open_store().current
        raw = _read(case) if case else {}
        merged = _merged(raw, destination, (*pairs, *(f"{RATES}.{rate}" for rate in rates)), advisor)
        advice = advisor.engine.advise(advisor.cases.read(merged, read_day("--on", on, dt.date.today())))
    except CaseError as error:
        click.echo(f"advisor: {error}", err=True)
        sys.exit(BAD_CASE)
    except ContentError as error:
        click.echo(str(error), err=True)
        sys.exit(BROKEN)
    if as_json:
        click.echo(json.dumps(advisor.answers.answer(advice), ensure_ascii=False, indent=2))
    else:
        render_advice(advice, advisor, lang)


def _read(name: str) -> dict[str, Any]:
    try:
        text = sys.stdin.read(LARGEST_CASE + 1) if name == "-" else _read_file(Path(name))
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


def _read_file(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(LARGEST_CASE + 1)
    except OSError as error:
        raise CaseError("", f"{path} cannot be read: {error.strerror}") from None


def _merged(raw: dict[str, Any], destination: str | None, pairs: tuple[str, ...], advisor: Advisor) -> dict[str, Any]:
    merged = {key: dict(value) if isinstance(value, dict) else value for key, value in raw.items()}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not (equals and key.strip()):
            raise CaseError(pair, "is not KEY=VALUE, such as vehicle.powertrain=bev")
        _put(merged, key.strip(), advisor.cases.from_text(key.strip(), value))
    if destination:
        merged["destination"] = destination
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
