"""What all tests share: the shipped content, read once, and the advisor made from it."""

from __future__ import annotations

import pytest
from hypothesis import settings

from advisor.knowledge.reading import Content, read_content
from advisor.loading import Advisor
from advisor.paths import content_root

# Every machine tries the same cases, and none fails for being slow.
settings.register_profile("guide", derandomize=True, deadline=None)
settings.load_profile("guide")


@pytest.fixture(scope="session")
def content() -> Content:
    """The content of this checkout."""
    return read_content(content_root())


@pytest.fixture(scope="session")
def advisor(content: Content) -> Advisor:
    """The advisor over that content."""
    return Advisor.of(content.knowledge)
