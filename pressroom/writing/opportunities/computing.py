"""From signals to topics with scores: pure, so that the same answers and inputs give the same, byte for byte."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pressroom.errors import SourceUnusable
from pressroom.model.opportunities import FoundOpportunity
from pressroom.model.trends import KnownTopic, RawAnswer, Signal, Topic, TrendScore
from pressroom.sources import topics as merging
from pressroom.sources import trends as sources
from pressroom.sources.topics.categories import OTHER
from pressroom.store.trends import Scored
from pressroom.writing.opportunities.inputs import Inputs

MOST_ASKED = 60
"""Topics without a category that a model is asked about, in one call: those of the highest trend."""


@dataclass(frozen=True)
class Reading:
    """The signals in answers. unreadable: by source, why an answer of it could not be read."""

    signals: tuple[Signal, ...]
    unreadable: Mapping[str, str]

    @property
    def now(self) -> dt.datetime | None:
        return max((signal.observed_at for signal in self.signals), default=None)


def read_answers(answers: Sequence[RawAnswer]) -> Reading:
    """The signals in all answers, each as newest as the answers have it; one that can't be read stops no other."""
    found: dict[tuple[str, str, str], Signal] = {}
    unreadable: dict[str, str] = {}
    for answer in sorted(answers, key=lambda one: (one.source, one.region, one.fetched_at, one.address)):
        try:
            found.update({signal.identity: signal for signal in sources.read(answer)})
        except SourceUnusable as error:
            unreadable[answer.source] = error.message
    return Reading(tuple(found[key] for key in sorted(found)), unreadable)


@dataclass(frozen=True)
class Computed:
    """The topics of a collection with their scores, best opportunity first, and what recognises them next time."""

    now: dt.datetime
    topics: Mapping[str, Topic]
    scores: tuple[TrendScore, ...]
    known: Mapping[str, KnownTopic]

    def scored(self) -> list[Scored]:
        return [Scored(self.topics[one.topic_id], one, self.known[one.topic_id]) for one in self.scores]

    def uncategorised(self) -> list[Topic]:
        """Topics that neither their sources nor the workspace's topics give a category, the highest trend first."""
        ranked = sorted(self.scores, key=lambda one: (-one.trend, one.topic_id))
        open_ = [self.topics[one.topic_id] for one in ranked if self.topics[one.topic_id].category == OTHER]
        return open_[:MOST_ASKED]


def compute(inputs: Inputs, signals: Sequence[Signal], categories: Mapping[str, str] = {}) -> Computed:
    """Topics and scores of a collection. categories: by topic id, what a model said."""
    now = max([inputs.now, *(signal.observed_at for signal in signals)])
    merged = merging.categorised(merging.merge(signals, inputs.known, now), inputs.subjects)
    topics = [_in_category(topic, categories) for topic in merged]
    scores = merging.score(
        topics,
        inputs.past.past(),
        inputs.weights,
        merging.fits(topics, inputs.subjects),
        merging.coverage(topics, inputs.written),
        now,
        region=inputs.region,
    )
    earlier = {topic.id: topic for topic in inputs.known}
    known = {topic.id: merging.known_topic(topic, earlier.get(topic.id)) for topic in topics}
    return Computed(now, {topic.id: topic for topic in topics}, scores, known)


def _in_category(topic: Topic, categories: Mapping[str, str]) -> Topic:
    if topic.category != OTHER or topic.id not in categories:
        return topic
    return topic.model_copy(update={"category": categories[topic.id]})


def digest(computed: Computed, found: Sequence[FoundOpportunity]) -> str:
    """SHA-256 of everything that a collection came to."""
    parts = [
        [computed.topics[key].model_dump(mode="json") for key in sorted(computed.topics)],
        [score.model_dump(mode="json") for score in computed.scores],
        [one.model_dump(mode="json") for one in found],
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
