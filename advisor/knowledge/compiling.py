"""Compiles knowledge into one SQLite file that Datasette opens and the server reads; swaps it in whole."""

from __future__ import annotations

import datetime as dt
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.db import Table

from advisor.knowledge.amounts import write_amount
from advisor.knowledge.checking import check
from advisor.knowledge.model import Cite, Frozen, Knowledge
from advisor.knowledge.problems import ContentError
from advisor.knowledge.reading import read_content
from advisor.knowledge.store import ARTEFACT, FORMAT

# What else goes into the artefact: files by their names, made from the knowledge.
Attach = Callable[[Knowledge], Mapping[str, bytes]]


def _nothing(_: Knowledge) -> Mapping[str, bytes]:
    return {}


def build(root: Path, out: Path, attach: Attach = _nothing) -> Path:
    """Read, check and compile the content below `root` into `out`; returns the artefact's path.

    `attach` makes files from the knowledge, such as the index of a search, that lie in the artefact beside it.

    Raises ContentError, leaving the last good artefact in place, when an error is found. The new
    file takes the old one's place in a single step, so a reader sees the one or the other.
    """
    content = read_content(root)
    errors = [problem for problem in check(content, dt.date.today()) if problem.severity == "error"]
    if errors:
        raise ContentError(errors)
    out.mkdir(parents=True, exist_ok=True)
    knowledge = content.knowledge.model_copy(update={"built": dt.datetime.now(dt.UTC).replace(microsecond=0)})
    handle, name = tempfile.mkstemp(dir=out, prefix=".knowledge-", suffix=".db")
    os.close(handle)
    try:
        _write(Path(name), knowledge, attach(knowledge))
        os.chmod(name, 0o644)
        target = out / ARTEFACT
        os.replace(name, target)
    finally:
        Path(name).unlink(missing_ok=True)
    return target


def _write(path: Path, knowledge: Knowledge, files: Mapping[str, bytes]) -> None:
    database = Database(path)
    try:
        _fill(database, knowledge)
        if files:
            _table(database, "files").insert_all(
                ({"name": name, "data": data} for name, data in files.items()), pk="name"
            )
        database.vacuum()
    finally:
        database.close()


def _fill(database: Database, knowledge: Knowledge) -> None:
    with database.conn:
        _lists(database, knowledge)
        _places(database, knowledge)
        _tax_lines(database, knowledge)
        _policies(database, knowledge)
        _chapters(database, knowledge)
        _rules(database, knowledge)
        _text(database, knowledge)
        meta = {
            "format": FORMAT,
            "version": knowledge.version,
            "built": knowledge.built.isoformat() if knowledge.built else "",
            "site": knowledge.site.model_dump_json(),
            "licence": knowledge.licence.model_dump_json(),
            "search": knowledge.search.model_dump_json(),
        }
        _table(database, "meta").insert_all([{"key": key, "value": value} for key, value in meta.items()], pk="key")


def _table(database: Database, name: str) -> Table:
    table = database.table(name)
    assert isinstance(table, Table)
    return table


def _whole(item: Frozen) -> str:
    return item.model_dump_json(by_alias=True)


def _insert(database: Database, name: str, rows: Iterable[dict[str, Any]], **options: Any) -> None:
    """Insert rows in the order of the model; `position` keeps it for the way back."""
    numbered = [{**row, "position": position} for position, row in enumerate(rows)]
    if numbered:
        _table(database, name).insert_all(numbered, **options)


def _lists(database: Database, knowledge: Knowledge) -> None:
    for name, items in (
        ("stages", knowledge.stages),
        ("events", knowledge.events),
        ("issuers", knowledge.issuers),
        ("world", knowledge.world),
        ("regions", knowledge.regions),
        ("probes", knowledge.probes),
    ):
        rows = [{"id": i.id, "name_zh": i.names.zh, "name_en": i.names.en, "data": _whole(i)} for i in items]
        _insert(database, name, rows, pk="id")
    forms = [{"id": f.id, "document": f.document, "lang": f.lang, "data": _whole(f)} for f in knowledge.forms]
    _insert(database, "forms", forms, pk="id")
    # For readers alone: what is asked lies in the index of the search, and no program reads it back.
    asked = [{"id": a.id, "zh": "；".join(a.zh), "en": "; ".join(a.en)} for a in knowledge.asked]
    _insert(database, "asked", asked, pk="id")
    sources = [
        {**json.loads(_whole(s)), "note": s.note.en if s.note else None, "data": _whole(s)} for s in knowledge.sources
    ]
    _insert(database, "sources", sources, pk="id")
    documents = [
        {
            "id": d.id,
            "name_zh": d.names.zh,
            "name_en": d.names.en,
            "issuer_zh": d.issuer.zh,
            "issuer_en": d.issuer.en,
            "stage": d.stage,
            "data": _whole(d),
        }
        for d in knowledge.documents
    ]
    _insert(database, "documents", documents, pk="id", foreign_keys=[("stage", "stages", "id")])
    questions = [
        {"field": q.field, "kind": q.kind, "title_zh": q.title.zh, "title_en": q.title.en, "data": _whole(q)}
        for q in knowledge.questions
    ]
    _insert(database, "questions", questions, pk="field")
    terms = [
        {
            "id": t.id,
            "name_zh": t.names.zh,
            "name_en": t.names.en,
            "definition_zh": t.definition.zh,
            "definition_en": t.definition.en,
            "data": _whole(t),
        }
        for t in knowledge.terms
    ]
    _insert(database, "terms", terms, pk="id")


def _places(database: Database, knowledge: Knowledge) -> None:
    unions = [
        {"id": u.id, "name_zh": u.names.zh, "name_en": u.names.en, "reviewed": str(u.reviewed), "data": _whole(u)}
        for u in knowledge.unions
    ]
    _insert(database, "unions", unions, pk="id")
    countries = [
        {
            "code": c.code,
            "name_zh": c.names.zh,
            "name_en": c.names.en,
            "world": c.region,
            "currency": c.currency,
            "traffic_side": c.traffic_side,
            "summary_zh": c.summary.zh,
            "summary_en": c.summary.en,
            "reviewed": str(c.reviewed),
            "data": _whole(c),
        }
        for c in knowledge.countries
    ]
    _insert(database, "countries", countries, pk="code", foreign_keys=[("world", "world", "id")])
    members = [{"country": c.code, "union": union} for c in knowledge.countries for union in c.unions]
    _insert(
        database, "country_unions", members, pk=("country", "union"),
        foreign_keys=[("country", "countries", "code"), ("union", "unions", "id")],
    )  # fmt: skip
    figures = [
        {
            "country": c.code,
            "id": f.id,
            "label_zh": f.label.zh,
            "label_en": f.label.en,
            "value": float(f.value),
            "unit_en": f.unit.en,
            "as_of": str(f.as_of),
            "confidence": f.confidence,
        }
        for c in knowledge.countries
        for f in c.key_figures
    ]
    _insert(
        database, "key_figures", figures, pk=("country", "id", "as_of"), foreign_keys=[("country", "countries", "code")]
    )


def _tax_lines(database: Database, knowledge: Knowledge) -> None:
    lines = [
        {
            "country": c.code,
            "id": t.id,
            "kind": t.kind,
            "title_zh": t.title.zh,
            "title_en": t.title.en,
            "amount": json.dumps(write_amount(t.amount), ensure_ascii=False),
            "in_force_from": str(t.in_force.start) if t.in_force.start else None,
            "in_force_until": str(t.in_force.until) if t.in_force.until else None,
            "attested": str(t.in_force.attested) if t.in_force.attested else None,
            "confidence": t.confidence,
        }
        for c in knowledge.countries
        if c.taxes
        for t in c.taxes.lines
    ]
    foreign = [("country", "countries", "code")]
    _insert(database, "tax_lines", lines, pk=("country", "id"), foreign_keys=foreign)


def _policies(database: Database, knowledge: Knowledge) -> None:
    policies = [
        {
            "id": p.id,
            "title_zh": p.title.zh,
            "title_en": p.title.en,
            "number": p.number,
            "level": p.level,
            "scope": p.scope,
            "issued": str(p.issued) if p.issued else None,
            "effective": str(p.effective) if p.effective else None,
            "expires": str(p.expires) if p.expires else None,
            "status": p.status,
            "reviewed": str(p.reviewed),
            "data": _whole(p),
        }
        for p in knowledge.policies
    ]
    _insert(database, "policies", policies, pk="id")
    issuers = [{"policy": p.id, "issuer": issuer} for p in knowledge.policies for issuer in p.issuers]
    _insert(
        database, "policy_issuers", issuers, pk=("policy", "issuer"),
        foreign_keys=[("policy", "policies", "id"), ("issuer", "issuers", "id")],
    )  # fmt: skip
    relations = [
        {"policy": p.id, "kind": r.kind, "target": r.target, "confidence": r.confidence}
        for p in knowledge.policies
        for r in p.relations
    ]
    _insert(
        database, "relations", relations, pk=("policy", "kind", "target"),
        foreign_keys=[("policy", "policies", "id"), ("target", "policies", "id")],
    )  # fmt: skip
    clauses = [
        {"policy": p.id, "ref": c.ref, "topic": c.topic, "zh": c.zh, "en": c.en}
        for p in knowledge.policies
        for c in p.clauses
    ]
    _insert(database, "clauses", clauses, pk=("policy", "ref"), foreign_keys=[("policy", "policies", "id")])
    _searchable(database, "clauses", ["zh", "en"])


def _chapters(database: Database, knowledge: Knowledge) -> None:
    chapters = [
        {"id": c.id, "title_zh": c.title.zh, "title_en": c.title.en, "reviewed": str(c.reviewed), "data": _whole(c)}
        for c in sorted(knowledge.chapters, key=lambda one: one.order)
    ]
    _insert(database, "chapters", chapters, pk="id")


def _rules(database: Database, knowledge: Knowledge) -> None:
    rules = [
        {
            "id": r.id,
            "scope": r.scope,
            "side": r.side,
            "effect": r.effect,
            "gate": r.gate,
            "title_zh": r.title.zh,
            "title_en": r.title.en,
            "in_force_from": str(r.in_force.start) if r.in_force.start else None,
            "in_force_until": str(r.in_force.until) if r.in_force.until else None,
            "attested": str(r.in_force.attested) if r.in_force.attested else None,
            "confidence": r.confidence,
            "policy": r.policy,
            "data": _whole(r),
        }
        for r in knowledge.rules
    ]
    _insert(database, "rules", rules, pk="id", columns={"policy": str}, foreign_keys=[("policy", "policies", "id")])
    _insert(
        database, "rule_cites", [{"rule": r.id, **_cite(cite)} for r in knowledge.rules for cite in r.cites],
        foreign_keys=[("rule", "rules", "id"), ("source", "sources", "id")], columns={"clause": str},
    )  # fmt: skip
    documents = [{"rule": r.id, "document": name} for r in knowledge.rules for name in r.documents]
    _insert(
        database, "rule_documents", documents, pk=("rule", "document"),
        foreign_keys=[("rule", "rules", "id"), ("document", "documents", "id")],
    )  # fmt: skip
    obligations = [
        {
            "rule": r.id,
            "id": o.id,
            "title_zh": o.title.zh,
            "title_en": o.title.en,
            "stage": o.stage,
            "period": o.period,
            "counted_from": o.counted_from,
        }
        for r in knowledge.rules
        for o in r.obligations
    ]
    _insert(
        database, "obligations", obligations, pk=("rule", "id"),
        foreign_keys=[("rule", "rules", "id"), ("stage", "stages", "id"), ("counted_from", "events", "id")],
        columns={"counted_from": str, "period": str},
    )  # fmt: skip


def _cite(cite: Cite) -> dict[str, Any]:
    return {"source": cite.source, "clause": cite.clause}


def _text(database: Database, knowledge: Knowledge) -> None:
    sections = [
        {"country": c.code, "policy": None, "section": s.section, "lang": s.lang, "markdown": s.markdown}
        for c in knowledge.countries
        for s in c.sections
    ] + [
        {"country": None, "policy": p.id, "section": s.section, "lang": s.lang, "markdown": s.markdown}
        for p in knowledge.policies
        for s in p.sections
    ]
    _insert(
        database, "sections", sections, columns={"country": str, "policy": str},
        foreign_keys=[("country", "countries", "code"), ("policy", "policies", "id")],
    )  # fmt: skip
    _searchable(database, "sections", ["markdown"])


def _searchable(database: Database, name: str, columns: list[str]) -> None:
    # Trigrams find Chinese, which has no spaces between words, as well as English.
    if _table(database, name).exists():
        _table(database, name).enable_fts(columns, tokenize="trigram")
