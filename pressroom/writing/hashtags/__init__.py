"""The words that go with a picture: niches, hashtags from several sources, a plain caption.

found = niches(description, words)
query = Query(platform="instagram", description=description, words=words, niches=found)
chosen = hashtags_for(query, [LexiconSource(), HistorySource(...), ModelSource(ask)])
"""

from __future__ import annotations

from pressroom.writing.hashtags.captions import caption_for
from pressroom.writing.hashtags.choosing import choose
from pressroom.writing.hashtags.gathering import Gathered, gather, hashtags_for
from pressroom.writing.hashtags.history import HistorySource
from pressroom.writing.hashtags.model import ModelSource
from pressroom.writing.hashtags.niches import niches
from pressroom.writing.hashtags.shared.declare import Candidate, Chosen, HashtagSource, Niche, Query

__all__ = [
    "Candidate",
    "Chosen",
    "Gathered",
    "HashtagSource",
    "HistorySource",
    "ModelSource",
    "Niche",
    "Query",
    "caption_for",
    "choose",
    "gather",
    "hashtags_for",
    "niches",
]
