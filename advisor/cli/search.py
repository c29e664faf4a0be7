"""`advisor search`: what the guide says of a few words, here or on a server that runs."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Final, cast

import click
from rich.console import Console
from rich.markup import escape

from advisor.cli.output import print_json, told_in_one_line
from advisor.knowledge.model import Lang
from advisor.loading import open_store
from advisor.rules.facts import CaseError
from advisor.search.answer import answer
from advisor.search.engine import QueryError
from advisor.search.entries import KINDS, Kind

_SERVER: Final = "http://127.0.0.1:8000"
_PATIENCE: Final = 10


@click.command()
@click.argument("query")
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of the answer."
)
@click.option("--kind", type=click.Choice(KINDS), help="One kind of entry alone.")
@click.option("--country", metavar="CC", help="One destination alone, ISO 3166-1 alpha-2.")
@click.option("--on-server", is_flag=True, help=f"Ask the server that runs on {_SERVER}.")
@click.option("--json", "as_json", is_flag=True, help="The whole answer as JSON.")
def search(query: str, lang: str, kind: str | None, country: str | None, on_server: bool, as_json: bool) -> None:
    """Search the guide for QUERY, in Chinese or English."""
    with told_in_one_line():
        found = _asked(query, lang, kind, country) if on_server else _here(query, cast(Lang, lang), kind, country)
    if as_json:
        print_json(found)
    else:
        _render(found, cast(Lang, lang))


def _here(query: str, lang: Lang, kind: str | None, country: str | None) -> dict[str, Any]:
    advisor = open_store().current
    code = country.upper() if country else None
    codes = [one.code for one in advisor.knowledge.countries]
    if code is not None and code not in codes:
        raise CaseError("--country", f"{country!r} is not a destination; use one of {', '.join(codes)}")
    return answer(advisor.search.find(query, lang, cast(Kind | None, kind), code), lang)


def _asked(query: str, lang: str, kind: str | None, country: str | None) -> dict[str, Any]:
    asked = {"q": query, "lang": lang, "kind": kind or "", "country": (country or "").upper()}
    address = f"{_SERVER}/api/v1/search?{urllib.parse.urlencode(asked)}"
    try:
        with urllib.request.urlopen(address, timeout=_PATIENCE) as response:
            found: dict[str, Any] = json.load(response)
            return found
    except urllib.error.HTTPError as error:
        raise QueryError(json.load(error).get("detail", error.reason)) from None
    except OSError as error:
        raise CaseError(
            "--on-server", f"nothing answers on {_SERVER} ({error}); start it with 'advisor serve'"
        ) from None


def _render(found: dict[str, Any], lang: Lang) -> None:
    console = Console(highlight=False)
    if found["suggestion"]:
        words = "您要找的是不是：" if lang == "zh" else "Did you mean: "
        console.print(f"{words}{escape(found['suggestion'])}")
    if not found["hits"]:
        console.print("没有找到。" if lang == "zh" else "Nothing fits.")
    for hit in found["hits"]:
        console.print(f"[bold]{escape(hit['title'][lang])}[/]  [dim]{hit['kind']}:{escape(hit['id'])}  {hit['url']}[/]")
        if hit["snippet"]:
            console.print(f"  {escape(hit['snippet'])}")
