"""An answer of the search as plain data, in the shape of the public contract; the same for every way of asking."""

from __future__ import annotations

from typing import Any

from advisor.knowledge.model import Lang
from advisor.search.engine import Found, Hit


def answer(found: Found, lang: Lang) -> dict[str, Any]:
    """What was found; addresses are those of the pages in the reader's language."""
    return {
        "query": found.query,
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "took_ms": found.took_ms,
        "suggestion": found.suggestion,
        "facets": {"kind": dict(found.kinds), "country": dict(found.countries)},
        "hits": [_hit(hit, lang) for hit in found.hits],
    }


def _hit(hit: Hit, lang: Lang) -> dict[str, Any]:
    entry = hit.entry
    return {
        "kind": entry.kind,
        "id": entry.id.partition(":")[2],
        "country": entry.country,
        "section": entry.section,
        "title": {"zh": entry.title.zh, "en": entry.title.en},
        "snippet": "".join(piece.text for piece in hit.snippet),
        "marked": [piece.text for piece in hit.snippet if piece.marked],
        "date": entry.day,
        "past": entry.past,
        "url": f"/{lang}/{entry.path}",
        "score": hit.score,
    }
