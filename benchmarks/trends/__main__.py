"""`python -m benchmarks.trends`: of each order's first ten topics, how many still grow 12 hours later."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from statistics import mean

from benchmarks.shared.machine import describe
from benchmarks.trends.days import collections, gravity
from pressroom.model.trends import KnownTopic, RawAnswer, Signal, Topic
from pressroom.sources.topics import past_of
from pressroom.sources.topics.past import hours
from pressroom.sources.topics.scoring import time_of, voices
from pressroom.writing.opportunities.computing import Computed, compute, read_answers
from pressroom.writing.opportunities.inputs import Inputs, PastValues

FIRST = 10
SOON, LATER = dt.timedelta(hours=6), dt.timedelta(hours=12)
GROWN = 0.05
"""Share of its attention that a topic gains between 6 and 12 hours later to be one that still grows."""
A_VOICE = 20.0
"""Points that one publisher more counts as."""
HIGH, RANKS = 5, 10
"""Ranks that are high for TrendRadar's weight, and those that count at all."""

Order = Callable[[Computed, Topic], float]


def computed(days: Sequence[tuple[dt.datetime, Sequence[RawAnswer]]]) -> list[Computed]:
    """Topics and scores of each collection, with what was known before it, as the flow has it."""
    known: dict[str, KnownTopic] = {}
    earlier: list[Signal] = []
    found = []
    for now, answers in days:
        signals = read_answers(answers).signals
        inputs = Inputs(now=now, known=tuple(known.values()), past=PastValues.of(past_of(earlier, now)))
        found.append(compute(inputs, signals))
        known |= found[-1].known
        earlier += signals
    return found


def precision(found: Sequence[Computed], order: Order) -> float | None:
    """Mean over collections of the share of the first ten topics by `order` that still grow; None for too few."""
    at = {one.now: one for one in found}
    shares = []
    for one in found:
        soon, later = at.get(one.now + SOON), at.get(one.now + LATER)
        if soon is None or later is None or len(one.topics) < FIRST:
            continue
        values = {key: order(one, topic) for key, topic in one.topics.items()}
        first = sorted(values, key=lambda key: (-values[key], key))[:FIRST]
        shares.append(mean(_grows(key, one.topics, soon.topics, later.topics) for key in first))
    return mean(shares) if shares else None


def _grows(key: str, now: Mapping[str, Topic], soon: Mapping[str, Topic], later: Mapping[str, Topic]) -> bool:
    if key not in soon or key not in later:
        return False
    return _attention(later[key]) - _attention(soon[key]) >= GROWN * max(1.0, _attention(now[key]))


def _attention(topic: Topic) -> float:
    return _volume(topic) + A_VOICE * len(voices(topic.signals))


def _volume(topic: Topic) -> float:
    return sum(signal.volume or 0.0 for signal in topic.signals)


def by_score(found: Computed, topic: Topic) -> float:
    return next((one.trend for one in found.scores if one.topic_id == topic.id), 0.0)


def by_volume(_: Computed, topic: Topic) -> float:
    return _volume(topic)


def by_gravity(found: Computed, topic: Topic) -> float:
    """The highest (points - 1) / (hours + 2)^1.8 of its signals."""
    return max(gravity(one.volume or 1.0, hours(found.now - time_of(one))) for one in topic.signals)


def by_trend_radar(found: Computed, topic: Topic) -> float:
    """TrendRadar's weight: 0.6 of the mean rank, 0.3 of how often it is listed, 0.1 of how often high. No time."""
    ranks = [_ranks(found)[one.identity] for one in topic.signals]
    points = mean(11 - min(rank, RANKS) for rank in ranks)
    return 0.6 * points * 10 + 0.3 * min(len(ranks), 10) * 10 + 0.1 * mean(rank <= HIGH for rank in ranks) * 100


_RANKED: dict[int, dict[tuple[str, str, str], int]] = {}


def _ranks(found: Computed) -> dict[tuple[str, str, str], int]:
    """Each signal's place in its publisher's list: by its figure, else the newest first."""
    if id(found) not in _RANKED:
        lists: dict[str, list[Signal]] = {}
        for topic in found.topics.values():
            for one in topic.signals:
                place = one.source if one.volume is not None else f"{one.source} {one.publisher}"
                lists.setdefault(place, []).append(one)
        for rows in lists.values():
            rows.sort(key=lambda one: (-(one.volume or 0.0), -time_of(one).timestamp(), one.key))
        _RANKED[id(found)] = {one.identity: at for rows in lists.values() for at, one in enumerate(rows, 1)}
    return _RANKED[id(found)]


ORDERS: Mapping[str, Order] = {
    "trend score": by_score,
    "volume": by_volume,
    "HN gravity": by_gravity,
    "TrendRadar's weight": by_trend_radar,
}


def stored() -> list[Computed]:
    """The collections that the workspace of the settings has stored, computed again from their raw answers."""
    from apps.cli.local import as_operator, store
    from pressroom.store.tables import utc_now
    from pressroom.writing.opportunities.replaying import stored_collections

    database, caller = as_operator(None)
    since = utc_now() - dt.timedelta(days=14)
    kept = stored_collections(database, store(), caller.workspace_id, None, since)
    return [replace(each.compute(), now=each.plan.slot) for each in kept]


def main() -> int:
    """Exit code 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trends", description=__doc__)
    parser.add_argument("--stored", action="store_true", help="on this home's own collections, not the invented days")
    parser.add_argument("--worlds", type=int, default=1, help="how many times ten days are invented")
    given, _ = parser.parse_known_args()
    print(describe(["numpy"]))
    print(f"\nPrecision at {FIRST}: topics of an order's first {FIRST} that gain {GROWN:.0%} between 6 and 12 h later")
    worlds = {"this home": stored()} if given.stored else {
        f"invented days {seed}": computed(collections(seed)) for seed in range(1, given.worlds + 1)
    }  # fmt: skip
    for name, found in worlds.items():
        print(f"\n{name}: {len(found)} collections, {sum(len(one.topics) for one in found)} topics", flush=True)
        for title, order in ORDERS.items():
            value = precision(found, order)
            print(f"  {title:<24}{'too few collections' if value is None else f'{value:.2f}'}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
