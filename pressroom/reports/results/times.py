"""The best times to post, as a person reads them."""

from __future__ import annotations

from datetime import datetime

from pressroom import platforms
from pressroom.platforms import posting_times
from pressroom.reports.words import WEEKDAYS, day_in_words
from pressroom.zones import zone_of

NEXT = 5
"""How many dates are named."""


def times_to_post(platform: str, after: datetime, zone: str | None) -> str:
    """The week's good times in the readers' local time; with their `zone`, also the next dates later than `after`.

    Raises:
        WrongInput: there is no such zone.
    """
    if zone is not None:
        zone_of(zone)
    known = platforms.find(platform)
    if known is None:
        return "The platform is not declared, so no times are known."
    week = posting_times.slots(platform)
    lines = [
        "Every week, in your readers' local time: "
        + ", ".join(f"{WEEKDAYS[slot.place[0]]} {slot.time:%H:%M}" for slot in week)
    ]
    if zone is not None:
        lines.append(f"The next in {zone}:")
        found = posting_times.next_slots(platform, zone, after, NEXT)
        lines += [f"- {day_in_words(at.date())}, {at:%H:%M} (UTC{_offset(at)})" for at in found]
    return "\n".join([*lines, f"Source, as of {known.posting.checked}: {known.posting.source}"])


def _offset(at: datetime) -> str:
    return f"{at:%z}"[:3] + ":" + f"{at:%z}"[3:5]
