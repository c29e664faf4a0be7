"""A case: what is known of a vehicle, an exporter, an importer and the dates, checked once.

Which facts there are, of what kind and with which answers, is content (`Question`); this module
knows kinds only. A fact that is absent is unknown. A partial date is the interval of its days.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from advisor.knowledge.dates import FORMAT, PartialDate
from advisor.knowledge.model import Knowledge, Question

EARLIEST: Final = dt.date(1990, 1, 1)
LATEST: Final = dt.date(2100, 12, 31)
LONGEST_TEXT: Final = 200

# The part of a case that holds exchange rates.
RATES: Final = "rates"
_LARGEST_RATE: Final = 10_000_000
_CURRENCY: Final = re.compile(r"[A-Z]{3}")

# What stands in for a date that is not given: each follows the one before it (contract, "A case").
JOURNEY_DATES: Final = ("dates.application", "dates.shipment", "dates.arrival")
FILING_DATES: Final = ("dates.filing",)
DESTINATION: Final = "destination"

# Which facts are a company's own.
_COMPANY: Final = "exporter."
_COMPANY_TOO: Final = (*FILING_DATES, "documents_held")

TRADE_TERMS: Final = ("CIF", "CFR", "FOB", "EXW")


class CaseError(ValueError):
    """A case that cannot be read: which field, what it holds, what is allowed."""

    def __init__(self, field: str, message: str) -> None:
        # A field's name may be anything that somebody sent; the message stays one line.
        named = field if field.isprintable() and len(field) <= LONGEST_TEXT else _shown(field)
        super().__init__(f"{named}: {message}" if field else message)
        self.field = field
        self.message = message


def read_day(name: str, text: str | None, today: dt.date) -> dt.date:
    """The day of a question, written YYYY-MM-DD, or today; raises CaseError that names the parameter."""
    if text is None:
        return today
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise CaseError(name, f"{_shown(text)} is not a day; write YYYY-MM-DD") from None
    if not EARLIEST <= day <= LATEST:
        raise CaseError(name, f"{text} lies outside {EARLIEST.year} to {LATEST.year}")
    return day


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a date can be, as ordinals, both included."""

    first: int
    last: int

    @classmethod
    def of(cls, date: PartialDate) -> Span:
        """The span of a partial date."""
        return cls(date.first().toordinal(), date.last().toordinal())

    @property
    def exact(self) -> bool:
        """Whether it is a single day."""
        return self.first == self.last

    def shifted(self, days: int) -> Span:
        """The span moved by a number of days."""
        return Span(self.first + days, self.last + days)


@dataclass(frozen=True, slots=True)
class Money:
    """A price with its currency and trade terms."""

    amount: Decimal
    currency: str
    terms: str


FactValue = bool | str | frozenset[str] | Decimal | Span | Money


@dataclass(frozen=True, slots=True)
class Case:
    """What is known; `facts` maps a field to its value, `assumed` names the dates that were filled in.

    `rates` are exchange rates, in units of each currency for one unit of the reference currency, which is among them.
    """

    facts: Mapping[str, FactValue]
    assumed: frozenset[str]
    as_of: dt.date
    rates: Mapping[str, Decimal]

    @property
    def destination(self) -> str:
        """The ISO code of the destination; it is always known of a vehicle on its way."""
        return str(self.facts[DESTINATION])


class CaseReader:
    """Checks what people and programs send against the questions of the guide, or some of them.

    `needed` are the facts without which a case is none, `dates` the days on which it is judged: each that
    is not given is taken to be the one before it, the first to be the day of the question.
    """

    def __init__(
        self, knowledge: Knowledge, questions: Iterable[Question], needed: Sequence[str], dates: Sequence[str]
    ) -> None:
        self.questions = {question.field: question for question in questions}
        self.dates = tuple(dates)
        self._needed = tuple(needed)
        self._reference = knowledge.site.reference_currency
        lists: dict[str, tuple[str, ...]] = {
            "countries": tuple(country.code for country in knowledge.countries),
            "regions": tuple(region.id for region in knowledge.regions),
            "documents": tuple(document.id for document in knowledge.documents),
        }
        self._allowed = {
            question.field: lists[question.options_from]
            if question.options_from
            else tuple(option.id for option in question.options)
            for question in self.questions.values()
        }

    @classmethod
    def of_vehicles(cls, knowledge: Knowledge) -> CaseReader:
        """A reader of vehicles on their way to a destination."""
        return cls(knowledge, knowledge.questions, [DESTINATION], JOURNEY_DATES)

    @classmethod
    def of_companies(cls, knowledge: Knowledge) -> CaseReader:
        """A reader of what a company that wants to be filed as an exporter says of itself."""
        asked = [one for one in knowledge.questions if one.field.startswith(_COMPANY) or one.field in _COMPANY_TOO]
        return cls(knowledge, asked, [], FILING_DATES)

    def read(self, raw: Mapping[str, Any], on: dt.date) -> Case:
        """Read a nested case as the contract writes it; raises CaseError for the first thing wrong.

        `on` is the day of the question: the first of the dates where the case gives none.
        """
        if not isinstance(raw, Mapping):
            raise CaseError("", "a case is a mapping with destination, dates, vehicle, exporter, importer")
        stated = {name: value for name, value in raw.items() if name != RATES}
        facts = {field: self._value(field, value) for field, value in _flatten(stated, self.questions)}
        return self._complete(facts, self._rates(raw.get(RATES)), on)

    def read_pairs(self, pairs: Iterable[tuple[str, str]], on: dt.date) -> Case:
        """Read `field, text` pairs, as a query string or `--set` gives them; lists are comma-separated."""
        facts: dict[str, FactValue] = {}
        rates: dict[str, str] = {}
        for field, text in pairs:
            if field.startswith(f"{RATES}."):
                rates[field.partition(".")[2]] = text
            else:
                facts[field] = self._value(field, self.from_text(field, text))
        return self._complete(facts, self._rates(rates), on)

    def from_text(self, field: str, text: str) -> Any:
        """A fact written as text, in the form that `read` takes; raises CaseError for an unknown field."""
        if field.startswith(f"{RATES}."):
            return text
        kind = self._question(field).kind
        if kind == "yes-no":
            return {"true": True, "yes": True, "false": False, "no": False}.get(text.strip().lower(), text)
        if kind == "choices":
            return [] if text.strip() in ("", "none", "[]") else [part.strip() for part in text.split(",")]
        if kind == "money":
            parts = text.split()
            return dict(zip(("amount", "currency", "terms"), parts, strict=False))
        return text

    def _rates(self, raw: Any) -> dict[str, Decimal]:
        """Exchange rates by currency, in units for one of the reference currency."""
        if raw is not None and not isinstance(raw, Mapping):
            raise CaseError(RATES, f"{_shown(raw)} is not a mapping; write {RATES}: {{KZT: 520}}")
        rates = {self._reference: Decimal(1)}
        for name, value in (raw or {}).items():
            field, currency = f"{RATES}.{name}", str(name).upper()
            if _CURRENCY.fullmatch(currency) is None:
                raise CaseError(field, f"{_shown(name)} is not an ISO 4217 code such as KZT")
            rate = _number(field, value, _LARGEST_RATE)
            if rate == 0 or (currency == self._reference and rate != 1):
                raise CaseError(field, f"{_shown(value)} is no rate; give {currency} for one {self._reference}")
            rates[currency] = rate
        return rates

    def _complete(self, facts: dict[str, FactValue], rates: dict[str, Decimal], on: dt.date) -> Case:
        for field in self._needed:
            if field not in facts:
                raise CaseError(field, f"is missing; give one of {_listed(self._allowed[field])}")
        for field, question in self.questions.items():
            if question.default is not None:
                facts.setdefault(field, question.default)
        assumed = frozenset(field for field in self.dates if field not in facts)
        previous: FactValue = Span(on.toordinal(), on.toordinal())
        for field in self.dates:
            previous = facts.setdefault(field, previous)
        judged = facts[self.dates[0]]
        assert isinstance(judged, Span)
        self._check_order(facts)
        return Case(facts, assumed, dt.date.fromordinal(judged.first), rates)

    def _check_order(self, facts: Mapping[str, FactValue]) -> None:
        order = (
            ("vehicle.manufactured", "vehicle.first_registered"),
            ("vehicle.first_registered", "vehicle.transferred"),
            ("dates.shipment", "dates.arrival"),
        )
        for earlier, later in order:
            start, end = facts.get(earlier), facts.get(later)
            if isinstance(start, Span) and isinstance(end, Span) and start.first > end.last:
                raise CaseError(
                    later,
                    f"{dt.date.fromordinal(end.last)} lies before {earlier} "
                    f"({dt.date.fromordinal(start.first)}); one of the two is wrong",
                )

    def _question(self, field: str) -> Question:
        question = self.questions.get(field)
        if question is None:
            close = difflib.get_close_matches(field, self.questions, n=1)
            hint = f"; did you mean {close[0]}?" if close else f"; known are {_listed(self.questions)}"
            raise CaseError(field, f"is not a field of a case{hint}")
        return question

    def _value(self, field: str, value: Any) -> FactValue:
        question = self._question(field)
        match question.kind:
            case "yes-no":
                return _yes_no(field, value)
            case "choice":
                return self._choice(field, value)
            case "choices":
                return self._choices(field, value)
            case "date":
                return _date(field, value)
            case "number":
                return _number(field, value, question.at_most)
            case "money":
                return _money(field, value)
            case "text":
                return _text(field, value, question)

    def _choice(self, field: str, value: Any) -> str:
        allowed = self._allowed[field]
        if isinstance(value, str):
            for option in (value, value.upper(), value.lower()):
                if option in allowed:
                    return option
        raise CaseError(field, f"{_shown(value)} is not allowed; use one of {_listed(allowed)}")

    def _choices(self, field: str, value: Any) -> frozenset[str]:
        if not isinstance(value, list | tuple):
            raise CaseError(
                field, f"{_shown(value)} is not a list; write [] for none, or some of {_listed(self._allowed[field])}"
            )
        return frozenset(self._choice(field, item) for item in value)


def _flatten(raw: Mapping[str, Any], questions: Mapping[str, Question]) -> Iterable[tuple[str, Any]]:
    groups = {field.split(".", 1)[0] for field in questions if "." in field}
    for key, value in raw.items():
        name = str(key)
        if value is None:
            continue
        if name not in groups:
            yield name, value
        elif not isinstance(value, Mapping):
            raise CaseError(name, f"{_shown(value)} is not a mapping; write {name}: {{field: value}}")
        else:
            yield from ((f"{name}.{inner}", item) for inner, item in value.items() if item is not None)


def _yes_no(field: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise CaseError(field, f"{_shown(value)} is neither true nor false")
    return value


def _date(field: str, value: Any) -> Span:
    try:
        if isinstance(value, bool | float):
            raise ValueError(f"{value!r} is not a date; write {FORMAT}")
        span = Span.of(PartialDate.parse(value))
    except ValueError as error:
        raise CaseError(field, str(error)[:LONGEST_TEXT]) from None
    if span.first < EARLIEST.toordinal() or span.last > LATEST.toordinal():
        raise CaseError(field, f"{_shown(str(value))} lies outside {EARLIEST.year} to {LATEST.year}")
    return span


def _number(field: str, value: Any, at_most: int | None) -> Decimal:
    try:
        if isinstance(value, bool):
            raise InvalidOperation
        number = Decimal(str(value).strip())
        if not number.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        raise CaseError(field, f"{_shown(value)} is not a number") from None
    if number < 0:
        raise CaseError(field, f"{_shown(value)} is negative; it must be 0 or more")
    if at_most is not None and number > at_most:
        raise CaseError(field, f"{_shown(value)} is too large; it can be {at_most} at most")
    return number


def _money(field: str, value: Any) -> Money:
    if not isinstance(value, Mapping) or set(value) != {"amount", "currency", "terms"}:
        raise CaseError(field, f"{_shown(value)} is not a price; write {{amount: 18000, currency: USD, terms: CIF}}")
    amount = _number(f"{field}.amount", value["amount"], 1_000_000_000)
    currency, terms = str(value["currency"]).upper(), str(value["terms"]).upper()
    if _CURRENCY.fullmatch(currency) is None:
        raise CaseError(f"{field}.currency", f"{_shown(value['currency'])} is not an ISO 4217 code such as USD")
    if terms not in TRADE_TERMS:
        raise CaseError(f"{field}.terms", f"{_shown(value['terms'])} is not allowed; use one of {_listed(TRADE_TERMS)}")
    return Money(amount, currency, terms)


def _text(field: str, value: Any, question: Question) -> str:
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not text or len(text) > LONGEST_TEXT or not text.isprintable():
        raise CaseError(field, f"{_shown(value)} is not a short line of text")
    if question.pattern and re.fullmatch(question.pattern, text.upper()) is None:
        raise CaseError(field, f"{_shown(value)} is malformed; it looks like {question.example}")
    return text


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
