"""What the page of a question shows: its inputs with what was answered, why it is asked, the answers so far."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _

from advisor.knowledge.model import Lang, Question, Rule, Text
from advisor.loading import Advisor
from advisor.rules.advice import Assessment
from advisor.rules.facts import Case
from advisor.rules.reasons import Reasoner
from advisor.web.case_errors import Complaint
from advisor.web.interview import ASK, NONE, Answers, address, boxes_of, is_rate

_RULES_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class OptionView:
    """One answer to choose; `exclusive` cannot go together with another."""

    id: str
    value: str
    label: str
    checked: bool
    help: Text | None = None
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """Answers that stand together under a heading, or under none."""

    label: str | None
    options: list[OptionView]


@dataclass(frozen=True, slots=True)
class BoxView:
    """One of the boxes in which a date or a price is typed."""

    id: str
    name: str
    part: str
    label: str
    value: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as a page shows it; `open_reason` says why an answer in part is asked for again."""

    question: Question
    id: str
    text: str
    groups: list[OptionGroup]
    boxes: list[BoxView]
    complaint: Complaint | None
    rules: list[Rule]
    open_reason: Text | None

    @property
    def target(self) -> str:
        """The id of the input that an error message leads to."""
        if self.boxes:
            return next((box.id for box in self.boxes if box.wrong), self.boxes[0].id)
        if self.groups and self.question.field != "destination":
            return self.groups[0].options[0].id
        return self.id


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer in words, with the way to change it."""

    label: str
    value: str
    change: str
    assumed: bool = False


def question_view(
    advisor: Advisor, question: Question, text: str, complaint: Complaint | None, found: Assessment | None, lang: Lang
) -> QuestionView:
    """A question with what was answered or typed, and with the rules that wait for it."""
    waiting = [finding for finding in found.findings if question.field in finding.missing] if found else []
    name = input_id(question.field)
    return QuestionView(
        question=question,
        id=name,
        text=text,
        groups=_groups(advisor, question, text, found, lang),
        boxes=_boxes(question, text, complaint, name),
        complaint=complaint,
        rules=[finding.rule for finding in waiting[:_RULES_SHOWN]],
        open_reason=waiting[0].reason if text and waiting else None,
    )


def answer_rows(advisor: Advisor, answers: Answers, case: Case | None, endpoint: str, lang: Lang) -> list[AnswerRow]:
    """The answers given, in words as far as they could be read, in order; `endpoint` is where each is changed."""
    reasoner = advisor.engine.reasoner
    return [
        AnswerRow(
            label=_label(reasoner, field, lang),
            value=reasoner.value_text(field, case.facts[field], lang) if case and field in case.facts else text,
            change=address(endpoint, lang, answers, (ASK, field)),
        )
        for field, text in answers.given.items()
    ]


def _label(reasoner: Reasoner, field: str, lang: Lang) -> str:
    if is_rate(field):
        return _("Exchange rate %(currency)s", currency=field.partition(".")[2])
    return reasoner.label(field, lang)


def input_id(field: str) -> str:
    """A field as an id within a page."""
    return field.replace(".", "-").replace("_", "-")


def _groups(advisor: Advisor, question: Question, text: str, found: Assessment | None, lang: Lang) -> list[OptionGroup]:
    match question.kind:
        case "yes-no":
            yes, no = _("Yes"), _("No")
            return [OptionGroup(None, [_option(question, "true", yes, {text}), _option(question, "false", no, {text})])]
        case "choice" if question.options_from == "countries":
            return _by_region(advisor, question, text, lang)
        case "choice":
            return [OptionGroup(None, _options(advisor, question, {text}, lang))]
        case "choices":
            chosen = set(text.split(","))
            options = [
                option
                for option in _options(advisor, question, chosen, lang)
                if question.options_from != "documents" or found is None or option.value in _asked_papers(found)
            ]
            none = OptionView(
                f"{input_id(question.field)}-{NONE}", NONE, _("None of these"), NONE in chosen, exclusive=True
            )
            return (
                [OptionGroup(None, options), OptionGroup(_("or"), [none])] if options else [OptionGroup(None, [none])]
            )
        case _:
            return []


def _asked_papers(found: Assessment) -> set[str]:
    return {needed.document.id for needed in found.documents}


def _options(advisor: Advisor, question: Question, chosen: Collection[str], lang: Lang) -> list[OptionView]:
    helps = {option.id: option.help for option in question.options}
    return [
        _option(question, value, names[lang], chosen, helps.get(value))
        for value, names in advisor.answers.options(question)
    ]


def _option(question: Question, value: str, label: str, chosen: Iterable[str], help_: Text | None = None) -> OptionView:
    same = {text.casefold() for text in chosen}
    return OptionView(f"{input_id(question.field)}-{value.lower()}", value, label, value.casefold() in same, help_)


def _by_region(advisor: Advisor, question: Question, text: str, lang: Lang) -> list[OptionGroup]:
    knowledge = advisor.knowledge
    options = {option.value: option for option in _options(advisor, question, {text}, lang)}
    groups = (
        OptionGroup(part.names[lang], [options[one.code] for one in knowledge.countries if one.region == part.id])
        for part in knowledge.world
    )
    return [group for group in groups if group.options]


def _boxes(question: Question, text: str, complaint: Complaint | None, name: str) -> list[BoxView]:
    if question.kind not in ("date", "money"):
        return []
    labels = {
        "year": _("Year"), "month": _("Month"), "day": _("Day"),
        "amount": _("Amount"), "currency": _("Currency"), "terms": _("Trade terms"),
    }  # fmt: skip
    wrong = complaint.part if complaint else None
    return [
        BoxView(f"{name}-{part}", f"{question.field}.{part}", part, labels[part], value, part == wrong)
        for part, value in boxes_of(question, text).items()
    ]
