"""When to post on each platform, and the next such moments in a zone.

The times are the audience's local ones: eleven o'clock is eleven wherever they live, before and after the clocks
change.
"""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from pressroom import platforms
from pressroom.errors import WrongInput
from pressroom.model.slots import Slot, in_order, slot_instants
from pressroom.zones import zone_of


def slots(platform: str) -> tuple[Slot, ...]:
    """The week's good moments to post on `platform`, from Monday on. Raises WrongInput for an unknown platform."""
    moments = (moment.split() for moment in platforms.get(platform).posting.times)
    return in_order(Slot.model_validate({"day": day, "time": at}) for day, at in moments)


def next_slots(
    platform: str, zone: str, after: datetime, count: int, *, audience: str | None = None
) -> tuple[datetime, ...]:
    """The next `count` good moments to post on `platform` later than `after`, the earliest first, shown in `zone`.

    after: an aware datetime. audience: the zone the readers live in, `zone` itself when left out. For a time that the
    clocks skip the next minute that exists is meant; of one that comes twice the first.

    Raises:
        WrongInput: platform or zone is unknown, `after` has no zone, or the calendar ends before `count` is reached.
    """
    shown = zone_of(zone)
    instants = slot_instants(slots(platform), audience or zone, after, horizon_days=None)
    found = tuple(instant.astimezone(shown) for instant in islice(instants, max(0, count)))
    if len(found) < count:
        raise WrongInput(f"The calendar ends before {count} moments after {after:%Y-%m-%d}.")
    return found
