"""Compares what an application for an export licence states with the other papers, vehicle by vehicle.

Which entries there are, on which papers and by which rule, is content (`LicenceCheck`).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from advisor.knowledge.model import LicenceCheck, LicenceEntry

FaultKind = Literal["differs", "left-out", "no-date", "no-vin", "check-digit", "repeated"]
# What stands on a paper: by paper and entry.
Stated = Mapping[tuple[str, str], str]

_VIN: Final = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_VIN_VALUES: Final = dict(
    zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", [*range(10), *range(1, 9), *range(1, 6), 7, 9, *range(2, 10)], strict=True)
)
_VIN_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_CHECK_PLACE: Final = 8
_DATE: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_COMPACT_DATE: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")


class Fault(NamedTuple):
    """What is wrong with an entry of a vehicle; `values` is what each paper states, in the order of the papers."""

    entry: LicenceEntry
    kind: FaultKind
    values: tuple[tuple[str, str], ...]


def check_digit(vin: str) -> str:
    """The ninth character that the other sixteen of a well-formed VIN call for.

    By ISO 3779 as GB 16735 and 49 CFR 565 use it: the values of the characters times the weights
    of their places, modulo 11, X for ten.
    """
    remainder = sum(_VIN_VALUES[one] * weight for one, weight in zip(vin, _VIN_WEIGHTS, strict=True)) % 11
    return "X" if remainder == 10 else str(remainder)


def batch_faults(check: LicenceCheck, vehicles: Sequence[Stated]) -> list[list[Fault]]:
    """What is wrong with each vehicle of an application, in their order; a VIN may stand there only once."""
    found = [vehicle_faults(check, vehicle) for vehicle in vehicles]
    for entry in check.entries:
        if entry.kind != "vin":
            continue
        applied = entry.papers[0]
        vins = [_plain(vehicle.get((applied, entry.id), "")) for vehicle in vehicles]
        for at, vin in enumerate(vins):
            if vin and vins.count(vin) > 1:
                found[at].append(Fault(entry, "repeated", ((applied, vin),)))
    return found


def vehicle_faults(check: LicenceCheck, vehicle: Stated) -> list[Fault]:
    """What is wrong with one vehicle, in the order of the entries."""
    given = {paper for (paper, _), value in vehicle.items() if value.strip()}
    return [fault for entry in check.entries for fault in _entry_faults(check, entry, vehicle, given)]


def _entry_faults(check: LicenceCheck, entry: LicenceEntry, vehicle: Stated, given: set[str]) -> list[Fault]:
    stated = tuple((paper, vehicle.get((paper, entry.id), "").strip()) for paper in entry.papers if paper in given)
    empty = tuple((paper, value) for paper, value in stated if not value)
    faults = [Fault(entry, "left-out", empty)] if empty else []
    written = tuple((paper, value) for paper, value in stated if value)
    read = _READERS[entry.kind]
    values = {paper: read(value) for paper, value in written}
    unread = tuple((paper, value) for paper, value in written if values[paper] is None)
    if unread:
        return [*faults, Fault(entry, "no-date" if entry.kind == "date" else "no-vin", unread)]
    if len(set(values.values())) > 1:
        return [*faults, Fault(entry, "differs", written)]
    if entry.kind == "vin" and written and not _digit_fits(check, values[written[0][0]] or ""):
        faults.append(Fault(entry, "check-digit", written[:1]))
    return faults


def _digit_fits(check: LicenceCheck, vin: str) -> bool:
    """Whether the check digit fits, or is not expected to."""
    return not vin.startswith(check.check_digit.begins) or vin[_CHECK_PLACE] == check_digit(vin)


def _plain(text: str) -> str:
    """The same words in half-width capitals without spaces: how two papers write one name may differ in these."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def _vin(text: str) -> str | None:
    vin = _plain(text)
    return vin if _VIN.fullmatch(vin) else None


def _day(text: str) -> str | None:
    """A day in ISO 8601, from the forms that papers use: 2025-09-01, 2025/9/1, 2025年9月1日, 20250901."""
    plain = _plain(text)
    match = _DATE.fullmatch(plain) or _COMPACT_DATE.fullmatch(plain)
    if match is None:
        return None
    year, month, day = map(int, match.groups())
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None


_READERS: Final[dict[str, Callable[[str], str | None]]] = {"text": _plain, "vin": _vin, "date": _day}
