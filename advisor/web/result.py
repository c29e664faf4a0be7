"""What the result page of a vehicle shows beside its answer: the verdict of each side, and the costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from advisor import web
from advisor.knowledge.model import Lang
from advisor.loading import Advisor
from advisor.rules.advice import Advice, Verdict
from advisor.rules.costs import PRICE
from advisor.rules.wording import SIDE_NAMES
from advisor.web.assessment_view import AssessmentView, assessment_view
from advisor.web.costs_view import CostsView, costs_view
from advisor.web.interview import ASK, Answers, address
from advisor.web.questionnaire import Questionnaire

_FILED: Final = "exporter.filed"


@dataclass(frozen=True, slots=True)
class VerdictView:
    """A verdict with its word and whose it is."""

    verdict: Verdict
    word: str
    label: str


@dataclass(frozen=True, slots=True)
class ResultView:
    """The page of a vehicle: what every answer shows, and what is its own."""

    answer: AssessmentView
    advice: Advice
    sides: list[VerdictView]
    costs: CostsView | None
    price_address: str | None
    filing_address: str | None


def result_view(advisor: Advisor, advice: Advice, answers: Answers, asking: Questionnaire, lang: Lang) -> ResultView:
    """The result page of a vehicle on its way to a destination."""
    return ResultView(
        answer=assessment_view(advisor, advice, answers, asking, lang),
        advice=advice,
        sides=[
            VerdictView(verdict, asking.verdicts[verdict][lang], SIDE_NAMES[side][lang])
            for side, verdict in advice.sides.items()
        ],
        costs=costs_view(advisor, advice, answers, lang),
        price_address=address(asking.start, lang, answers, (ASK, PRICE)) if advice.country.taxes else None,
        filing_address=None if advice.case.facts.get(_FILED) is True else _filing_address(answers, lang),
    )


def _filing_address(answers: Answers, lang: Lang) -> str:
    """The check of the company, with what is known of it."""
    company = {field: text for field, text in answers.given.items() if field in web.advisor().filings.questions}
    return address("filing.start", lang, Answers(company))
