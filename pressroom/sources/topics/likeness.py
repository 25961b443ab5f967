"""How alike titles are: cosines of words and of pieces of words, raised by common links and names, lowered by numbers.

Rows are sparse and summed in one fixed order, so that a result is the same to the last bit in every process.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pressroom.sources.topics.titles import clean, language_of
from pressroom.sources.topics.words import Number, Words, pieces, read

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COMMON = 0.1
"""Share of the titles from which a word or piece is too common to make a pair of titles worth comparing."""
ALWAYS_RARE = 200
"""Titles that may have a word however few there are."""
OTHER_TITLES = 500
"""Titles that are imagined to be there without the word, so that a few titles weigh words nearly as many do."""
WORDS = 0.5
"""Share of words in a likeness; the rest is pieces of words."""
LINK, NAME, NAMES = 0.10, 0.05, 0.15
"""A common link, each common name, and all names together raise a likeness by so much."""
KEPT, NUMBERS = 0.6, 0.05
"""The share of a likeness that numbers leave when they differ, and what they take from that."""
WINDOW = 72.0
"""Hours between two titles of one event, at most."""


@dataclass(frozen=True)
class Row:
    """One title to compare. at: hours since an epoch, from and until; series: rows of one series are never alike."""

    words: Words
    links: frozenset[str] = frozenset()
    at: tuple[float, float] | None = None
    series: str = ""


class Sparse:
    """Rows of (feature, weight), and by feature the rows that have it, for sums over all rows at once."""

    def __init__(self, rows: Sequence[dict[str, float]], most: int) -> None:
        """most: rows that may have a feature for it to count."""
        import numpy as np

        self.size = len(rows)
        frequency = Counter(feature for row in rows for feature in row)
        number = {feature: at for at, feature in enumerate(f for f, times in frequency.items() if 1 < times <= most)}
        entries = [(number[f], at, weight) for at, row in enumerate(rows) for f, weight in row.items() if f in number]
        features = np.array([entry[0] for entry in entries], dtype=np.intp)
        order = np.argsort(features, kind="stable")
        self._rows = np.array([entry[1] for entry in entries], dtype=np.intp)[order]
        self._weights = np.array([entry[2] for entry in entries], dtype=np.float64)[order]
        self._starts = np.searchsorted(features[order], np.arange(len(number) + 1))
        self._own = [[(number[f], weight) for f, weight in row.items() if f in number] for row in rows]

    def products(self, at: int) -> NDArray[np.float64]:
        """The products of row `at` with each row, shape (rows,)."""
        import numpy as np

        own = self._own[at]
        if not own:
            return np.zeros(self.size)
        features = np.array([feature for feature, _ in own], dtype=np.intp)
        starts, lengths = self._starts[features], self._starts[features + 1] - self._starts[features]
        places = np.repeat(starts - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
        weights = np.repeat(np.array([weight for _, weight in own]), lengths) * self._weights[places]
        sums = np.bincount(self._rows[places], weights=weights, minlength=self.size)
        return np.asarray(sums, dtype=np.float64)


class Alike:
    """The similarities of a set of rows; `of(at)` gives those of one with all."""

    def __init__(self, rows: Sequence[Row]) -> None:
        import numpy as np

        most = max(ALWAYS_RARE, math.ceil(COMMON * len(rows)))
        self._cosines = Sparse(_weighted([row.words.words for row in rows]), most)
        self._names = Sparse([dict.fromkeys(sorted(row.words.names), 1.0) for row in rows], most)
        self._links = Sparse([dict.fromkeys(sorted(row.links), 1.0) for row in rows], len(rows))
        self._numbers = [row.words.numbers for row in rows]
        codes = {series: code for code, series in enumerate(dict.fromkeys(["", *(row.series for row in rows)]))}
        self._series = np.array([codes[row.series] for row in rows], dtype=np.intp)
        spans = [row.at or (math.nan, math.nan) for row in rows]
        self._from, self._until = np.array(spans, dtype=np.float64).reshape(-1, 2).T

    def of(self, at: int) -> NDArray[np.float64]:
        """Similarity, 0 to 1, of row `at` with each row: 0 where time or series keep them apart."""
        import numpy as np

        alike = self._cosines.products(at)
        alike += np.minimum(NAMES, NAME * self._names.products(at)) + LINK * (self._links.products(at) > 0)
        for other in np.flatnonzero(alike > NUMBERS) if self._numbers[at] else ():
            if differ(self._numbers[at], self._numbers[int(other)]):
                alike[other] = alike[other] * KEPT - NUMBERS
        alike[(self._from - self._until[at] > WINDOW) | (self._from[at] - self._until > WINDOW)] = 0.0
        if self._series[at]:
            alike[self._series == self._series[at]] = 0.0
        alike[at] = 0.0
        return np.asarray(np.round(np.clip(alike, 0.0, 1.0), 9), dtype=np.float64)


def differ(one: Iterable[Number], other: Iterable[Number]) -> bool:
    """True when numbers of two titles contradict each other: those of one name, or all of both."""
    mine, theirs = _by_name(one), _by_name(other)
    if any(name and mine[name].isdisjoint(theirs[name]) for name in mine.keys() & theirs.keys()):
        return True
    values = [{value for name in numbers for value in numbers[name]} for numbers in (mine, theirs)]
    return all(values) and values[0].isdisjoint(values[1])


def _by_name(numbers: Iterable[Number]) -> dict[str, set[float]]:
    found: dict[str, set[float]] = {}
    for name, value in numbers:
        found.setdefault(name, set()).add(value)
    return found


def similarity(text: str, texts: Sequence[str], language: str = "") -> float:
    """The greatest likeness of `text` with one of `texts`, 0 to 1; 0 for no texts.

    language: of all, by its tag; read from each text when not given.
    """
    return nearest([text], texts, language)[0][0]


def nearest(texts: Sequence[str], others: Sequence[str], language: str = "") -> list[tuple[float, int]]:
    """By text its greatest likeness with one of `others`, and which that is; (0, 0) where there is no other."""
    tag = language.partition("-")[0].lower()
    words = [read(clean(one), tag or language_of(one)).words for one in (*texts, *others)]
    if not texts or not others:
        return [(0.0, 0)] * len(texts)
    sparse = Sparse(_weighted(words), len(words))
    products = [sparse.products(at)[len(texts) :] for at in range(len(texts))]
    return [(round(min(1.0, float(row.max())), 6), int(row.argmax())) for row in products]


def _weighted(texts: Sequence[tuple[str, ...]]) -> list[dict[str, float]]:
    """By text the weights of its words and pieces: two unit vectors by rarity, each worth half of the product."""
    rows: list[dict[str, float]] = [{} for _ in texts]
    shares = (WORDS, 1 - WORDS)
    halves: tuple[list[Counter[str]], ...] = (
        [Counter(words) for words in texts],
        [_pieces_of(words) for words in texts],
    )
    for half, share in zip(halves, shares, strict=True):
        frequency = Counter(feature for row in half for feature in row)
        rare = {f: math.log((OTHER_TITLES + len(texts)) / times) for f, times in frequency.items()}
        for row, counted in zip(rows, half, strict=True):
            row.update(_unit({feature: times * rare[feature] for feature, times in counted.items()}, share))
    return rows


def _unit(row: dict[str, float], share: float) -> Iterator[tuple[str, float]]:
    """`row` at a length whose square is `share`."""
    length = math.sqrt(math.fsum(weight * weight for weight in row.values()) / share)
    return ((feature, weight / length) for feature, weight in row.items())


def _pieces_of(words: Iterable[str]) -> Counter[str]:
    """Pieces of words; their spaces and the mark in front tell them from words."""
    return Counter(f"~{piece}" for word in words for piece in pieces(word))
