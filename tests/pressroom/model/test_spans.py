"""Months, weeks and days of a calendar are those of its zone, also where the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pressroom.errors import WrongInput
from pressroom.model.spans import FIRST, LAST, Span, View, change_of, hours_of
from tests.pressroom.model.test_slots import WIDE, at

VIEWS: tuple[View, ...] = ("month", "week", "day")


def test_days_and_neighbours_of_each_view() -> None:
    table: list[tuple[View, str, str, str, int, str, str]] = [
        ("month", "2027-02-17", "2027-02-01", "2027-02-28", 28, "2027-01-31", "2027-03-01"),
        ("month", "2026-11-30", "2026-10-26", "2026-12-06", 42, "2026-10-31", "2026-12-01"),
        ("week", "2026-11-30", "2026-11-30", "2026-12-06", 7, "2026-11-29", "2026-12-07"),
        ("week", "2026-12-06", "2026-11-30", "2026-12-06", 7, "2026-11-29", "2026-12-07"),
        ("day", "2027-01-01", "2027-01-01", "2027-01-01", 1, "2026-12-31", "2027-01-02"),
    ]
    for view, wanted, first, last, count, before, after in table:
        span = Span(view=view, wanted=date.fromisoformat(wanted), zone="UTC")
        found = (span.days[0], span.days[-1], len(span.days), span.before, span.after)
        assert [str(each) for each in found] == [first, last, str(count), before, after]


def test_an_item_is_on_the_day_that_it_has_in_the_zone() -> None:
    """A week whose days are those of UTC is off by one for every evening in New York and every morning in Kolkata."""
    table = [
        ("America/New_York", "2026-12-07 04:30+00:00", "2026-12-06 23:30"),
        ("America/New_York", "2026-12-07 05:00+00:00", None),
        ("Asia/Kolkata", "2026-11-29 18:29+00:00", None),
        ("Asia/Kolkata", "2026-11-29 18:30+00:00", "2026-11-30 00:00"),
        ("UTC", "2026-11-30 05:30+05:30", "2026-11-30 00:00"),
    ]
    for zone, instant, wall in table:
        span = Span(view="week", wanted=date(2026, 12, 2), zone=zone)
        start, end = span.bounds
        placed = [row for rows in span.place([at(instant)], lambda each: each).values() for row in rows]
        assert [f"{shown:%F %R}" for shown, _ in placed] == [wall] * (wall is not None)
        assert (start <= at(instant) < end) is (wall is not None)


def test_items_of_the_hour_that_comes_twice_are_in_the_order_in_which_they_are_sent() -> None:
    instants = [at("2026-10-25 01:15+00:00"), at("2026-10-25 00:45+00:00"), at("2026-10-25 00:15+00:00")]
    span = Span(view="day", wanted=date(2026, 10, 25), zone="Europe/Berlin")
    (rows,) = span.place(instants, lambda each: each).values()
    assert [f"{wall:%R}" for wall, _ in rows] == ["02:15", "02:45", "02:15"]
    assert [item for _, item in rows] == sorted(instants)


def test_a_day_has_the_hours_that_its_clocks_show() -> None:
    table = [
        ("Europe/Berlin", "2027-06-01", 24, "", []),
        ("Europe/Berlin", "2027-03-28", 23, "The clocks go forward 60 minutes.", []),
        ("Europe/Berlin", "2027-10-31", 25, "The clocks go back 60 minutes.", ["02:00"]),
        ("Australia/Lord_Howe", "2025-10-05", 24, "The clocks go forward 30 minutes.", []),
        ("Australia/Lord_Howe", "2025-04-06", 25, "The clocks go back 30 minutes.", ["01:30"]),
        ("Africa/Cairo", "2025-04-25", 23, "The clocks go forward 60 minutes.", []),
        ("America/Scoresbysund", "2025-03-29", 23, "The clocks go forward 60 minutes.", []),
        ("Asia/Kolkata", "2027-03-28", 24, "", []),
    ]
    for zone, day, count, change, again in table:
        hours = hours_of(date.fromisoformat(day), zone)
        assert (len(hours), change_of(date.fromisoformat(day), zone)) == (count, change)
        assert [f"{hour.wall:%R}" for hour in hours if hour.is_again] == again
    assert [f"{hour.wall:%R}" for hour in hours_of(date(2027, 3, 28), "Europe/Berlin")][1:3] == ["01:00", "03:00"]


@settings(max_examples=40)
@given(
    st.sampled_from(VIEWS),
    st.dates(FIRST, date(2100, 1, 1)),
    st.sampled_from(WIDE),
    st.lists(st.integers(-50, 50), max_size=5),
)
def test_every_item_within_the_bounds_has_a_day_and_spans_follow_each_other(
    view: View, wanted: date, zone: str, hours: list[int]
) -> None:
    span = Span(view=view, wanted=wanted, zone=zone)
    start, end = span.bounds
    instants = {datetime(wanted.year, wanted.month, wanted.day, 12, tzinfo=UTC) + timedelta(hours=n) for n in hours}
    placed = [item for rows in span.place(instants, lambda each: each).values() for _, item in rows]
    assert placed == sorted(each for each in instants if start <= each < end)
    assert wanted in span.days
    assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(span.days))
    following = Span(view=view, wanted=span.after, zone=zone)
    assert Span(view=view, wanted=following.before, zone=zone).days == span.days


def test_a_calendar_begins_and_ends_and_knows_its_zones() -> None:
    for view in VIEWS:
        assert Span(view=view, wanted=FIRST, zone="UTC").before == FIRST
        assert Span(view=view, wanted=LAST, zone="UTC").after == LAST
        assert all(Span(view=view, wanted=day, zone="Asia/Kolkata").bounds for day in (FIRST, LAST))
    with pytest.raises(ValidationError):
        Span(view="day", wanted=date(1999, 12, 31), zone="UTC")
    with pytest.raises(WrongInput, match="not a time zone"):
        _ = Span(view="day", wanted=FIRST, zone="Mars/Olympus").bounds
