"""Feeds (RSS, Atom): which entries they have. feedparser is given bytes, never an address it could fetch by itself."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections import Counter
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from pressroom.errors import SourceEmpty, SourceUnreadable
from pressroom.platforms import counting
from pressroom.sources.fetching import shown
from pressroom.sources.fetching.bodies import too_large
from pressroom.sources.fetching.limits import MEGABYTE
from pressroom.sources.readers.shared.facts import date_of
from pressroom.sources.readers.shared.raised import lowered, raised
from pressroom.sources.readers.shared.tidy import shortened
from pressroom.sources.shared.declare import Content

MOST = 20
LARGEST = 10 * MEGABYTE
"""Bytes of a feed: it is parsed whole, which takes up to a second a megabyte."""
_LONGEST_TITLE = 1000
_GROWING = re.compile(rb"<!ENTITY\s+[\w.-]{1,100}\s+(?:\"[^\"&]*&[^\"]*\"|'[^'&]*&[^']*')\s*>")
"""Entities made of others: ten of them make a gigabyte of a line."""
_TAG = re.compile(r"<[^<>]*>")
_SHIFTED = re.compile(r"<(?P<tag>sup|sub)(?:\s[^<>]{0,100})?>(?P<inside>[^<>]{0,40})</(?P=tag)>", re.I)
_INLINE = re.compile(r"</?(?:su[pb]|em|i|b|strong|span|small|code|wbr|u|mark|abbr)(?:\s[^<>]*)?>", re.I)
"""Markup inside a word, so that no space stands for it."""


@dataclass(frozen=True)
class Entry:
    """One entry. address: of its page, empty without one. html: its own text, or its summary, as it stands there.

    identity: its guid or id; empty without one. date: the day its author wrote, in the author's zone.
    shares_page: whether another entry of the feed has the same address. notes: sentences about it.
    """

    address: str
    title: str
    date: dt.date | None
    html: str
    identity: str = ""
    shares_page: bool = False
    notes: tuple[str, ...] = ()


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
        # Its cleaning takes off the styles that hide text. The reader of pages runs nothing and drops what is hidden.
        return feedparser.parse(BytesIO(_GROWING.sub(b"", content.data)), response_headers=headers, sanitize_html=False)
    except Exception as error:  # its lenient parser lets through whatever html.parser and dates raise
        raise SourceUnreadable(
            f"{shown(content.source)} is a feed too damaged to be read.", hint="Give the address of one of its pages."
        ) from error


def _entry(raw: Any) -> Entry:
    bodies = [_as_html(part) for part in raw.get("content") or ()]
    whole, summary = (
        max(bodies, key=len, default=""),
        _as_html(raw.get("summary_detail") or {}) or str(raw.get("summary") or ""),
    )
    is_plain = (raw.get("title_detail") or {}).get("type") == "text/plain"
    return Entry(
        address=_web_address(str(raw.get("link") or "").strip()),
        title=_plain(raw.get("title") or "", markup=not is_plain),
        date=_day(raw),
        html=whole if counting.words(_TAG.sub(" ", whole)) >= counting.words(_TAG.sub(" ", summary)) else summary,
        identity=str(raw.get("id") or "").strip(),
    )


def _as_html(part: Any) -> str:
    """The text of an entry as HTML; in one that is declared plain, a `<` is a character."""
    value = str(part.get("value") or "")
    return f"<p>{html.escape(value)}</p>" if part.get("type") == "text/plain" and "<" in value else value


def _web_address(link: str) -> str:
    """`link`, empty when it is no http(s) address; whether it may be fetched is the fetcher's to say."""
    try:
        return link if urlsplit(link).scheme in {"http", "https"} else ""
    except ValueError:
        return ""


def _once(found: list[Entry]) -> list[Entry]:
    """Each identity once, with a note on those left out, and nothing that has neither an address nor a text.

    An entry's identity is its guid; of one without, its address and title.
    """
    alike: dict[object, list[Entry]] = {}
    for entry in found:
        if entry.address or entry.html.strip():
            alike.setdefault(entry.identity or (entry.address, entry.title, entry.html), []).append(entry)
    pages = Counter(_page(entries[0]) for entries in alike.values())
    return [
        replace(first, shares_page=pages[_page(first)] > 1, notes=_merged(others)) for first, *others in alike.values()
    ]


def _page(entry: Entry) -> str:
    return entry.address.partition("#")[0] or entry.identity or entry.title


def _merged(others: list[Entry]) -> tuple[str, ...]:
    if not others:
        return ()
    names = ", ".join(f"“{shortened(entry.title or entry.address, 60)}”" for entry in others[:5])
    return (f"The feed gives it {len(others) + 1} times under one identity: the newest was read, not {names}.",)


def _day(raw: Any) -> dt.date | None:
    """The day as it is written, in the zone of who wrote it; by the parsed moment where it can't be made out."""
    for name in ("published", "updated"):
        written, moment = dict.get(raw, name), dict.get(raw, f"{name}_parsed")
        if written or moment:
            return _written_day(str(written or "").strip()) or _date(moment)
    return None


def _written_day(written: str) -> dt.date | None:
    for parse in (parsedate_to_datetime, dt.datetime.fromisoformat):
        try:
            return parse(written).date()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return date_of(written)


def _date(value: Any) -> dt.date | None:
    try:
        return dt.date(*value[:3]) if value else None
    except (ValueError, TypeError):
        return None


def _plain(value: str, *, markup: bool = True) -> str:
    text = str(value)[:_LONGEST_TITLE]
    return " ".join(
        (html.unescape(_TAG.sub(" ", _INLINE.sub("", _SHIFTED.sub(_shift, text)))) if markup else text).split()
    )


def _shift(found: re.Match[str]) -> str:
    before = html.unescape(_TAG.sub("", found.string[max(0, found.start() - 60) : found.start()]))
    if found["tag"].lower() == "sub":
        return lowered(before, found["inside"])
    return raised(before, found["inside"], found.string[found.end() :][:20])


def _notes(is_broken: bool, total: int, most: int) -> tuple[str, ...]:
    notes = []
    if total > most:
        notes.append(f"The feed has {total} entries: the newest {most} were taken.")
    if is_broken:
        notes.append("The feed is malformed: what could be read of it was.")
    return tuple(notes)
