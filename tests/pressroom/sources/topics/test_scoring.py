"""Scores: more of a good thing never lowers them, and no source alone can make them high."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.model.trends import DayFigure, Signal, Weights
from pressroom.sources.topics import Past, expiry, past_of, score
from pressroom.sources.topics.bursts import in_burst
from tests.pressroom.sources.topics.making import KINDS, NOW, signal, topic, trend

FIGURES = st.one_of(st.none(), st.floats(0, 1e9))
SIGNALS = st.lists(
    st.builds(
        lambda source, number, hours, figure: signal(source, str(number), "T", ago=hours, figure=figure),
        st.sampled_from(sorted(KINDS)),
        st.integers(0, 9),
        st.floats(0, 100),
        FIGURES,
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda one: one.identity,
)
PASTS = st.sampled_from(
    [Past(), past_of([signal("hackernews", f"p{n}", "x", ago=40, seen=30, figure=n * n) for n in range(30)], NOW)]
)
CLOSE = 1e-9


@settings(max_examples=60, deadline=None)
@given(SIGNALS, PASTS, st.sampled_from(sorted(KINDS)), FIGURES, st.floats(0, 100))
def test_one_more_source_never_lowers_the_score(
    signals: list[Signal], past: Past, source: str, figure: float | None, hours: float
) -> None:
    more = signal(source, "one more", "T", ago=hours, figure=figure)
    before, after = (score([topic(*all_)], past, Weights(), {}, {}, NOW)[0] for all_ in (signals, [*signals, more]))
    assert after.trend >= before.trend - CLOSE
    assert after.opportunity >= before.opportunity - CLOSE


@settings(max_examples=60, deadline=None)
@given(SIGNALS, PASTS, st.integers(0, 7), st.floats(0, 1))
def test_younger_and_faster_never_lower_the_score(signals: list[Signal], past: Past, which: int, share: float) -> None:
    one = signals[which % len(signals)]
    age = NOW - (one.published_at or NOW)
    younger = one.model_copy(update={"published_at": NOW - age * share})
    figures = {name: value * (1 + share) + share for name, value in one.figures.items()}
    for better in (younger, one.model_copy(update={"figures": figures})):
        changed = [better if other is one else other for other in signals]
        assert trend(*changed, past=past) >= trend(*signals, past=past) - CLOSE


@settings(max_examples=40, deadline=None)
@given(SIGNALS, st.randoms(use_true_random=False))
def test_the_order_of_topics_and_signals_changes_nothing(signals: list[Signal], dice: object) -> None:
    topics = [topic(one, name=str(number)) for number, one in enumerate(signals)] + [topic(*signals, name="all")]
    shuffled = [one.model_copy(update={"signals": tuple(reversed(one.signals))}) for one in reversed(topics)]
    given_ = (Past(), Weights(), {"all": 0.5}, {"0": 0.2}, NOW)
    assert score(topics, *given_) == score(shuffled, *given_)


def test_duplicates_of_one_source_never_raise_breadth() -> None:
    one = [signal("reddit", "0", "T"), signal("feeds", "0", "T", url="https://news.example.com/a")]
    copies = [signal("reddit", str(n), "T", url=f"https://x{n}.example/{n}") for n in range(50)]
    copies += [signal("feeds", str(n), "T", url=f"https://www.example.com/{n}") for n in range(50)]
    few, many = (score([topic(*all_)], Past(), Weights(), {}, {}, NOW)[0] for all_ in (one, one + copies))
    assert few.breadth == many.breadth


def test_a_million_views_in_one_place_are_less_than_three_kinds_of_sources() -> None:
    usual = [signal("youtube", f"p{n}", "x", ago=50, seen=40, figure=1000 + n) for n in range(40)]
    usual += [signal("reddit", f"p{n}", "x", ago=50, seen=40, figure=50 + n) for n in range(40)]
    past = past_of(usual, NOW)
    loud = topic(signal("youtube", "a", "Loud", figure=1e6), name="loud")
    broad = topic(
        signal("youtube", "b", "Broad", figure=1030),
        signal("reddit", "b", "Broad", figure=85),
        signal("feeds", "b", "Broad", url="https://a.example/1"),
        name="broad",
    )
    scores = {one.topic_id: one for one in score([loud, broad], past, Weights(), {}, {}, NOW)}
    assert scores["broad"].trend > scores["loud"].trend
    assert scores["broad"].opportunity > 1.5 * scores["loud"].opportunity
    assert scores["loud"].volume <= 0.8


def test_odd_input_gives_scores_in_range_or_none() -> None:
    assert score([], Past(), Weights(), {}, {}, NOW) == ()
    tomorrow = signal("hackernews", "1", "T", ago=-24, figure=5)
    strange = [signal("hackernews", str(n), "T", figure=value) for n, value in enumerate((math.nan, math.inf, -5, 0))]
    for signals in ([tomorrow], strange, [one.model_copy(update={"published_at": None}) for one in strange]):
        one = score([topic(*signals)], Past(), Weights(), {"t": 7.0}, {"t": -1.0}, NOW)[0]
        assert all(0 <= part <= 1 for part in (one.volume, one.velocity, one.freshness, one.breadth, one.fit))
        assert one.covered == 0
        assert 0 <= one.opportunity <= one.trend <= 100


def test_a_region_counts_its_own_signals_and_those_of_the_world() -> None:
    german, world = signal("google", "1", "T", region="DE", figure=10), signal("hackernews", "1", "T", figure=10)
    both, german_only = topic(german, world, name="both"), topic(german, name="german")
    scores = {one.topic_id: one for one in score([both, german_only], Past(), Weights(), {}, {}, NOW, region="FR")}
    assert set(scores) == {"both"}
    assert scores["both"].region == "FR"
    assert scores["both"].breadth < score([both], Past(), Weights(), {}, {}, NOW, region="DE")[0].breadth


def test_the_newest_observation_counts_and_speed_comes_from_the_one_before() -> None:
    before = signal("hackernews", "1", "T", ago=20, seen=6, figure=10)
    crowd = [signal("hackernews", f"p{n}", "x", ago=30, seen=6 + n % 3, figure=20 + n) for n in range(20)]
    past = past_of([before, *crowd], NOW)
    fast, slow = (signal("hackernews", "1", "T", ago=20, figure=value) for value in (600, 11))
    parts = [score([topic(before, now)], past, Weights(), {}, {}, NOW)[0] for now in (fast, slow)]
    assert parts[0].velocity > 0.7 > 0.5 > parts[1].velocity


def test_a_weekly_rhythm_is_no_news() -> None:
    """Figures that double each Monday are usual on a Monday and unusual on a Thursday."""
    monday = dt.date(2026, 11, 30)
    days = [monday - dt.timedelta(days=n) for n in range(1, 29)]
    history = tuple(DayFigure(day=day, value=200 if day.weekday() == 0 else 100) for day in days)
    on_monday = signal("wikipedia", "a", "A", figure=200, history=history)
    thursday = tuple(one.model_copy(update={"day": one.day - dt.timedelta(days=4)}) for one in history)
    moved = tuple(one.model_copy(update={"value": 200 if one.day.weekday() == 0 else 100}) for one in thursday)
    on_thursday = signal("wikipedia", "a", "A", figure=200, history=moved)
    usual, unusual = (
        score([topic(one)], Past(), Weights(), {}, {}, NOW)[0].velocity for one in (on_monday, on_thursday)
    )
    assert usual < 0.3
    assert unusual > 0.6


def test_bursts_are_arrivals_at_twice_the_rate() -> None:
    assert not in_burst([]) and not in_burst([0.0] * 28) and not in_burst([3.0] * 28)
    assert in_burst([1.0] * 26 + [6.0, 7.0])
    assert not in_burst([1.0] * 10 + [6.0, 7.0] + [1.0] * 16)
    spam = [signal("reddit", str(n), "T", ago=1) for n in range(40)]
    press = [signal("feeds", str(n), "T", ago=1, url=f"https://p{n}.example/a") for n in range(8)]
    assert [score([topic(*all_)], Past(), Weights(), {}, {}, NOW)[0].bursting for all_ in (spam, press)] == [
        False,
        True,
    ]


def test_an_opportunity_lasts_by_trend_and_category() -> None:
    weak, strong = (score([topic(signal("feeds", "1", "T"))], Past(), Weights(), {}, {}, NOW)[0] for _ in range(2))
    weak, strong = weak.model_copy(update={"trend": 20.0}), strong.model_copy(update={"trend": 50.0})
    hours = [
        (expiry(one, name, NOW) - NOW).total_seconds() / 3600 for one, name in ((weak, "world"), (strong, "world"))
    ]
    assert hours == [6, 24]
    assert expiry(strong, "health", NOW) - NOW == dt.timedelta(hours=168)
    assert expiry(strong, "health", NOW, falling=True) - NOW == dt.timedelta(hours=12)


def test_fit_raises_and_coverage_lowers_the_opportunity() -> None:
    topics = [topic(signal("feeds", "1", "T"), name=name) for name in ("fits", "plain", "covered")]
    scores = score(topics, Past(), Weights(), {"fits": 1.0}, {"covered": 1.0}, NOW, safety={"plain": 1.0})
    assert [one.topic_id for one in scores] == ["fits", "plain", "covered"]
    assert scores[0].opportunity == pytest.approx(scores[1].opportunity / 0.4, abs=1e-3)
    assert scores[2].opportunity == pytest.approx(scores[1].opportunity * 0.3, abs=1e-3)
    assert score(topics[:1], Past(), Weights(), {}, {}, NOW, safety={"fits": 0.0})[0].opportunity == 0
