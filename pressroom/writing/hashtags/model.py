"""Hashtags a model proposes: any callable that answers a query with tags."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pressroom.writing.hashtags.shared.declare import Candidate, Query

FIRST, LAST = 1.0, 0.5
"""Weights of a model's first and last tag: the prompt asks for the best first."""


class ModelSource:
    """`ask`: gives tags, the best first; it raises when no model answered, and the source is skipped."""

    name = "model"

    def __init__(self, ask: Callable[[Query], Sequence[str]]) -> None:
        self._ask = ask

    def candidates(self, query: Query) -> Sequence[Candidate]:
        tags = list(self._ask(query))
        step = (FIRST - LAST) / max(1, len(tags) - 1)
        return [Candidate(tag=tag, weight=FIRST - step * place, source=self.name) for place, tag in enumerate(tags)]
