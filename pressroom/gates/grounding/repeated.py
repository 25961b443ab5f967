"""Words a draft has only from a sentence that is addressed to a model."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pressroom.gates.grounding.quotations import plain
from pressroom.gates.grounding.source import Source
from pressroom.gates.grounding.spans import Span

RUN = 5
"""So many words in a row are no chance."""

_CLAUSE = re.compile(r"[^\n.!?;。！？]+")


def repeated(text: str, source: Source) -> Iterator[Span]:
    """Sentences that have five words in a row of the source's instructions, and of nothing else it says."""
    if not source.refused_text:
        return
    for match in _CLAUSE.finditer(text):
        words = plain(match[0]).split()
        runs = (" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1))
        if any(run in source.refused_text and run not in source.plain for run in runs):
            yield Span(match[0].strip(), *match.span())
