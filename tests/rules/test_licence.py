"""An application for a licence against its papers: differences are named with both values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.loading import Advisor
from advisor.rules.licence import Fault, Stated, batch_faults, check_digit, vehicle_faults

APPLICATION, CERTIFICATE = "licence-application", "registration-certificate"
REPORT, CONTRACT = "inspection-report", "export-contract"
# Its check digit fits: 4.
VIN = "LZZ1BLMJ4TJ465057"
SAME = {
    "make": "比亚迪牌",
    "model": "BYD6480MBEV",
    "vin": VIN,
    "registered": "2025-09-01",
    "transferred": "2025-12-10",
    "company": "山西出口有限公司",
}


def vehicle(**changes: str) -> Stated:
    """A vehicle whose application and certificate agree but for `changes`, written `paper__entry` with _ for -."""
    stated = {(paper, entry): value for paper in (APPLICATION, CERTIFICATE) for entry, value in SAME.items()}
    for place, value in changes.items():
        paper, _, entry = place.partition("__")
        stated[paper.replace("_", "-"), entry] = value
    return stated


def faults(advisor: Advisor, **changes: str) -> list[tuple[str, str, tuple[Any, ...]]]:
    found: list[Fault] = vehicle_faults(advisor.knowledge.licence, vehicle(**changes))
    return [(fault.entry.id, fault.kind, fault.values) for fault in found]


def test_papers_that_agree_have_no_fault(advisor: Advisor) -> None:
    assert faults(advisor) == []


@pytest.mark.parametrize(
    "same",
    [
        {"licence_application__make": " 比亚迪 牌"},
        {"licence_application__vin": VIN.lower()},
        {"licence_application__registered": "2025年9月1日"},
        {"licence_application__registered": "20250901"},
        {"registration_certificate__transferred": "2025/12/10"},
        {"inspection_report__company": "山西出口有限公司", "inspection_report__vin": VIN},
    ],
)
def test_the_same_thing_written_otherwise_is_no_difference(advisor: Advisor, same: dict[str, str]) -> None:
    assert faults(advisor, **same) == []


def test_a_difference_is_named_with_both_values(advisor: Advisor) -> None:
    assert faults(advisor, licence_application__model="BYD6480MBEV1") == [
        ("model", "differs", ((APPLICATION, "BYD6480MBEV1"), (CERTIFICATE, "BYD6480MBEV")))
    ]


def test_an_owner_who_is_not_the_exporter_is_a_difference(advisor: Advisor) -> None:
    (fault,) = faults(advisor, registration_certificate__company="张三")
    assert fault[:2] == ("company", "differs")


def test_the_vin_of_another_paper_counts_once_that_paper_is_given(advisor: Advisor) -> None:
    other = "LZZ1BLMJ2TJ465056"
    (fault,) = faults(advisor, inspection_report__vin=other, inspection_report__company="山西出口有限公司")
    assert fault == ("vin", "differs", ((APPLICATION, VIN), (CERTIFICATE, VIN), (REPORT, other)))


def test_an_entry_left_out_on_a_paper_that_is_given_is_a_fault(advisor: Advisor) -> None:
    assert faults(advisor, licence_application__transferred="") == [("transferred", "left-out", ((APPLICATION, ""),))]


@pytest.mark.parametrize(
    ("entry", "value", "kind"),
    [
        ("registered", "2025-09", "no-date"),
        ("registered", "2025-02-30", "no-date"),
        ("vin", "LZZ1BLMJ4TJ46505", "no-vin"),
        ("vin", "LZZ1BLMJ4TJ46505O", "no-vin"),
    ],
)
def test_what_cannot_be_read_is_shown_as_it_stands(advisor: Advisor, entry: str, value: str, kind: str) -> None:
    assert faults(advisor, **{f"licence_application__{entry}": value}) == [(entry, kind, ((APPLICATION, value),))]


def test_a_misread_character_shows_in_the_check_digit(advisor: Advisor) -> None:
    misread = VIN.replace("465057", "465051")
    both = {f"{paper}__vin": misread for paper in ("licence_application", "registration_certificate")}
    assert faults(advisor, **both) == [("vin", "check-digit", ((APPLICATION, misread),))]


def test_where_the_check_digit_is_not_compulsory_it_proves_nothing(advisor: Advisor) -> None:
    german = "WP0ZZZ99ZTS392124"
    both = {f"{paper}__vin": german for paper in ("licence_application", "registration_certificate")}
    assert faults(advisor, **both) == []


@pytest.mark.parametrize(("vin", "digit"), [("1M8GDM9AXKP042788", "X"), ("11111111111111111", "1"), (VIN, "4")])
def test_the_check_digit_follows_from_the_other_characters(vin: str, digit: str) -> None:
    assert check_digit(vin) == digit


@given(st.text("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", min_size=17, max_size=17), st.data())
def test_one_other_character_of_another_value_gives_another_check_digit(vin: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([at for at in range(17) if at != 8]))
    other = "1" if vin[place] not in "1AJ" else "2"
    same_value = {"2": "BKS"}.get(other, "")
    if vin[place] in same_value or vin[place] == other:
        return
    changed = vin[:place] + other + vin[place + 1 :]
    assert check_digit(changed) != check_digit(vin)


def test_a_vin_stands_in_a_batch_only_once(advisor: Advisor) -> None:
    first, second = batch_faults(advisor.knowledge.licence, [vehicle(), vehicle()])
    assert [fault.kind for fault in first] == [fault.kind for fault in second] == ["repeated"]
