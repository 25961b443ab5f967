"""When to post on each platform, and the next such moments in a zone.

The times are the audience's local ones: eleven o'clock is eleven wherever they live, before and after the clocks
change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pressroom import platforms
from pressroom.errors import WrongInput

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, order=True)
class Slot:
    """A weekday (0 is Monday) and a local time of day."""

    weekday: int
    at: time


def slots(platform: str) -> tuple[Slot, ...]:
    """The week's good moments to post on `platform`, from Monday on. Raises WrongInput for an unknown platform."""
    moments = (moment.split() for moment in platforms.get(platform).posting.times)
    return tuple(sorted(Slot(DAYS.index(day), time.fromisoformat(at)) for day, at in moments))


def zone_of(name: str) -> ZoneInfo:
    """The IANA zone called `name`.

    Raises:
        WrongInput: no zone has that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # what it raises differs with what the name looks like
        raise WrongInput(f"{name[:60]!r} is not a time zone.", hint="Use an IANA name such as Europe/Berlin.") from None


def next_slots(
    platform: str, zone: str, after: datetime, count: int, *, audience: str | None = None
) -> tuple[datetime, ...]:
    """The next `count` good moments to post on `platform` later than `after`, the earliest first, shown in `zone`.

    after: an aware datetime. audience: the zone the readers live in, `zone` itself when left out. A time that the
    clocks skip is moved on by as much as they skip; of one that comes twice the first is meant.

    Raises:
        WrongInput: platform or zone is unknown, `after` has no zone, or the calendar ends before `count` is reached.
    """
    shown, lived = zone_of(zone), zone_of(audience or zone)
    if after.tzinfo is None:
        raise WrongInput("The moment to look from has no time zone.", hint="Give an aware datetime.")
    try:
        found = tuple(
            moment.astimezone(shown) for moment in islice(_later(slots(platform), lived, after), max(0, count))
        )
    except OverflowError:
        raise WrongInput(f"The calendar ends before {count} moments after {after:%Y-%m-%d}.") from None
    return found


def _later(week: tuple[Slot, ...], zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """Moments in UTC, in order, without end."""
    day = after.astimezone(zone).date()
    while True:
        yield from (moment for moment in sorted(_of_day(day, week, zone)) if moment > after)
        day += timedelta(days=1)


def _of_day(day: date, week: tuple[Slot, ...], zone: ZoneInfo) -> set[datetime]:
    """The moments of one local day in UTC; none of a day that a zone left out whole, as Samoa did once."""
    local = (datetime.combine(day, slot.at, zone) for slot in week if slot.weekday == day.weekday())
    moments = {moment.astimezone(UTC) for moment in local}
    return {moment for moment in moments if moment.astimezone(zone).date() == day}
