"""A queue: free slots, an outage without a burst, another order, gaps that are closed, what is late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.errors import WrongInput
from pressroom.model.planned_times import (
    SPACING,
    Queued,
    close_gaps,
    earliest,
    free_instants,
    is_late,
    next_free,
    reorder,
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


def queue(*days: float, fixed: str = "") -> list[Queued]:
    """Items a, b, c ... at nine o'clock of these days."""
    return [Queued(id=name, at=day(each), is_fixed=name in fixed) for name, each in zip("abcdefgh", days, strict=False)]


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
            assert all(is_late(each, up) for each in missed if up - each > timedelta(hours=1))
            found = replan([str(each) for each in missed], DEFAULT_SLOTS, zone, up, later)
            assert list(found) == [str(each) for each in missed]
            sent = sorted([*later, *(each for each in found.values() if each)])
            assert len(sent) == len(planned)
            assert set(sent) <= set(slot_instants(DEFAULT_SLOTS, zone, up))
            assert min(b - a for a, b in pairwise(sent)) >= timedelta(hours=5)


def test_missed_items_that_find_the_queue_full_are_told_so_and_keep_their_order() -> None:
    found = replan(["c", "a", "b", "a"], DAILY, "UTC", MONDAY, {day(0)}, horizon_days=3)
    assert found == {"c": day(1), "a": day(2), "b": None}


def test_another_order_keeps_the_slots_and_what_is_fixed() -> None:
    table: list[tuple[list[Queued], str, dict[str, float]]] = [
        (queue(0, 1, 2), "abc", {}),
        (queue(0, 1, 2), "cab", {"c": 0, "a": 1, "b": 2}),
        (queue(0, 1, 2), "acb", {"c": 1, "b": 2}),
        (queue(2, 0, 1), "bca", {}),
        (queue(0, 1, 2, 3, fixed="b"), "dca", {"d": 0, "a": 3}),
        (queue(0, 1, 2, 3, fixed="b"), "bdca", {"d": 0, "a": 3}),
        (queue(0, 1, fixed="ab"), "ba", {}),
        ([], "", {}),
    ]
    for items, order, moves in table:
        assert reorder(items, order) == {name: day(number) for name, number in moves.items()}


@given(st.permutations(range(8)), st.sets(st.integers(0, 7)))
def test_the_set_of_slots_is_the_same_after_any_order(order: list[int], fixed: set[int]) -> None:
    items = [Queued(id=str(n), at=day(n), is_fixed=n in fixed) for n in range(8)]
    changed = reorder(items, [str(n) for n in order])
    after = {item.id: changed.get(item.id, item.at) for item in items}
    assert sorted(after.values()) == [item.at for item in items]
    assert not {str(n) for n in fixed} & set(changed)
    movable = [str(n) for n in order if n not in fixed]
    assert movable == sorted(movable, key=lambda name: after[name])


def test_an_order_of_another_queue_is_refused() -> None:
    table = [("ab", "'c' is not in the order"), ("abcc", "'c' is twice"), ("abcx", "'x' is not in the queue")]
    for order, message in table:
        with pytest.raises(WrongInput, match=message):
            reorder(queue(0, 1, 2), order)


def test_gaps_close_in_order_and_no_item_moves_to_a_later_time() -> None:
    table: list[tuple[list[Queued], dict[str, float]]] = [
        (queue(0, 1, 2), {}),
        (queue(2, 3, 5), {"a": 0, "b": 1, "c": 2}),
        (queue(0, 3, 1, 6), {"b": 2, "d": 3}),
        (queue(0, 2, 4, fixed="b"), {"c": 1}),
        (queue(-3, 2, fixed=""), {"b": 0}),
        (queue(0.01, 0.02), {"a": 0}),  # times of their own between two slots
        ([], {}),
    ]
    for items, moves in table:
        changed = close_gaps(items, DAILY, "UTC", MONDAY)
        assert changed == {name: day(number) for name, number in moves.items()}
        closed = [Queued(id=item.id, at=changed.get(item.id, item.at), is_fixed=item.is_fixed) for item in items]
        assert close_gaps(closed, DAILY, "UTC", MONDAY) == {}


@settings(max_examples=40)
@given(st.sets(st.integers(0, 40), max_size=12), st.sets(st.integers(0, 11)), st.sampled_from(ZONES))
def test_closing_gaps_keeps_the_order_and_books_no_slot_twice(days: set[int], fixed: set[int], zone: str) -> None:
    own = list(slot_instants(DEFAULT_SLOTS, zone, MONDAY, 100))[:41]
    items = [Queued(id=str(n), at=own[each], is_fixed=n in fixed) for n, each in enumerate(sorted(days))]
    changed = close_gaps(items, DEFAULT_SLOTS, zone, MONDAY)
    after = {item.id: changed.get(item.id, item.at) for item in items}
    moving = [after[item.id] for item in items if not item.is_fixed]
    assert moving == sorted(moving)
    assert len(set(after.values())) == len(items)
    assert all(after[item.id] <= item.at for item in items)
    assert not any(item.id in changed for item in items if item.is_fixed)


def test_late_is_more_than_the_window_and_a_window_of_zero_is_never() -> None:
    hour = timedelta(hours=1)
    table = [
        (timedelta(), hour, False),
        (-hour, hour, False),
        (hour, hour, False),
        (hour + timedelta(seconds=1), hour, True),
        (timedelta(days=400), timedelta(), False),
        (timedelta(minutes=2), timedelta(minutes=1), True),
    ]
    for late, window, expected in table:
        assert is_late(MONDAY, MONDAY + late, window) is expected
    local = at("2025-10-26 02:50+02:00")
    assert is_late(local, at("2025-10-26 02:55+01:00"))
    assert not is_late(local, at("2025-10-26 02:45+01:00"))


def test_the_next_publication_of_a_channel_waits_for_the_spacing() -> None:
    assert earliest(MONDAY) == MONDAY + timedelta(minutes=10)
    assert earliest(at("2026-11-30 05:30+05:30"), timedelta()) == MONDAY
    for ask in (lambda: earliest(datetime(2026, 1, 1)), lambda: is_late(datetime(2026, 1, 1), MONDAY)):
        with pytest.raises(WrongInput, match="no time zone"):
            ask()
