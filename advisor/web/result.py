"""What the result page shows: the verdict in a sentence, the findings, what to have, to do and still to learn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from flask_babel import gettext as _
from flask_babel import ngettext

from advisor.knowledge.model import Lang, Named, Question, Rule, Text
from advisor.knowledge.text import date_text, either_text, list_text
from advisor.loading import Advisor
from advisor.rules.advice import VERDICTS, Advice, Change, Due, Finding, NeededDocument, Verdict
from advisor.rules.costs import PRICE
from advisor.rules.facts import FactValue
from advisor.rules.wording import SIDE_NAMES, STATUS_NAMES, VERDICT_NAMES, period_text
from advisor.web.costs_view import CostsView, costs_view
from advisor.web.interview import ASK, Answers, address
from advisor.web.question_view import AnswerRow

_NAMES_SHOWN: Final = 4
_UNKNOWNS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class VerdictView:
    """A verdict with its word and whose it is."""

    verdict: Verdict
    word: str
    label: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with the facts on which it still depends, in words."""

    finding: Finding
    depends: list[str]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A coming change with the word for what the rule says of the case from then on."""

    change: Change
    status: str


@dataclass(frozen=True, slots=True)
class StageView:
    """What is needed, or to be done, at one stage."""

    names: Text
    documents: list[NeededDocument]
    duties: list[DutyView]


@dataclass(frozen=True, slots=True)
class DutyView:
    """A duty with the words for its time limit, if it has one."""

    due: Due
    when: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the verdict becomes with any of some answers."""

    answers: str
    verdict: Verdict
    word: str


@dataclass(frozen=True, slots=True)
class UnknownView:
    """A missing fact: what the answer becomes with each reply, and the rules that wait for it."""

    question: Question
    outcomes: list[Outcome]
    settles: bool
    rules: list[Rule]
    answer: str


@dataclass(frozen=True, slots=True)
class ResultView:
    """Everything on the result page that is not in the advice itself."""

    advice: Advice
    word: str
    why: str
    sides: list[VerdictView]
    deciding: list[FindingView]
    undecided: list[FindingView]
    further: list[FindingView]
    clear: list[FindingView]
    changes: list[ChangeView]
    document_stages: list[StageView]
    duty_stages: list[StageView]
    unknowns: list[UnknownView]
    more_unknowns: list[str]
    costs: CostsView | None
    price_address: str | None
    rule_titles: dict[str, Text]
    rows: list[AnswerRow]
    assumed_day: bool
    papers_address: str
    forms: set[str]
    query: str
    next_address: str | None


def result_view(advisor: Advisor, advice: Advice, answers: Answers, lang: Lang) -> ResultView:
    """The result page of a case."""
    stages = _stages(advisor.knowledge.stages, advice, lang)
    open_left = [field for field in advice.missing if field not in answers.skipped]
    return ResultView(
        advice=advice,
        word=VERDICT_NAMES[advice.verdict][lang],
        why=why(advisor, advice, lang),
        sides=[
            VerdictView(verdict, VERDICT_NAMES[verdict][lang], SIDE_NAMES[side][lang])
            for side, verdict in advice.sides.items()
        ],
        deciding=_views(advisor, (one for one in advice.findings if one.status == "applies" and _decides(one)), lang),
        undecided=_views(advisor, (one for one in advice.findings if one.status == "unknown" and _decides(one)), lang),
        further=_views(advisor, (one for one in advice.findings if one.status != "clear" and not _decides(one)), lang),
        clear=_views(advisor, (one for one in advice.findings if one.status == "clear"), lang),
        changes=[ChangeView(change, STATUS_NAMES[change.finding.status][lang]) for change in advice.changes],
        document_stages=[stage for stage in stages if stage.documents],
        duty_stages=[stage for stage in stages if stage.duties],
        unknowns=[_unknown(advisor, advice, field, answers, lang) for field in advice.missing[:_UNKNOWNS_SHOWN]],
        more_unknowns=[advisor.engine.reasoner.label(field, lang) for field in advice.missing[_UNKNOWNS_SHOWN:]],
        costs=costs_view(advisor, advice, answers, lang),
        price_address=address("advice.start", lang, answers, (ASK, PRICE)) if advice.country.taxes else None,
        rule_titles={finding.rule.id: finding.rule.title for finding in advice.findings},
        rows=_case_rows(advisor, advice, answers, lang),
        assumed_day="dates.application" in advice.case.assumed,
        papers_address=address("advice.start", lang, answers, (ASK, "documents_held")),
        forms={form.document for form in advisor.knowledge.forms},
        query=answers.query(),
        next_address=address("advice.start", lang, answers) if open_left else None,
    )


def why(advisor: Advisor, advice: Advice, lang: Lang) -> str:
    """The sentence that says why the verdict is what it is."""
    match advice.verdict:
        case "not-eligible":
            return _why_not(advice, lang)
        case "undetermined":
            return _why_open(advisor, advice, lang)
        case "conditional":
            return _why_conditional(advice, lang)
        case "eligible":
            return _(
                "None of the %(count)s rules checked forbids it, and no approval is still to be obtained.",
                count=len(advice.findings),
            )


def _why_not(advice: Advice, lang: Lang) -> str:
    bars = [one for one in _prohibitions(advice) if one.status == "applies" and one.decisive]
    sentence = _claim(bars[0], lang)
    if len(bars) == 1:
        return sentence
    more = ngettext("One more prohibition applies.", "%(num)s more prohibitions apply.", len(bars) - 1)
    return _join([sentence, more], lang)


def _why_open(advisor: Advisor, advice: Advice, lang: Lang) -> str:
    bars = [one for one in _prohibitions(advice) if one.status != "clear"]
    waiting = {field for one in bars for field in one.missing}
    facts = [advisor.engine.reasoner.label(field, lang) for field in advice.missing if field in waiting]
    if not facts:
        return _claim(bars[0], lang)
    return _("A prohibition could apply; that depends on: %(facts)s.", facts=_some(facts, lang))


def _why_conditional(advice: Advice, lang: Lang) -> str:
    gates = [one for one in advice.findings if one.rule.gate and one.status != "clear" and not one.met]
    certain = [one for one in gates if one.status == "applies"]
    names = _gate_names(advice, certain or gates, lang)
    if certain:
        return _("Nothing forbids it, but this must be obtained first: %(names)s.", names=_some(names, lang))
    return _("Nothing forbids it, but this may have to be obtained first: %(names)s.", names=_some(names, lang))


def _gate_names(advice: Advice, gates: Iterable[Finding], lang: Lang) -> list[str]:
    """The papers that the gates ask for and that are not in hand; a gate without papers by its title."""
    wanted = {needed.document.id: needed.document.names[lang] for needed in advice.documents if not needed.held}
    names: dict[str, None] = {}
    for gate in gates:
        papers = [wanted[name] for name in gate.rule.documents if name in wanted]
        names |= dict.fromkeys(papers or [gate.rule.title[lang]])
    return list(names)


def _prohibitions(advice: Advice) -> list[Finding]:
    return [finding for finding in advice.findings if finding.rule.effect == "prohibit"]


def _claim(finding: Finding, lang: Lang) -> str:
    title, reason = finding.rule.title[lang], finding.reason[lang]
    return f"{title}：{reason}" if lang == "zh" else f"{title}. {reason}"


def _some(names: Sequence[str], lang: Lang) -> str:
    shown = list(names[:_NAMES_SHOWN])
    more = len(names) - len(shown)
    if not more:
        return list_text(shown, lang)
    return _("%(names)s and %(count)s more", names=("、" if lang == "zh" else ", ").join(shown), count=more)


def _join(sentences: Sequence[str], lang: Lang) -> str:
    return ("" if lang == "zh" else " ").join(sentences)


def _decides(finding: Finding) -> bool:
    """Whether the verdict rests on it: a prohibition, or a gate that is still to be passed."""
    return finding.rule.effect == "prohibit" or (finding.rule.gate and not finding.met)


def _views(advisor: Advisor, findings: Iterable[Finding], lang: Lang) -> list[FindingView]:
    label = advisor.engine.reasoner.label
    return [FindingView(finding, [label(field, lang) for field in finding.missing]) for finding in findings]


def _stages(stages: Iterable[Named], advice: Advice, lang: Lang) -> list[StageView]:
    return [
        StageView(
            stage.names,
            [needed for needed in advice.documents if needed.document.stage == stage.id],
            [DutyView(due, _when(due, lang)) for due in advice.obligations if due.obligation.stage == stage.id],
        )
        for stage in stages
    ]


def _when(due: Due, lang: Lang) -> str:
    if due.due:
        return _("by %(day)s", day=date_text(due.due, lang))
    if due.obligation.period and due.counted_from:
        period = period_text(due.obligation.period, lang)
        return _("within %(period)s from %(event)s", period=period, event=due.counted_from[lang])
    return ""


# What an unknown fact would change.


def _unknown(advisor: Advisor, advice: Advice, field: str, answers: Answers, lang: Lang) -> UnknownView:
    question = next(question for question in advisor.knowledge.questions if question.field == field)
    outcomes = _outcomes(advisor, advice, question, lang)
    return UnknownView(
        question=question,
        outcomes=outcomes,
        settles=any(outcome.verdict != advice.verdict for outcome in outcomes),
        rules=[finding.rule for finding in advice.findings if field in finding.missing],
        answer=address("advice.start", lang, answers.without_skip(field), (ASK, field)),
    )


def _outcomes(advisor: Advisor, advice: Advice, question: Question, lang: Lang) -> list[Outcome]:
    """The verdicts that the replies lead to, best first, each with its replies; none for open questions."""
    labels: dict[Verdict, list[str]] = {}
    for label, value in _replies(advisor, question, lang):
        facts = {**advice.case.facts, question.field: value}
        verdict = advisor.engine.advise(replace(advice.case, facts=facts)).verdict
        labels.setdefault(verdict, []).append(label)
    return [
        Outcome(either_text(labels[verdict], lang), verdict, VERDICT_NAMES[verdict][lang])
        for verdict in reversed(VERDICTS)
        if verdict in labels
    ]


def _replies(advisor: Advisor, question: Question, lang: Lang) -> list[tuple[str, FactValue]]:
    match question.kind:
        case "yes-no":
            return [(_("Yes"), True), (_("No"), False)]
        case "choice":
            return [(names[lang], value) for value, names in advisor.answers.options(question)]
        case "choices":
            one_each = [(names[lang], frozenset({value})) for value, names in advisor.answers.options(question)]
            return [(_("None of these"), frozenset()), *one_each]
        case _:
            return []


# The case as it was entered.


def _case_rows(advisor: Advisor, advice: Advice, answers: Answers, lang: Lang) -> list[AnswerRow]:
    """Every fact of the case, in the order of the questions; what was assumed says so."""
    reasoner = advisor.engine.reasoner
    return [
        AnswerRow(
            label=question.label[lang],
            value=reasoner.value_text(question.field, advice.case.facts[question.field], lang),
            change=address("advice.start", lang, answers, (ASK, question.field)),
            assumed=question.field not in answers.given,
        )
        for question in advisor.knowledge.questions
        if question.field in advice.case.facts
    ]
