"""Quotas: a pure answer to "may it be asked now", by the day of the source's own zone."""

from __future__ import annotations

import datetime as dt

from pressroom.sources.trends import Call, Quota
from pressroom.sources.trends.shared.quotas import left, may_ask, renews
from pressroom.zones import zone_of

PACIFIC = "America/Los_Angeles"
SEARCHES = Quota("searches", most=12, path=r"/search\?", zone=PACIFIC)
SEARCH = "https://video.example/v3/search?q=a"


def test_a_simulated_week_never_exceeds_the_quota_across_both_changes_of_the_clock() -> None:
    """Days of 23 and of 25 hours: a call every 20 minutes, and no more than 12 of a Pacific day are let through."""
    zone = zone_of(PACIFIC)
    for start in (dt.datetime(2026, 3, 5, tzinfo=dt.UTC), dt.datetime(2026, 10, 29, tzinfo=dt.UTC)):
        made: list[Call] = []
        for step in range(7 * 72):
            now = start + dt.timedelta(minutes=20 * step)
            if may_ask([SEARCHES], SEARCH, made, now):
                made.append(Call(SEARCH, now))
        days = [call.at.astimezone(zone).date() for call in made]
        assert max(days.count(day) for day in set(days)) == 12
        assert len(set(days)) == 8
        assert all(days.count(day) == 12 for day in sorted(set(days))[1:-1])


def test_the_day_is_the_zones_and_not_utcs() -> None:
    evening = dt.datetime(2026, 3, 3, 7, 59, tzinfo=dt.UTC)  # 23:59 on the 2nd in California
    made = [Call(SEARCH, evening)] * 12
    assert not may_ask([SEARCHES], SEARCH, made, evening)
    assert renews(SEARCHES, evening) == dt.datetime(2026, 3, 3, 8, tzinfo=dt.UTC)
    assert may_ask([SEARCHES], SEARCH, made, dt.datetime(2026, 3, 3, 8, tzinfo=dt.UTC))
    summer = dt.datetime(2026, 3, 8, 20, tzinfo=dt.UTC)
    assert renews(SEARCHES, summer) == dt.datetime(2026, 3, 9, 7, tzinfo=dt.UTC)


def test_only_its_own_calls_count_against_a_quota() -> None:
    now = dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC)
    made = [Call("https://video.example/v3/videos?chart=popular", now)] * 50
    assert left(SEARCHES, made, now) == 12
    minute = Quota("requests a minute", most=2, seconds=60)
    recent = [Call("a", now - dt.timedelta(seconds=each)) for each in (10, 59, 61)]
    assert left(minute, recent, now) == 0
    assert left(minute, recent, now + dt.timedelta(seconds=3)) == 1
