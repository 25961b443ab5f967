"""Earlier collections, by which the numbers of today are judged: each source's usual figures and speeds."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pressroom.model.trends import Signal

DAYS = 14
"""Days of which a source's figures are its usual ones."""
YOUNGEST = 1.0
"""Hours that the first figure of a signal took to come about, at least."""
Place = tuple[str, str]
Identity = tuple[str, str, str]


@dataclass(frozen=True)
class Figure:
    """A signal's metric at one time."""

    value: float
    at: dt.datetime


@dataclass(frozen=True)
class Past:
    """The last 14 days. By (source, region): `figures`, the metrics of its signals, and `speeds`, their change an hour.

    last: by identity, the last figure before today. arrivals: by identity, when the signal was first observed.
    """

    figures: Mapping[Place, tuple[float, ...]] = field(default_factory=dict)
    speeds: Mapping[Place, tuple[float, ...]] = field(default_factory=dict)
    last: Mapping[Identity, Figure] = field(default_factory=dict)
    arrivals: Mapping[Identity, dt.datetime] = field(default_factory=dict)


def past_of(signals: Iterable[Signal], now: dt.datetime) -> Past:
    """The past as the signals of earlier collections show it; later and older than 14 days is left out."""
    seen: dict[Identity, list[Signal]] = defaultdict(list)
    for signal in signals:
        if now - dt.timedelta(days=DAYS) <= signal.observed_at < now:
            seen[signal.identity].append(signal)
    figures: dict[Place, list[float]] = defaultdict(list)
    speeds: dict[Place, list[float]] = defaultdict(list)
    last: dict[Identity, Figure] = {}
    arrivals: dict[Identity, dt.datetime] = {}
    for identity in sorted(seen):
        in_time = sorted(seen[identity], key=lambda signal: (signal.observed_at, signal.volume or 0.0))
        arrivals[identity] = in_time[0].observed_at
        for signal in in_time:
            if signal.volume is None:
                continue
            figures[identity[:2]].append(signal.volume)
            speeds[identity[:2]].append(speed(signal, last.get(identity)))
            last[identity] = Figure(signal.volume, signal.observed_at)
    return Past(_sorted(figures), _sorted(speeds), last, arrivals)


def speed(signal: Signal, before: Figure | None) -> float:
    """How much a signal's metric changed an hour: since its last figure, else since it was published."""
    value = signal.volume or 0.0
    if before and before.at < signal.observed_at:
        return (value - before.value) / max(YOUNGEST, hours(signal.observed_at - before.at))
    since = signal.published_at or signal.observed_at
    return value / max(YOUNGEST, hours(signal.observed_at - since))


def hours(span: dt.timedelta) -> float:
    """A span of time in hours."""
    return span.total_seconds() / 3600


def usable(value: float | None) -> bool:
    """True for a number that can be compared."""
    return value is not None and math.isfinite(value)


def _sorted(values: Mapping[Place, list[float]]) -> dict[Place, tuple[float, ...]]:
    return {place: tuple(sorted(found)) for place, found in values.items()}
