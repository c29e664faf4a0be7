"""The same rules as a ZEN decision table, the engine that the advice is measured against.

Every rule of a destination becomes one row of a table with hit policy `collect`: its dates in force and its
condition as a ZEN expression. Ages are counted beforehand and handed over as numbers, which ZEN gets for free.
It gives the ids of the rules that hold: no reasons, no unknown facts, no exceptions, papers or deadlines.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import zen

from advisor.knowledge.conditions import Age, All, AnyOf, Condition, Day, Includes, Not, Number, OneOf, leaves
from advisor.knowledge.model import Rule
from advisor.rules.conditions import age_range
from advisor.rules.facts import Case, Span

_OPERATORS: Final = {"over": ">", "at-least": ">=", "under": "<", "at-most": "<="}
_DAY_OPERATORS: Final = {"before": "<", "until": "<=", "from": ">=", "after": ">"}


def decision(rules: list[Rule]) -> zen.ZenDecision:
    """The table of these rules, compiled."""
    rows = [{"_id": rule.id, "when": _row(rule), "rule": json.dumps(rule.id)} for rule in rules]
    table = {
        "hitPolicy": "collect",
        "inputs": [{"id": "when", "name": "when"}],
        "outputs": [{"id": "rule", "name": "rule", "field": "rule"}],
        "rules": rows,
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {"id": "table", "type": "decisionTableNode", "name": "table", "position": {"x": 0, "y": 0}, "content": table},
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 0, "y": 0}},
    ]
    edges = [
        {"id": "a", "type": "edge", "sourceId": "in", "targetId": "table"},
        {"id": "b", "type": "edge", "sourceId": "table", "targetId": "out"},
    ]
    return zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))


def context(case: Case, rules: list[Rule]) -> dict[str, Any]:
    """A case as the table wants it: plain values, and every age that a rule asks for."""
    facts: dict[str, Any] = {_name(name): _plain(value) for name, value in case.facts.items()}
    for age in _ages(rules):
        counted = age_range(age, case.facts)
        facts[_age_name(age)] = counted[0] if counted else -1
    return facts


def _ages(rules: list[Rule]) -> Iterator[Age]:
    for rule in rules:
        if rule.when is not None:
            yield from (leaf for leaf in leaves(rule.when) if isinstance(leaf, Age))


def _row(rule: Rule) -> str:
    force = rule.in_force
    begins = force.start or force.attested
    day = _name(rule.judged_on)
    parts = [f"{day} >= {begins.first().toordinal()}"] if begins else []
    parts += [f"{day} <= {force.until.last().toordinal()}"] if force.until else []
    parts += [_expression(rule.when)] if rule.when else []
    return " and ".join(parts)


def _expression(condition: Condition) -> str:
    match condition:
        case All(parts):
            return "(" + " and ".join(_expression(part) for part in parts) + ")"
        case AnyOf(parts):
            return "(" + " or ".join(_expression(part) for part in parts) + ")"
        case Not(part):
            return f"not {_expression(part)}"
        case OneOf(fact, values):
            return f"{_name(fact)} in {json.dumps(list(values))}"
        case Includes(fact, wanted):
            return f"some({_name(fact)}, # in {json.dumps(list(wanted))})"
        case Number(fact, operator, limit):
            return f"{_name(fact)} {_OPERATORS[operator]} {limit}"
        case Day(fact, operator, day):
            return f"{_name(fact)} {_DAY_OPERATORS[operator]} {day.first().toordinal()}"
        case Age() as age:
            return f"{_age_name(age)} {_OPERATORS[age.operator]} {age.limit}"


def _name(fact: str) -> str:
    return fact.replace(".", "_")


def _age_name(age: Age) -> str:
    return f"age_{_name(age.start)}_{_name(age.end)}_{age.unit}".replace("-", "_")


def _plain(value: Any) -> Any:
    match value:
        case Span():
            return value.first
        case Decimal():
            return float(value)
        case frozenset():
            return sorted(value)
        case str() | bool():
            return value
        case _:
            return str(value)
