"""Costs add up, are bounds where something is open, and never guess."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import rich_guide
import small_guide
from hypothesis import given
from hypothesis import strategies as st

from advisor.knowledge.amounts import AmountError, parse_amount, write_amount
from advisor.knowledge.checking import check
from advisor.knowledge.problems import ContentError
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
  - {id: own-use-tax, kind: duty, title: {zh: 个人统一税, en: Single tax}, when: {importer.kind: individual}, amount: {rate: 30, of: customs-value}, in_force: {from: 2020}, cites: [s1], confidence: official}
  - {id: bond, kind: deposit, title: {zh: 保证金, en: Bond}, when: {importer.purpose: re-export}, amount: {rate: 100, of: duty}, in_force: {from: 2020}, cites: [s1], confidence: official}
  - id: scale
    kind: excise
    title: {zh: 超额累进消费税, en: Excise on a scale}
    when: {vehicle.powertrain: diesel}
    amount: {sum: [{amount: 600}, {amount: 5, per: {of: vehicle.engine_cc, beyond: 2000}}]}
    in_force: {from: 2020}
    cites: [s1]
    confidence: official
  - id: by-age
    kind: levy
    title: {zh: 按车龄计的费, en: Levy by age}
    when: {vehicle.powertrain: diesel}
    amount: {amount: 0.01, per: [vehicle.engine_cc, {age: {from: vehicle.manufactured, to: dates.arrival, in: calendar-years}, at-most: 8}]}
    in_force: {from: 2020}
    cites: [s1]
    confidence: official
  - id: list-value
    kind: value
    title: {zh: 折旧后价值, en: Value after depreciation}
    when: {vehicle.powertrain: diesel}
    amount: {difference: [{rate: 100, of: customs-value}, {rate: 10, of: customs-value, per: {age: {from: vehicle.manufactured, to: dates.arrival, in: calendar-years}, at-most: 5}}]}
    in_force: {from: 2020}
    cites: [s1]
    confidence: official
  - {id: divided, kind: value, title: {zh: 除税后价值, en: Value without tax}, when: {vehicle.powertrain: lpg}, amount: {either: [{quotient: {rate: 100, of: cif}, by: 2}, {rate: 100, of: cif}], dispute: reading}, in_force: {from: 2020}, cites: [s1], confidence: conflicting}
  - {id: on-divided, kind: excise, title: {zh: 消费税, en: Excise}, when: {vehicle.powertrain: lpg}, amount: {either: [{rate: 40, of: divided}, {rate: 20, of: divided}], dispute: reading}, in_force: {from: 2020}, cites: [s1], confidence: conflicting}
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
    "importer.purpose": "sale",
}
DIESEL: dict[str, Any] = {**KNOWN, "vehicle.powertrain": "diesel", "vehicle.engine_cc": 2400}


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
    return next(one for one in (*found.values, *found.lines, *found.deposits) if one.line.id == name)


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


def test_a_scale_charges_what_is_above_its_threshold(taxing: Advisor) -> None:
    known = {**DIESEL, "vehicle.manufactured": "2020"}
    assert line(costs(taxing, **known), "scale").amount == (2600, 2600)
    assert line(costs(taxing, **{**known, "vehicle.engine_cc": 1800}), "scale").amount == (600, 600)


@pytest.mark.parametrize(("made", "levy"), [("2020", 144), ("2010", 192), (None, None)])
def test_a_levy_by_age_counts_years_up_to_its_cap(taxing: Advisor, made: str | None, levy: int | None) -> None:
    found = line(costs(taxing, **DIESEL, **({"vehicle.manufactured": made} if made else {})), "by-age")
    # 0.01 x 2,400 cc for each year, eight years at most
    assert found.amount == ((levy, levy) if levy else (0, 192))
    assert found.missing == (() if levy else ("vehicle.manufactured",))


def test_depreciation_takes_a_share_off_for_each_year(taxing: Advisor) -> None:
    assert line(costs(taxing, **DIESEL, **{"vehicle.manufactured": "2023"}), "list-value").amount == (14000, 14000)
    assert line(costs(taxing, **DIESEL, **{"vehicle.manufactured": "2010"}), "list-value").amount == (10000, 10000)


def test_lines_that_exclude_one_another_are_not_added_up(taxing: Advisor) -> None:
    known = {name: value for name, value in KNOWN.items() if name != "importer.kind"}
    company, individual, diplomat = (
        costs(taxing, **known, **{"importer.kind": kind}).total for kind in ("company", "individual", "diplomat")
    )
    found = costs(taxing, **known)
    assert line(found, "levy").amount == (0, 400)
    assert line(found, "own-use-tax").amount == (0, 6000)
    assert (diplomat.least, company.most, individual.most) == (8200, 8860, 14400)
    assert found.total == (diplomat.least, individual.most)
    assert found.missing == ("importer.kind",)


def test_a_dispute_is_read_the_same_way_in_every_line(taxing: Advisor) -> None:
    found = costs(taxing, **{**KNOWN, "vehicle.powertrain": "lpg"})
    assert line(found, "divided").amount == (10000, 20000)
    # 40% of the half, or 20% of the whole: both 4,000
    assert line(found, "on-divided").amount == (4000, 4000)


def test_a_deposit_is_shown_and_counts_in_no_sum(taxing: Advisor) -> None:
    sold, moved_on = (costs(taxing, **{**KNOWN, "importer.purpose": purpose}) for purpose in ("sale", "re-export"))
    assert line(moved_on, "bond").amount == (4000, 4000)
    assert (sold.deposits, moved_on.total) == ((), sold.total)


def test_without_a_price_there_are_no_costs(taxing: Advisor) -> None:
    assert taxing.engine.advise(taxing.cases.read({"destination": "XA"}, ON)).costs is None


PRICES = st.decimals(Decimal("0"), Decimal("200000"), places=2)
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "vehicle.powertrain": st.sampled_from(["petrol", "bev", "diesel", "lpg"]),
        "vehicle.manufactured": st.sampled_from(["2012", "2019-05", "2024-06-30"]),
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
    mosts = [one.amount.most for one in found.lines]
    most = None if None in mosts else sum((most for most in mosts if most is not None), Decimal(0))
    # Lines that exclude one another make the total narrower than their sum, never wider.
    assert within(found.total, (sum((one.amount.least for one in found.lines), Decimal(0)), most))
    if not found.missing:
        assert found.total == (sum((one.amount.least for one in found.lines), Decimal(0)), most)


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


_YEARS = {"age": {"from": "vehicle.manufactured", "to": "dates.arrival", "in": "calendar-years"}, "at-most": 9}
LEAVES = st.one_of(
    st.builds(lambda rate: {"rate": rate, "of": "cif"}, st.integers(0, 200)),
    st.builds(lambda amount: {"amount": amount, "currency": "EUR", "per": "vehicle.engine_cc"}, st.integers(0, 9)),
    st.builds(
        lambda rate, beyond: {
            "rate": rate,
            "of": "cif",
            "per": [{"of": "vehicle.engine_cc", "beyond": beyond}, _YEARS],
        },
        st.integers(0, 9),
        st.integers(0, 9),
    ),
    st.builds(lambda units: {"units": units, "of": "unit"}, st.integers(0, 9)),
)
AMOUNTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda name, parts: {name: parts}, st.sampled_from(["sum", "greatest", "least", "either"]), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"quotient": part, "by": 2}, inner),
        st.builds(lambda part: {"either": [part, part], "dispute": "reading"}, inner),
        st.builds(lambda part, less: {"difference": [part, less]}, inner, inner),
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
    small_guide.read_small_guide(tmp_path)
    broken = _TAXES
    for right, wrong in (
        ("of: [customs-value, duty, levy]", "of: [customs-value, tariff]"),
        ("of: unit", "of: coin"),
        ("{of: vehicle.engine_cc, beyond: 2000}", "{of: vehicle.make, beyond: 2000}"),
        ("{rate: 20, of: divided}]", "{rate: 20, of: divided}, {amount: 0}]"),
    ):
        broken = broken.replace(right, wrong)
    (tmp_path / "countries/xa/taxes.yaml").write_text(broken, encoding="utf-8")
    messages = [problem.message for problem in check(read_content(tmp_path), ON)]
    assert "xa.vat: there is no base 'tariff' before it" in messages
    assert "xa.unit-fee: there is no unit 'coin'" in messages
    assert "xa.scale: 'vehicle.make' is no number to charge by" in messages
    assert "xa.on-divided: the dispute 'reading' has 3 readings here and 2 before" in messages


def test_a_union_shares_tax_lines_that_members_take_over(tmp_path: Path) -> None:
    rich_guide.read_rich_guide(tmp_path)
    shared = _TAXES[_TAXES.index("lines:") : _TAXES.index("  - id: duty")].replace("[s1]", "[s9]")
    (tmp_path / "countries/_unions/uu/taxes.yaml").write_text(shared, encoding="utf-8")
    not_taken = "no destination takes over 'uu.customs-value'; inherit or delete it"
    assert not_taken in [problem.message for problem in check(read_content(tmp_path), ON)]
    (tmp_path / "countries/xa/taxes.yaml").write_text("lines: [{inherit: uu.customs-value}]\n", encoding="utf-8")
    content = read_content(tmp_path)
    assert not_taken not in [problem.message for problem in check(content, ON)]
    country = next(one for one in content.knowledge.countries if one.code == "XA")
    assert country.taxes is not None
    taken = country.taxes.lines[0]
    assert (taken.id, taken.union, taken.cites[0].source) == ("customs-value", "uu", "uu.s9")


def test_a_tax_line_that_no_union_shares_is_named_with_its_place(tmp_path: Path) -> None:
    small_guide.read_small_guide(tmp_path)
    (tmp_path / "countries/xa/taxes.yaml").write_text("lines: [{inherit: uu.duty}]\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"countries/xa/taxes.yaml:1: 'uu.duty' is no tax line of a union"):
        read_content(tmp_path)
