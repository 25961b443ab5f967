"""How much a topic is talked about, from its signals alone: `docs/trends.md` has the formula in words.

Each part is between 0 and 1, and more of a good thing never lowers it: another source, a younger or a faster signal.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import NormalDist, median

from pressroom.model.trends import Signal, SourceFamily, Topic, TrendScore, Weights
from pressroom.sources.topics.bursts import bursting, voice
from pressroom.sources.topics.categories import half_life
from pressroom.sources.topics.past import Past, Place, hours, speed, usable

SHARES = (0.8, 0.5, 0.3)
"""How far one kind of source is believed: the strongest, the second, each further one."""
UNCOUNTED = 0.8
"""Weight of a signal whose source gives no figure."""
RECENT = 12.0
"""Hours in which an article without figures counts as an arrival."""
STEADY = 1.0
"""Standard deviations above the usual speed at which velocity is 0.5."""
MAD = 1.4826
"""Standard deviations of a normal distribution in one median absolute deviation."""
LEAST_SPREAD = 0.1
"""The spread of logarithms that is taken at least."""
KINDS, DOMAINS, MOST_DOMAINS = 0.7, 0.1, 10
"""Breadth: how fast it grows with each further kind of source, and what ten domains add."""
FIT, COVERED = 0.6, 0.7
"""Share of the trend that hangs on fit, and that full coverage takes away."""
UNCONFIRMED = 0.6
"""Share of the opportunity that is left while a single source speaks of it."""
NOTHING = 25.0
"""The trend at which an opportunity is over at once."""
SHORTEST, LONGEST, FALLING = 6.0, 168.0, 12.0
"""Hours of an opportunity: at least, at most, and at most once its topic loses speed."""
ENOUGH, FEWEST = 8, 3
"""Speeds of the past from which it tells the usual one; days of history that do."""
WEEK = 14
"""Days of history from which weekdays are told apart."""


def score(
    topics: Iterable[Topic],
    past: Past,
    weights: Weights,
    fit: Mapping[str, float],
    covered: Mapping[str, float],
    now: dt.datetime,
    *,
    region: str = "",
    safety: Mapping[str, float] | None = None,
) -> tuple[TrendScore, ...]:
    """The scores of topics for one region, best opportunity first; by id where equal.

    region: signals of it and of the whole world count; empty: all do. A topic without such a signal has no score.
    fit, covered, safety: by topic id between 0 and 1; taken as 0, 0 and 1 where missing.
    """
    read = {topic.id: (topic, _current(topic.signals, region)) for topic in topics}
    usual = _Usual(past, [signal for _, signals in read.values() for signal in signals])
    scores = [
        _score(topic, signals, usual, weights, now, region, _bounded(key, fit, covered, safety or {}))
        for key, (topic, signals) in read.items()
        if signals
    ]
    return tuple(sorted(scores, key=lambda one: (-one.opportunity, -one.trend, one.topic_id)))


def _bounded(
    key: str, fit: Mapping[str, float], covered: Mapping[str, float], safety: Mapping[str, float]
) -> tuple[float, float, float]:
    """Fit, coverage and safety of a topic, each brought between 0 and 1."""
    given = (fit.get(key, 0.0), covered.get(key, 0.0), safety.get(key, 1.0))
    fitting, before, safe = (min(1.0, max(0.0, value)) for value in given)
    return fitting, before, safe


def _current(signals: Iterable[Signal], region: str) -> list[Signal]:
    """The newest observation of each signal that counts in a region."""
    newest: dict[tuple[str, str, str], Signal] = {}
    for signal in signals:
        if region and signal.region not in ("", region):
            continue
        before = newest.get(signal.identity)
        if before is None or _recency(signal) > _recency(before):
            newest[signal.identity] = signal
    return [newest[identity] for identity in sorted(newest)]


def _recency(signal: Signal) -> tuple[dt.datetime, float, str]:
    return signal.observed_at, signal.volume or 0.0, signal.title


class _Usual:
    """Each source's usual figures and speeds in a region: those of 14 days, and today's where they are needed."""

    def __init__(self, past: Past, signals: Sequence[Signal]) -> None:
        self.past = past
        figures: dict[Place, list[float]] = defaultdict(list)
        speeds: dict[Place, list[float]] = defaultdict(list)
        for signal in signals:
            if usable(signal.volume):
                figures[signal.identity[:2]].append(_log(signal.volume or 0.0))
                speeds[signal.identity[:2]].append(_log(speed(signal, past.last.get(signal.identity))))
        for place, values in past.figures.items():
            figures[place] += [_log(value) for value in values if usable(value)]
        self._figures = {place: sorted(values) for place, values in figures.items()}
        self._today = {place: sorted(values) for place, values in speeds.items()}
        self._past = {p: [_log(v) for v in values if usable(v)] for p, values in past.speeds.items()}
        self._spread = {p: _middle(values) for p, values in self._past.items() if len(values) >= ENOUGH}

    def volume(self, signal: Signal) -> float:
        """The share of its source's figures that a signal's figure reaches."""
        value = _log(signal.volume or 0.0)
        return _rank(self._figures[signal.identity[:2]], value) if value > 0 else 0.0

    def velocity(self, signal: Signal) -> float:
        """How far above the usual a signal moves, 0 to 1."""
        above = _above_history(signal)
        if above is None:
            place = signal.identity[:2]
            pace = _log(speed(signal, self.past.last.get(signal.identity)))
            if place in self._spread:
                middle, spread = self._spread[place]
                above = (pace - middle) / spread
            else:
                above = NormalDist().inv_cdf(_rank(self._today[place], pace))
        return _logistic(above - STEADY)


def _score(
    topic: Topic,
    signals: Sequence[Signal],
    usual: _Usual,
    weights: Weights,
    now: dt.datetime,
    region: str,
    said: tuple[float, float, float],
) -> TrendScore:
    fit, covered, safe = said
    volume, velocity = _volume(signals, usual), _velocity(signals, usual, now)
    fresh, breadth = _freshness(topic, signals, now), _breadth(signals)
    weighted = (
        weights.volume * volume + weights.velocity * velocity + weights.freshness * fresh + weights.breadth * breadth
    )
    trend = 100 * min(1.0, weighted)
    sure = safe * (1.0 if _confirmed(signals) else UNCONFIRMED)
    return TrendScore(
        topic_id=topic.id,
        region=region,
        volume=round(volume, 6),
        velocity=round(velocity, 6),
        freshness=round(fresh, 6),
        breadth=round(breadth, 6),
        fit=round(fit, 6),
        covered=round(covered, 6),
        bursting=bursting(signals, usual.past.arrivals, now),
        trend=round(trend, 4),
        opportunity=round(trend * (1 - FIT + FIT * fit) * (1 - COVERED * covered) * sure, 4),
    )


def _volume(signals: Sequence[Signal], usual: _Usual) -> float:
    def of(group: Sequence[Signal]) -> float:
        counted = [usual.volume(signal) for signal in group if usable(signal.volume)]
        silent = [signal for signal in group if not usable(signal.volume)]
        many = len(voices(silent))
        ranks = [10 / (9 + signal.rank) for signal in silent if signal.rank]
        return max([*counted, UNCOUNTED * many / (many + 3), *(UNCOUNTED * rank for rank in ranks)])

    return _together(signals, of)


def _velocity(signals: Sequence[Signal], usual: _Usual, now: dt.datetime) -> float:
    def of(group: Sequence[Signal]) -> float:
        counted = [usual.velocity(signal) for signal in group if usable(signal.volume)]
        silent = [signal for signal in group if not usable(signal.volume)]
        recent = [signal for signal in silent if hours(now - time_of(signal)) <= RECENT]
        return max([*counted, *([_logistic(math.log2(1 + len(voices(recent))) - STEADY)] if silent else [])])

    return _together(signals, of)


def _together(signals: Sequence[Signal], value: Callable[[Sequence[Signal]], float]) -> float:
    """One number from the kinds of sources: each is believed in part, so that a single one never says it all."""
    kinds: dict[SourceFamily, list[Signal]] = defaultdict(list)
    for signal in signals:
        kinds[signal.family].append(signal)
    values = sorted((value(group) for group in kinds.values()), reverse=True)
    return 1 - math.prod(1 - SHARES[min(at, len(SHARES) - 1)] * much for at, much in enumerate(values))


def _freshness(topic: Topic, signals: Sequence[Signal], now: dt.datetime) -> float:
    age = max(0.0, hours(now - max(time_of(signal) for signal in signals)))
    return float(2 ** (-age / half_life(topic.category)))


def _breadth(signals: Sequence[Signal]) -> float:
    kinds = len({signal.family for signal in signals})
    return min(
        1.0, 1 - math.exp(-KINDS * (kinds - 1)) + DOMAINS * min(len(voices(signals)), MOST_DOMAINS) / MOST_DOMAINS
    )


def _confirmed(signals: Sequence[Signal]) -> bool:
    """True when two kinds of sources or two publishers of the press have it."""
    kinds = {signal.family for signal in signals}
    return len(kinds) > 1 or (len(voices(signals)) > 1 and kinds == {SourceFamily.PRESS})


def voices(signals: Iterable[Signal]) -> frozenset[str]:
    """All that speak independently of one another about it."""
    return frozenset(map(voice, signals))


def time_of(signal: Signal) -> dt.datetime:
    """When a signal came about; never after it was observed, whatever its source says."""
    return min(signal.published_at or signal.observed_at, signal.observed_at)


def expiry(score: TrendScore, category: str, now: dt.datetime, *, falling: bool = False) -> dt.datetime:
    """When an opportunity of this score is over. falling: the topic lost speed in two collections one after another."""
    lasting = 2 * half_life(category) * math.log2(max(score.trend, 1.0) / NOTHING)
    longest = FALLING if falling else LONGEST
    return now + dt.timedelta(hours=min(max(lasting, SHORTEST), longest))


def _above_history(signal: Signal) -> float | None:
    """Standard deviations of a figure above the days before, weekdays told apart; None without enough days."""
    days = sorted((one.day, _log(one.value)) for one in signal.history if usable(one.value))
    days = [(day, value) for day, value in days if day < signal.observed_at.date()]
    if len(days) < FEWEST:
        return None
    every = median(value for _, value in days)
    usual = {n: median(v for day, v in days if day.weekday() == n) - every for n in {day.weekday() for day, _ in days}}
    effect = usual if len(days) >= WEEK else {}
    middle, spread = _middle([value - effect.get(day.weekday(), 0.0) for day, value in days])
    today = (days[-1][0] + dt.timedelta(days=1)).weekday()
    return (_log(signal.volume or 0.0) - effect.get(today, 0.0) - middle) / spread


def _middle(values: Sequence[float]) -> tuple[float, float]:
    """Median and standard deviation by the median of the deviations."""
    middle = median(values)
    return middle, max(LEAST_SPREAD, MAD * median(abs(value - middle) for value in values))


def _rank(values: Sequence[float], value: float) -> float:
    """The share of values up to `value`, never 0 or 1."""
    return bisect_right(values, value) / (len(values) + 1) or 0.5 / (len(values) + 1)


def _log(value: float) -> float:
    return math.copysign(math.log1p(abs(value)), value)


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, value))))
