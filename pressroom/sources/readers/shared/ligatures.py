"""Ligatures that a PDF draws and does not name, put back where only one of them makes a word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from itertools import product

LOST = "\ufffd"
"""Stands for a letter that can't be read."""

_LIGATURES = ("fi", "fl", "ff", "ffi", "ffl", "ft", "tt", "st", "ct", "ti", "tti", "tf", "fj", "ij", "Th", "Qu")
_WORD = re.compile(rf"(?<![^\W\d_{LOST}])[^\W\d_{LOST}]*{LOST}(?:[^\W\d_]|{LOST})*")
_MOST_LOST = 2
"""Ligatures in one word."""
_LEAST_READ = 2
"""Letters of a word that can be read."""
_CLEARLY = 200
"""Times as frequent as the next: `first` and not `fist`."""
_LANGUAGES = frozenset({"en", "es", "fr", "it", "pt", "de", "ru", "lv", "eu", "nl"})

Frequency = Callable[[str], float]
"""How frequent a word in small letters is; 0 when it is unknown."""


def mended(texts: Iterable[str], language: str) -> list[str]:
    """`texts` with ligatures for U+FFFD, where exactly one makes a word. language: its code; any without a dictionary
    knows the words of `texts` alone."""
    found = list(texts)
    if not any(LOST in text for text in found):
        return found
    own = {word.casefold() for text in found for word in re.findall(r"[^\W\d_]{4,}", text)}
    known = _dictionary(language)

    def frequency(word: str) -> float:
        return max(known(word), 1e-7 if word in own else 0)

    one = cache(lambda word: _mended(word, frequency))
    return [_WORD.sub(lambda match: one(match[0]), text) if LOST in text else text for text in found]


def _mended(word: str, frequency: Frequency) -> str:
    """Mends `word` with the only ligatures that make a word; keeps it when no or several do."""
    pieces = word.split(LOST)
    if len(pieces) - 1 > _MOST_LOST or sum(map(len, pieces)) < _LEAST_READ:
        return word
    tried = {"".join(_woven(pieces, chosen)) for chosen in product(_LIGATURES, repeat=len(pieces) - 1)}
    ranked = sorted(((frequency(each.casefold()), each) for each in tried), reverse=True)
    (best, mended), (second, _) = ranked[:2]
    return mended if best > 0 and best >= _CLEARLY * second else word


def _woven(pieces: list[str], chosen: tuple[str, ...]) -> Iterable[str]:
    for piece, ligature in zip(pieces, (*chosen, ""), strict=True):
        yield piece
        yield ligature


@cache
def _dictionary(language: str) -> Frequency:
    code = language.partition("-")[0].lower()
    if code not in _LANGUAGES:
        return lambda _: 0.0
    from spellchecker import SpellChecker  # half a second with its words, needed by damaged files only

    return SpellChecker(language=code, distance=1).word_usage_frequency
