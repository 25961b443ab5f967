"""The backtest: what it counts as growing, and that its orders rank what they say."""

from __future__ import annotations

from benchmarks.trends.__main__ import ORDERS, computed, precision
from benchmarks.trends.days import collections, gravity, stories
from pressroom.sources import trends


def test_invented_days_are_raw_answers_that_the_sources_read_and_each_order_is_measured() -> None:
    days = collections(numbers=range(8, 12))
    assert stories() == stories() and stories(1) != stories(2)
    assert all(trends.read(answer) or answer.source == "feeds" for _, answers in days for answer in answers)
    found = computed(days)
    shares = {title: precision(found, order) for title, order in ORDERS.items()}
    assert all(share is not None and 0 <= share <= 1 for share in shares.values())
    assert shares["trend score"] > shares["volume"] and shares["trend score"] > shares["TrendRadar's weight"]
    assert precision(found[:2], ORDERS["volume"]) is None
    assert gravity(101, 0) > gravity(101, 5) > gravity(11, 5)
