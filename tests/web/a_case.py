"""One case of the made-up guide, as an address and as JSON, and the ways to vary it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

# A recent electric car for Alphaland, of which all is known that its rules ask for.
KNOWN = {
    "destination": "XA",
    "dates.application": "2026-03-01",
    "dates.shipment": "2026-03-20",
    "dates.arrival": "2026-04-10",
    "vehicle.category": "M1",
    "vehicle.powertrain": "bev",
    "vehicle.first_registered": "2025-10-01",
    "vehicle.history": "none",
    "vehicle.steering": "left",
    "vehicle.engine_cc": "0",
    "exporter.filed": "true",
}
BARE = {"destination": "XA", "dates.application": "2026-03-01"}

PAPERS = "xa-inspection,after-sales-letter"


def known(**changes: str | None) -> dict[str, str]:
    """The case with some answers changed (`vehicle__steering="right"`) or taken away (None)."""
    facts: dict[str, str | None] = {**KNOWN, **{name.replace("__", "."): value for name, value in changes.items()}}
    return {field: text for field, text in facts.items() if text is not None}


def result(facts: dict[str, str], lang: str = "en") -> str:
    """The address of its result."""
    return f"/{lang}/advice/result?{urlencode(facts, safe=',')}"


def start(facts: dict[str, str], lang: str = "en", **more: str) -> str:
    """The address of its next question."""
    return f"/{lang}/advice?{urlencode({**facts, **more}, safe=',')}"


def as_json(facts: dict[str, str]) -> dict[str, Any]:
    """The same case as programs send it."""
    case: dict[str, Any] = {}
    for field, text in facts.items():
        group, _, name = field.rpartition(".")
        (case.setdefault(group, {}) if group else case)[name] = _value(field, text)
    return case


def _value(field: str, text: str) -> Any:
    if field in ("vehicle.history", "documents_held"):
        return [] if text == "none" else text.split(",")
    if field == "vehicle.engine_cc":
        return int(text)
    return {"true": True, "false": False}.get(text, text)
