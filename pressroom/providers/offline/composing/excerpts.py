"""A document's sentences as running text: joined, ended and, where a limit forces it, shortened.

A shortened sentence ends at the end of a clause, with an ellipsis; never inside a number, a link, a quotation or
brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pressroom.platforms import counting
from pressroom.providers.offline.composing import filling
from pressroom.providers.offline.composing.filling import Test

LEAST_CUT_WORDS = 5
_CLAUSE = re.compile(r"[,;:–—、，；：](?!\d)\s?|\s[–—-]\s")
_KEPT = re.compile(
    # Each stops where another one of its kind opens, so that no row of opening marks is searched to its end for each.
    r"https?://\S+|“[^“”]*”|„[^„“”]*[“”]|«[^«»]*»|»[^«»]*«|「[^「」]*」|『[^『』]*』|\"[^\"]*\"|\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）"
    r"|\d[\d.,:\u00a0\u202f' ]*\d"
)
_TRIMMED = " ,;:.-–—、，；：。\u00a0"


def joined(texts: Iterable[str]) -> str:
    """`texts` as running text: a space between two, none after the full stop of a script without spaces."""
    done = ""
    for text in texts:
        unspaced = done and (done[-1] in "。！？…」』）" and counting.is_unspaced(done[-2:] + text[:1]))
        done = f"{done}{text}" if unspaced or not done else f"{done} {text}"
    return done


def ended(text: str) -> str:
    """`text` as a sentence, with the full stop of its script."""
    stopped = filling.ended(text)
    return f"{text}。" if stopped != text and counting.is_unspaced(text[-1]) else stopped


def shortened(text: str, fits: Test, whole_clauses: bool = False) -> str:
    """`text` if it fits; else its first clauses and an ellipsis, or words if no clause is short enough; or nothing."""
    if fits(text):
        return text
    kept = [found.span() for found in _KEPT.finditer(text)]
    ends = [found.start() for found in _CLAUSE.finditer(text)]
    for places in (ends, [] if whole_clauses else _between_words(text)):
        for at in sorted(places, reverse=True):
            cut = f"{text[:at].rstrip(_TRIMMED)}…"
            inside = any(start < at < end for start, end in kept)
            if not inside and counting.words(cut) >= LEAST_CUT_WORDS and fits(cut):
                return cut
    return ""


def _between_words(text: str) -> list[int]:
    return [
        at
        for at in range(1, len(text))
        if text[at].isspace() or (counting.is_unspaced(text[at - 1]) and counting.is_unspaced(text[at]))
    ]
