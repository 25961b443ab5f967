"""From signals to topics: the same event from several sources becomes one topic, languages apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from pressroom.model.trends import KnownTopic, Signal, Topic
from pressroom.sources.topics.grouping import grouped
from pressroom.sources.topics.items import Item, items, seen
from pressroom.sources.topics.likeness import Alike
from pressroom.sources.topics.memory import Memory, known_rows
from pressroom.sources.topics.terms import attached

LIMIT = 0.15
"""Average likeness from which titles are about one event; `python -m benchmarks merging` chose it."""
KEPT = 0.04
"""Likeness below which a pair counts as 0."""
Likeness = dict[tuple[int, int], float]


def merge(signals: Iterable[Signal], known: Sequence[KnownTopic], now: dt.datetime) -> tuple[Topic, ...]:
    """Each different signal in exactly one topic, topics by id; the order of `signals` and `known` changes nothing.

    A topic that is about a known one, or has one of its addresses, bears its id and first time; another gets an id
    from its earliest signal.
    """
    found = items([seen(signal, now) for signal in _in_order(signals)])
    memory = Memory(known)
    likeness: Likeness = {}
    groups: list[list[int]] = []
    for language in sorted({item.language for item in found}):
        own = [at for at, item in enumerate(found) if item.language == language]
        groups += _grouped(found, own, likeness, memory, language)
    groups = attached(found, groups)
    ids = memory.ids(found, groups, LIMIT)
    topics = [_topic([found[at] for at in group], group, likeness, ids[n]) for n, group in enumerate(groups)]
    return tuple(sorted(topics, key=lambda topic: topic.id))


def _grouped(
    found: Sequence[Item], own: list[int], likeness: Likeness, memory: Memory, language: str
) -> list[list[int]]:
    """Groups of the headlines of one language; `likeness` and `memory` learn how alike items are."""
    known = memory.of(language)
    rows, owners = known_rows(known)
    alike = Alike([found[at].row for at in own] + rows, len(own), language)
    pairs = []
    for place, at in enumerate(own):
        likes = alike.of(place)
        memory.learn(at, likes[len(own) :], owners, known)
        near = [int(other) for other in (likes[: len(own)] >= KEPT).nonzero()[0] if other > place]
        pairs += [(place, other, float(likes[other])) for other in near]
    likeness.update({(own[one], own[other]): much for one, other, much in pairs})
    headlines = {place for place, at in enumerate(own) if not found[at].is_term}
    among = [pair for pair in pairs if pair[0] in headlines and pair[1] in headlines]
    groups = grouped(len(own), among, LIMIT)
    return [[own[place] for place in group] for group in groups]


def _in_order(signals: Iterable[Signal]) -> list[Signal]:
    """The different signals, in an order that depends on what they say alone."""
    different = {signal.model_dump_json(): signal for signal in signals}
    return [different[key] for key in sorted(different, key=lambda key: (*different[key].identity, key))]


def _topic(members: Sequence[Item], places: Sequence[int], likeness: Likeness, known: KnownTopic) -> Topic:
    signals = tuple(one.signal for item in members for one in item.members)
    observed = [signal.observed_at for signal in signals]
    return Topic(
        id=known.id,
        label=_label(members, places, likeness),
        language=next((item.language for item in members if not item.is_term), members[0].language),
        signals=tuple(sorted(signals, key=lambda signal: (*signal.identity, signal.observed_at))),
        first_seen=min(known.first_seen, *observed),
        last_seen=max(observed),
    )


def _label(members: Sequence[Item], places: Sequence[int], likeness: Likeness) -> str:
    """The title most like the others, of a headline where there is one; of equals the shorter."""
    near = {
        place: sum(likeness.get((min(place, other), max(place, other)), 0.0) for other in places) for place in places
    }
    order = sorted(
        zip(places, members, strict=True),
        key=lambda pair: (pair[1].is_term, -round(near[pair[0]], 6), len(pair[1].title), pair[1].title),
    )
    return next((item.title for _, item in order if item.title), members[0].members[0].signal.key)
