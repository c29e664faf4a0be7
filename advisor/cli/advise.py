"""`advisor advise` and `advisor filing`: one case, read from a file, standard input or options."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from advisor.cli.case_input import read_file, with_pairs
from advisor.cli.output import print_json, told_in_one_line
from advisor.cli.rendering import render_advice, render_filing
from advisor.loading import open_store
from advisor.rules.facts import RATES, read_day

_CASE = click.argument("case", required=False)
_ON = click.option("--on", "on", metavar="DATE", help="Day of the question, YYYY-MM-DD; today if absent.")
_SET = click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="Set one field: exporter.kind=trader.")
_LANG = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of the tables."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="The whole answer as JSON.")


@click.command()
@_CASE
@click.option("--to", "destination", metavar="CC", help="Destination, ISO 3166-1 alpha-2.")
@_ON
@_SET
@click.option("--rate", "rates", multiple=True, metavar="CUR=RATE", help="Exchange rate for one US dollar: KZT=520.")
@_LANG
@_JSON
def advise(
    case: str | None,
    destination: str | None,
    on: str | None,
    pairs: tuple[str, ...],
    rates: tuple[str, ...],
    lang: Any,
    as_json: bool,
) -> None:
    """Advise on one vehicle. CASE is a JSON or YAML file, or - for standard input."""
    with told_in_one_line():
        advisor = open_store().current
        pairs = (*pairs, *(f"{RATES}.{rate}" for rate in rates))
        raw = with_pairs(read_file(case) if case else {}, pairs, advisor.cases)
        raw |= {"destination": destination} if destination else {}
        advice = advisor.engine.advise(advisor.cases.read(raw, read_day("--on", on, dt.date.today())))
    if as_json:
        print_json(advisor.answers.answer(advice))
    else:
        render_advice(advice, advisor, lang)


@click.command()
@_CASE
@_ON
@_SET
@_LANG
@_JSON
def filing(case: str | None, on: str | None, pairs: tuple[str, ...], lang: Any, as_json: bool) -> None:
    """Check whether a company may be filed as exporter. CASE is a JSON or YAML file, or - for standard input."""
    with told_in_one_line():
        advisor = open_store().current
        raw = with_pairs(read_file(case) if case else {}, pairs, advisor.filings)
        found = advisor.engine.review(advisor.filings.read(raw, read_day("--on", on, dt.date.today())))
    if as_json:
        print_json(advisor.answers.review(found))
    else:
        render_filing(found, advisor, lang)
