"""Which typical vehicles each destination admits, asked of its rules and never written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

from dateutil.relativedelta import relativedelta

from advisor.knowledge.model import Knowledge, Probe, Text
from advisor.rules.advice import Verdict
from advisor.rules.engine import Engine
from advisor.rules.facts import CaseReader

Admissions = Mapping[str, Mapping[str, Verdict]]

# The verdict of the import side alone, in its own words: nothing is said of the export.
ADMISSION_NAMES: Final[dict[Verdict, Text]] = {
    "eligible": Text(zh="准许进口", en="Admitted"),
    "conditional": Text(zh="有条件准许", en="With conditions"),
    "undetermined": Text(zh="尚不能确定", en="Not certain"),
    "not-eligible": Text(zh="不准进口", en="Not admitted"),
}

# An engine belongs to one version of the knowledge, so this forgets what a newer one displaced.
_LATEST: Final[WeakKeyDictionary[Engine, tuple[dt.date, Admissions]]] = WeakKeyDictionary()


def admissions(knowledge: Knowledge, engine: Engine, reader: CaseReader, on: dt.date) -> Admissions:
    """The import side's verdict on every probe, by country code and probe id; worked out once a day."""
    latest = _LATEST.get(engine)
    if latest is not None and latest[0] == on:
        return latest[1]
    found = {
        country.code: {
            probe.id: engine.advise(reader.read(_case(probe, country.code, on), on)).sides["import"]
            for probe in knowledge.probes
        }
        for country in knowledge.countries
    }
    _LATEST[engine] = on, found
    return found


def _case(probe: Probe, destination: str, on: dt.date) -> dict[str, Any]:
    made = (on - relativedelta(years=probe.years)).isoformat()
    vehicle = {**probe.case.get("vehicle", {}), "manufactured": made, "first_registered": made}
    return {**probe.case, "destination": destination, "vehicle": vehicle}
