"""Entries that speak of the same things share in a score; the others gain nothing."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from advisor.search import latent
from advisor.search.latent import Latent, axes_of

# Two subjects, with two entries each that hold different words of it.
WORDS = {
    "duty": ["tariff", "duty", "percent", "levy"],
    "levy": ["levy", "percent", "excise", "duty"],
    "brakes": ["brakes", "airbag", "steering", "wheel"],
    "wheel": ["wheel", "steering", "mirror", "brakes"],
}
ENTRIES = list(WORDS)


@pytest.fixture(autouse=True)
def two_axes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latent, "_AXES", 2)


@pytest.fixture
def axes() -> bytes:
    return axes_of({name: Counter(words) for name, words in WORDS.items()})


def spread(axes: bytes, places: list[int], **scores: float) -> dict[str, float]:
    given = np.zeros(len(ENTRIES), np.float32)
    for name, score in scores.items():
        given[places[ENTRIES.index(name)]] = score
    gained = Latent(axes, places).spread(given)
    return {name: float(gained[places[at]]) for at, name in enumerate(ENTRIES)}


@pytest.mark.parametrize("places", [[0, 1, 2, 3], [3, 1, 0, 2]])
def test_an_entry_gains_by_its_like_wherever_it_stands(axes: bytes, places: list[int]) -> None:
    found = spread(axes, places, duty=1.0, levy=0.1, wheel=0.1)
    assert found["levy"] - 0.1 > 2 * (found["wheel"] - 0.1)


def test_what_holds_nothing_of_what_is_sought_gains_nothing(axes: bytes) -> None:
    assert spread(axes, [0, 1, 2, 3], duty=1.0)["levy"] == 0.0


def test_nothing_found_stays_nothing(axes: bytes) -> None:
    assert set(spread(axes, [0, 1, 2, 3]).values()) == {0.0}


def test_the_same_words_give_the_same_file(axes: bytes) -> None:
    assert axes_of({name: Counter(words) for name, words in WORDS.items()}) == axes
