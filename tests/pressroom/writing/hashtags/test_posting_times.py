"""Good times to post are the readers' local times, also over a change of clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom import platforms
from pressroom.errors import WrongInput
from pressroom.platforms import posting_times
from pressroom.platforms.posting_times import next_slots, slots

PLATFORMS = platforms.names()
ZONES = sorted(available_timezones() - {"localtime", "Factory"})


def written(*moments: datetime) -> list[str]:
    return [moment.isoformat() for moment in moments]


@pytest.fixture
def week(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`week(["sun", "02:30"], ...)`: the table with these times for a platform called `it`."""

    def use(*times: list[str]) -> None:
        known = platforms.get("x")
        posting = known.posting.model_copy(update={"times": tuple(" ".join(time) for time in times)})
        declared = {"it": known.model_copy(update={"posting": posting})}
        monkeypatch.setattr(posting_times.platforms, "get", declared.__getitem__)

    return use


def test_every_platform_has_times_and_the_table_says_what_it_rests_on() -> None:
    for platform in PLATFORMS:
        assert len(slots(platform)) >= 3
        assert "no measurement of ours" in platforms.get(platform).posting.source


def test_eleven_stays_eleven_when_the_clocks_go_back() -> None:
    found = next_slots("instagram", "Europe/Berlin", datetime(2026, 10, 22, 10, tzinfo=UTC), 3)
    assert written(*found) == ["2026-10-23T19:00:00+02:00", "2026-10-26T11:00:00+01:00", "2026-10-27T11:00:00+01:00"]


def test_and_when_they_go_forward() -> None:
    found = next_slots("instagram", "America/New_York", datetime(2026, 3, 6, 12, tzinfo=UTC), 2)
    assert written(*found) == ["2026-03-06T19:00:00-05:00", "2026-03-09T11:00:00-04:00"]


def test_a_time_that_is_skipped_moves_on_and_one_that_comes_twice_is_meant_once(week: Any) -> None:
    week(["sun", "02:30"])
    spring = next_slots("it", "Europe/Berlin", datetime(2026, 3, 28, tzinfo=UTC), 2)
    assert written(*spring) == ["2026-03-29T03:00:00+02:00", "2026-04-05T02:30:00+02:00"]
    autumn = next_slots("it", "Europe/Berlin", datetime(2026, 10, 24, tzinfo=UTC), 2)
    assert written(*autumn) == ["2026-10-25T02:30:00+02:00", "2026-11-01T02:30:00+01:00"]


def test_moments_of_the_day_the_clocks_change_are_in_order_and_each_once(week: Any) -> None:
    week(["sun", "02:30"], ["sun", "03:15"], ["sun", "03:30"])
    found = next_slots("it", "Europe/Berlin", datetime(2026, 3, 28, tzinfo=UTC), 3)
    assert written(*found) == ["2026-03-29T03:00:00+02:00", "2026-03-29T03:15:00+02:00", "2026-03-29T03:30:00+02:00"]


def test_a_day_that_a_zone_left_out_has_no_times(week: Any) -> None:
    week(["fri", "11:00"], ["sat", "09:00"])
    found = next_slots("it", "Pacific/Apia", datetime(2011, 12, 29, tzinfo=UTC), 2)
    assert written(*found) == ["2011-12-31T09:00:00+14:00", "2012-01-06T11:00:00+14:00"]


def test_the_readers_times_can_be_shown_in_another_zone() -> None:
    after = datetime(2026, 11, 20, tzinfo=UTC)
    shown = next_slots("linkedin", "Asia/Kolkata", after, 1, audience="America/Los_Angeles")
    assert written(*shown) == ["2026-11-24T22:30:00+05:30"]
    assert shown == next_slots("linkedin", "America/Los_Angeles", after, 1)


def test_the_moment_itself_is_over() -> None:
    first = next_slots("x", "UTC", datetime(2026, 11, 20, tzinfo=UTC), 1)[0]
    assert next_slots("x", "UTC", first, 1)[0] > first
    assert next_slots("x", "UTC", first - timedelta(seconds=1), 1)[0] == first


@given(
    st.sampled_from(PLATFORMS),
    st.sampled_from(ZONES),
    st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1)),
    st.integers(-14, 14),
    st.integers(0, 12),
)
def test_any_moment_in_any_zone_is_followed_by_as_many_in_order(
    platform: str, zone: str, moment: datetime, offset: int, count: int
) -> None:
    after = moment.replace(tzinfo=timezone(timedelta(hours=offset)))
    found = next_slots(platform, zone, after, count)
    instants = [at.astimezone(UTC) for at in found]
    assert len(found) == count
    assert all(at > after for at in instants)
    assert instants == sorted(set(instants))
    assert all(at.tzinfo == ZoneInfo(zone) for at in found)
    assert count < 2 or instants[-1] - after.astimezone(UTC) < timedelta(days=7 * count + 2)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "Europe", "../../etc/passwd", "/etc/passwd", "a\0b", "x" * 999])
def test_a_zone_that_does_not_exist_is_refused(zone: str) -> None:
    with pytest.raises(WrongInput, match="not a time zone"):
        next_slots("x", zone, datetime(2026, 1, 1, tzinfo=UTC), 1)


def test_wrong_questions_are_refused() -> None:
    with pytest.raises(WrongInput, match="no platform called 'myspace'"):
        slots("myspace")
    with pytest.raises(WrongInput, match="no time zone"):
        next_slots("x", "UTC", datetime(2026, 1, 1), 1)
    with pytest.raises(WrongInput, match="calendar ends"):
        next_slots("x", "UTC", datetime(9999, 12, 30, tzinfo=UTC), 20)
    assert next_slots("x", "UTC", datetime(2026, 1, 1, tzinfo=UTC), -3) == ()
