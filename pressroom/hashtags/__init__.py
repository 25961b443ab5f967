"""The words that go with a picture: niches, hashtags from several sources, a plain caption.

found = niches(description, words)
query = Query(platform="instagram", description=description, words=words, niches=found)
chosen = hashtags_for(query, [LexiconSource(), HistorySource(...), ModelSource(ask)])
"""

from __future__ import annotations

from pressroom.hashtags.captions import caption_for
from pressroom.hashtags.choosing import choose
from pressroom.hashtags.gathering import Gathered, gather, hashtags_for
from pressroom.hashtags.history import HistorySource
from pressroom.hashtags.model import ModelSource
from pressroom.hashtags.niches import niches
from pressroom.hashtags.shared.declare import Candidate, Chosen, HashtagSource, Niche, Query

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
