"""What the page of an answer shows, whatever the question: why, what to have, what to do, what is still to learn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from flask_babel import gettext as _
from flask_babel import ngettext

from advisor.knowledge.model import Lang, Named, Question, Rule, Text
from advisor.knowledge.text import date_text, either_text, list_text
from advisor.loading import Advisor
from advisor.rules.advice import VERDICTS, Assessment, Change, Due, Finding, NeededDocument, Status, Verdict
from advisor.rules.facts import FactValue
from advisor.rules.wording import STATUS_NAMES, period_text
from advisor.web.interview import ASK, Answers, address
from advisor.web.question_view import AnswerRow
from advisor.web.questionnaire import Questionnaire, still_open

_NAMES_SHOWN: Final = 4
_UNKNOWNS_SHOWN: Final = 5


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
class BarView:
    """Something that would keep a company from being filed, or end its filing; where it stands today."""

    rule: Rule
    status: Status
    word: str


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """Everything on the page of an answer that is not in the answer itself."""

    found: Assessment
    word: str
    why: str
    deciding: list[FindingView]
    undecided: list[FindingView]
    further: list[FindingView]
    clear: list[FindingView]
    changes: list[ChangeView]
    document_stages: list[StageView]
    duty_stages: list[StageView]
    unknowns: list[UnknownView]
    more_unknowns: list[str]
    rule_titles: dict[str, Text]
    rows: list[AnswerRow]
    assumed_day: bool
    papers_address: str
    forms: set[str]
    query: str
    next_address: str | None
    start_address: str


def assessment_view(
    advisor: Advisor, found: Assessment, answers: Answers, asking: Questionnaire, lang: Lang
) -> AssessmentView:
    """The page of an answer."""
    stages = _stages(advisor.knowledge.stages, found, lang)
    return AssessmentView(
        found=found,
        word=asking.verdicts[found.verdict][lang],
        why=why(advisor, found, lang),
        deciding=_views(advisor, (one for one in found.findings if one.status == "applies" and _decides(one)), lang),
        undecided=_views(advisor, (one for one in found.findings if one.status == "unknown" and _decides(one)), lang),
        further=_views(advisor, (one for one in found.findings if one.status != "clear" and not _decides(one)), lang),
        clear=_views(advisor, (one for one in found.findings if one.status == "clear"), lang),
        changes=[ChangeView(change, STATUS_NAMES[change.finding.status][lang]) for change in found.changes],
        document_stages=[stage for stage in stages if stage.documents],
        duty_stages=[stage for stage in stages if stage.duties],
        unknowns=[_unknown(advisor, found, field, answers, asking, lang) for field in found.missing[:_UNKNOWNS_SHOWN]],
        more_unknowns=[advisor.engine.reasoner.label(field, lang) for field in found.missing[_UNKNOWNS_SHOWN:]],
        rule_titles={finding.rule.id: finding.rule.title for finding in found.findings},
        rows=_case_rows(advisor, found, answers, asking, lang),
        assumed_day=asking.reader.dates[0] in found.case.assumed,
        papers_address=address(asking.start, lang, answers, (ASK, "documents_held")),
        forms={form.document for form in advisor.knowledge.forms},
        query=answers.query(),
        next_address=address(asking.start, lang, answers) if still_open(found, answers) else None,
        start_address=address(asking.start, lang, Answers({})),
    )


def bars(found: Assessment, lang: Lang) -> list[BarView]:
    """Every prohibition that was looked at, the ones that stand first."""
    order = ("applies", "unknown", "clear")
    judged = sorted(_prohibitions(found), key=lambda finding: order.index(finding.status))
    return [BarView(one.rule, one.status, STATUS_NAMES[one.status][lang]) for one in judged]


def why(advisor: Advisor, found: Assessment, lang: Lang) -> str:
    """The sentence that says why the verdict is what it is."""
    match found.verdict:
        case "not-eligible":
            return _why_not(found, lang)
        case "undetermined":
            return _why_open(advisor, found, lang)
        case "conditional":
            return _why_conditional(found, lang)
        case "eligible":
            return _(
                "None of the %(count)s rules checked forbids it, and no approval is still to be obtained.",
                count=len(found.findings),
            )


def _why_not(found: Assessment, lang: Lang) -> str:
    bars = [one for one in _prohibitions(found) if one.status == "applies" and one.decisive]
    sentence = _claim(bars[0], lang)
    if len(bars) == 1:
        return sentence
    more = ngettext("One more prohibition applies.", "%(num)s more prohibitions apply.", len(bars) - 1)
    return _join([sentence, more], lang)


def _why_open(advisor: Advisor, found: Assessment, lang: Lang) -> str:
    bars = [one for one in _prohibitions(found) if one.status != "clear"]
    waiting = {field for one in bars for field in one.missing}
    facts = [advisor.engine.reasoner.label(field, lang) for field in found.missing if field in waiting]
    if not facts:
        return _claim(bars[0], lang)
    return _("A prohibition could apply; that depends on: %(facts)s.", facts=_some(facts, lang))


def _why_conditional(found: Assessment, lang: Lang) -> str:
    gates = [one for one in found.findings if one.rule.gate and one.status != "clear" and not one.met]
    certain = [one for one in gates if one.status == "applies"]
    names = _gate_names(found, certain or gates, lang)
    if certain:
        return _("Nothing forbids it, but this must be obtained first: %(names)s.", names=_some(names, lang))
    return _("Nothing forbids it, but this may have to be obtained first: %(names)s.", names=_some(names, lang))


def _gate_names(found: Assessment, gates: Iterable[Finding], lang: Lang) -> list[str]:
    """The papers that the gates ask for and that are not in hand; a gate without papers by its title."""
    wanted = {needed.document.id: needed.document.names[lang] for needed in found.documents if not needed.held}
    names: dict[str, None] = {}
    for gate in gates:
        papers = [wanted[name] for name in gate.rule.documents if name in wanted]
        names |= dict.fromkeys(papers or [gate.rule.title[lang]])
    return list(names)


def _prohibitions(found: Assessment) -> list[Finding]:
    return [finding for finding in found.findings if finding.rule.effect == "prohibit"]


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


def _stages(stages: Iterable[Named], found: Assessment, lang: Lang) -> list[StageView]:
    return [
        StageView(
            stage.names,
            [needed for needed in found.documents if needed.document.stage == stage.id],
            [DutyView(due, _when(due, lang)) for due in found.obligations if due.obligation.stage == stage.id],
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


def _unknown(
    advisor: Advisor, found: Assessment, field: str, answers: Answers, asking: Questionnaire, lang: Lang
) -> UnknownView:
    question = asking.reader.questions[field]
    outcomes = _outcomes(advisor, found, question, asking, lang)
    return UnknownView(
        question=question,
        outcomes=outcomes,
        settles=any(outcome.verdict != found.verdict for outcome in outcomes),
        rules=[finding.rule for finding in found.findings if field in finding.missing],
        answer=address(asking.start, lang, answers.without_skip(field), (ASK, field)),
    )


def _outcomes(
    advisor: Advisor, found: Assessment, question: Question, asking: Questionnaire, lang: Lang
) -> list[Outcome]:
    """The verdicts that the replies lead to, best first, each with its replies; none for open questions."""
    labels: dict[Verdict, list[str]] = {}
    for label, value in _replies(advisor, question, lang):
        facts = {**found.case.facts, question.field: value}
        verdict = asking.judge(replace(found.case, facts=facts)).verdict
        labels.setdefault(verdict, []).append(label)
    return [
        Outcome(either_text(labels[verdict], lang), verdict, asking.verdicts[verdict][lang])
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


def _case_rows(
    advisor: Advisor, found: Assessment, answers: Answers, asking: Questionnaire, lang: Lang
) -> list[AnswerRow]:
    """Every fact of the case, in the order of the questions; what was assumed says so."""
    reasoner = advisor.engine.reasoner
    return [
        AnswerRow(
            label=question.label[lang],
            value=reasoner.value_text(question.field, found.case.facts[question.field], lang),
            change=address(asking.start, lang, answers, (ASK, question.field)),
            assumed=question.field not in answers.given,
        )
        for question in asking.reader.questions.values()
        if question.field in found.case.facts
    ]
