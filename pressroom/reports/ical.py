"""Planned and published content as a calendar to subscribe to (RFC 5545): read-only.

ical("Acme: LinkedIn", entries)   bytes to serve as `text/calendar; charset=utf-8`

The same entries always give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from pressroom.model import Frozen
from pressroom.model.slots import Instant

if TYPE_CHECKING:
    from icalendar import Event

REFRESH = dt.timedelta(hours=1)
"""How often a calendar program is to read the feed."""

_BREAK = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class FeedEntry(Frozen):
    """One publication in a feed. changed_at: when what is shown here changed last; `ical` asks no clock."""

    id: str = Field(pattern=r"^[\w.-]+$", description="Stable: by it a calendar program finds its event again.")
    at: Instant
    changed_at: Instant
    title: str
    text: str = ""
    url: str = Field(default="", pattern=r"^(https?://[^\s\x00-\x20\x7f]+)?$", description="Its page, or its post.")
    status: Literal["tentative", "confirmed", "cancelled"] = "confirmed"


def ical(name: str, entries: Iterable[FeedEntry]) -> bytes:
    """A calendar called `name` with an event for each entry, by time. Control characters of texts are left out."""
    from icalendar import Calendar, vDuration, vText

    feed, title = Calendar(), vText(_line(name))
    feed.add("prodid", "-//Pressroom//Publications//EN")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    for field in ("name", "x-wr-calname"):  # RFC 7986, and what programs read before it
        feed.add(field, title)
    feed.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    feed.add("x-published-ttl", vDuration(REFRESH))
    for entry in sorted(entries, key=lambda entry: (entry.at, entry.id)):
        feed.add_component(_event(entry))
    written: bytes = feed.to_ical()
    return written


def _event(entry: FeedEntry) -> Event:
    """Without an end: a publication is a moment, and blocks no time of its reader's."""
    from icalendar import Event

    event = Event()
    event.add("uid", f"{entry.id}@pressroom")
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", entry.at)
    event.add("summary", _line(entry.title))
    event.add("status", entry.status.upper())
    event.add("transp", "TRANSPARENT")
    for field, value in (("description", _clean(entry.text)), ("url", entry.url)):
        if value:
            event.add(field, value)
    return event


def _clean(text: str) -> str:
    return _CONTROL.sub("", _BREAK.sub("\n", text))


def _line(text: str) -> str:
    return " ".join(_clean(text).split())
