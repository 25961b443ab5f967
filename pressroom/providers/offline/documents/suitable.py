"""A document can be quoted from when it is long enough and mostly prose."""

from __future__ import annotations

from types import MappingProxyType

from pressroom.errors import CannotCompose
from pressroom.providers.offline.documents.analysis import Analysis

LEAST_WORDS = 150
LEAST_QUOTABLE, LEAST_SENTENCES = 110, 3
NAMES = MappingProxyType(
    {"item": "a list", "links": "a list of links", "code": "code", "table": "a table", "verse": "verse"}
)
HINT = "Give a document with paragraphs of full sentences, or put a provider with a model into PRESSROOM_TEXT_CHAIN."


def check(analysis: Analysis) -> None:
    """Words are counted as `pressroom.platforms.counting` counts them: a Chinese or Japanese character is one.

    Raises:
        CannotCompose: it is shorter than 150 words, or has too few sentences that can be quoted.
    """
    if analysis.words < LEAST_WORDS:
        raise CannotCompose(
            f"The document has {analysis.words} words; the offline engine needs {LEAST_WORDS} to quote from.",
            hint="Give a longer document, or put a provider with a model into PRESSROOM_TEXT_CHAIN.",
        )
    if analysis.quotable >= LEAST_QUOTABLE and len(analysis.sentences) >= LEAST_SENTENCES:
        return
    kind = max(analysis.kinds, key=lambda kind: analysis.kinds[kind])
    if kind in NAMES:
        raise CannotCompose(f"The document is {NAMES[kind]} for the most part, not prose to quote from.", hint=HINT)
    raise CannotCompose(
        f"Only {analysis.quotable} of the document's {analysis.words} words stand in sentences that can be quoted; "
        f"{LEAST_QUOTABLE} are needed.",
        hint=HINT,
    )
