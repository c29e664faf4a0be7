"""Every case in tests/cases comes out as its officer wrote it."""

from __future__ import annotations

import pytest
from case_files import FOLDER, CaseFile, differences, read_cases

from advisor.loading import Advisor

CASES = [case for path in sorted(FOLDER.glob("*.yaml")) for case in read_cases(path)]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.place.rsplit('/', 1)[-1]} {case.name}" for case in CASES])
def test_case(case: CaseFile, advisor: Advisor) -> None:
    assert differences(case, advisor) == [], case.place


def test_every_case_names_a_source_that_the_guide_has(advisor: Advisor) -> None:
    known = {source.id for source in advisor.knowledge.sources}
    assert [case.place for case in CASES if case.source and case.source not in known] == []
