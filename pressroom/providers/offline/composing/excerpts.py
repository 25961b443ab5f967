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
_LIMITS = re.compile(
    r"\W*(?:but|however|yet|still|though|nevertheless|nonetheless|even so|that said|on the other hand"
    r"|aber|doch|jedoch|allerdings|dennoch|trotzdem|pero|sin embargo|no obstante|mais|cependant|toutefois|pourtant"
    r"|però|tuttavia|mas|porém|no entanto|contudo|maar|echter|toch)\b|\W*(?:しかし|だが|ただし|但是|然而|不过)",
    re.IGNORECASE,
)
"""Openings of a sentence that takes back a part of the one before it."""
_QUALIFIES = re.compile(
    r"\b(?:but|however|although|though|unless|except|if|according to|sa(?:id|ys)|claim(?:s|ed)?|may|might|could"
    r"|aber|jedoch|obwohl|falls|wenn|außer|laut|sagt\w*|könnte\w*|dürfte\w*|soll(?:en)?"
    r"|pero|aunque|salvo|según|dijo|dice|podrían?|mais|bien que|sauf|selon|dit|pourrai\w+"
    r"|però|secondo|disse|potrebbe\w*|porém|segundo|poderia\w*|maar|volgens|zegt|zei|tenzij)\b|によると|かもしれ|据|可能",
    re.IGNORECASE,
)
"""Words that limit what a sentence says: without them it says more than its author did."""
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


def limits(sentence: str) -> bool:
    """True when it begins as a sentence does that takes back a part of the one before."""
    return _LIMITS.match(sentence) is not None


def shortened(text: str, fits: Test, whole_clauses: bool = False) -> str:
    """`text` if it fits; else its first clauses and an ellipsis, or words if no clause is short enough; or nothing.

    What limits the sentence is never cut off: by whom it is said, that it only may be, under what condition.
    """
    if fits(text):
        return text
    kept = [found.span() for found in _KEPT.finditer(text)]
    ends = [found.start() for found in _CLAUSE.finditer(text)]
    for places in (ends, [] if whole_clauses else _between_words(text)):
        for at in sorted(places, reverse=True):
            cut = f"{text[:at].rstrip(_TRIMMED)}…"
            inside = any(start < at < end for start, end in kept)
            if inside or _QUALIFIES.search(text, at):
                continue
            if counting.words(cut) >= LEAST_CUT_WORDS and fits(cut):
                return cut
    return ""


def _between_words(text: str) -> list[int]:
    return [
        at
        for at in range(1, len(text))
        if text[at].isspace() or (counting.is_unspaced(text[at - 1]) and counting.is_unspaced(text[at]))
    ]
