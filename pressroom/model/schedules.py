"""When a workspace's morning is made, and what is asked for then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, field_validator

from pressroom.errors import Misconfigured, WrongInput
from pressroom.model.base import Frozen
from pressroom.model.requests import Name
from pressroom.settings import Settings, ZoneName
from pressroom.zones import zone_of

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _to_the_minute(value: dt.time) -> dt.time:
    if value.tzinfo is not None:
        raise ValueError("the time carries no zone: that is a field of its own")
    return value.replace(second=0, microsecond=0, fold=0)


Clock = Annotated[dt.time, AfterValidator(_to_the_minute)]
"""Hour and minute as a clock shows them, without a zone."""


class Morning(Frozen):
    """The request of a scheduled run. A field that is left out is taken from the settings and the workspace."""

    ideas: int | None = Field(default=None, ge=1, le=100, description="How many ideas.")
    formats: tuple[Name, ...] | None = Field(default=None, min_length=1, description="Formats each is written in.")
    chain: tuple[Name, ...] | None = Field(default=None, min_length=1, description="Text providers in order.")
    focus: str = Field(default="", max_length=500, description="What the ideas should be about, if anything.")


class Schedule(Frozen):
    """A time of day in a zone, on some days of the week; daylight-saving changes move it along."""

    time: Clock = Field(default=dt.time(6), description="Hour and minute, as a clock there shows them.")
    zone: ZoneName = Field(default="UTC", max_length=64, description="IANA time zone, such as Europe/Berlin.")
    days: tuple[Weekday, ...] = Field(default=WEEK, min_length=1, max_length=7, description="Days it is made on.")
    active: bool = Field(default=True, description="Whether anything is made at all.")
    request: Morning = Morning()

    @field_validator("days")
    @classmethod
    def _each_once(cls, value: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
        return tuple(day for day in WEEK if day in value)

    def next_after(self, moment: dt.datetime) -> dt.datetime | None:
        """The first scheduled time after `moment`, in the schedule's zone; None when nothing is scheduled."""
        if not self.active:
            return None
        zone = zone_of(self.zone)
        here = moment.astimezone(zone)
        days = (here.date() + dt.timedelta(days=offset) for offset in range(8))
        times = (dt.datetime.combine(day, self.time, zone) for day in days if WEEK[day.weekday()] in self.days)
        return next((at for at in times if at > here), None)

    @property
    def cron(self) -> str:
        """As cron writes it: `30 6 * * mon,tue`."""
        days = "*" if self.days == WEEK else ",".join(self.days)
        return f"{self.time.minute} {self.time.hour} * * {days}"


def zone_by(schedule: Mapping[str, Any] | None, chosen: Settings) -> str:
    """The IANA zone that decides which day it is: the schedule's, else that of the settings."""
    return str((schedule or {}).get("zone") or chosen.time_zone)


def day_in(zone: str, moment: dt.datetime) -> dt.date:
    """The day that `moment` falls on in a zone.

    Raises:
        Misconfigured: there is no such zone.
    """
    try:
        return moment.astimezone(zone_of(zone)).date()
    except WrongInput:
        raise Misconfigured(
            f"{zone!r} is not a time zone.", hint="Set PRESSROOM_TIME_ZONE to an IANA name such as Europe/Berlin."
        ) from None
