"""Costs add up, are bounds where something is open, and never guess."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import small_guide
from hypothesis import given
from hypothesis import strategies as st

from advisor.knowledge.amounts import AmountError, parse_amount, write_amount
from advisor.knowledge.reading import read_content
from advisor.loading import Advisor
from advisor.rules.costs import CostLine, Costs

ON = dt.date(2026, 3, 1)

_TAXES = """
units:
  - {id: unit, names: {zh: 基数, en: base unit}, values: [{value: 50, from: 2025-01-01, until: 2025-12-31}, {value: 100, from: 2026-01-01, until: 2026-12-31}], cites: [s1]}
lines:
  - {id: customs-value, kind: value, title: {zh: 完税价格, en: Customs value}, amount: {rate: 100, of: cif}, in_force: {from: 2020}, cites: [s1], confidence: official}
  - id: duty
    kind: duty
    title: {zh: 关税, en: Customs duty}
    amount:
      table:
        - {when: {vehicle.powertrain: bev}, then: {amount: 0}}
        - {when: {vehicle.engine_cc: {at-most: 1500}}, then: {rate: 10, of: customs-value}}
        - {then: {greatest: [{rate: 20, of: customs-value}, {amount: 0.5, currency: EUR, per: vehicle.engine_cc}]}}
    in_force: {from: 2020}
    cites: [s1]
    confidence: official
  - {id: levy, kind: levy, title: {zh: 征费, en: Levy}, when: {importer.kind: company}, amount: {by: customs-value, rows: [{up-to: 10000, then: {rate: 1, of: customs-value}}, {then: {rate: 2, of: customs-value}}]}, in_force: {from: 2020}, cites: [s1], confidence: official}
  - {id: disputed, kind: fee, title: {zh: 有争议的规费, en: Disputed fee}, amount: {either: [{amount: 100}, {amount: 300}]}, in_force: {from: 2020}, cites: [s1], confidence: conflicting}
  - {id: unit-fee, kind: registration, title: {zh: 登记费, en: Registration fee}, amount: {units: 5, of: unit}, in_force: {from: 2020}, cites: [s1], confidence: official}
  - {id: old-fee, kind: fee, title: {zh: 旧规费, en: Old fee}, amount: {amount: 7}, in_force: {from: 2020, until: 2025-12-31}, cites: [s1], confidence: official}
  - {id: vat, kind: vat, title: {zh: 增值税, en: VAT}, amount: {rate: 15, of: [customs-value, duty, levy]}, in_force: {from: 2020}, cites: [s1], confidence: official}
"""


@pytest.fixture(scope="module")
def taxing(tmp_path_factory: pytest.TempPathFactory) -> Advisor:
    """The small guide with a table of taxes for Alphaland."""
    root = tmp_path_factory.mktemp("guide")
    small_guide.read_small_guide(root)
    (root / "countries/xa/taxes.yaml").write_text(_TAXES, encoding="utf-8")
    return Advisor.of(read_content(root).knowledge)


KNOWN: dict[str, Any] = {
    "vehicle.powertrain": "petrol",
    "vehicle.engine_cc": 1600,
    "importer.kind": "company",
}


def costs(advisor: Advisor, amount: Any = 20000, terms: str = "CIF", arrival: str = "2026-04-10", **more: Any) -> Costs:
    raw: dict[str, Any] = {
        "destination": "XA",
        "dates": {"application": arrival},
        "vehicle": {"price": {"amount": amount, "currency": "USD", "terms": terms}},
        "rates": {"EUR": "0.8"},
    }
    for field, value in more.items():
        group, _, name = field.partition(".")
        raw.setdefault(group, {})[name] = value
    found = advisor.engine.advise(advisor.cases.read(raw, ON)).costs
    assert found is not None
    return found


def line(found: Costs, name: str) -> CostLine:
    return next(one for one in (*found.values, *found.lines) if one.line.id == name)


def test_a_case_of_which_all_is_known_adds_up_to_the_cent(taxing: Advisor) -> None:
    found = costs(taxing, **KNOWN)
    due = {one.line.id: one.amount for one in found.lines}
    # 20% of 20,000 is more than 0.5 EUR x 1,600 = 1,000 USD at 0.8 EUR for a dollar; 2% over 10,000
    assert due["duty"] == (4000, 4000)
    assert due["levy"] == (400, 400)
    assert due["vat"] == (3660, 3660)
    assert due["unit-fee"] == (500, 500)
    assert due["disputed"] == (100, 300)
    assert "old-fee" not in due
    assert found.total == (8660, 8860)
    assert found.landed == (28660, 28860)


def test_a_floor_per_unit_of_a_fact_binds(taxing: Advisor) -> None:
    assert line(costs(taxing, 1000, **KNOWN), "duty").amount == (1000, 1000)


@pytest.mark.parametrize(("value", "levy"), [(10000, 100), ("10000.01", 200)])
def test_a_bracket_includes_its_upper_end(taxing: Advisor, value: Any, levy: int) -> None:
    assert line(costs(taxing, value, **KNOWN), "levy").amount == (levy, levy)


def test_an_unknown_fact_gives_the_range_of_what_is_still_possible(taxing: Advisor) -> None:
    found = costs(taxing, **{"importer.kind": "company", "vehicle.powertrain": "petrol"})
    duty = line(found, "duty")
    assert duty.amount == (2000, None)
    assert duty.missing == ("vehicle.engine_cc",)
    assert "vehicle.engine_cc" in found.missing


def test_a_line_that_may_be_due_begins_at_nothing(taxing: Advisor) -> None:
    levy = line(costs(taxing, **{"vehicle.powertrain": "bev"}), "levy")
    assert (levy.amount, levy.certain) == ((0, 400), False)


def test_a_price_before_freight_is_a_least_value(taxing: Advisor) -> None:
    assert costs(taxing, terms="FOB", **KNOWN).cif == (20000, None)
    known = {**KNOWN, "shipping.freight": 1500, "shipping.insurance": 50}
    assert costs(taxing, terms="FOB", **known).cif == (21550, 21550)
    assert costs(taxing, terms="CFR", **known).cif == (20050, 20050)


def test_without_a_rate_there_is_no_number(taxing: Advisor) -> None:
    raw = {
        "destination": "XA",
        "vehicle": {
            "price": {"amount": 1000, "currency": "USD", "terms": "CIF"},
            "engine_cc": 1600,
            "powertrain": "petrol",
        },
    }
    found = taxing.engine.advise(taxing.cases.read(raw, ON)).costs
    assert found is not None
    assert line(found, "duty").amount == (200, None)
    assert found.missing_rates == ("EUR",)


def test_nothing_is_nothing_at_any_rate(taxing: Advisor) -> None:
    raw = {
        "destination": "XA",
        "vehicle": {"price": {"amount": 1000, "currency": "EUR", "terms": "CIF"}, "powertrain": "bev"},
    }
    found = taxing.engine.advise(taxing.cases.read(raw, ON)).costs
    assert found is not None
    assert line(found, "duty").amount == (0, 0)


def test_a_unit_whose_value_is_not_set_yet_is_not_known(taxing: Advisor) -> None:
    assert line(costs(taxing, arrival="2026-12-31", **KNOWN), "unit-fee").amount == (500, 500)
    assert line(costs(taxing, arrival="2025-06-01", **KNOWN), "unit-fee").amount == (250, 250)
    late = line(costs(taxing, arrival="2027-01-01", **KNOWN), "unit-fee")
    assert late.amount == (0, None)
    assert [text.en for text in late.not_known] == ["the value of the base unit on the day of arrival was not found"]


def test_a_line_counts_on_the_days_in_which_it_is_in_force(taxing: Advisor) -> None:
    assert line(costs(taxing, arrival="2025-12-31", **KNOWN), "old-fee").amount == (7, 7)


def test_without_a_price_there_are_no_costs(taxing: Advisor) -> None:
    assert taxing.engine.advise(taxing.cases.read({"destination": "XA"}, ON)).costs is None


PRICES = st.decimals(Decimal("0"), Decimal("200000"), places=2)
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "vehicle.powertrain": st.sampled_from(["petrol", "bev"]),
        "vehicle.engine_cc": st.integers(0, 5000),
        "importer.kind": st.sampled_from(["company", "individual"]),
        "shipping.freight": st.integers(0, 5000),
        "shipping.insurance": st.integers(0, 500),
    },
)
TERMS = st.sampled_from(["CIF", "CFR", "FOB"])


def within(inner: tuple[Decimal, Decimal | None], outer: tuple[Decimal, Decimal | None]) -> bool:
    return inner[0] >= outer[0] and (outer[1] is None or (inner[1] is not None and inner[1] <= outer[1]))


@given(PRICES, TERMS, FACTS, FACTS)
def test_one_more_fact_never_widens_a_range(
    taxing: Advisor, price: Decimal, terms: str, facts: dict[str, Any], more: dict[str, Any]
) -> None:
    before, after = costs(taxing, price, terms, **facts), costs(taxing, price, terms, **{**more, **facts})
    assert within(after.total, before.total)
    assert within(after.landed, before.landed)


@given(PRICES, TERMS, FACTS)
def test_the_lines_sum_to_the_total(taxing: Advisor, price: Decimal, terms: str, facts: dict[str, Any]) -> None:
    found = costs(taxing, price, terms, **facts)
    assert sum(one.amount.least for one in found.lines) == found.total.least
    mosts = [one.amount.most for one in found.lines]
    assert found.total.most == (None if None in mosts else sum(most for most in mosts if most is not None))


@given(PRICES, PRICES, FACTS)
def test_a_higher_value_never_pays_less(taxing: Advisor, one: Decimal, other: Decimal, facts: dict[str, Any]) -> None:
    low, high = sorted((one, other))
    assert costs(taxing, low, **facts).total.least <= costs(taxing, high, **facts).total.least


# The language of amounts


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({}, "an amount is a mapping such as"),
        ({"rate": 15}, "an amount is one of rate, amount"),
        ({"rate": "high", "of": "cif"}, "'rate' is a number, not 'high'"),
        ({"amount": 1, "currency": "dollars"}, "ISO 4217"),
        ({"sum": []}, "'sum' holds a list"),
        ({"table": [{"when": {"vehicle.steering": "left"}}]}, "a row of a table has when and then"),
        ({"table": [{"when": {"steering": "left"}, "then": {"amount": 1}}]}, "is no condition"),
        ({"by": "cif", "rows": [{"upto": 1, "then": {"amount": 1}}]}, "a bracket has up-to and then"),
        ({"not-known": {"zh": "不详"}}, "says in zh and en"),
    ],
)
def test_an_amount_that_cannot_be_read_says_what_would_be_right(raw: Any, words: str) -> None:
    with pytest.raises(AmountError) as caught:
        parse_amount(raw)
    assert words in str(caught.value)


LEAVES = st.one_of(
    st.builds(lambda rate: {"rate": rate, "of": "cif"}, st.integers(0, 200)),
    st.builds(lambda amount: {"amount": amount, "currency": "EUR", "per": "vehicle.engine_cc"}, st.integers(0, 9)),
    st.builds(lambda units: {"units": units, "of": "unit"}, st.integers(0, 9)),
)
AMOUNTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda name, parts: {name: parts}, st.sampled_from(["sum", "greatest", "least", "either"]), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"quotient": part, "by": 2}, inner),
        st.builds(lambda part: {"table": [{"when": {"vehicle.steering": "left"}, "then": part}, {"then": part}]}, inner),
        st.builds(lambda part: {"by": "cif", "rows": [{"up-to": 5, "then": part}, {"then": part}]}, inner),
    ),
    max_leaves=6,
)  # fmt: skip


@given(AMOUNTS)
def test_an_amount_survives_being_written(raw: dict[str, Any]) -> None:
    amount = parse_amount(raw)
    assert parse_amount(write_amount(amount)) == amount


def test_a_table_that_rests_on_what_is_not_there_is_an_editorial_error(tmp_path: Path) -> None:
    from advisor.knowledge.checking import check

    small_guide.read_small_guide(tmp_path)
    broken = _TAXES.replace("of: [customs-value, duty, levy]", "of: [customs-value, tariff]").replace(
        "of: unit", "of: coin"
    )
    (tmp_path / "countries/xa/taxes.yaml").write_text(broken, encoding="utf-8")
    messages = [problem.message for problem in check(read_content(tmp_path), ON)]
    assert "xa.vat: there is no base 'tariff' before it" in messages
    assert "xa.unit-fee: there is no unit 'coin'" in messages
