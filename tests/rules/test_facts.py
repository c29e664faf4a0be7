"""A case is read as the contract writes it, or refused with the field, the value and what is allowed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.loading import Advisor
from advisor.rules.facts import CaseError, Span

ON = dt.date(2026, 3, 1)


def read(advisor: Advisor, **groups: Any) -> Any:
    return advisor.cases.read({"destination": "KZ", **groups}, ON)


def test_the_dates_follow_one_another(advisor: Advisor) -> None:
    case = read(advisor, dates={"shipment": "2026-03-20"})
    days = [case.facts[f"dates.{name}"] for name in ("application", "shipment", "arrival")]
    shipment = dt.date(2026, 3, 20).toordinal()
    assert days == [Span(ON.toordinal(), ON.toordinal()), Span(shipment, shipment), Span(shipment, shipment)]
    assert case.assumed == {"dates.application", "dates.arrival"}


def test_a_partial_date_is_all_its_days(advisor: Advisor) -> None:
    span = read(advisor, vehicle={"first_registered": "2024-02"}).facts["vehicle.first_registered"]
    assert span == Span(dt.date(2024, 2, 1).toordinal(), dt.date(2024, 2, 29).toordinal())


def test_what_is_absent_or_null_is_unknown(advisor: Advisor) -> None:
    facts = read(advisor, vehicle={"steering": None}).facts
    assert "vehicle.steering" not in facts
    assert "vehicle.history" not in facts


def test_none_of_a_list_is_known(advisor: Advisor) -> None:
    assert read(advisor, vehicle={"history": []}).facts["vehicle.history"] == frozenset()


@pytest.mark.parametrize(
    ("groups", "field", "words"),
    [
        ({"vehicle": {"steering": "middle"}}, "vehicle.steering", "use one of left, right"),
        ({"vehicle": {"stering": "left"}}, "vehicle.stering", "did you mean vehicle.steering"),
        ({"vehicle": {"first_registered": "2025-13"}}, "vehicle.first_registered", "no month 13"),
        ({"vehicle": {"first_registered": "2025-02-30"}}, "vehicle.first_registered", "that month has 28 days"),
        ({"vehicle": {"first_registered": "1989-12-31"}}, "vehicle.first_registered", "outside 1990 to 2100"),
        ({"dates": {"arrival": "2101"}}, "dates.arrival", "outside 1990 to 2100"),
        ({"vehicle": {"engine_cc": -1}}, "vehicle.engine_cc", "negative"),
        ({"vehicle": {"engine_cc": "NaN"}}, "vehicle.engine_cc", "not a number"),
        ({"vehicle": {"engine_cc": True}}, "vehicle.engine_cc", "not a number"),
        ({"vehicle": {"history": "stolen"}}, "vehicle.history", "not a list"),
        ({"vehicle": {"history": ["lost"]}}, "vehicle.history", "use one of"),
        ({"vehicle": {"vin": "123"}}, "vehicle.vin", "it looks like"),
        ({"vehicle": {"used": "yes"}}, "vehicle.used", "neither true nor false"),
        ({"vehicle": "a car"}, "vehicle", "not a mapping"),
        ({"vehicle": {"price": {"amount": 1}}}, "vehicle.price", "write {amount"),
        ({"vehicle": {"price": {"amount": 1, "currency": "dollars", "terms": "CIF"}}}, "vehicle.price.currency", "USD"),
        ({"vehicle": {"price": {"amount": 1, "currency": "USD", "terms": "DDP"}}}, "vehicle.price.terms", "CIF, CFR"),
        ({"vehicle": {"manufactured": "2025-06", "first_registered": "2025-05"}}, "vehicle.first_registered", "before"),
        ({"dates": {"shipment": "2026-03-20", "arrival": "2026-03-19"}}, "dates.arrival", "before dates.shipment"),
    ],
)
def test_a_wrong_case_is_refused_with_what_is_allowed(
    advisor: Advisor, groups: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(CaseError) as caught:
        read(advisor, **groups)
    assert caught.value.field == field
    assert words in str(caught.value)


def test_a_destination_is_always_needed(advisor: Advisor) -> None:
    with pytest.raises(CaseError, match="destination: is missing"):
        advisor.cases.read({}, ON)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True), st.text(max_size=12)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)
VEHICLES = st.dictionaries(
    st.sampled_from(["used", "category", "history", "first_registered", "engine_cc", "price", "vin", "make", "x"]),
    JSON, max_size=4,
)  # fmt: skip


@given(vehicle=st.one_of(VEHICLES, JSON), dates=JSON)
def test_any_json_is_an_answer_or_one_clear_error(advisor: Advisor, vehicle: Any, dates: Any) -> None:
    answer = answer_or_error(advisor, {"destination": "KZ", "vehicle": vehicle, "dates": dates})
    assert answer in ("eligible", "conditional", "not-eligible", "undetermined") or answer.count("\n") == 0 < len(
        answer
    )


def answer_or_error(advisor: Advisor, raw: dict[str, Any]) -> str:
    try:
        case = advisor.cases.read(raw, ON)
    except CaseError as error:
        return str(error)
    return str(advisor.answers.answer(advisor.engine.advise(case))["verdict"])
