"""Clock times of a zone as instants: a channel's weekly slots, the instant of one clock time, and what a change moves.

A slot is a weekday and a clock time, never an offset from UTC: nine o'clock stays nine when the clocks change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import count, takewhile
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, Field

from pressroom.errors import WrongInput
from pressroom.model.base import Frozen
from pressroom.model.schedules import WEEK, Clock, Weekday
from pressroom.zones import zone_of

HORIZON_DAYS = 60
"""Days ahead that a queue is planned; later than that it is full."""


class Slot(Frozen):
    """A weekday and a clock time at which a channel may send."""

    day: Weekday
    time: Clock = Field(description="Hour and minute, as a clock there shows them.")

    @property
    def place(self) -> tuple[int, dt.time]:
        """Its place in the week: weekday (0 is Monday) and clock time."""
        return WEEK.index(self.day), self.time


def in_order(slots: Iterable[Slot]) -> tuple[Slot, ...]:
    """Each once, from Monday on."""
    return tuple(sorted(set(slots), key=lambda slot: slot.place))


Slots = Annotated[tuple[Slot, ...], Field(max_length=7 * 48), AfterValidator(in_order)]
"""A channel's slots, each once, from Monday on."""

DEFAULT_SLOTS: tuple[Slot, ...] = tuple(
    Slot(day=day, time=time) for day in WEEK[:4] for time in (dt.time(9), dt.time(15))
)
"""Monday to Thursday, at nine and at three."""


class Moment(NamedTuple):
    """instant: in UTC. wall: the clock time that is used, without a zone. note: a sentence where it is not plain."""

    instant: dt.datetime
    wall: dt.datetime
    note: str = ""


def in_utc(moment: dt.datetime) -> dt.datetime:
    """An aware datetime in UTC, where comparing is safe: two of one zone are compared by their clocks, without fold.

    Raises:
        WrongInput: it has no zone, or no year of the calendar in UTC.
    """
    if moment.utcoffset() is None:
        raise WrongInput("The moment has no time zone.", hint="Give an aware datetime.")
    with suppress(OverflowError):
        return moment.astimezone(dt.UTC)
    raise _outside(moment)


Instant = Annotated[AwareDatetime, AfterValidator(in_utc)]
"""An aware datetime, brought to UTC."""


def instant_of(wall: dt.datetime, zone: str) -> Moment:
    """The instant of the clock time `wall` (without a zone) in the IANA zone `zone`.

    Of a time that the clocks skip, the next minute that exists; of one that comes twice, the first. The note says so.

    Raises:
        WrongInput: no zone has that name, `wall` has a zone of its own, or lies at the calendar's very end.
    """
    if wall.tzinfo is not None:
        raise WrongInput("A clock time has no zone of its own.", hint="Give the zone by its name.")
    place = zone_of(zone)
    with suppress(OverflowError):
        return _moment(wall, place)
    raise _outside(wall)


def wall_of(instant: dt.datetime, zone: str) -> dt.datetime:
    """The clock time in `zone` at `instant`, without a zone. Raises WrongInput as `in_utc` and `zone_of` do."""
    with suppress(OverflowError):
        return in_utc(instant).astimezone(zone_of(zone)).replace(tzinfo=None, fold=0)
    raise _outside(instant)


def moved(wall: dt.datetime, zone: str, stored: dt.datetime) -> dt.datetime | None:
    """The instant that `wall` has now, where it is no longer the `stored` one: zone or zone database have changed.

    wall: as it was planned, also where that time is skipped: a change may bring it back. Raises WrongInput.
    """
    instant = instant_of(wall, zone).instant
    return None if instant == in_utc(stored) else instant


def slot_instants(
    slots: Sequence[Slot], zone: str, after: dt.datetime, horizon_days: int | None = HORIZON_DAYS
) -> Iterator[dt.datetime]:
    """The instants of `slots` in UTC later than `after`, the earliest first, each once.

    They end `horizon_days` after `after` (None: at the calendar's end). Two slots that a change of clocks moves to one
    minute are one instant; a day that the zone leaves out has no slots.

    Raises:
        WrongInput: no zone has that name, or `after` has no zone.
    """
    place, start = zone_of(zone), in_utc(after)
    if not slots:
        return iter(())
    instants = _instants(slots, place, start)
    if horizon_days is None:
        return instants
    horizon = dt.timedelta(days=horizon_days)
    return takewhile(lambda instant: instant - start <= horizon, instants)


def _instants(slots: Sequence[Slot], zone: ZoneInfo, last: dt.datetime) -> Iterator[dt.datetime]:
    with suppress(OverflowError):  # the calendar ends
        first = last.astimezone(zone).date()
        for days in count():
            for instant in _of_day(first + dt.timedelta(days=days), slots, zone):
                if instant > last:
                    last = instant
                    yield instant


def _of_day(day: dt.date, slots: Sequence[Slot], zone: ZoneInfo) -> list[dt.datetime]:
    """The slots of one local day in UTC; no slots on a day that a zone left out whole, as Samoa did once."""
    if _moment(dt.datetime.combine(day, dt.time()), zone).wall.date() != day:
        return []
    times = {slot.time for slot in slots if WEEK.index(slot.day) == day.weekday()}
    return [_moment(dt.datetime.combine(day, time), zone).instant for time in sorted(times)]


def _moment(wall: dt.datetime, zone: ZoneInfo) -> Moment:
    """As `instant_of`. Raises OverflowError at the calendar's end."""
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    used = wall.replace(fold=0)
    if not _exists(wall, zone):
        used = _next_minute(wall, zone)
        shown = f"{used:%H:%M}" if used.date() == wall.date() else f"{used:%H:%M on %Y-%m-%d}"
        note = f"{wall:%H:%M} does not exist on {wall:%Y-%m-%d} in {zone.key}: {shown} is used."
    elif first.utcoffset() != second.utcoffset():
        offset = f"{first:%z}"
        note = (
            f"{wall:%H:%M} comes twice on {wall:%Y-%m-%d} in {zone.key}: "
            f"the first, at UTC{offset[:3]}:{offset[3:5]}, is used."
        )
    else:
        note = ""
    return Moment(used.replace(tzinfo=zone).astimezone(dt.UTC), used, note)


def _exists(wall: dt.datetime, zone: ZoneInfo) -> bool:
    back = wall.replace(tzinfo=zone, fold=0).astimezone(dt.UTC).astimezone(zone)
    return back.replace(tzinfo=None) == wall


def _next_minute(wall: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The first whole minute after the skipped time `wall`; zones have skipped a day at the most."""
    minute = wall.replace(second=0, microsecond=0, fold=0)
    return next(later for n in count(1) if _exists(later := minute + dt.timedelta(minutes=n), zone))


def _outside(moment: dt.datetime) -> WrongInput:
    return WrongInput(f"{moment:%Y-%m-%d %H:%M} is where the calendar ends.", hint="Choose a year from 2 to 9998.")
