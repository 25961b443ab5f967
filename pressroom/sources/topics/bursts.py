"""Bursts: times in which arrivals come at twice their usual rate (Kleinberg's automaton with two states)."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence

from pressroom.model.trends import Signal, SourceFamily
from pressroom.sources.topics.addresses import canonical, domain

BUCKET, BUCKETS = 6.0, 28
"""Hours of one count of arrivals, and counts that are looked at: seven days."""
FASTER, GAMMA = 2.0, 1.0
"""How many times the usual rate a burst is, and how dear it is to enter one."""


def in_burst(counts: Sequence[float]) -> bool:
    """True when the cheapest reading of a series of counts ends in a burst."""
    total = math.fsum(counts)
    if total <= 0 or len(counts) < 2:
        return False
    usual = total / len(counts)
    rates = (usual, FASTER * usual)
    enter = GAMMA * math.log(len(counts))
    calm, burst = 0.0, enter
    for count in counts:
        costs = [rate - count * math.log(rate) for rate in rates]
        calm, burst = min(calm, burst) + costs[0], min(calm + enter, burst) + costs[1]
    return burst < calm


def bursting(signals: Sequence[Signal], arrivals: Mapping[tuple[str, str, str], dt.datetime], now: dt.datetime) -> bool:
    """True when independent sources take a topic up faster than before, or one's figures by day do.

    arrivals: by identity, when a signal was first observed. Many signals of one source at one time count once.
    """
    heard: set[tuple[int, str]] = set()
    for signal in signals:
        first = min(signal.published_at or now, arrivals.get(signal.identity, signal.observed_at), signal.observed_at)
        ago = int(max(0.0, (now - first).total_seconds()) / 3600 / BUCKET)
        if ago < BUCKETS:
            heard.add((BUCKETS - 1 - ago, voice(signal)))
    counts = [0.0] * BUCKETS
    for bucket, _ in heard:
        counts[bucket] += 1
    return in_burst(counts) or any(in_burst(_days(signal)) for signal in signals)


def voice(signal: Signal) -> str:
    """The independent speaker behind a signal: a publisher of the press by domain or name, any other source as one."""
    if signal.family is SourceFamily.PRESS:
        return domain(canonical(signal.url)) or signal.publisher or signal.source
    return f"source {signal.source}"


def _days(signal: Signal) -> list[float]:
    """A signal's figures by day up to now; empty where it has too few."""
    days = sorted((one.day, one.value) for one in signal.history if math.isfinite(one.value) and one.value >= 0)
    now = signal.volume
    if len(days) < 3 or now is None or not math.isfinite(now):
        return []
    return [*(value for _, value in days), max(0.0, now)]
