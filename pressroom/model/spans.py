"""A month, a week or a day of a calendar in a zone: its days, its instants, the items of each day, a day's hours.

    span = Span(view="week", wanted=day, zone="Europe/Berlin")
    start, end = span.bounds
    days = span.place(items, lambda item: item.planned_at)

A day is one of the zone, not of the browser or of UTC: an item at 23:30 in New York is on the day that it has there.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple, TypeVar

from pydantic import Field

from pressroom.model.base import Frozen
from pressroom.model.slots import in_utc, instant_of, wall_of
from pressroom.zones import zone_of

T = TypeVar("T")
View = Literal["month", "week", "day"]

FIRST, LAST = dt.date(2000, 1, 1), dt.date(8999, 12, 31)
"""The days that a calendar has."""

STEP = dt.timedelta(minutes=15)
"""Every hour of every zone begins and ends at a multiple of it, also where the clocks change."""

DAY = dt.timedelta(days=1)


class Span(Frozen):
    """The month, week (from Monday on) or day that `wanted` lies in, in the IANA zone `zone`."""

    view: View
    wanted: dt.date = Field(ge=FIRST, le=LAST)
    zone: str

    @property
    def first(self) -> dt.date:
        """The day, the week's Monday, or the month's first."""
        back = {"day": 0, "week": self.wanted.weekday(), "month": self.wanted.day - 1}[self.view]
        return self.wanted - back * DAY

    @property
    def days(self) -> tuple[dt.date, ...]:
        """Its days in order; those of a month are whole weeks, with days of its neighbours at both ends."""
        if self.view == "month":
            return tuple(calendar.Calendar().itermonthdates(self.wanted.year, self.wanted.month))
        return tuple(self.first + number * DAY for number in range({"day": 1, "week": 7}[self.view]))

    @property
    def before(self) -> dt.date:
        """A day of the span before; the calendar's first day at its beginning."""
        return max(FIRST, self.first - DAY)

    @property
    def after(self) -> dt.date:
        """The first day of the span after; the calendar's last day at its end."""
        length = {"day": 1, "week": 7, "month": calendar.monthrange(self.wanted.year, self.wanted.month)[1]}[self.view]
        return min(LAST, self.first + length * DAY)

    @property
    def bounds(self) -> tuple[dt.datetime, dt.datetime]:
        """The instants in UTC at which its first day begins and its last is over. Raises WrongInput: unknown zone."""
        return _start(self.days[0], self.zone), _start(self.days[-1] + DAY, self.zone)

    def place(self, items: Iterable[T], at: Callable[[T], dt.datetime]) -> dict[dt.date, list[tuple[dt.datetime, T]]]:
        """For each of its days (clock time, item) in the order of the instants that `at` gives.

        Items of other days are left out. Raises WrongInput for an unknown zone and an instant without a zone.
        """
        found: dict[dt.date, list[tuple[dt.datetime, T]]] = {day: [] for day in self.days}
        for item in sorted(items, key=lambda item: in_utc(at(item))):
            wall = wall_of(at(item), self.zone)
            if wall.date() in found:
                found[wall.date()].append((wall, item))
        return found


class Hour(NamedTuple):
    """A row of a day. start: its instant in UTC. wall: its clock time. is_again: the clocks showed it once before."""

    start: dt.datetime
    wall: dt.datetime
    is_again: bool = False


def hours_of(day: dt.date, zone: str) -> list[Hour]:
    """The hours of a day: 24; 23 or 25 where an hour is skipped or comes twice. Raises WrongInput: unknown zone."""
    place, end = zone_of(zone), _start(day + DAY, zone)
    rows: dict[tuple[int, dt.timedelta | None], Hour] = {}
    instant = _start(day, zone)
    while instant < end:
        local = instant.astimezone(place)
        is_again = any(hour == local.hour for hour, _ in rows)
        rows.setdefault((local.hour, local.utcoffset()), Hour(instant, local.replace(tzinfo=None, fold=0), is_again))
        instant += STEP
    return list(rows.values())


def change_of(day: dt.date, zone: str) -> str:
    """A sentence for a day on which the clocks change; otherwise empty. Raises WrongInput: unknown zone."""
    minutes = round((DAY - (_start(day + DAY, zone) - _start(day, zone))).total_seconds() / 60)
    return f"The clocks go {'forward' if minutes > 0 else 'back'} {abs(minutes)} minutes." if minutes else ""


def _start(day: dt.date, zone: str) -> dt.datetime:
    return instant_of(dt.datetime.combine(day, dt.time()), zone).instant
