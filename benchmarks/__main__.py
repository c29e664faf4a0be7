"""Measures advice, start-up, build and pages, and ZEN in the same run: `python -m benchmarks`."""

from __future__ import annotations

import datetime as dt
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from flask import Flask

from advisor.knowledge.store import open_artefact
from advisor.loading import Advisor, build_artefact
from advisor.paths import content_root
from advisor.rules.facts import Case
from benchmarks import search, zen

ON: Final = dt.date(2026, 3, 1)
CASE: Final[dict[str, Any]] = {
    "dates": {"application": "2026-03-01", "shipment": "2026-03-20", "arrival": "2026-04-10"},
    "vehicle": {
        "category": "M1", "powertrain": "petrol", "manufactured": "2021-08", "first_registered": "2021-09-02",
        "transferred": "2026-02-10", "use": "private", "history": [], "steering": "left", "engine_cc": 1500,
        "emission_standard": "euro-6", "modified": False, "mileage_km": 42000, "seats": 5, "special_use": "none",
        "conformity": ["european"],
    },
    "exporter": {"kind": "trader", "filed": True, "record": [], "region": "elsewhere"},
    "importer": {"kind": "company", "purpose": "sale", "official_representative": False},
    "route": {"entry": "sea"},
}  # fmt: skip


def main() -> None:
    """Print one line for each figure."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        artefact = build_artefact(content_root(), Path(folder))
        _show("full build", time.perf_counter() - started, "s")
        advisor = Advisor.of(*open_artefact(artefact))
        _advice(advisor)
        _search(advisor)
        _pages(advisor)
    _serve()


def _search(advisor: Advisor) -> None:
    queries = search.read_queries()
    entries = advisor.search.entries
    rankers = {
        "ours": search.ours(advisor.search),
        "FTS5": search.with_fts5(entries),
        "tantivy": search.with_tantivy(entries),
    }
    for path in (search.QUERIES, search.FITTED, search.HELD_OUT):
        graded = search.read_queries(path)
        for name, ranker in rankers.items():
            found = search.quality(ranker, graded)
            print(
                f"search, {name}, {len(graded)} questions of {path.name}: nDCG@10 {found.ndcg:.3f}, "
                f"recall@10 {found.recall:.3f}, MRR {found.reciprocal_rank:.3f}"
            )
    for name, ranker in rankers.items():
        median, late = search.latencies(ranker, queries)
        print(f"search, {name}: {median:.2f} ms median, {late:.2f} ms at the 95th percentile")
    large = search.enlarged(advisor.knowledge, search.TIMES)
    print(
        f"search, ours, {search.TIMES} times the corpus: {search.latencies(search.ours(large), queries)[0]:.2f} ms median"
    )


def _advice(advisor: Advisor) -> None:
    engine = advisor.engine
    ours: list[float] = []
    theirs: list[float] = []
    for country in advisor.knowledge.countries:
        case = advisor.cases.read({"destination": country.code, **CASE}, ON)
        rules = [finding.rule for finding in engine.advise(case).findings]
        table, facts = zen.decision(rules), zen.context(case, rules)
        holds = {row["rule"] for row in table.evaluate(facts)["result"]}
        mine, other = _median_pair(lambda case=case: engine.advise(case), lambda t=table, f=facts: t.evaluate(f))
        ours.append(mine)
        theirs.append(other)
        print(
            f"{country.code}: advice {mine:.0f} µs, ZEN {other:.0f} µs over the same {len(rules)} rules "
            f"(ratio {mine / other:.2f}); ZEN finds {len(holds)} that hold, advice {_applying(advisor, case)}"
        )
    _show("one advice, median over destinations", statistics.median(ours), "µs")
    _show("the same rules in ZEN, median over destinations", statistics.median(theirs), "µs")
    _show("advice / ZEN", statistics.median(ours) / statistics.median(theirs), "")
    priced = [_priced(advisor, country.code) for country in advisor.knowledge.countries if country.taxes]
    if priced:
        times = [_median_pair(lambda case=case: engine.advise(case), lambda: None)[0] for case in priced]
        _show("one advice with costs, median over destinations", statistics.median(times), "µs")
    asked = advisor.cases.read({"destination": advisor.knowledge.countries[0].code}, ON)
    _show(
        "advice on a case of which nothing is known", _median_pair(lambda: engine.advise(asked), lambda: None)[0], "µs"
    )


def _priced(advisor: Advisor, destination: str) -> Case:
    """The case with a price and everything that a table of taxes asks of an ordinary car and importer."""
    vehicle = {
        **CASE["vehicle"],
        "price": {"amount": 12000, "currency": "USD", "terms": "CIF"},
        "list_price": 2_000_000,
        "model_year": "2021",
        "origin": "china",
        "body": "saloon",
        "cylinders": 4,
        "fiscal_hp": 7,
        "power_kw": 90,
        "kerb_weight_kg": 1300,
        "gross_weight_kg": 1700,
    }
    importer = {
        **CASE["importer"],
        "declaration": "national-tariff",
        "zone": "mainland",
        "tax_registered": True,
        "imported_this_year": False,
    }
    shipping = {"freight": 1200, "insurance": 60, "preferential_origin": False}
    rates = {"EUR": "0.87", **{country.currency: "100" for country in advisor.knowledge.countries}}
    case = {**CASE, "vehicle": vehicle, "importer": importer, "shipping": shipping, "rates": rates}
    return advisor.cases.read({"destination": destination, **case}, ON)


def _applying(advisor: Advisor, case: Case) -> int:
    findings = advisor.engine.advise(case).findings
    return sum(finding.status == "applies" for finding in findings)


def _median_pair(one: Callable[[], object], other: Callable[[], object], rounds: int = 300) -> tuple[float, float]:
    """Medians in microseconds of two things measured in turns, so that both meet the same machine."""
    first: list[float] = []
    second: list[float] = []
    for _ in range(rounds):
        for function, times in ((one, first), (other, second)):
            started = time.perf_counter()
            function()
            times.append((time.perf_counter() - started) * 1e6)
    return statistics.median(first), statistics.median(second)


class _OneStore:
    """A store of a single advisor, as `create_app` wants it."""

    def __init__(self, advisor: Advisor) -> None:
        self.current = advisor


def _pages(advisor: Advisor) -> None:
    from advisor.web import create_app

    bare = Flask("bare")
    bare.add_url_rule("/", "hello", lambda: "hello")
    client, hello = create_app(_OneStore(advisor)).test_client(), bare.test_client()  # type: ignore[arg-type]
    code = advisor.knowledge.countries[0].scope
    page, greeting = _median_pair(lambda: client.get(f"/zh/countries/{code}/market"), lambda: hello.get("/"))
    _show("a guide page", page, "µs")
    _show("a bare Flask hello", greeting, "µs")
    _show("throughput of the page against hello", greeting / page, "")


def _serve() -> None:
    """`advisor serve` with a built artefact: time to the first answer and to the first search, and memory before and after it."""
    port = 8765
    address = f"http://127.0.0.1:{port}/zh/"
    command = [sys.executable, "-m", "advisor", "serve", "--port", str(port)]
    subprocess.run([sys.executable, "-m", "advisor", "build"], check=True, capture_output=True)
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            while True:
                try:
                    urllib.request.urlopen(address, timeout=5).read()
                    break
                except OSError:
                    time.sleep(0.01)
            _show("start of advisor serve to its first answer", time.perf_counter() - started, "s")
            _show("resident memory before any search", _resident(server.pid), "MB")
            started = time.perf_counter()
            urllib.request.urlopen(f"{address}search?q=duty", timeout=30).read()
            _show("the first search, which opens the index", time.perf_counter() - started, "s")
            for query in search.read_queries():
                urllib.request.urlopen(f"{address}search?{urlencode({'q': query.text})}", timeout=5).read()
            _show("resident memory after every question was asked", _resident(server.pid), "MB")
        finally:
            server.terminate()


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _show(what: str, figure: float, unit: str) -> None:
    print(f"{what}: {figure:.2f} {unit}".rstrip())


if __name__ == "__main__":
    main()
