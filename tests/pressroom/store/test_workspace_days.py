"""Which day a moment falls on where the workspace is, and which day a scheduled run is for."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from prefect.server.schemas.schedules import CronSchedule

from pressroom.errors import Misconfigured
from pressroom.model.schedules import Schedule
from pressroom.settings import Settings, settings
from pressroom.store.tables import Workspace
from pressroom.store.workspaces import day_of, scheduled_day

CHANGES = (("Africa/Cairo", 2026, 4, 24), ("Africa/Cairo", 2026, 10, 30), ("America/Santiago", 2026, 9, 6),
           ("America/Santiago", 2026, 4, 5), ("Europe/Berlin", 2026, 3, 29))  # fmt: skip
"""Zones and days near which their clocks change, the first four at midnight."""


def test_every_day_gets_one_morning_where_clocks_change_at_midnight() -> None:
    for zone, *day in CHANGES:
        for at in ("00:00", "00:30", "01:00", "02:30", "06:00", "23:00", "23:30"):
            schedule = Schedule.model_validate({"time": at, "zone": zone})
            home = Workspace(name="w", schedule=schedule.model_dump(mode="json"))
            before = datetime(*day, 12, tzinfo=UTC) - timedelta(days=3)  # type: ignore[arg-type, misc]
            cron = CronSchedule(cron=schedule.cron, timezone=zone)
            moments = asyncio.run(cron.get_dates(7, start=before))
            days = [scheduled_day(home, Settings(), moment) for moment in moments]
            assert days == [days[0] + timedelta(days=number) for number in range(7)], (zone, at)


def test_a_days_moment_is_the_workspaces_whatever_the_settings_say() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    tokyo = Workspace(name="w", schedule=Schedule(zone="Asia/Tokyo").model_dump(mode="json"))
    assert day_of(tokyo, Settings(), late) == scheduled_day(tokyo, Settings(), late) == date(2026, 11, 21)
    assert day_of(Workspace(name="w"), Settings(), late) == date(2026, 11, 20)
    assert day_of(Workspace(name="w"), Settings(time_zone="America/New_York"), late) == date(2026, 11, 20)
    nowhere = Workspace(name="w", schedule={"zone": "Europe"})
    with pytest.raises(Misconfigured, match="not a time zone"):
        day_of(nowhere, Settings(), late)


def test_the_settings_take_no_zone_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSROOM_TIME_ZONE", "Europe")
    settings.cache_clear()
    with pytest.raises(Misconfigured, match=r"PRESSROOM_TIME_ZONE: 'Europe' is not a time zone"):
        settings()
