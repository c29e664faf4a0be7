"""May this company be filed as an exporter of used vehicles: the questions about it, and the page with the result."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from advisor import web
from advisor.knowledge.model import Lang
from advisor.rules.engine import Engine
from advisor.rules.wording import FILING_NAMES
from advisor.web.assessment_view import assessment_view, bars
from advisor.web.interview import read_answers
from advisor.web.questionnaire import Questionnaire

blueprint = Blueprint("filing", __name__, url_prefix="/<any(zh,en):lang>/filing-check")

COMPANY: Final = Questionnaire(
    start="filing.start",
    result="filing.result",
    template="filing/question.html",
    first_page=("exporter.kind", "exporter.region", "dates.filing"),
    needed="exporter.kind",
    reads=lambda advisor: advisor.filings,
    judges=Engine.review,
    verdicts=FILING_NAMES,
)


@blueprint.get("")
def start(lang: Lang) -> ResponseReturnValue:
    """The next question that can change the answer, or the first page; takes what a form sends."""
    return COMPANY.ask()


@blueprint.get("/result")
def result(lang: Lang) -> ResponseReturnValue:
    """What the guide says of the company in the address."""
    answers = read_answers(request.args)
    case, complaints = COMPANY.read(answers)
    if case is None or complaints:
        return COMPANY.refuse(answers, (), complaints, case)
    advisor = web.advisor()
    found = advisor.engine.review(case)
    view = assessment_view(advisor, found, answers, COMPANY, lang)
    return render_template("filing/result.html", result=view, bars=bars(found, lang))
