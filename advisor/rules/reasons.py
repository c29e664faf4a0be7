"""Why a rule came out as it did, in both languages, with the case's own values."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from advisor.knowledge.conditions import Age, All, AnyOf, Day, Includes, Lapse, Not, Number, OneOf, leaves
from advisor.knowledge.dates import PartialDate
from advisor.knowledge.model import LANGUAGES, Knowledge, Lang, Question, Rule, Text
from advisor.knowledge.text import date_text, either_text, list_text, number_text
from advisor.rules.advice import Finding
from advisor.rules.conditions import Compiled, Facts, Truth, age_range, count_age
from advisor.rules.facts import FactValue, Money, Span

Leaf = OneOf | Includes | Number | Day | Age

_UNITS: dict[str, Text] = {
    "calendar-years": Text(zh="{}个日历年", en="{} calendar years"),
    "completed-years": Text(zh="满{}年", en="{} completed years"),
    "completed-months": Text(zh="满{}个月", en="{} completed months"),
    "days": Text(zh="{}天", en="{} days"),
    "days-inclusive": Text(zh="{}天（首尾都算）", en="{} days, both ends counted"),
}
# As a limit: “over 7 completed years” reads well, “超过满7年” does not.
_LIMIT_UNITS: dict[str, Text] = {
    **_UNITS,
    "completed-years": Text(zh="{}个整年", en="{} completed years"),
    "completed-months": Text(zh="{}个整月", en="{} completed months"),
}
_LIMITS: dict[str, Text] = {
    "over": Text(zh="超过{}", en="over {}"),
    "at-least": Text(zh="达到{}", en="{} or more"),
    "under": Text(zh="不足{}", en="under {}"),
    "at-most": Text(zh="不超过{}", en="at most {}"),
}
_DAYS: dict[str, Text] = {
    "before": Text(zh="早于{}", en="before {}"),
    "until": Text(zh="不晚于{}", en="on or before {}"),
    "from": Text(zh="不早于{}", en="on or after {}"),
    "after": Text(zh="晚于{}", en="after {}"),
}
_ALWAYS = Text(zh="凡属本规则范围的车辆都适用。", en="It holds for every such vehicle.")
_PLACEHOLDER = re.compile(r"\{([a-z_]+(?:\.[a-z_0-9]+)?)\}")


class Reasoner:
    """Puts outcomes into words; knows the labels of facts and the names of their values."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._questions = {question.field: question for question in knowledge.questions}
        self._names: dict[tuple[str, str], Text] = {}
        for question in knowledge.questions:
            self._names |= {(question.field, option.id): option.names for option in question.options}
        lists: dict[str, Iterable[tuple[str, Text]]] = {
            "countries": ((country.code, country.names) for country in knowledge.countries),
            "regions": ((region.id, region.names) for region in knowledge.regions),
            "documents": ((document.id, document.names) for document in knowledge.documents),
        }
        named = {name: dict(pairs) for name, pairs in lists.items()}
        for question in knowledge.questions:
            if question.options_from:
                self._names |= {(question.field, key): text for key, text in named[question.options_from].items()}
        self._rules = {rule.id: rule for rule in knowledge.rules}

    def label(self, field: str, lang: Lang) -> str:
        """The short name of a fact."""
        question = self._questions.get(field)
        return question.label[lang] if question else field

    def value_text(self, field: str, value: FactValue, lang: Lang) -> str:
        """A fact's value in words."""
        question = self._questions.get(field)
        match value:
            case bool():
                yes, no = ("是", "否") if lang == "zh" else ("yes", "no")
                return yes if value else no
            case Span():
                return span_text(value, lang)
            case Decimal():
                return _with_unit(value, question, lang)
            case Money():
                return f"{value.terms} {value.currency} {value.amount:,}"
            case frozenset():
                none = "无" if lang == "zh" else "none"
                return list_text([self._option(field, item, lang) for item in sorted(value)], lang) or none
            case str():
                return self._option(field, value, lang)

    def reason(self, finding: Finding, facts: Facts) -> Text:
        """One or two sentences for a finding."""
        zh, en = (self._reason(finding, facts, lang) for lang in LANGUAGES)
        return Text(zh=zh, en=en)

    def _reason(self, finding: Finding, facts: Facts, lang: Lang) -> str:
        if finding.lifted_by:
            return self._lifted(finding.lifted_by, lang)
        sentences = [self._main(finding, facts, lang)]
        if finding.open_exceptions:
            sentences.append(self._open(finding, lang))
        if finding.status != "clear" and not finding.decisive:
            sentences.append(_doubt(finding.rule, lang))
        if finding.status == "applies" and finding.met:
            sentences.append("此项已满足。" if lang == "zh" else "This is already met.")
        return ("" if lang == "zh" else " ").join(sentences)

    def _main(self, finding: Finding, facts: Facts, lang: Lang) -> str:
        planned, rule = finding.planned, finding.rule
        day = facts[rule.judged_on]
        assert isinstance(day, Span)
        if finding.status == "unknown" and planned.force.holds_on(day) is None:
            return self._force_unknown(rule, day, lang)
        written = getattr(rule.reasons, finding.status)
        if written is not None:
            return self._fill(written[lang], rule, facts, lang)
        if planned.when is None:
            return _ALWAYS[lang]
        truth = planned.when.test(facts)
        support = [part for part in _support(planned.when, facts, truth) if not self._taken_for_granted(part, facts)]
        if truth and not support:
            return _ALWAYS[lang]
        phrases = list(dict.fromkeys(self._phrase(part, facts, lang) for part in support))
        return _sentence(phrases, truth, lang)

    def _taken_for_granted(self, part: Support, facts: Facts) -> bool:
        """A fact that holds unless somebody says otherwise, such as a used vehicle, explains nothing."""
        if isinstance(part.leaf, Age) or not part.favours:
            return False
        question = self._questions.get(part.leaf.fact)
        return question is not None and question.default is not None and facts.get(part.leaf.fact) == question.default

    def _fill(self, template: str, rule: Rule, facts: Facts, lang: Lang) -> str:
        def value(match: re.Match[str]) -> str:
            name = match.group(1)
            if name == "age":
                return self._age_text(rule, facts, lang)
            held = facts.get(name)
            return _unknown(lang) if held is None else self.value_text(name, held, lang)

        return _PLACEHOLDER.sub(value, template)

    def _age_text(self, rule: Rule, facts: Facts, lang: Lang) -> str:
        age = next((leaf for leaf in leaves(rule.when) if isinstance(leaf, Age)), None) if rule.when else None
        counted = age_range(age, facts) if age else None
        return _unknown(lang) if counted is None else _range_text(counted, lang)

    def _phrase(self, part: Support, facts: Facts, lang: Lang) -> str:
        leaf = part.leaf
        if isinstance(leaf, Age):
            return self._age_phrase(leaf, facts, lang)
        label = self.label(leaf.fact, lang)
        value = facts.get(leaf.fact)
        if value is None:
            return f"{label}{_unknown(lang)}" if lang == "zh" else f"{label} {_unknown(lang)}"
        shown = self.value_text(leaf.fact, value, lang)
        match leaf:
            case OneOf():
                concerns = self._concerns(part, leaf, lang)
                return f"{label}：{shown}{concerns}" if lang == "zh" else f"{label}: {shown}{concerns}"
            case Includes(fact, wanted_items):
                assert isinstance(value, frozenset)
                return self._includes_phrase(fact, wanted_items, value, lang)
            case Number(_, operator, limit):
                bound = _LIMITS[operator][lang].format(_with_unit(limit, self._questions.get(leaf.fact), lang))
            case Day(_, operator, day):
                bound = _DAYS[operator][lang].format(date_text(day, lang))
        return f"{label}：{shown}（界限：{bound}）" if lang == "zh" else f"{label}: {shown} (limit: {bound})"

    def _concerns(self, part: Support, leaf: OneOf, lang: Lang) -> str:
        """What the rule is about, where the case is something else; nothing where it is that."""
        if part.favours:
            return ""
        wanted = either_text([self.value_text(leaf.fact, value, lang) for value in leaf.values], lang)
        if lang == "zh":
            return f"（本规则不针对{wanted}）" if part.negated else f"（本规则针对{wanted}）"
        return f" (the rule does not concern {wanted})" if part.negated else f" (the rule concerns {wanted})"

    def _includes_phrase(self, fact: str, wanted: Sequence[str], value: frozenset[str], lang: Lang) -> str:
        label = self.label(fact, lang)
        found = [self._option(fact, item, lang) for item in wanted if item in value]
        if found:
            return f"{label}：{list_text(found, lang)}" if lang == "zh" else f"{label}: {list_text(found, lang)}"
        absent = either_text([self._option(fact, item, lang) for item in wanted], lang)
        return f"{label}中没有{absent}" if lang == "zh" else f"{label}: no {absent}"

    def _age_phrase(self, age: Age, facts: Facts, lang: Lang) -> str:
        bound = age_limit_text(age, lang)
        start, end = facts.get(age.start), facts.get(age.end)
        ends = [self._dated(name, value, lang) for name, value in ((age.start, start), (age.end, end))]
        counted = age_range(age, facts)
        if counted is None:
            unknown = [self.label(n, lang) for n, v in ((age.start, start), (age.end, end)) if v is None]
            which = list_text(unknown, lang)
            return (
                f"{which}{_unknown(lang)}（界限：{bound}）"
                if lang == "zh"
                else f"{which} {_unknown(lang)} (limit: {bound})"
            )
        if counted[0] != counted[1] and isinstance(start, Span) and isinstance(end, Span):
            return self._open_age(age, start, end, bound, lang)
        shown = _counted(_UNITS[age.unit], counted[0], lang)
        if lang == "zh":
            return f"从{ends[0]}到{ends[1]}为{shown}（界限：{bound}）"
        return f"from {ends[0]} to {ends[1]}: {shown} (limit: {bound})"

    def _open_age(self, age: Age, start: Span, end: Span, bound: str, lang: Lang) -> str:
        """Both ends of a partial date, with the age at each."""
        unit = _UNITS[age.unit]
        oldest, youngest = count_age(age.unit, start.first, end.last), count_age(age.unit, start.last, end.first)
        if end.exact:
            label, early, late = self.label(age.start, lang), start.first, start.last
            at = (_counted(unit, oldest, lang), _counted(unit, youngest, lang))
        else:
            label, early, late = self.label(age.end, lang), end.first, end.last
            at = (_counted(unit, youngest, lang), _counted(unit, oldest, lang))
        days = [date_text(dt.date.fromordinal(day), lang) for day in (early, late)]
        if lang == "zh":
            return f"取决于{label}是哪一天：{days[0]}则为{at[0]}，{days[1]}则为{at[1]}（界限：{bound}）"
        return f"{label} decides: {at[0]} if {days[0]}, {at[1]} if {days[1]} (limit: {bound})"

    def _dated(self, name: str, value: FactValue | None, lang: Lang) -> str:
        label = self.label(name, lang)
        if not isinstance(value, Span):
            return label
        return f"{label}（{span_text(value, lang)}）" if lang == "zh" else f"{label} ({span_text(value, lang)})"

    def _force_unknown(self, rule: Rule, day: Span, lang: Lang) -> str:
        shown = span_text(day, lang)
        seen = rule.in_force.start or rule.in_force.attested
        assert seen is not None
        if lang == "zh":
            return f"{shown}这条规则是否有效并不清楚：能查到的最早日期是{date_text(seen, lang)}。"
        return (
            f"Whether the rule held on {shown} is not known: the earliest date found for it is {date_text(seen, lang)}."
        )

    def _lifted(self, exceptions: Sequence[str], lang: Lang) -> str:
        titles = list_text([f"“{self._rules[rule].title[lang]}”" for rule in exceptions], lang)
        return f"属于例外：{titles}。" if lang == "zh" else f"An exception takes it away: {titles}."

    def _open(self, finding: Finding, lang: Lang) -> str:
        titles = either_text([f"“{self._rules[rule].title[lang]}”" for rule in finding.open_exceptions], lang)
        labels = list_text([self.label(name, lang) for name in finding.exceptions_wait_for], lang)
        if lang == "zh":
            depends = f"，取决于{labels}" if labels else ""
            return f"例外{titles}可能使它不适用{depends}。"
        depends = f"; that depends on {labels}" if labels else ""
        return f"The exception {titles} may take it away{depends}."

    def _option(self, field: str, value: str, lang: Lang) -> str:
        names = self._names.get((field, value))
        return names[lang] if names else value


@dataclass(frozen=True, slots=True)
class Support:
    """A test that made a condition come out as it did.

    `negated` tells that it stands under a `not`; `favours` how it bears on the condition as a whole.
    """

    leaf: Leaf
    favours: Truth
    negated: bool


def _support(compiled: Compiled, facts: Facts, truth: Truth, negated: bool = False) -> list[Support]:
    match compiled.condition:
        case Not():
            return _support(compiled.parts[0], facts, None if truth is None else not truth, not negated)
        case All() | AnyOf():
            settles = [part for part in compiled.parts if part.test(facts) is truth]
            conclusive = truth is isinstance(compiled.condition, AnyOf)
            chosen = settles[:1] if conclusive else settles
            return [support for part in chosen for support in _support(part, facts, truth, negated)]
        case leaf:
            favours = truth if truth is None else truth is not negated
            return [Support(leaf, favours, negated)]


def _sentence(phrases: Sequence[str], truth: Truth, lang: Lang) -> str:
    if lang == "zh":
        joined = "；".join(phrases)
        return f"还不能确定：{joined}。" if truth is None else f"{joined}。"
    joined = "; ".join(phrases)
    joined = joined[:1].upper() + joined[1:]
    return f"Not yet certain: {joined}." if truth is None else f"{joined}."


_DOUBTS: dict[bool, Text] = {
    True: Text(zh="来源说法不一", en="Sources differ"),
    False: Text(zh="这是推断，没有明文", en="This is inferred, not written"),
}


def _doubt(rule: Rule, lang: Lang) -> str:
    """That a rule is in doubt; a prohibition then settles nothing by itself."""
    doubt = _DOUBTS[rule.confidence == "conflicting"][lang]
    if rule.effect != "prohibit":
        return f"{doubt}。" if lang == "zh" else f"{doubt}."
    return f"{doubt}，仅凭这一条不下结论。" if lang == "zh" else f"{doubt}, so it alone decides nothing."


def span_text(span: Span, lang: Lang) -> str:
    """The days that a date can be: one day, a month, a year, or from one day to another."""
    first, last = dt.date.fromordinal(span.first), dt.date.fromordinal(span.last)
    for whole in (PartialDate(first.year), PartialDate(first.year, first.month)):
        if (whole.first(), whole.last()) == (first, last):
            return date_text(whole, lang)
    if span.exact:
        return date_text(first, lang)
    if lang == "zh":
        return f"{date_text(first, lang)}至{date_text(last, lang)}之间"
    return f"between {date_text(first, lang)} and {date_text(last, lang)}"


def lapse_text(lapse: Lapse, count: int, lang: Lang) -> str:
    """A time as its convention counts it: 5 calendar years, 5个日历年."""
    return _counted(_LIMIT_UNITS[lapse.unit], count, lang)


def age_limit_text(age: Age, lang: Lang) -> str:
    """The limit of an age: over 7 completed years, 超过7个整年."""
    return _LIMITS[age.operator][lang].format(_counted(_LIMIT_UNITS[age.unit], age.limit, lang))


def _range_text(counted: tuple[int, int], lang: Lang) -> str:
    if counted[0] == counted[1]:
        return str(counted[0])
    return f"{counted[0]}至{counted[1]}" if lang == "zh" else f"{counted[0]} to {counted[1]}"


def _with_unit(value: Decimal, question: Question | None, lang: Lang) -> str:
    shown = number_text(value)
    unit = question.unit[lang] if question and question.unit else ""
    return f"{shown} {unit}".strip()


def _unknown(lang: Lang) -> str:
    return "未知" if lang == "zh" else "unknown"


def _counted(unit: Text, count: int, lang: Lang) -> str:
    """So many of a unit; English has a singular."""
    shown = unit[lang].format(count)
    return re.sub(r"(year|month|day)s", r"\1", shown) if lang == "en" and count == 1 else shown
