"""A queue: its free slots, and an outage without a burst."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.model.planned_times import (
    SPACING,
    free_instants,
    next_free,
    replan,
)
from pressroom.model.schedules import WEEK
from pressroom.model.slots import DEFAULT_SLOTS, Slot, slot_instants
from tests.pressroom.model.test_slots import ZONES, at, slot, week_slots

MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
DAILY = [slot(f"{day} 09:00") for day in WEEK]

moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))


def day(number: float) -> datetime:
    """Nine o'clock, so many days after the Monday."""
    return MONDAY + timedelta(days=number, hours=9)


def test_the_next_free_slot_is_far_enough_from_what_is_taken() -> None:
    table: list[tuple[list[datetime], float, float]] = [
        ([], 10, 0),
        ([day(0)], 10, 1),
        ([day(0) + timedelta(minutes=9)], 10, 1),
        ([day(0) + timedelta(minutes=10)], 10, 0),
        ([day(0) - timedelta(minutes=9), day(1)], 10, 2),
        ([day(0)], 0, 1),
        ([day(0) + timedelta(seconds=1)], 0, 0),
        ([day(1), day(0), day(3)], 10, 2),
    ]
    for taken, minutes, free in table:
        assert next_free(DAILY, "UTC", MONDAY, set(taken), timedelta(minutes=minutes)) == day(free)


def test_a_queue_is_full_when_every_slot_of_the_horizon_is_taken() -> None:
    taken = set(slot_instants(DEFAULT_SLOTS, "Europe/Berlin", MONDAY))
    assert next_free(DEFAULT_SLOTS, "Europe/Berlin", MONDAY, taken) is None
    assert next_free(DEFAULT_SLOTS, "Europe/Berlin", MONDAY, taken - {max(taken)}) == max(taken)
    assert next_free([], "UTC", MONDAY) is None


def test_slots_nearer_to_each_other_than_the_spacing_are_not_both_given() -> None:
    near = [slot("mon 09:00"), slot("mon 09:05"), slot("mon 09:10")]
    assert list(free_instants(near, "UTC", MONDAY, horizon_days=1)) == [day(0), day(0) + SPACING]


def test_a_taken_moment_is_the_same_one_in_every_zone_also_within_the_hour_that_comes_twice() -> None:
    taken = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    sunday = [slot("sun 02:30")]
    for zone in ZONES:
        local = taken.astimezone(ZoneInfo(zone))
        free = next_free(sunday, "Europe/Berlin", at("2026-10-24 12:00+00:00"), {local})
        assert free == datetime(2026, 11, 1, 1, 30, tzinfo=UTC)


@settings(max_examples=60)
@given(
    st.lists(week_slots, max_size=8),
    st.sampled_from(ZONES),
    moments,
    st.lists(st.integers(0, 14 * 24 * 12), max_size=40),
    st.integers(0, 300),
)
def test_a_free_slot_is_never_taken_and_never_too_near(
    slots: list[Slot], zone: str, after: datetime, offsets: list[int], minutes: int
) -> None:
    taken = {after + timedelta(minutes=5 * offset) for offset in offsets}
    spacing = timedelta(minutes=minutes)
    found = list(free_instants(slots, zone, after, taken, spacing, 14))
    own = list(slot_instants(slots, zone, after, 14))
    every = sorted(taken) + found
    assert set(found) <= set(own)
    assert not taken & set(found)
    assert all(abs(each - other) >= spacing for each in found for other in every if other != each)
    assert next_free(slots, zone, after, taken, spacing, 14) == (found[0] if found else None)
    missed = [each for each in own if each not in found]
    assert all(any(abs(each - other) < max(spacing, timedelta(0, 1)) for other in every) for each in missed)


def test_an_outage_of_seven_days_ends_in_no_burst() -> None:
    """A week of items is due at once; each gets a slot of its own, and those that are taken stay so."""
    for zone in ZONES:
        for start in ("2025-03-27 12:00+00:00", "2025-10-23 12:00+00:00"):  # a change of clocks lies in each
            down, up = at(start), at(start) + timedelta(days=7)
            planned = list(slot_instants(DEFAULT_SLOTS, zone, down, 14))
            missed = [each for each in planned if each <= up]
            later = set(planned) - set(missed)
            found = replan([str(each) for each in missed], DEFAULT_SLOTS, zone, up, later)
            assert list(found) == [str(each) for each in missed]
            sent = sorted([*later, *(each for each in found.values() if each)])
            assert len(sent) == len(planned)
            assert set(sent) <= set(slot_instants(DEFAULT_SLOTS, zone, up))
            assert min(b - a for a, b in pairwise(sent)) >= timedelta(hours=5)


def test_missed_items_that_find_the_queue_full_are_told_so_and_keep_their_order() -> None:
    found = replan(["c", "a", "b", "a"], DAILY, "UTC", MONDAY, {day(0)}, horizon_days=3)
    assert found == {"c": day(1), "a": day(2), "b": None}
