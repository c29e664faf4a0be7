"""A questionnaire: one question a page, all answers in the address, and on to the page with the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from advisor import web
from advisor.knowledge.model import Question, Text
from advisor.loading import Advisor
from advisor.rules.advice import Assessment, Verdict
from advisor.rules.engine import Engine
from advisor.rules.facts import TRADE_TERMS, Case, CaseError, CaseReader
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
from advisor.web.templating import today


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What one kind of question asks first, how its answers are judged, and where its pages are.

    `needed` is the question of the first page that has to be answered; `parts` are the places of the
    result to which a form may send its answers.
    """

    start: str
    result: str
    template: str
    first_page: tuple[str, ...]
    needed: str
    reads: Callable[[Advisor], CaseReader]
    judges: Callable[[Engine, Case], Assessment]
    verdicts: Mapping[Verdict, Text]
    parts: tuple[str, ...] = ()

    @property
    def reader(self) -> CaseReader:
        """Who reads the answers."""
        return self.reads(web.advisor())

    def judge(self, case: Case) -> Assessment:
        """What the guide says of the answers."""
        return self.judges(web.advisor().engine, case)

    def ask(self) -> ResponseReturnValue:
        """The next question that can change the answer, or the first page; takes what a form sends."""
        answers = read_answers(request.args)
        if is_submission(request.args):
            return self._receive(answers, request.args.getlist(ASKED))
        if self.needed not in answers.given:
            return self._page(answers, self.first_page)
        case, complaints = self.read(answers)
        if case is None or complaints:
            return self.refuse(answers, (), complaints, case)
        return self._next_page(answers, case, request.args.get(ASK))

    def read(self, answers: Answers) -> tuple[Case | None, list[Complaint]]:
        """The case, or everything that is wrong with the answers."""
        complainer, questions = Complainer(web.advisor().knowledge, web.lang()), self.reader.questions
        complaints = [complainer.repeated(field) for field in answers.repeated]
        named = (*answers.given, *answers.skipped)
        complaints += [complainer.unknown(field) for field in named if field not in questions and not is_rate(field)]
        left = {field: text for field, text in answers.given.items() if field in questions or is_rate(field)}
        while True:
            try:
                return self.reader.read_pairs(left.items(), today()), complaints
            except CaseError as error:
                complaints.append(complainer.about(error, answers.given))
                if left.pop(question_of(error.field, questions), None) is None:
                    return None, complaints

    def refuse(
        self, answers: Answers, asked: Sequence[str], complaints: Sequence[Complaint], case: Case | None
    ) -> ResponseReturnValue:
        """The questions whose answers are wrong, once more, with what is wrong on top."""
        questions = self.reader.questions
        fields = dict.fromkeys([*asked, *(one.field for one in complaints if one.field in questions)])
        if self.needed in fields:
            fields = dict.fromkeys([*self.first_page, *fields])
        strange = [one.field for one in complaints if one.field not in questions]
        return self._page(answers.without(strange), tuple(fields), complaints=complaints, case=case), 400

    def _next_page(self, answers: Answers, case: Case, wanted: str | None) -> ResponseReturnValue:
        found = self.judge(case)
        if wanted == self.needed:
            return self._page(answers, self.first_page, found=found)
        if wanted is not None and wanted in self.reader.questions:
            return self._page(answers, (wanted,), found=found)
        open_questions = still_open(found, answers)
        if not open_questions:
            return redirect(address(self.result, web.lang(), answers))
        return self._page(answers, open_questions[:1], found=found)

    def _receive(self, answers: Answers, asked: Sequence[str]) -> ResponseReturnValue:
        """Take in what a form sent; on to the next question, or the same again with what is wrong."""
        questions, lang = self.reader.questions, web.lang()
        known = [questions[field] for field in dict.fromkeys(asked) if field in questions]
        skipped = set(request.args.getlist(SKIP)).intersection(asked)
        complaints: list[Complaint] = []
        for question in known:
            text = typed_text(question, request.args)
            if question.field in skipped:
                answers = self._skip(answers, question, text)
            elif text:
                answers = answers.with_answer(question.field, text)
            elif question.field == self.needed or len(known) == 1:
                complaints.append(Complainer(web.advisor().knowledge, lang).empty(question))
        missed = {complaint.field for complaint in complaints}
        case, found = self.read(answers)
        complaints += [complaint for complaint in found if complaint.field not in missed]
        if complaints:
            return self.refuse(answers, [question.field for question in known], complaints, case)
        part = request.args.get(THEN)
        if part in self.parts:
            return redirect(f"{address(self.result, lang, answers)}#{part}")
        return redirect(address(self.start, lang, answers))

    def _skip(self, answers: Answers, question: Question, text: str) -> Answers:
        """Pass over a question; a date that is known in part is kept as far as it goes."""
        if question.kind == "date" and text:
            kept = answers.with_answer(question.field, text)
            if not any(complaint.field == question.field for complaint in self.read(kept)[1]):
                answers = kept
        return answers.with_skip(question.field)

    def _page(
        self,
        answers: Answers,
        fields: Sequence[str],
        complaints: Sequence[Complaint] = (),
        found: Assessment | None = None,
        case: Case | None = None,
    ) -> str:
        lang, advisor = web.lang(), web.advisor()
        wrong = {complaint.field: complaint for complaint in reversed(complaints)}
        known = self.reader.questions
        questions = [
            question_view(advisor, known[field], answers.given.get(field, ""), wrong.get(field), found, lang)
            for field in fields
        ]
        others = answers.without(fields)
        return render_template(
            self.template,
            action=self.start,
            questions=questions,
            terms=TRADE_TERMS,
            first=tuple(fields) == self.first_page,
            complaints=complaints,
            hidden=others.pairs(),
            rows=answer_rows(advisor, others, found.case if found else case, self.start, lang),
            answered=len(answers.given),
            open_count=len(still_open(found, answers)) if found else None,
            back=self._back(answers, fields),
            result_address=address(self.result, lang, answers) if found else None,
            go_on_address=address(self.start, lang, answers) if complaints else None,
        )

    def _back(self, answers: Answers, fields: Sequence[str]) -> str | None:
        """The way back to the answer given before these."""
        earlier: list[str] = []
        for field in answers.given:
            if field in fields:
                break
            earlier.append(field)
        if not earlier:
            return None
        wanted = self.needed if earlier[-1] in self.first_page else earlier[-1]
        return address(self.start, web.lang(), answers, (ASK, wanted))


def still_open(found: Assessment, answers: Answers) -> list[str]:
    """The missing facts that were not passed over."""
    return [field for field in found.missing if field not in answers.skipped]
