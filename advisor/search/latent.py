"""Which entries speak of the same things: latent semantic analysis of their words.

Deerwester and others, Indexing by Latent Semantic Analysis (1990): the singular vectors of the matrix of entries
and words place near to one another the entries whose words go together, in whichever language, whether or not a
question happens to use those of one of them. Found with random vectors and two rounds of the power method, as in
Halko, Martinsson and Tropp, Finding Structure with Randomness (2011), algorithms 4.4 and 5.1.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from advisor.search.scoring import Scores

LATENT: Final = "latent.npy"

_AXES: Final = 200
_SPARE: Final = 40
_ROUNDS: Final = 2
# How much of the best score an entry gains that speaks of the same things as the best ones.
_SHARE: Final = 0.3

Matrix = NDArray[np.float32]
# The columns in which a row of a sparse matrix holds something, and what.
_Row = tuple[NDArray[np.int32], Matrix]


def axes_of(counted: Mapping[str, Counter[str]]) -> bytes:
    """The axes that entries lie along, from how often each of them, by its id, holds each word; a file in NumPy's format."""
    rows, words = _weighed(list(counted.values()))
    axes = min(_AXES, len(rows), words)
    random = np.random.default_rng(0)
    basis = random.standard_normal((words, axes + _SPARE), np.float32)
    for _ in range(_ROUNDS):
        basis = _transposed(rows, np.linalg.qr(_times(rows, basis))[0], words)
    span = np.linalg.qr(_times(rows, basis))[0]
    seen = _transposed(rows, span, words)
    _, turned = np.linalg.eigh(seen.T @ seen)
    file = io.BytesIO()
    np.save(file, (span @ turned[:, ::-1][:, :axes]).astype(np.float16))
    return file.getvalue()


class Latent:
    """Spreads scores among entries that speak of the same things; `places` are those of the rows in the file."""

    def __init__(self, file: bytes, places: Sequence[int] | NDArray[np.int32]) -> None:
        axes = np.load(io.BytesIO(file)).astype(np.float32)
        self._axes = np.empty_like(axes)
        self._axes[np.asarray(places)] = axes

    def spread(self, scores: Scores) -> Scores:
        """The scores with what entries gain by their like; one that holds nothing of what is sought gains nothing."""
        shared = np.maximum(0.0, self._axes @ (self._axes.T @ scores)) * (scores > 0)
        most = shared.max(initial=0.0)
        return scores + _SHARE * scores.max() * shared / most if most else scores


def _weighed(counted: Sequence[Counter[str]]) -> tuple[list[_Row], int]:
    """Each entry as a vector of length one: words by the logarithm of their number, and by how few entries hold them."""
    holding = Counter(word for words in counted for word in words)
    column = {word: at for at, word in enumerate(word for word, entries in holding.items() if entries > 1)}
    rarity = np.array([np.log(len(counted) / holding[word]) for word in column], np.float32)
    rows = []
    for words in counted:
        known = [(column[word], times) for word, times in words.items() if word in column]
        at = np.array([place for place, _ in known], np.int32)
        values = (1 + np.log(np.array([times for _, times in known], np.float32))) * rarity[at]
        rows.append((at, values / (np.linalg.norm(values) or 1)))
    return rows, len(column)


def _times(rows: Sequence[_Row], right: Matrix) -> Matrix:
    return np.array([values @ right[at] for at, values in rows], np.float32)


def _transposed(rows: Sequence[_Row], right: Matrix, words: int) -> Matrix:
    product = np.zeros((words, right.shape[1]), np.float32)
    for (at, values), row in zip(rows, right, strict=True):
        product[at] += values[:, None] * row
    return product
