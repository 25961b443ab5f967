"""Rows of few features among many, and the products of one row with all others.

Everything is summed in one fixed order, so that a result is the same to the last bit in every process.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pressroom.sources.topics.words import pieces

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WORDS = 0.5
"""Share of words in a likeness; the rest is pieces of words."""
OTHER_TITLES, WORDS_OF_TITLE = 2000, 8
"""Titles that are imagined to be there too, with each word as often as in speech: few titles say little about words."""
LEAST_RARITY = 0.1


@dataclass(frozen=True)
class Entries:
    """Features of rows, sorted by row, each once a row: arrays of one length. size: rows; features: different ones."""

    row: NDArray[np.intp]
    feature: NDArray[np.intp]
    weight: NDArray[np.float64]
    size: int
    features: int


class Sparse:
    """Entries by row and by feature, without the features that only one row has or more than `most` of `among` rows."""

    def __init__(self, entries: Entries, most: int, among: int) -> None:
        import numpy as np

        self.size = entries.size
        frequency = np.bincount(entries.feature, minlength=entries.features)
        telling = ((frequency > 1) & (_frequency(entries, among) <= most))[entries.feature]
        row, self._feature, self._weight = entries.row[telling], entries.feature[telling], entries.weight[telling]
        self._begin = np.searchsorted(row, np.arange(self.size + 1))
        order = np.argsort(self._feature, kind="stable")
        self._rows, self._weights = row[order], self._weight[order]
        self._starts = np.searchsorted(self._feature[order], np.arange(entries.features + 1))

    def products(self, at: int) -> NDArray[np.float64]:
        """The products of row `at` with each row, shape (size,)."""
        import numpy as np

        own = slice(self._begin[at], self._begin[at + 1])
        starts, ends = self._starts[self._feature[own]], self._starts[self._feature[own] + 1]
        lengths = ends - starts
        places = np.repeat(ends - np.cumsum(lengths), lengths) + np.arange(lengths.sum())
        weights = np.repeat(self._weight[own], lengths) * self._weights[places]
        return np.asarray(np.bincount(self._rows[places], weights=weights, minlength=self.size), dtype=np.float64)


def marked(rows: Sequence[Iterable[str]]) -> Entries:
    """Rows whose features weigh 1 each."""
    names: dict[str, int] = {}
    return _counted([[names.setdefault(name, len(names)) for name in sorted(row)] for row in rows], len(names))


def weighted(texts: Sequence[tuple[str, ...]], among: int, usual: Mapping[str, float]) -> Entries:
    """Rows of the words of texts and of the pieces of these, rare ones weighing more: unit vectors of both together.

    among: the first so many texts say how rare a word is. usual: by word its share of all that is spoken.
    """
    import numpy as np

    names: dict[str, int] = {}
    words = [[names.setdefault(word, len(names)) for word in text] for text in texts]
    expected = OTHER_TITLES * WORDS_OF_TITLE * np.array([usual.get(word, 0.0) for word in names])
    parts: dict[str, int] = {}
    of_word = [[parts.setdefault(piece, len(parts)) for piece in pieces(word)] for word in names]
    telling = np.log((OTHER_TITLES + among) / (1 + expected)) / np.log(OTHER_TITLES + among)
    one = _by_rarity(_counted(words, len(names)), WORDS, among, expected)
    rows = [[part for word in text for part in of_word[word]] for text in words]
    weights = [weight for text in words for word in text for weight in [float(telling[word])] * len(of_word[word])]
    two = _by_rarity(_counted(rows, len(parts), weights), 1 - WORDS, among, np.zeros(len(parts)))
    row = np.concatenate([one.row, two.row])
    order = np.argsort(row, kind="stable")
    feature = np.concatenate([one.feature, two.feature + one.features])[order]
    weight = np.concatenate([one.weight, two.weight])[order]
    return Entries(row[order], feature, weight, len(texts), one.features + two.features)


def _counted(rows: Sequence[Sequence[int]], features: int, weights: Sequence[float] = ()) -> Entries:
    """How often each feature is in each row, or the sum of its weights there."""
    import numpy as np

    row = np.repeat(np.arange(len(rows)), [len(own) for own in rows])
    feature = np.array([number for own in rows for number in own], dtype=np.intp)
    keys, place = np.unique(row * max(1, features) + feature, return_inverse=True)
    sums = np.bincount(place, weights=weights or None, minlength=len(keys)).astype(np.float64)
    row, feature = np.divmod(keys, max(1, features))
    return Entries(row, feature, sums, len(rows), features)


def _frequency(entries: Entries, among: int) -> NDArray[np.intp]:
    """By feature, how many of the first `among` rows have it."""
    import numpy as np

    return np.asarray(np.bincount(entries.feature[entries.row < among], minlength=entries.features), dtype=np.intp)


def _by_rarity(entries: Entries, share: float, among: int, expected: NDArray[np.float64]) -> Entries:
    """`entries` weighed by how rare each feature is, each row at a length whose square is `share`.

    expected: by feature, how many of the imagined titles have it.
    """
    import numpy as np

    rare = np.log((OTHER_TITLES + among) / np.maximum(1, _frequency(entries, among) + expected))
    weight = entries.weight * np.maximum(LEAST_RARITY, rare)[entries.feature]
    length = np.sqrt(np.bincount(entries.row, weights=weight * weight, minlength=entries.size) / share)
    return Entries(entries.row, entries.feature, weight / length[entries.row], entries.size, entries.features)
