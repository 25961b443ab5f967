"""Asking every source of hashtags; one that fails is skipped and named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from pressroom.errors import PressroomError
from pressroom.writing.hashtags.choosing import choose
from pressroom.writing.hashtags.shared.declare import Candidate, Chosen, HashtagSource, Query

MOST_CANDIDATES = 300
"""Of one source: an endless one must not hold up a picture."""


@dataclass(frozen=True)
class Gathered:
    """`skipped`: a sentence for each source that gave nothing because it failed."""

    candidates: tuple[Candidate, ...]
    skipped: tuple[str, ...]


def gather(query: Query, sources: Iterable[HashtagSource]) -> Gathered:
    """The proposals of all sources, in their order. A source that raises is skipped, with a note."""
    found: list[Candidate] = []
    skipped: list[str] = []
    for source in sources:
        try:
            found.extend(_checked(source.candidates(query)))
        except Exception as error:  # an outsider's source may raise anything, and no hashtag is worth the picture
            skipped.append(f"The hashtag source {source.name} was skipped: {_reason(error)}.")
    return Gathered(candidates=tuple(found), skipped=tuple(skipped))


def hashtags_for(
    query: Query, sources: Iterable[HashtagSource], *, wanted: Sequence[str] = (), banned: Sequence[str] = ()
) -> Chosen:
    """Gathered from `sources` and chosen for the query's platform; sources that were skipped stand in the notes."""
    gathered = gather(query, sources)
    chosen = choose(query.platform, gathered.candidates, wanted=wanted, banned=banned, about=query.about)
    return chosen.model_copy(update={"notes": (*gathered.skipped, *chosen.notes)})


def _checked(candidates: Iterable[Candidate]) -> list[Candidate]:
    return [Candidate.model_validate(found) for found in islice(candidates, MOST_CANDIDATES)]


def _reason(error: Exception) -> str:
    """A known error's own sentence; of any other only its kind: its words may hold a key."""
    return error.message.rstrip(".") if isinstance(error, PressroomError) else type(error).__name__
