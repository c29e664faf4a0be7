"""The check of a licence application: a form for one vehicle, a table for a batch; nothing that is sent is kept.

The form is posted so that names and numbers stay out of addresses and logs. It changes nothing here and
needs no session, so there is nothing that a forged request could do.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from advisor.knowledge.model import LANGUAGES, Lang, LicenceCheck, LicenceEntry, Policy, Rule
from advisor.rules.licence import Fault, FaultKind, Stated, batch_faults, check_digit
from advisor.web import advisor
from advisor.web import lang as current_lang

blueprint = Blueprint("licence", __name__, url_prefix="/<any(zh,en):lang>/licence-check")

# Excel writes UTF-8 with a mark, or the system's own encoding.
_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_DELIMITERS: Final = ",;\t"


class _TableError(ValueError):
    """A table that cannot be read; the message is in the page's language."""


@dataclass(frozen=True, slots=True)
class Column:
    """What one paper states of one entry: the name of the field, the heading in the page's language, what was given."""

    name: str
    heading: str
    value: str


@dataclass(frozen=True, slots=True)
class EntryFields:
    """An entry with a field for each paper."""

    entry: LicenceEntry
    columns: list[Column]


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A fault in words, with what each paper states and the rule that it breaks."""

    words: str
    values: list[tuple[str, str]]
    rule: Rule | None
    policy: Policy | None


@dataclass(frozen=True, slots=True)
class VehicleLine:
    """One vehicle of the application: its place in the table, how it is called, what is wrong."""

    number: int
    name: str
    faults: list[FaultLine]


@blueprint.get("")
def form(lang: str) -> str:
    """The form, empty."""
    return _page({}, [], [])


@blueprint.post("")
def check(lang: str) -> str:
    """What does not fit together in the vehicle of the form, or in those of the table."""
    typed = {key: request.form.get(".".join(key), "") for key in _keys(_licence())}
    sent = request.files.get("table")
    try:
        vehicles: list[Stated] = _read_table(sent.read()) if sent and sent.filename else [typed]
    except _TableError as error:
        return _page(typed, [str(error)], [])
    if not any(value.strip() for vehicle in vehicles for value in vehicle.values()):
        return _page(
            typed, [gettext("Nothing was filled in. Copy the entries from the papers, or choose a table.")], []
        )
    return _page(typed, [], _lines(vehicles))


@blueprint.get("/table.csv")
def table(lang: str) -> Response:
    """An empty table with the headings in the page's language, ready for a spreadsheet."""
    text = io.StringIO()
    csv.writer(text).writerow(_heading_keys(current_lang()))
    # The mark tells Excel that the text is UTF-8.
    response = Response(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="licence-check.csv"'
    return response


def _page(typed: Stated, complaints: list[str], lines: list[VehicleLine]) -> str:
    licence = _licence()
    papers = _paper_names(current_lang())
    fields = [
        EntryFields(
            entry,
            [Column(f"{paper}.{entry.id}", papers[paper], typed.get((paper, entry.id), "")) for paper in entry.papers],
        )
        for entry in licence.entries
    ]
    return render_template(
        "licence/check.html",
        fields=fields,
        complaints=complaints,
        lines=lines,
        faulty=sum(1 for line in lines if line.faults),
        limit=licence.batch.vehicles,
        batch_rule=next(rule for rule in advisor().knowledge.rules if rule.id == licence.batch.rule),
        check_digit=licence.check_digit,
    )


def _licence() -> LicenceCheck:
    return advisor().knowledge.licence


def _keys(licence: LicenceCheck) -> list[tuple[str, str]]:
    """What the papers state, paper by paper."""
    papers = dict.fromkeys(paper for entry in licence.entries for paper in entry.papers)
    return [(paper, entry.id) for paper in papers for entry in licence.entries if paper in entry.papers]


def _heading_keys(lang: Lang) -> dict[str, tuple[str, str]]:
    """The columns of a table by their headings: the paper and the entry, in a language."""
    papers = _paper_names(lang)
    entries = {one.id: one.names[lang] for one in _licence().entries}
    return {f"{papers[paper]} · {entries[entry]}": (paper, entry) for paper, entry in _keys(_licence())}


def _paper_names(lang: Lang) -> dict[str, str]:
    return {document.id: document.names[lang] for document in advisor().knowledge.documents}


# Tables


def _read_table(data: bytes) -> list[Stated]:
    """The vehicles of a table; raises _TableError with what is wrong and what would be right."""
    text = _decoded(data)
    rows = [row for row in csv.reader(io.StringIO(text), _dialect(text)) if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise _TableError(
            gettext("The table has no vehicle. The first row holds the headings, each further row one vehicle.")
        )
    keys = _headings(rows[0])
    limit = _licence().batch.vehicles
    if len(rows) - 1 > limit:
        message = gettext(
            "The table has %(count)s vehicles; one licence holds at most %(limit)s. Split it.",
            count=len(rows) - 1,
            limit=limit,
        )
        raise _TableError(message)
    return [dict(zip(keys, row, strict=False)) for row in rows[1:]]


def _decoded(data: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _TableError(gettext("The file is no text. Save the table as CSV and send that."))


def _dialect(text: str) -> type[csv.Dialect]:
    """Comma, semicolon or tab: whichever the headings use most."""
    first = text.partition("\n")[0]

    class Found(csv.excel):
        delimiter = max(_DELIMITERS, key=first.count)

    return Found


def _headings(row: Iterable[str]) -> list[tuple[str, str]]:
    """The columns that headings name, in either language or by the names of the form's fields."""
    known = {".".join(key): key for key in _keys(_licence())}
    for lang in LANGUAGES:
        known |= _heading_keys(lang)
    found = []
    for heading in row:
        key = known.get(heading.strip())
        if key is None:
            message = gettext(
                "“%(heading)s” is not a heading of the table. Download the empty table and keep its first row.",
                heading=heading.strip()[:60],
            )
            raise _TableError(message)
        found.append(key)
    return found


# What was found


def _lines(vehicles: list[Stated]) -> list[VehicleLine]:
    licence = _licence()
    rules = {rule.id: rule for rule in advisor().knowledge.rules}
    vin = next((entry for entry in licence.entries if entry.kind == "vin"), licence.entries[0])
    return [
        VehicleLine(
            number,
            next((vehicle[paper, vin.id] for paper in vin.papers if vehicle.get((paper, vin.id), "").strip()), ""),
            [_fault_line(licence, fault, rules) for fault in faults],
        )
        for number, (vehicle, faults) in enumerate(zip(vehicles, batch_faults(licence, vehicles), strict=True), 1)
    ]


def _fault_line(licence: LicenceCheck, fault: Fault, rules: dict[str, Rule]) -> FaultLine:
    papers = _paper_names(current_lang())
    by_digit = fault.kind == "check-digit"
    return FaultLine(
        _words(fault),
        [(papers[paper], value) for paper, value in fault.values],
        None if by_digit else rules[fault.entry.rule],
        _policy(licence.check_digit.policy) if by_digit else None,
    )


def _words(fault: Fault) -> str:
    name = fault.entry.names[current_lang()]
    if fault.kind == "check-digit":
        vin = "".join(fault.values[0][1].split()).upper()
        return gettext(
            "%(name)s: the ninth character is %(found)s but the others call for %(wanted)s; a character was probably misread.",
            name=name,
            found=vin[8],
            wanted=check_digit(vin),
        )
    words: dict[FaultKind, str] = {
        "differs": gettext("%(name)s: the papers differ.", name=name),
        "left-out": gettext("%(name)s: left out.", name=name),
        "no-date": gettext("%(name)s: not a date; write it as 2025-09-01.", name=name),
        "no-vin": gettext("%(name)s: not a VIN; it has 17 characters, without I, O and Q.", name=name),
        "repeated": gettext("%(name)s: stands in the table more than once.", name=name),
    }
    return words[fault.kind]


def _policy(policy_id: str) -> Policy | None:
    return next((policy for policy in advisor().knowledge.policies if policy.id == policy_id), None)
