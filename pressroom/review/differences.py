"""The changes between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from pressroom.platforms import counting
from pressroom.review.values import Change

_WORD = re.compile(r"\s+|\S+\s*")


def diff(old: str, new: str) -> tuple[Change, ...]:
    """How `old` became `new`: stretches of words that are `same`, `removed` or `added`, in reading order.

    The same and the removed ones together are `old`; the same and the added ones are `new`.
    """
    before, after = _words(old), _words(new)
    matcher = SequenceMatcher(None, before, after)  # its own heuristic for long texts keeps it quick on any
    return tuple(
        change
        for op, start, end, begin, finish in matcher.get_opcodes()
        for change in _changes(op, "".join(before[start:end]), "".join(after[begin:finish]))
    )


def _changes(op: str, old: str, new: str) -> Iterator[Change]:
    if op == "equal":
        yield Change(op="same", text=old)
        return
    if old:
        yield Change(op="removed", text=old)
    if new:
        yield Change(op="added", text=new)


def _words(text: str) -> list[str]:
    """Words with the space after them; where a script puts none between words, its characters."""
    found = _WORD.findall(text)
    return [piece for word in found for piece in (word if counting.is_unspaced(word) else (word,))]
