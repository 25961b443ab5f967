"""Hashtags from the workspace's own history: what its content used, and what of it did well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pressroom.writing.hashtags.lexicon import lexicon
from pressroom.writing.hashtags.shared.declare import Candidate, Query
from pressroom.writing.hashtags.shared.relevance import Subject
from pressroom.writing.hashtags.shared.words import key

if TYPE_CHECKING:
    from pressroom.store.database import Database
    from pressroom.store.hashtags import HashtagHistory

DAYS = 180


class HistorySource:
    """The tags of the workspace's posts on the query's platform.

    A tag's weight is the share of its posts that did well, as if it had one good and one bad post more (so that a
    single post says little), times how much it belongs here: 1 for one that says what the picture shows or belongs
    to its niches, otherwise the share of all posts that carry it: the tag of a brand stands in nearly all.
    """

    name = "history"

    def __init__(self, database: Database, workspace_id: str, *, days: int = DAYS) -> None:
        self._database, self._workspace_id, self._days = database, workspace_id, days

    def candidates(self, query: Query) -> Sequence[Candidate]:
        from pressroom.store.hashtags import hashtag_history  # SQLAlchemy: those who only compile don't need it

        since = datetime.now(UTC) - timedelta(days=self._days)
        history = hashtag_history(self._database, self._workspace_id, since=since, platform=query.platform)
        return weighed(history, query)


def weighed(history: HashtagHistory, query: Query) -> list[Candidate]:
    """Every tag of `history` as a candidate, weighed as `HistorySource` says."""
    subject = Subject(query.about)
    known = lexicon().niches
    of_niches = {key(tag) for niche in query.niches if niche.name in known for tag in known[niche.name].all_tags}
    return [
        Candidate(
            tag=used.tag,
            weight=(used.well + 1)
            / (used.posts + 2)
            * (1.0 if key(used.tag) in of_niches else max(subject.relevance(used.tag), used.posts / history.posts)),
            source=HistorySource.name,
        )
        for used in history.tags
    ]
