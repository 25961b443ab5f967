"""When a queue sends: its free slots, the order of its items, what is late, and what a pause of days leaves to plan."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from pressroom.errors import WrongInput
from pressroom.model.base import Frozen
from pressroom.model.slots import HORIZON_DAYS, Instant, Slot, in_utc, slot_instants

SPACING = dt.timedelta(minutes=10)
"""Least time between two publications of one channel."""

LATE = dt.timedelta(minutes=60)
"""How late an item may be sent; later it is missed."""


class Queued(Frozen):
    """An item of a queue. is_fixed: it does not move, because it is published, on its way, or at a chosen time."""

    id: str
    at: Instant
    is_fixed: bool = False


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


def reorder(items: Sequence[Queued], order: Sequence[str]) -> dict[str, dt.datetime]:
    """The new instant of each item that moves when the queue is put in `order`: instants stay, items change places.

    order: the id of each item that can move, once. Fixed ones may be named as well; they stay where they are.

    Raises:
        WrongInput: `order` leaves out an item, names one twice, or one that is not in the queue.
    """
    _check_order(items, order)
    movable = {item.id: item.at for item in items if not item.is_fixed}
    names = (name for name in order if name in movable)
    return {name: at for name, at in zip(names, sorted(movable.values()), strict=True) if at != movable[name]}


def close_gaps(
    items: Sequence[Queued],
    slots: Sequence[Slot],
    zone: str,
    after: dt.datetime,
    spacing: dt.timedelta = SPACING,
) -> dict[str, dt.datetime]:
    """The new instant of each item that moves up when slots that are free earlier are filled; the order stays.

    No item is moved to a later time; fixed ones stay, and those that are due already.
    Raises WrongInput as `free_instants` does.
    """
    last = in_utc(after)
    moving = sorted((item for item in items if not item.is_fixed and item.at > last), key=lambda item: item.at)
    held = [item.at for item in items if item not in moving]
    changed: dict[str, dt.datetime] = {}
    for item in moving:
        free = next_free(slots, zone, last, held, spacing)
        last = min(item.at, free or item.at)
        held.append(last)
        if last != item.at:
            changed[item.id] = last
    return changed


def is_late(planned: dt.datetime, now: dt.datetime, window: dt.timedelta = LATE) -> bool:
    """True where `now` is more than `window` after `planned`; with a window of 0 never.

    Raises WrongInput for a moment without a zone.
    """
    return window > dt.timedelta() and in_utc(now) - in_utc(planned) > window


def earliest(last_sent: dt.datetime, spacing: dt.timedelta = SPACING) -> dt.datetime:
    """When the channel may send again, in UTC. Raises WrongInput where `last_sent` has no zone."""
    return in_utc(last_sent) + spacing


def _free(instants: Iterator[dt.datetime], held: list[dt.datetime], spacing: dt.timedelta) -> Iterator[dt.datetime]:
    """held: in order; each instant that is given out joins it."""
    for instant in instants:
        place = bisect_left(held, instant)
        if all(abs(instant - other) >= spacing for other in held[max(place - 1, 0) : place + 1]):
            insort(held, instant)
            yield instant


def _check_order(items: Sequence[Queued], order: Sequence[str]) -> None:
    twice = [name for name, times in Counter(order).items() if times > 1]
    strange = set(order) - {item.id for item in items}
    left_out = {item.id for item in items if not item.is_fixed} - set(order)
    for names, fault in ((twice, "twice in the order"), (strange, "not in the queue"), (left_out, "not in the order")):
        if names:
            raise WrongInput(f"{min(names)[:60]!r} is {fault}.", hint="Load the queue again: it may have changed.")
