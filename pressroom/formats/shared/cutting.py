"""Texts ended and cut to size, between words."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from pressroom.platforms import counting

Test = Callable[[str], bool]


def ended(text: str) -> str:
    """`text` as a sentence: with a full stop if it ends with a letter or digit."""
    return f"{text}." if text and text[-1].isalnum() else text


def shortened(text: str, fits: Test) -> str:
    """`text` if it fits; else as much of it as does, cut between words and closed with an ellipsis; or nothing."""
    if fits(text):
        return text
    cuts, low, high, best = _cuts(text), 0, None, ""
    high = len(cuts) - 1
    while low <= high:
        middle = (low + high) // 2
        candidate = text[: cuts[middle]].rstrip(" ,;:.-–—、，。") + "…"
        if fits(candidate):
            best, low = candidate, middle + 1
        else:
            high = middle - 1
    return best


def _cuts(text: str) -> list[int]:
    """Where `text` may be cut, ascending: before spaces, and between characters of scripts without spaces."""
    return [
        position
        for position in range(1, len(text))
        if text[position].isspace()
        or (
            counting.is_unspaced(text[position - 1])
            and counting.is_unspaced(text[position])
            and unicodedata.category(text[position])[0] != "M"
        )
    ]
