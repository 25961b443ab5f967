"""Shorter forms of a text: whole sentences first, then whole clauses, then whole words, with an ellipsis."""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])")
_CLAUSE = re.compile(r"(?<=[,;:])\s+|(?<!\s)\s++(?=[–—(])|(?<=[、，；：])")
_WORD = re.compile(r"\s+")
WORTHWHILE = 0.45
"""A form that ends well is taken unless a less well ended one keeps more than twice as much."""


def shorter(text: str) -> list[str]:
    """Forms of `text` from long to short, best endings first where they keep much of it; ends with one word."""
    words = _prefixes(text, _WORD) or [text[:end] for end in range(len(text) - 1, 0, -1)]
    whole = list(_prefixes(text, _SENTENCE))
    clauses = [_elided(form) for form in _prefixes(text, _CLAUSE)]
    forms: list[str] = []
    for form in (_elided(word) for word in words):
        better = [one for one in (*whole, *clauses) if WORTHWHILE * len(form) <= len(one) <= len(form)]
        forms += [one for one in (better[:1] or [form]) if one not in forms]
    return forms


def _prefixes(text: str, between: re.Pattern[str]) -> list[str]:
    """`text` up to each place where `between` matches, longest first."""
    ends = [found.start() for found in between.finditer(text) if 0 < found.start() < len(text)]
    return [text[:end].rstrip() for end in reversed(ends)]


def _elided(text: str) -> str:
    return text.rstrip(" \u00a0\u202f.,;:、。，；：–—-(„“«‘「") + "…"
