"""The user's own words as hashtags: the user knows best what a picture is about."""

from __future__ import annotations

from collections.abc import Sequence

from pressroom.writing.hashtags.shared.declare import Candidate, Query
from pressroom.writing.hashtags.shared.words import tag_of

MOST_PIECES = 3
"""Words in a row that are still a hashtag and no sentence."""


class WordsSource:
    """Every word, or up to three in a row, that the user gave apart from the description."""

    name = "words"

    def candidates(self, query: Query) -> Sequence[Candidate]:
        short = (word for word in query.words if len(word.split()) <= MOST_PIECES)
        return [Candidate(tag=word, weight=1.0, source=self.name) for word in short if tag_of(word)]


SOURCE = WordsSource()
