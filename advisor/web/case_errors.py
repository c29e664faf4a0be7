"""What is wrong with an answer, said to a person in the language of the page.

The errors of `rules.facts` speak English to programs. Here the answer is looked at again, by the kind
of its question, to say which part of it is wrong and what is allowed.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from flask_babel import gettext as _

from advisor.knowledge.dates import PartialDate
from advisor.knowledge.model import Knowledge, Lang, Question
from advisor.knowledge.text import date_text
from advisor.rules.facts import EARLIEST, LATEST, LONGEST_TEXT, CaseError
from advisor.web.interview import DATE_PARTS, MONEY_PARTS, NONE, boxes_of, is_rate

_CURRENCY: Final = re.compile(r"[A-Za-z]{3}")


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing wrong; `part` names the box of a date or a price that is to be mended first."""

    field: str
    message: str
    part: str | None = None


class Complainer:
    """Finds the words for what is wrong with the answers to the questions of the guide."""

    def __init__(self, knowledge: Knowledge, lang: Lang) -> None:
        self._questions = {question.field: question for question in knowledge.questions}
        self._lang = lang

    def about(self, error: CaseError, given: Mapping[str, str]) -> Complaint:
        """The complaint for an error that reading these answers raised."""
        field = question_of(error.field, self._questions)
        question = self._questions.get(field)
        if question is None and is_rate(field):
            currency = field.partition(".")[2][:60]
            return Complaint(
                field, _("Exchange rate %(currency)s: write it as a number greater than 0.", currency=currency)
            )
        if question is None:
            return self.unknown(field)
        text = given.get(field, "")
        if not text:
            return self.empty(question)
        part, message = self._wrong(question, text, given, error)
        return Complaint(field, message, part)

    def unknown(self, field: str) -> Complaint:
        """The complaint for an address that answers what nobody asks."""
        return Complaint(field, _("“%(field)s” is not a question of this guide.", field=field[:60]))

    def empty(self, question: Question) -> Complaint:
        """The complaint for a question that was sent back without an answer."""
        match question.kind:
            case "choice" | "yes-no":
                message = _("%(label)s: choose an answer.", label=question.label[self._lang])
            case "choices":
                message = _("%(label)s: choose what applies, or “None of these”.", label=question.label[self._lang])
            case "date":
                message = _("%(label)s: give at least the year, in four digits.", label=question.label[self._lang])
            case _:
                message = _("%(label)s: fill this in.", label=question.label[self._lang])
        part = {"date": DATE_PARTS[0], "money": MONEY_PARTS[0]}.get(question.kind)
        return Complaint(question.field, message, part)

    def repeated(self, field: str) -> Complaint:
        """The complaint for an address that answers a question twice."""
        question = self._questions.get(field)
        label = question.label[self._lang] if question else field[:60]
        return Complaint(
            field, _("%(label)s: the address answers this more than once; choose one answer.", label=label)
        )

    def _wrong(
        self, question: Question, text: str, given: Mapping[str, str], error: CaseError
    ) -> tuple[str | None, str]:
        label = question.label[self._lang]
        match question.kind:
            case "yes-no":
                return None, _("%(label)s: choose yes or no.", label=label)
            case "choice":
                return None, _("%(label)s: choose one of the answers listed.", label=label)
            case "choices" if NONE in text.split(","):
                return None, _("%(label)s: “None of these” cannot go together with another answer.", label=label)
            case "choices":
                return None, _("%(label)s: choose from the answers listed.", label=label)
            case "date":
                return self._wrong_date(question, text, given, error)
            case "number":
                return None, self._wrong_number(text, label, question)
            case "money":
                return self._wrong_money(question, text)
            case "text":
                return None, _wrong_text(question, label)

    def _wrong_date(self, question: Question, text: str, given: Mapping[str, str], error: CaseError) -> tuple[str, str]:
        label = question.label[self._lang]
        year, month, day = (boxes_of(question, text)[part] for part in DATE_PARTS)
        if not re.fullmatch(r"[0-9]{4}", year):
            return "year", _("%(label)s: give the year in four digits, such as 2019.", label=label)
        if day and not month:
            return "month", _("%(label)s: give the month as well, or leave the day empty.", label=label)
        if month and not (month.isdigit() and 1 <= int(month) <= 12):
            return "month", _("%(label)s: the month is a number from 1 to 12.", label=label)
        days = calendar.monthrange(max(int(year), 1), int(month or 1))[1]
        if day and not (day.isdigit() and 1 <= int(day) <= days):
            return "day", _("%(label)s: the day is a number from 1 to %(days)s in that month.", label=label, days=days)
        if not EARLIEST.year <= int(year) <= LATEST.year:
            return "year", _(
                "%(label)s: the year lies between %(first)s and %(last)s.",
                label=label, first=EARLIEST.year, last=LATEST.year,
            )  # fmt: skip
        return "year", self._wrong_order(question, given, error)

    def _wrong_order(self, question: Question, given: Mapping[str, str], error: CaseError) -> str:
        label, day = question.label[self._lang], self._day(given[question.field])
        earlier = next((name for name in self._questions if f" {name} " in error.message), None)
        if earlier is None:
            return _("%(label)s: this date cannot be read; give the year, the month and the day.", label=label)
        before = self._questions[earlier].label[self._lang]
        if earlier not in given:
            return _(
                "%(label)s (%(day)s) lies before %(before)s, which is taken to be today because it was left empty; "
                "give that date as well.",
                label=label, day=day, before=before,
            )  # fmt: skip
        return _(
            "%(label)s (%(day)s) lies before %(before)s (%(before_day)s); one of the two is wrong.",
            label=label, day=day, before=before, before_day=self._day(given[earlier]),
        )  # fmt: skip

    def _day(self, text: str) -> str:
        return date_text(PartialDate.parse(text), self._lang)

    def _wrong_number(self, text: str, label: str, question: Question) -> str:
        number = _number(text)
        if number is None:
            return _("%(label)s: write a number in digits, without other signs.", label=label)
        if number < 0 or question.at_most is None:
            return _("%(label)s: the number must be 0 or more.", label=label)
        limit = f"{question.at_most:,} {question.unit[self._lang] if question.unit else ''}".strip()
        return _("%(label)s: at most %(limit)s.", label=label, limit=limit)

    def _wrong_money(self, question: Question, text: str) -> tuple[str, str]:
        label = question.label[self._lang]
        amount, currency, _terms = (boxes_of(question, text)[part] for part in MONEY_PARTS)
        number = _number(amount)
        if number is None or not 0 <= number <= 1_000_000_000:
            return "amount", _("%(label)s: write the amount in digits.", label=label)
        if _CURRENCY.fullmatch(currency) is None:
            return "currency", _("%(label)s: give the currency by its three letters, such as USD.", label=label)
        return "terms", _("%(label)s: choose the trade terms from the list.", label=label)


def _wrong_text(question: Question, label: str) -> str:
    if question.pattern and question.example:
        return _(
            "%(label)s: this does not look right; it looks like %(example)s.", label=label, example=question.example
        )
    return _("%(label)s: write one line of at most %(length)s characters.", label=label, length=LONGEST_TEXT)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def question_of(field: str, questions: Mapping[str, Question]) -> str:
    """The field of the question that an error is about: `vehicle.price.amount` belongs to the price."""
    prefix = field.rsplit(".", 1)[0]
    return prefix if field not in questions and prefix in questions else field
