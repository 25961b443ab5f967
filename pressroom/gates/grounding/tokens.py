"""Words of a text, and the forms in which one word counts as another: genitive, plural, accents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pressroom.gates.grounding.data import primary, words
from pressroom.gates.grounding.spans import folded

WORD = re.compile(r"[^\W_]+(?:[’'&+.\-][^\W_]+)*\+*#?")
"""A word with what is inside it: `O'Brien`, `Q&A`, `GPT-4.1`, `C++`."""

_PIECE = re.compile(r"[^\W\d_]+|\d+")
_INNER = re.compile(r"(?<=[^\W\d_])\W+(?=[^\W\d_])")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\d]+(?:[.&+\-][A-Za-z\u00c0-\u024f\d]+)*")
_HUMPS = re.compile(
    r"[A-Z\u00c0-\u00de]+(?![a-z\u00df-\u024f])|[A-Z\u00c0-\u00de]?[a-z\u00df-\u024f]+|\d+|[^\W\d_A-Za-z]+"
)
_ENDINGS = ("'s", "s'", "’s", "s’", "'", "’", "es", "s", "n", "en", "er", "in", "ish", "an", "ian")
_SHORTEST = 3


def words_of(text: str) -> Iterator[str]:
    """Every word folded, and its pieces: `Wi-Fi` as `wi-fi`, `wi`, `fi`, `wifi`."""
    for match in WORD.finditer(text):
        word = folded(match[0])
        yield word
        if not word.isalpha():
            yield from _PIECE.findall(word)
            yield _INNER.sub("", word)
        if not word.isascii():
            yield from (folded(run) for run in _LATIN.findall(match[0]))
        yield from (folded(hump) for hump in _HUMPS.findall(match[0]) if len(hump) > 1)


def known(word: str, vocabulary: frozenset[str]) -> bool:
    """True when `word` or another form of it is in a folded vocabulary."""
    plain = folded(word)
    return any(form in vocabulary for form in forms(plain)) or _compound(word, vocabulary)


def forms(plain: str) -> Iterator[str]:
    """`plain` itself, without an ending it may have, and with one."""
    yield plain
    joined = plain.replace("’", "'")
    yield joined
    for ending in _ENDINGS:
        if joined.endswith(ending) and len(joined) - len(ending) >= _SHORTEST:
            yield joined[: -len(ending)]
    if len(joined) >= _SHORTEST:
        yield from (joined + ending for ending in ("s", "es", "'s", "n", "en"))
        if joined.endswith("ies"):
            yield f"{joined[:-3]}y"
        elif joined.endswith("y"):
            yield f"{joined[:-1]}ies"
    yield re.sub(r"[.\-’']", "", joined)


def _compound(word: str, vocabulary: frozenset[str]) -> bool:
    """`Helen-Okafor`, `Wi-Fi`: every piece of it is known."""
    pieces = [folded(piece) for piece in re.split(r"[-.’'&]", word) if piece]
    return len(pieces) > 1 and all(piece in vocabulary for piece in pieces)


def humps(word: str) -> list[str]:
    """`OpenSourceAI` as `open`, `source`, `ai`."""
    return [folded(hump) for hump in _HUMPS.findall(word)]


@lru_cache(maxsize=16)
def listed(name: str, language: str) -> frozenset[str]:
    """A word list of `words.toml`: that of any language and that of this one. `general`, `openers`, `hashtags`."""
    table = words() if name == "general" else words()[name]
    both = f"{table.get('any', '')} {table.get(primary(language), '')}"
    return frozenset(folded(word) for word in both.split() if isinstance(both, str))
