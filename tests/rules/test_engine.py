"""What holds of every answer, whatever the case: asked of the shipped rules with random cases."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import pytest

from advisor.knowledge.model import Question
from advisor.loading import Advisor
from advisor.rules.advice import VERDICTS, Advice

ON = dt.date(2026, 3, 1)
DECIDED = ("eligible", "conditional", "not-eligible")
FIRST_DAY, LAST_DAY = dt.date(2005, 1, 1), dt.date(2026, 2, 28)
EACH_SEED = pytest.mark.parametrize("seed", range(60))


def facts_of(advisor: Advisor, random: Random) -> dict[str, Any]:
    """Some of the facts that can be asked for, with answers that are allowed; dates of the case apart."""
    questions = [
        question
        for question in advisor.knowledge.questions
        if question.default is None and question.kind in ("choice", "choices", "yes-no", "number")
        if question.field not in ("destination", "documents_held")
    ]
    chosen = random.sample(questions, random.randint(0, len(questions)))
    return {question.field: answer_to(advisor, question, random) for question in chosen}


def answer_to(advisor: Advisor, question: Question, random: Random) -> Any:
    options = [value for value, _ in advisor.answers.options(question)]
    match question.kind:
        case "choice":
            return random.choice(options)
        case "choices":
            return random.sample(options, random.randint(0, min(3, len(options))))
        case "yes-no":
            return random.random() < 0.5
        case _:
            return random.randint(0, int(question.at_most or 100))


def advise(advisor: Advisor, destination: str, facts: dict[str, Any]) -> Advice:
    rates = {country.currency: "40" for country in advisor.knowledge.countries} | {"EUR": "0.8"}
    raw: dict[str, Any] = {"destination": destination, "rates": rates}
    for field, value in facts.items():
        group, _, name = field.partition(".")
        raw.setdefault(group, {})[name] = value
    return advisor.engine.advise(advisor.cases.read(raw, ON))


def destination_of(advisor: Advisor, random: Random) -> str:
    return random.choice([country.code for country in advisor.knowledge.countries])


def statuses(advice: Advice) -> dict[str, str]:
    return {finding.rule.id: finding.status for finding in advice.findings}


@EACH_SEED
def test_one_more_fact_never_undoes_what_is_decided(advisor: Advisor, seed: int) -> None:
    random = Random(seed)
    destination, facts = destination_of(advisor, random), facts_of(advisor, random)
    before = advise(advisor, destination, facts)
    after = advise(advisor, destination, {**facts_of(advisor, random), **facts})
    assert before.verdict not in DECIDED or after.verdict != "undetermined"
    known = {rule: status for rule, status in statuses(before).items() if status != "unknown"}
    # A rule of a region drops out once the exporter is known to be elsewhere.
    assert {rule: statuses(after).get(rule, status) for rule, status in known.items()} == known


@EACH_SEED
def test_the_day_within_a_known_month_never_undoes_what_the_month_decided(advisor: Advisor, seed: int) -> None:
    random = Random(seed)
    day = dt.date.fromordinal(random.randint(FIRST_DAY.toordinal(), LAST_DAY.toordinal()))
    destination, facts = destination_of(advisor, random), facts_of(advisor, random)
    month = advise(advisor, destination, {**facts, "vehicle.first_registered": f"{day:%Y-%m}"})
    exact = advise(advisor, destination, {**facts, "vehicle.first_registered": day.isoformat()})
    known = {rule: status for rule, status in statuses(month).items() if status != "unknown"}
    assert {rule: statuses(exact).get(rule) for rule in known} == known


@EACH_SEED
def test_what_the_importer_pays_lies_within_what_fewer_facts_left_open(advisor: Advisor, seed: int) -> None:
    random = Random(seed)
    destination, facts = destination_of(advisor, random), facts_of(advisor, random)
    price = {"vehicle.price": {"amount": random.randint(500, 80000), "currency": "USD", "terms": "CIF"}}
    before = advise(advisor, destination, {**facts, **price}).costs
    after = advise(advisor, destination, {**facts_of(advisor, random), **facts, **price}).costs
    assert before is not None
    assert after is not None
    for wide, narrow in ((before.total, after.total), (before.landed, after.landed)):
        assert wide.least <= narrow.least
        assert wide.most is None or (narrow.most is not None and narrow.most <= wide.most)
    # Lines that exclude one another are not added up, so the least total may be more than the least of each line.
    assert sum(one.amount.least for one in after.lines) <= after.total.least


@EACH_SEED
def test_the_verdict_is_the_worse_side_and_follows_from_the_findings(advisor: Advisor, seed: int) -> None:
    random = Random(seed)
    advice = advise(advisor, destination_of(advisor, random), facts_of(advisor, random))
    assert advice.verdict == min(advice.sides.values(), key=VERDICTS.index)
    for side, verdict in advice.sides.items():
        standing = [one for one in advice.findings if one.rule.side == side and one.status != "clear"]
        bars = [one for one in standing if one.rule.effect == "prohibit"]
        if any(one.status == "applies" and one.decisive for one in bars):
            assert verdict == "not-eligible"
        elif bars:
            assert verdict == "undetermined"
        elif any(one.rule.gate and not one.met for one in standing):
            assert verdict == "conditional"
        else:
            assert verdict == "eligible"


@EACH_SEED
def test_every_missing_fact_is_unknown_and_an_undetermined_case_names_one_or_a_doubt(
    advisor: Advisor, seed: int
) -> None:
    random = Random(seed)
    advice = advise(advisor, destination_of(advisor, random), facts_of(advisor, random))
    inexact = {name for name, value in advice.case.facts.items() if getattr(value, "exact", True) is False}
    assert not set(advice.missing) & (set(advice.case.facts) - inexact)
    if advice.verdict == "undetermined" and not advice.missing:
        assert any(
            (one.rule.effect == "prohibit" and one.status != "clear" and not one.decisive)
            or planned_force_is_unknown(advice, one.rule.judged_on)
            for one in advice.findings
        )


def planned_force_is_unknown(advice: Advice, judged_on: str) -> bool:
    """Whether a rule may be in force or not on the day: sources do not say when it began."""
    return any(
        one.status == "unknown" and one.planned.force.holds_on(advice.case.facts[judged_on]) is None  # type: ignore[arg-type]
        for one in advice.findings
    )


@EACH_SEED
def test_every_finding_has_a_reason_in_both_languages_and_a_source(advisor: Advisor, seed: int) -> None:
    random = Random(seed)
    advice = advise(advisor, destination_of(advisor, random), facts_of(advisor, random))
    for finding in advice.findings:
        assert finding.reason.zh
        assert finding.reason.en
        assert "{" not in finding.reason.zh + finding.reason.en
        assert advisor.answers.cites(finding.rule.cites)


@EACH_SEED
def test_every_paper_and_duty_is_asked_for_by_a_rule_that_stands(advisor: Advisor, seed: int) -> None:
    random = Random(seed)
    advice = advise(advisor, destination_of(advisor, random), facts_of(advisor, random))
    standing = {one.rule.id for one in advice.findings if one.status != "clear"}
    for needed in (*advice.documents, *advice.obligations):
        assert set(needed.required_by) <= standing


@pytest.mark.parametrize(
    ("on", "held", "side"),
    [("2026-03-02", [], "conditional"), ("2026-03-02", ["all"], "eligible")],
    ids=["nothing in hand", "everything in hand"],
)
def test_a_gate_is_passed_when_its_papers_are_in_hand(advisor: Advisor, on: str, held: list[str], side: str) -> None:
    raw: dict[str, Any] = {
        "destination": advisor.knowledge.countries[0].code,
        "vehicle": {
            "category": "M1", "powertrain": "petrol", "first_registered": "2022-01-10", "transferred": "2026-02-10",
            "use": "private", "history": [], "modified": False,
        },
        "exporter": {"kind": "trader", "filed": True, "record": [], "region": "elsewhere"},
    }  # fmt: skip
    first = advisor.engine.advise(advisor.cases.read(raw, dt.date.fromisoformat(on)))
    if held:
        raw["documents_held"] = [needed.document.id for needed in first.documents]
    advice = advisor.engine.advise(advisor.cases.read(raw, dt.date.fromisoformat(on)))
    assert advice.sides["export"] == side


def test_a_fact_that_settles_a_prohibition_alone_is_asked_before_one_that_asks_for_papers(advisor: Advisor) -> None:
    advice = advise(advisor, advisor.knowledge.countries[0].code, {})
    waiting = [one.rule.effect for one in advice.findings if advice.missing[0] in one.missing]
    assert "prohibit" in waiting
