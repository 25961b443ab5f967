"""A memory of word sets refuses ideas too close to earlier ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from pressroom.model import Idea

MOST_OF_TITLE, MOST_OF_TEXT = 0.5, 0.4
"""Shares of words in common (Jaccard index of the word sets) from which two ideas are too close."""

_WORD = re.compile(r"\w+")


class Fresh:
    """Word sets are whole numbers with a bit for each word: a thousand ideas are compared in a millisecond."""

    def __init__(self, titles: Iterable[str]) -> None:
        self._bits: dict[str, int] = {}
        self._titles = [self._mask(title) for title in titles]
        self._texts: list[int] = []
        self._told: Counter[tuple[str, str]] = Counter()

    def add(self, idea: Idea, most_of_title: float = MOST_OF_TITLE) -> bool:
        """Remember `idea` and say True; or say False if something like it has been there."""
        title, text = self._mask(idea.title), self._mask(f"{idea.title} {idea.description}")
        if _near(title, self._titles, most_of_title) or _near(text, self._texts, MOST_OF_TEXT):
            return False
        self._titles.append(title)
        self._texts.append(text)
        return True

    def tell(self, name: str, facets: Iterable[str]) -> None:
        """Remember that these facets of a subject have been used."""
        self._told.update((name, facet) for facet in facets)

    def least_told(self, name: str, facets: Sequence[str]) -> str:
        """The facet of a subject that has been used least; the first among equals."""
        return min(facets, key=lambda facet: self._told[name, facet])

    def _mask(self, text: str) -> int:
        mask = 0
        for word in _WORD.findall(text.casefold()):
            mask |= 1 << self._bits.setdefault(word, len(self._bits))
        return mask


def _near(mask: int, others: Iterable[int], most: float) -> bool:
    return any((mask & other).bit_count() > most * (mask | other).bit_count() for other in others)
