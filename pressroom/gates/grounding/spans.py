"""Pieces of a text with where they stand, and texts brought to one form before anything is read in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]")

_SPACES = re.compile(r"([^\S\n])[^\S\n]+|(\n\n)\n+")
KEPT = frozenset("²³¹ªº…™")
"""Characters whose plain form would say something else: `m²` is not `m2`."""


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` of a text brought to one form."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Found:
    """A piece of a draft that its source doesn't say. code: of the violation. said: what the source says instead."""

    code: str
    span: Span
    said: str = ""


def one_form(text: str) -> str:
    """Compatibility forms (full width, ligatures, no-break spaces, digits of any script) as plain ones.

    Invisible characters are gone, and of spaces in a row one is left, of line breaks two.
    """
    return _SPACES.sub(r"\1\2", text if text.isascii() else _plain_forms(text))


def _plain_forms(text: str) -> str:
    seen = INVISIBLE.sub("", text).replace("½", " 1/2")
    seen = unicodedata.normalize("NFC", seen)
    return "".join(c if c.isascii() or c in KEPT else _plain_form(c) for c in seen)


def _plain_form(character: str) -> str:
    if unicodedata.decomposition(character).startswith("<super>"):
        return character  # 10⁶ is not 106
    digit = unicodedata.decimal(character, None)
    return unicodedata.normalize("NFKC", character) if digit is None else str(digit)


def blanked(text: str, spans: Iterable[Span]) -> str:
    """`text` with `spans` as spaces, all else where it was."""
    pieces, end = [], 0
    for span in sorted(spans, key=lambda span: span.start):
        pieces += [text[end : span.start], " " * (span.end - max(end, span.start))]
        end = max(end, span.end)
    return "".join([*pieces, text[end:]])


def folded(word: str) -> str:
    """Small letters without accents: `Müller` as `muller`, `É` as `e`; kana and kanji as they are."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f"))
