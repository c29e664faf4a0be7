"""May this vehicle go there: the questions about it, and the page with the result."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from advisor import web
from advisor.knowledge.model import Lang
from advisor.rules.engine import Engine
from advisor.rules.wording import VERDICT_NAMES
from advisor.web.interview import read_answers
from advisor.web.questionnaire import Questionnaire
from advisor.web.result import result_view

blueprint = Blueprint("advice", __name__, url_prefix="/<any(zh,en):lang>/advice")

# The dates of the first page may stay empty, each then follows the one before it.
# A calculator wants to go to the costs once its answers are taken in.
VEHICLE: Final = Questionnaire(
    start="advice.start",
    result="advice.result",
    template="advice/question.html",
    first_page=("destination", "dates.application", "dates.shipment", "dates.arrival"),
    needed="destination",
    reads=lambda advisor: advisor.cases,
    judges=Engine.advise,
    verdicts=VERDICT_NAMES,
    parts=("costs",),
)


@blueprint.get("")
def start(lang: Lang) -> ResponseReturnValue:
    """The next question that can change the answer, or the first page; takes what a form sends."""
    return VEHICLE.ask()


@blueprint.get("/result")
def result(lang: Lang) -> ResponseReturnValue:
    """What the guide says of the case in the address."""
    answers = read_answers(request.args)
    case, complaints = VEHICLE.read(answers)
    if case is None or complaints:
        return VEHICLE.refuse(answers, (), complaints, case)
    advisor = web.advisor()
    view = result_view(advisor, advisor.engine.advise(case), answers, VEHICLE, lang)
    return render_template("advice/result.html", result=view)
