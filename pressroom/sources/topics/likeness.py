"""How alike titles are: by words and pieces of words, more for common links and names, less for other numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pressroom.sources.topics.frequent import shares
from pressroom.sources.topics.sparse import Sparse, marked, weighted
from pressroom.sources.topics.titles import clean, language_of
from pressroom.sources.topics.words import Number, Words, read

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COMMON = 0.1
"""Share of the titles from which a word or piece is too common to make a pair of titles worth comparing."""
ALWAYS_RARE = 200
"""Titles that may have a word however few there are."""
LINK, NAME, NAMES = 0.10, 0.05, 0.15
"""A common link, each common name, and all names together raise a likeness by so much."""
LONE = 0.7
"""The share of a likeness that is left where titles have a single word in common, and it is no name."""
KEPT, NUMBERS = 0.6, 0.05
"""The share of a likeness that numbers leave when they differ, and what they take from that."""
SERIES, DAY = 0.5, 20.0
"""Likeness and hours from which titles with other numbers are two of a series, and not alike at all."""
WINDOW = 72.0
"""Hours between two titles of one event, at most."""
Numbers = dict[str, set[float]]


@dataclass(frozen=True)
class Row:
    """One title to compare. at: hours since an epoch, from and until; series: rows of one series are never alike."""

    words: Words
    links: frozenset[str] = frozenset()
    at: tuple[float, float] | None = None
    series: str = ""


class Alike:
    """The similarities of a set of rows; `of(at)` gives those of one with all."""

    def __init__(self, rows: Sequence[Row], among: int, language: str) -> None:
        """among: the first so many rows say how rare words are; rows behind them change nothing between these."""
        import numpy as np

        most = max(ALWAYS_RARE, math.ceil(COMMON * among))
        self._cosines = Sparse(weighted([row.words.words for row in rows], among, shares(language)), most, among)
        self._names = Sparse(marked([row.words.names for row in rows]), most, among)
        self._words = Sparse(marked([set(row.words.words) for row in rows]), most, among)
        self._links = Sparse(marked([row.links for row in rows]), len(rows), among)
        self._numbers = [_by_name(row.words.numbers) for row in rows]
        self._numbered = np.array([bool(numbers) for numbers in self._numbers], dtype=np.bool_)
        codes = {series: code for code, series in enumerate(dict.fromkeys(["", *(row.series for row in rows)]))}
        self._series = np.array([codes[row.series] for row in rows], dtype=np.intp)
        spans = [row.at or (math.nan, math.nan) for row in rows]
        self._from, self._until = np.array(spans, dtype=np.float64).reshape(-1, 2).T

    def of(self, at: int) -> NDArray[np.float64]:
        """Similarity, 0 to 1, of row `at` with each row: 0 where time or series keep them apart."""
        import numpy as np

        alike, names, links = (one.products(at) for one in (self._cosines, self._names, self._links))
        alike[(names + links == 0) & (self._words.products(at) <= 1)] *= LONE
        alike += np.minimum(NAMES, NAME * names) + LINK * (links > 0)
        apart = np.maximum(self._from - self._until[at], self._from[at] - self._until)
        for other in np.flatnonzero(self._numbered & (alike > NUMBERS)) if self._numbers[at] else ():
            if differ(self._numbers[at], self._numbers[other]):
                next_one = alike[other] >= SERIES and apart[other] >= DAY
                alike[other] = 0.0 if next_one else alike[other] * KEPT - NUMBERS
        alike[apart > WINDOW] = 0.0
        if self._series[at]:
            alike[self._series == self._series[at]] = 0.0
        alike[at] = 0.0
        return np.asarray(np.round(np.clip(alike, 0.0, 1.0), 9), dtype=np.float64)


def differ(mine: Numbers, theirs: Numbers) -> bool:
    """True when numbers of two titles contradict each other: those of one name, or all of both."""
    if any(name and mine[name].isdisjoint(theirs[name]) for name in mine.keys() & theirs.keys()):
        return True
    values = [{value for name in numbers for value in numbers[name]} for numbers in (mine, theirs)]
    return all(values) and values[0].isdisjoint(values[1])


def _by_name(numbers: Iterable[Number]) -> Numbers:
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
    if not texts or not others:
        return [(0.0, 0)] * len(texts)
    tags = [tag or language_of(one) for one in (*texts, *others)]
    words = [read(clean(one), own).words for one, own in zip((*texts, *others), tags, strict=True)]
    usual = {word: share for own in sorted(set(tags)) for word, share in shares(own).items()}
    sparse = Sparse(weighted(words, len(words), usual), len(words), len(words))
    products = [sparse.products(at)[len(texts) :] for at in range(len(texts))]
    return [(round(min(1.0, float(row.max())), 6), int(row.argmax())) for row in products]
