"""The answers of a case as they stand in an address, and as a form sends them.

An address holds `field=text` for each answer and `skip=field` for each question that was passed over.
A form also sends `asked=field` for what it asked; that tells a submission from an address, and what is
typed in several boxes (a date, a price) from an answer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

from advisor.knowledge.model import Lang, Question
from advisor.rules.facts import RATES

SKIP, ASK, ASKED, THEN = "skip", "ask", "asked", "then"
NONE: Final = "none"

DATE_PARTS: Final = ("year", "month", "day")
MONEY_PARTS: Final = ("amount", "currency", "terms")
_PARTS: Final = {"date": DATE_PARTS, "money": MONEY_PARTS}


@dataclass(frozen=True, slots=True)
class Answers:
    """What has been answered, in order, as text; what was skipped; what the address gives twice."""

    given: Mapping[str, str]
    skipped: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()

    def query(self, *more: tuple[str, str]) -> str:
        """The answers as a query string, with anything more at its end."""
        return urlencode([*self.pairs(), *more], safe=",")

    def pairs(self) -> list[tuple[str, str]]:
        """The answers and the skipped questions as they stand in an address."""
        return [*self.given.items(), *((SKIP, field) for field in self.skipped)]

    def without(self, fields: Iterable[str]) -> Answers:
        """The same with neither answers nor skips for some fields."""
        dropped = set(fields)
        given = {field: text for field, text in self.given.items() if field not in dropped}
        return replace(self, given=given, skipped=tuple(field for field in self.skipped if field not in dropped))

    def without_skip(self, field: str) -> Answers:
        """The same with a question no longer passed over."""
        return replace(self, skipped=tuple(name for name in self.skipped if name != field))

    def with_answer(self, field: str, text: str) -> Answers:
        """The same with one answer more; an answer that was there keeps its place."""
        return replace(self, given={**self.given, field: text})

    def with_skip(self, field: str) -> Answers:
        """The same with a question passed over."""
        return replace(self, skipped=(*self.skipped, field))


def address(endpoint: str, lang: Lang, answers: Answers, *more: tuple[str, str]) -> str:
    """The address of a page of the questionnaire with these answers, and anything more at its end."""
    query = answers.query(*more)
    return url_for(endpoint, lang=lang) + (f"?{query}" if query else "")


def read_answers(args: MultiDict[str, str]) -> Answers:
    """The answers that an address holds, without those that a form has just sent."""
    sent = {name for field in args.getlist(ASKED) for name in (field, *_part_names(field))}
    names = [name for name in args if name not in (SKIP, ASK, ASKED, THEN) and name not in sent]
    # A form sends the rates that were left empty, too.
    names = [name for name in names if args[name] or not is_rate(name)]
    return Answers(
        given={name: args[name] for name in names},
        skipped=tuple(dict.fromkeys(field for field in args.getlist(SKIP) if field not in args.getlist(ASKED))),
        repeated=tuple(name for name in names if len(args.getlist(name)) > 1),
    )


def is_rate(name: str) -> bool:
    """Whether an argument is an exchange rate, such as `rates.KZT`."""
    return name.startswith(f"{RATES}.")


def is_submission(args: MultiDict[str, str]) -> bool:
    """Whether a form sent these arguments."""
    return ASKED in args


def _part_names(field: str) -> list[str]:
    return [f"{field}.{part}" for parts in _PARTS.values() for part in parts]


def typed_text(question: Question, args: MultiDict[str, str]) -> str:
    """What was typed or chosen for a question, as the text of one answer; empty when nothing was."""
    parts = _PARTS.get(question.kind)
    if question.kind == "choices":
        return ",".join(args.getlist(question.field))
    if parts is None:
        text = args.get(question.field, "").strip()
        return _plain(text) if question.kind == "number" else text
    boxes = [_plain(args.get(f"{question.field}.{part}", "")) for part in parts]
    if not any(boxes):
        return ""
    return date_from_boxes(boxes) if question.kind == "date" else " ".join(boxes)


def date_from_boxes(boxes: Sequence[str]) -> str:
    """Year, month and day as one text, as far as they go; a gap before a filled box stays visible."""
    year, month, day = (box.zfill(2) if box.isdigit() else box for box in boxes)
    if day:
        return f"{year}-{month}-{day}"
    return f"{year}-{month}" if month else year


def boxes_of(question: Question, text: str) -> dict[str, str]:
    """The answer to a date or a price, taken apart for its boxes."""
    parts = _PARTS[question.kind]
    pieces = text.split("-" if question.kind == "date" else " ", len(parts) - 1)
    return dict(zip(parts, [*pieces, *[""] * len(parts)], strict=False))


def _plain(text: str) -> str:
    """Without spaces, and in plain digits: those typed with a Chinese input method are often full-width."""
    return "".join(unicodedata.normalize("NFKC", text).split())
