"""Topics from signals: merging across sources, categories, scores. Pure: the same signals give the same, byte for byte.

`merge(signals, known, now)` -> `categorised(topics, subjects)` -> `score(topics, past_of(earlier, now), Weights(),
fits(...), coverage(...), now)`; `known_topic(topic)` is what the next merge recognises a topic by.
"""

from __future__ import annotations

from pressroom.sources.topics.addresses import canonical
from pressroom.sources.topics.categories import categorised, coverage, fits
from pressroom.sources.topics.likeness import similarity
from pressroom.sources.topics.memory import known_topic
from pressroom.sources.topics.merging import merge
from pressroom.sources.topics.past import Past, past_of
from pressroom.sources.topics.scoring import expiry, score

__all__ = [
    "Past",
    "canonical",
    "categorised",
    "coverage",
    "expiry",
    "fits",
    "known_topic",
    "merge",
    "past_of",
    "score",
    "similarity",
]
