"""When a queue sends: its free slots, and what a pause of days leaves to plan."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, insort
from collections.abc import Collection, Iterator, Sequence

from pressroom.model.slots import HORIZON_DAYS, Slot, in_utc, slot_instants

SPACING = dt.timedelta(minutes=10)
"""Least time between two publications of one channel."""


def free_instants(
    slots: Sequence[Slot],
    zone: str,
    after: dt.datetime,
    taken: Collection[dt.datetime] = (),
    spacing: dt.timedelta = SPACING,
    horizon_days: int | None = HORIZON_DAYS,
) -> Iterator[dt.datetime]:
    """The slots later than `after` that are at least `spacing` away from each that is taken, and from each other.

    In UTC, the earliest first. They end with the horizon: then the queue is full. Raises WrongInput for an unknown
    zone and a moment without one.
    """
    held = sorted(in_utc(moment) for moment in taken)
    return _free(slot_instants(slots, zone, after, horizon_days), held, max(spacing, dt.timedelta.resolution))


def next_free(
    slots: Sequence[Slot],
    zone: str,
    after: dt.datetime,
    taken: Collection[dt.datetime] = (),
    spacing: dt.timedelta = SPACING,
    horizon_days: int | None = HORIZON_DAYS,
) -> dt.datetime | None:
    """The first of `free_instants`; None where the queue is full within the horizon. Raises as it does."""
    return next(free_instants(slots, zone, after, taken, spacing, horizon_days), None)


def replan(
    missed: Sequence[str],
    slots: Sequence[Slot],
    zone: str,
    after: dt.datetime,
    taken: Collection[dt.datetime] = (),
    spacing: dt.timedelta = SPACING,
    horizon_days: int | None = HORIZON_DAYS,
) -> dict[str, dt.datetime | None]:
    """A free slot for each of `missed` (ids), in their order: a pause of days ends in no burst.

    None for each that finds the queue full within the horizon. Raises as `free_instants` does.
    """
    free = free_instants(slots, zone, after, taken, spacing, horizon_days)
    return {each: next(free, None) for each in dict.fromkeys(missed)}


def _free(instants: Iterator[dt.datetime], held: list[dt.datetime], spacing: dt.timedelta) -> Iterator[dt.datetime]:
    """held: in order; each instant that is given out joins it."""
    for instant in instants:
        place = bisect_left(held, instant)
        if all(abs(instant - other) >= spacing for other in held[max(place - 1, 0) : place + 1]):
            insort(held, instant)
            yield instant
