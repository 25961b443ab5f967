"""Clock times of zones as instants: over both changes of a year, half hours, skipped days, another zone database."""

from __future__ import annotations

import datetime as dt
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from pressroom.errors import WrongInput
from pressroom.model.schedules import WEEK
from pressroom.model.slots import DEFAULT_SLOTS, Slot, Slots, instant_of, moved, slot_instants, wall_of

ZONES = ("UTC", "Europe/Berlin", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca")
WIDE = sorted(available_timezones() - {"localtime", "Factory"})

week_slots = st.builds(Slot, day=st.sampled_from(WEEK), time=st.times())
"""Any minute of the week."""


def at(written: str) -> datetime:
    return datetime.fromisoformat(written)


def slot(written: str) -> Slot:
    day, time = written.split()
    return Slot.model_validate({"day": day, "time": time})


def test_clock_times_of_six_zones_over_both_changes_of_a_year() -> None:
    table = {
        "UTC": {"2025-03-30 02:30": "2025-03-30 02:30", "2025-10-26 02:30": "2025-10-26 02:30"},
        "Europe/Berlin": {
            "2025-03-29 09:00": "2025-03-29 08:00",
            "2025-03-30 01:59": "2025-03-30 00:59",
            "2025-03-30 02:00": "2025-03-30 01:00",
            "2025-03-30 02:30": "2025-03-30 01:00",
            "2025-03-30 03:00": "2025-03-30 01:00",
            "2025-03-30 09:00": "2025-03-30 07:00",
            "2025-10-25 09:00": "2025-10-25 07:00",
            "2025-10-26 02:00": "2025-10-26 00:00",
            "2025-10-26 02:59": "2025-10-26 00:59",
            "2025-10-26 03:00": "2025-10-26 02:00",
            "2025-10-26 09:00": "2025-10-26 08:00",
        },
        "Asia/Kolkata": {"2025-03-30 02:30": "2025-03-29 21:00", "2025-10-26 09:00": "2025-10-26 03:30"},
        "America/New_York": {
            "2025-03-09 02:30": "2025-03-09 07:00",
            "2025-03-09 09:00": "2025-03-09 13:00",
            "2025-11-02 01:30": "2025-11-02 05:30",
            "2025-11-02 09:00": "2025-11-02 14:00",
        },
        "Australia/Lord_Howe": {  # half an hour is skipped in October, and comes twice in April
            "2025-04-06 01:29": "2025-04-05 14:29",
            "2025-04-06 01:30": "2025-04-05 14:30",
            "2025-04-06 01:59": "2025-04-05 14:59",
            "2025-04-06 02:00": "2025-04-05 15:30",
            "2025-10-05 01:59": "2025-10-04 15:29",
            "2025-10-05 02:15": "2025-10-04 15:30",
            "2025-10-05 02:30": "2025-10-04 15:30",
            "2025-10-05 02:31": "2025-10-04 15:31",
        },
        "Africa/Casablanca": {  # an hour back for Ramadan
            "2025-02-23 02:30": "2025-02-23 01:30",
            "2025-02-23 09:00": "2025-02-23 09:00",
            "2025-04-06 02:30": "2025-04-06 02:00",
            "2025-04-06 09:00": "2025-04-06 08:00",
        },
    }
    assert set(table) == set(ZONES)
    found = {
        zone: {wall: f"{instant_of(at(wall), zone).instant:%F %R}" for wall in rows} for zone, rows in table.items()
    }
    assert found == table


def test_the_note_says_in_a_sentence_which_time_is_used() -> None:
    berlin, howe = "Europe/Berlin", "Australia/Lord_Howe"
    table = [
        ("2027-03-28 02:30", berlin, "03:00", "02:30 does not exist on 2027-03-28 in Europe/Berlin: 03:00 is used."),
        (
            "2025-10-05 02:10",
            howe,
            "02:30",
            "02:10 does not exist on 2025-10-05 in Australia/Lord_Howe: 02:30 is used.",
        ),
        (
            "2027-10-31 02:30",
            berlin,
            "02:30",
            "02:30 comes twice on 2027-10-31 in Europe/Berlin: the first, at UTC+02:00, is used.",
        ),
        (
            "2025-04-06 01:45",
            howe,
            "01:45",
            "01:45 comes twice on 2025-04-06 in Australia/Lord_Howe: the first, at UTC+11:00, is used.",
        ),
        (
            "2011-12-30 09:00",
            "Pacific/Apia",
            "00:00",
            "09:00 does not exist on 2011-12-30 in Pacific/Apia: 00:00 on 2011-12-31 is used.",
        ),
        ("2027-03-28 03:00", berlin, "03:00", ""),
        ("2027-10-31 03:00", berlin, "03:00", ""),
        ("2027-03-28 02:30", "UTC", "02:30", ""),
    ]
    found = [(instant_of(at(wall), zone), used, note) for wall, zone, used, note in table]
    assert [(f"{moment.wall:%R}", moment.note) for moment, *_ in found] == [(used, note) for _, used, note in found]


def test_a_slot_keeps_its_clock_time_over_a_year_in_every_zone() -> None:
    """A slot of minutes after UTC midnight would be an hour off for half of the year."""
    nine = [Slot(day=day, time=dt.time(9)) for day in WEEK]
    for zone in ZONES:
        found = list(slot_instants(nine, zone, at("2025-01-01 00:00+00:00"), 365))
        walls = [wall_of(instant, zone) for instant in found]
        assert {wall.time() for wall in walls} == {dt.time(9)}
        assert len({wall.date() for wall in walls}) == 365


def test_slots_that_are_skipped_fall_together_and_one_that_comes_twice_is_used_once() -> None:
    sunday = [slot("sun 03:15"), slot("sun 02:15"), slot("sun 02:45"), slot("sun 03:00")]
    spring = slot_instants(sunday, "Europe/Berlin", at("2025-03-30 00:00+00:00"), 1)
    assert [f"{wall_of(each, 'Europe/Berlin'):%R}" for each in spring] == ["03:00", "03:15"]
    autumn = slot_instants(sunday, "Europe/Berlin", at("2025-10-26 00:00+00:00"), 1)
    assert [f"{each:%R}" for each in autumn] == ["00:15", "00:45", "02:00", "02:15"]


def test_midnight_is_skipped_in_some_zones_and_the_hour_before_it_in_another() -> None:
    table = [
        ("Africa/Cairo", "fri 00:30", "2025-04-24 12:00+00:00", "2025-04-25 01:00"),
        ("America/Scoresbysund", "sat 23:30", "2025-03-29 12:00+00:00", "2025-03-30 00:00"),
    ]
    for zone, written, after, wall in table:
        assert f"{wall_of(next(slot_instants([slot(written)], zone, at(after))), zone):%F %R}" == wall


def test_a_day_that_a_zone_left_out_has_no_slots() -> None:
    slots = [slot("fri 11:00"), slot("sat 09:00")]
    found = islice(slot_instants(slots, "Pacific/Apia", at("2011-12-29 00:00+00:00")), 2)
    assert [f"{wall_of(each, 'Pacific/Apia'):%F %R}" for each in found] == ["2011-12-31 09:00", "2012-01-06 11:00"]


def test_instants_end_with_the_horizon_and_without_slots_at_once() -> None:
    after = at("2026-11-30 09:00+00:00")  # a Monday at nine: that slot is over
    found = list(slot_instants(DEFAULT_SLOTS, "UTC", after))
    assert (len(found), found[0], found[-1]) == (71, at("2026-11-30 15:00+00:00"), at("2027-01-28 15:00+00:00"))
    assert list(slot_instants([slot("mon 09:00")], "UTC", after, 7)) == [after + timedelta(days=7)]
    assert list(slot_instants([], "UTC", after, None)) == []
    assert list(slot_instants(DEFAULT_SLOTS, "UTC", at("9999-12-31 10:00+00:00"), None)) == []


def test_a_moment_within_the_hour_that_comes_twice_is_compared_by_its_instant() -> None:
    """Two datetimes of one zone are compared by their clocks: 02:45 the first time would be later than 02:30 again."""
    second = at("2025-10-26 01:30+00:00").astimezone(dt.timezone(timedelta(hours=1)))
    found = next(slot_instants([slot("sun 02:45"), slot("sun 03:00")], "Europe/Berlin", second))
    assert found == at("2025-10-26 02:00+00:00")


def test_a_new_rule_of_the_zone_moves_the_instant_and_never_the_clock_time() -> None:
    """The zone database changed between planning and sending: as if Berlin kept its winter time, or moved to Kyiv's."""
    wall = at("2027-06-01 09:00")
    stored = instant_of(wall, "Europe/Berlin").instant
    assert moved(wall, "Europe/Berlin", stored) is None
    assert moved(wall, "Europe/Berlin", stored.astimezone(dt.timezone(timedelta(hours=5, minutes=30)))) is None
    for zone, offset in (("Africa/Lagos", 1), ("Africa/Maputo", 2), ("Asia/Kolkata", 5.5)):
        found = moved(wall, zone, stored)
        assert (found or stored) == wall.replace(tzinfo=UTC) - timedelta(hours=offset)
        assert wall_of(found or stored, zone) == wall


def test_a_skipped_time_comes_back_where_the_change_of_clocks_is_given_up() -> None:
    wall = at("2027-03-28 02:30")
    stored = instant_of(wall, "Europe/Berlin").instant
    assert moved(wall, "Africa/Lagos", stored) == at("2027-03-28 01:30+00:00")


@given(st.sampled_from(WIDE), st.datetimes(datetime(1973, 1, 1), datetime(2200, 1, 1)))
def test_an_instant_maps_back_to_its_clock_time_or_to_the_one_that_is_noted(zone: str, wall: datetime) -> None:
    found = instant_of(wall, zone)
    assert wall_of(found.instant, zone) == found.wall
    assert instant_of(found.wall, zone).instant == found.instant
    if found.wall != wall:
        assert f"{wall:%H:%M} does not exist" in found.note
        assert f"{found.wall:%H:%M}" in found.note
        assert wall_of(found.instant - timedelta(microseconds=1), zone) < wall < found.wall


@given(
    st.lists(week_slots, min_size=1, max_size=12),
    st.sampled_from(WIDE),
    st.datetimes(datetime(1973, 1, 1), datetime(2200, 1, 1)),
)
def test_slot_instants_increase_and_are_the_slots_own_or_noted(slots: list[Slot], zone: str, after: datetime) -> None:
    found = list(slot_instants(slots, zone, after.replace(tzinfo=UTC), 20))
    times = {each.place for each in slots}
    assert all(earlier < later for earlier, later in pairwise(found))
    assert all(after < each.replace(tzinfo=None) <= after + timedelta(days=20) for each in found)
    for instant in found:
        wall = wall_of(instant, zone)
        skipped = any(
            instant_of(datetime.combine(day, time), zone).instant == instant
            for day in (wall.date(), wall.date() - timedelta(days=1))
            for weekday, time in times
            if weekday == day.weekday()
        )
        assert (wall.weekday(), wall.time()) in times or skipped


def test_a_channels_slots_are_in_order_and_each_once() -> None:
    read = TypeAdapter(Slots).validate_python
    rows = [{"day": "tue", "time": "09:00:30"}, {"day": "mon", "time": "15:00"}, {"day": "tue", "time": "09:00"}]
    assert read(rows) == (slot("mon 15:00"), slot("tue 09:00"))
    assert read(DEFAULT_SLOTS) == DEFAULT_SLOTS
    assert [(each.day, f"{each.time:%R}") for each in DEFAULT_SLOTS[:2]] == [("mon", "09:00"), ("mon", "15:00")]
    for wrong in ({"day": "someday", "time": "09:00"}, {"day": "mon", "time": "09:00+02:00"}, {"day": "mon"}):
        with pytest.raises(ValidationError):
            read([wrong])


def test_wrong_questions_are_refused() -> None:
    wall, moment = at("2026-01-01 09:00"), at("2026-01-01 09:00+00:00")
    for zone in ("Mars/Olympus", "", "Europe", "../../etc/passwd", "/etc/passwd", "a\0b", "x" * 999):
        with pytest.raises(WrongInput, match="not a time zone"):
            instant_of(wall, zone)
        with pytest.raises(WrongInput, match="not a time zone"):
            slot_instants(DEFAULT_SLOTS, zone, moment)
    with pytest.raises(WrongInput, match="no zone of its own"):
        instant_of(moment, "UTC")
    with pytest.raises(WrongInput, match="no time zone"):
        slot_instants(DEFAULT_SLOTS, "UTC", wall)
    for end, zone in ((datetime.max, "America/New_York"), (datetime.min, "Asia/Kolkata")):
        with pytest.raises(WrongInput, match="calendar ends"):
            instant_of(end, zone)
