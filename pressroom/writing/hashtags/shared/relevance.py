"""Compares a hashtag with the description of a picture."""

from __future__ import annotations

from pressroom.writing.hashtags.shared.words import key, singular, words

SHORTEST_INSIDE = 4
"""Letters. Shorter words stand inside of others by chance: `art` in `party`."""

INSIDE = 0.6

_WORDS = (
    "with from this that these those into over under their there here have has been were very some more "
    "image picture photo photograph shows showing background view front behind next"
)
_SAYING_NOTHING = frozenset(_WORDS.split())


class Subject:
    """The description of a picture, prepared for comparing hashtags with it."""

    def __init__(self, about: str) -> None:
        found = [singular(word) for word in words(about)]
        rows = (found[start : start + length] for length in (1, 2, 3) for start in range(len(found) - length + 1))
        self._said = {key("".join(row)) for row in rows}
        self._words = {word for word in found if len(word) >= SHORTEST_INSIDE and word not in _SAYING_NOTHING}

    def relevance(self, tag: str) -> float:
        """1 when the tag is a word that was said, or up to three in a row; `INSIDE` when it holds one; else 0."""
        known = key(tag)
        if known in self._said:
            return 1.0
        return INSIDE if any(word in known for word in self._words) else 0.0
