"""The questionnaire: one question a page, all answers in the address; and the page with the result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from advisor import web
from advisor.knowledge.model import Lang, Question
from advisor.rules.advice import Advice
from advisor.rules.facts import TRADE_TERMS, Case, CaseError
from advisor.web.case_errors import Complainer, Complaint, question_of
from advisor.web.interview import (
    ASK,
    ASKED,
    SKIP,
    THEN,
    Answers,
    address,
    is_rate,
    is_submission,
    read_answers,
    typed_text,
)
from advisor.web.question_view import answer_rows, question_view
from advisor.web.result import result_view
from advisor.web.templating import today

blueprint = Blueprint("advice", __name__, url_prefix="/<any(zh,en):lang>/advice")

DESTINATION: Final = "destination"
# Where a calculator wants to go once its answers are taken in: to this part of the result.
COSTS: Final = "costs"
# What the first page asks; the dates may stay empty there, each then follows the one before it.
FIRST_PAGE: Final = (DESTINATION, "dates.application", "dates.shipment", "dates.arrival")


@blueprint.get("")
def start(lang: Lang) -> ResponseReturnValue:
    """The next question that can change the answer, or the first page; takes what a form sends."""
    answers = read_answers(request.args)
    if is_submission(request.args):
        return _receive(answers, request.args.getlist(ASKED))
    if DESTINATION not in answers.given:
        return _page(answers, FIRST_PAGE)
    case, complaints = _read(answers)
    if case is None or complaints:
        return _refuse(answers, (), complaints, case)
    return _next_page(answers, case, request.args.get(ASK))


@blueprint.get("/result")
def result(lang: Lang) -> ResponseReturnValue:
    """What the guide says of the case in the address."""
    answers = read_answers(request.args)
    case, complaints = _read(answers)
    if case is None or complaints:
        return _refuse(answers, (), complaints, case)
    view = result_view(web.advisor(), web.advisor().engine.advise(case), answers, lang)
    return render_template("advice/result.html", result=view)


def _next_page(answers: Answers, case: Case, wanted: str | None) -> ResponseReturnValue:
    advice = web.advisor().engine.advise(case)
    if wanted == DESTINATION:
        return _page(answers, FIRST_PAGE, advice=advice)
    if wanted in _questions():
        return _page(answers, (wanted,), advice=advice)
    open_questions = _open(advice, answers)
    if not open_questions:
        return redirect(address("advice.result", web.lang(), answers))
    return _page(answers, open_questions[:1], advice=advice)


def _receive(answers: Answers, asked: Sequence[str]) -> ResponseReturnValue:
    """Take in what a form sent; on to the next question, or the same again with what is wrong."""
    questions, lang = _questions(), web.lang()
    known = [questions[field] for field in dict.fromkeys(asked) if field in questions]
    skipped = set(request.args.getlist(SKIP)).intersection(asked)
    complaints: list[Complaint] = []
    for question in known:
        text = typed_text(question, request.args)
        if question.field in skipped:
            answers = _skip(answers, question, text)
        elif text:
            answers = answers.with_answer(question.field, text)
        elif question.field == DESTINATION or len(known) == 1:
            complaints.append(Complainer(web.advisor().knowledge, lang).empty(question))
    missed = {complaint.field for complaint in complaints}
    case, found = _read(answers)
    complaints += [complaint for complaint in found if complaint.field not in missed]
    if complaints:
        return _refuse(answers, [question.field for question in known], complaints, case)
    if request.args.get(THEN) == COSTS:
        return redirect(f"{address('advice.result', web.lang(), answers)}#{COSTS}")
    return redirect(address("advice.start", web.lang(), answers))


def _skip(answers: Answers, question: Question, text: str) -> Answers:
    """Pass over a question; a date that is known in part is kept as far as it goes."""
    if question.kind == "date" and text:
        kept = answers.with_answer(question.field, text)
        if not any(complaint.field == question.field for complaint in _read(kept)[1]):
            answers = kept
    return answers.with_skip(question.field)


def _read(answers: Answers) -> tuple[Case | None, list[Complaint]]:
    """The case, or everything that is wrong with the answers."""
    complainer, questions = Complainer(web.advisor().knowledge, web.lang()), _questions()
    complaints = [complainer.repeated(field) for field in answers.repeated]
    named = (*answers.given, *answers.skipped)
    complaints += [complainer.unknown(field) for field in named if field not in questions and not is_rate(field)]
    left = {field: text for field, text in answers.given.items() if field in questions or is_rate(field)}
    while True:
        try:
            return web.advisor().cases.read_pairs(left.items(), today()), complaints
        except CaseError as error:
            complaints.append(complainer.about(error, answers.given))
            if left.pop(question_of(error.field, questions), None) is None:
                return None, complaints


def _refuse(
    answers: Answers, asked: Sequence[str], complaints: Sequence[Complaint], case: Case | None
) -> ResponseReturnValue:
    """The questions whose answers are wrong, once more, with what is wrong on top."""
    questions = _questions()
    fields = dict.fromkeys([*asked, *(one.field for one in complaints if one.field in questions)])
    if DESTINATION in fields:
        fields = dict.fromkeys([*FIRST_PAGE, *fields])
    strange = [one.field for one in complaints if one.field not in questions]
    return _page(answers.without(strange), tuple(fields), complaints=complaints, case=case), 400


def _page(
    answers: Answers,
    fields: Sequence[str],
    complaints: Sequence[Complaint] = (),
    advice: Advice | None = None,
    case: Case | None = None,
) -> str:
    lang, advisor = web.lang(), web.advisor()
    wrong = {complaint.field: complaint for complaint in reversed(complaints)}
    questions = [
        question_view(advisor, _questions()[field], answers.given.get(field, ""), wrong.get(field), advice, lang)
        for field in fields
    ]
    others = answers.without(fields)
    return render_template(
        "advice/question.html",
        questions=questions,
        terms=TRADE_TERMS,
        first=tuple(fields) == FIRST_PAGE,
        complaints=complaints,
        hidden=others.pairs(),
        rows=answer_rows(advisor, others, advice.case if advice else case, lang),
        answered=len(answers.given),
        open_count=len(_open(advice, answers)) if advice else None,
        back=_back(answers, fields),
        result_address=address("advice.result", web.lang(), answers) if advice else None,
        go_on_address=address("advice.start", web.lang(), answers) if complaints else None,
    )


def _back(answers: Answers, fields: Sequence[str]) -> str | None:
    """The way back to the answer given before these."""
    earlier: list[str] = []
    for field in answers.given:
        if field in fields:
            break
        earlier.append(field)
    if not earlier:
        return None
    return address(
        "advice.start", web.lang(), answers, (ASK, DESTINATION if earlier[-1] in FIRST_PAGE else earlier[-1])
    )


def _open(advice: Advice, answers: Answers) -> list[str]:
    return [field for field in advice.missing if field not in answers.skipped]


def _questions() -> dict[str, Question]:
    return {question.field: question for question in web.advisor().knowledge.questions}
