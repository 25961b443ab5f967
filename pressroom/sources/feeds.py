"""Feeds (RSS, Atom): which entries they have. feedparser is given bytes, never an address it could fetch by itself."""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from pressroom.errors import SourceEmpty, SourceUnreadable
from pressroom.sources.fetching import shown
from pressroom.sources.fetching.bodies import too_large
from pressroom.sources.fetching.limits import MEGABYTE
from pressroom.sources.shared.declare import Content

MOST = 20
LARGEST = 10 * MEGABYTE
"""Bytes of a feed: it is parsed whole, which takes up to a second a megabyte."""
_LONGEST_TITLE = 1000
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Entry:
    """One entry. address: of its page, empty without one. html: its own text, or its summary; safe markup."""

    address: str
    title: str
    date: dt.date | None
    html: str


@dataclass(frozen=True)
class Feed:
    """The newest entries of a feed. total: how many it has. notes: sentences about what was left out or broken."""

    title: str
    entries: tuple[Entry, ...]
    total: int
    notes: tuple[str, ...] = ()


def entries(content: Content, *, most: int = MOST) -> Feed:
    """The `most` newest entries, newest first: by date where all have one, else in the feed's own order.

    Raises:
        SourceUnreadable: no feed can be made out. SourceEmpty: it is one, without entries.
        SourceTooLarge: more than 10 MB.
    """
    if len(content.data) > LARGEST:
        raise too_large(f"The feed {shown(content.source)}", LARGEST)
    parsed = _parsed(content)
    if not parsed.entries and (parsed.bozo or not parsed.get("version")):
        raise SourceUnreadable(
            f"{shown(content.source)} is no feed that can be read.", hint="Give the address of an RSS or Atom feed."
        )
    found = _once([_entry(each) for each in _newest_first(parsed.entries)])
    if not found:
        raise SourceEmpty(f"The feed {shown(content.source)} has no entries.", hint="Name one that has some.")
    title = _plain(parsed.feed.get("title", ""))
    return Feed(title, tuple(found[:most]), len(found), _notes(bool(parsed.bozo), len(found), most))


def _newest_first(found: list[Any]) -> list[Any]:
    return sorted(found, key=_moment, reverse=True) if all(map(_moment, found)) else found


def _moment(raw: Any) -> Any:
    updated = dict.get(raw, "updated_parsed")  # by its own `get`, feedparser would warn of an old habit of its own
    return raw.get("published_parsed") or updated


def _parsed(content: Content) -> Any:
    import feedparser

    media_type = content.media_type if "xml" in content.media_type else "application/xml"
    charset = f"; charset={content.charset}" if content.charset else ""
    headers = {"content-type": media_type + charset}
    if content.address is not None:
        headers["content-location"] = content.address
    try:
        return feedparser.parse(BytesIO(content.data), response_headers=headers)
    except Exception as error:  # its lenient parser lets through whatever html.parser and dates raise
        raise SourceUnreadable(
            f"{shown(content.source)} is a feed too damaged to be read.", hint="Give the address of one of its pages."
        ) from error


def _entry(raw: Any) -> Entry:
    bodies = [str(part.get("value") or "") for part in raw.get("content") or ()]
    body = max([*bodies, str(raw.get("summary") or "")], key=len)
    return Entry(
        address=_web_address(str(raw.get("link") or "").strip()),
        title=_plain(raw.get("title") or ""),
        date=_date(_moment(raw)),
        html=body,
    )


def _web_address(link: str) -> str:
    """`link`, empty when it is no http(s) address; whether it may be fetched is the fetcher's to say."""
    try:
        return link if urlsplit(link).scheme in {"http", "https"} else ""
    except ValueError:
        return ""


def _once(found: list[Entry]) -> list[Entry]:
    """Each address once, and nothing that has neither an address nor a text."""
    kept = {entry.address or (entry.title, entry.html): entry for entry in reversed(found)}
    return [entry for entry in reversed(kept.values()) if entry.address or entry.html.strip()]


def _date(value: Any) -> dt.date | None:
    try:
        return dt.date(*value[:3]) if value else None
    except (ValueError, TypeError):
        return None


def _plain(value: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", str(value)[:_LONGEST_TITLE])).split())


def _notes(is_broken: bool, total: int, most: int) -> tuple[str, ...]:
    notes = []
    if total > most:
        notes.append(f"The feed has {total} entries: the newest {most} were taken.")
    if is_broken:
        notes.append("The feed is malformed: what could be read of it was.")
    return tuple(notes)
