"""Feeds (RSS, Atom, JSON Feed): which entries they have.

feedparser is given bytes, never an address it could fetch by itself.
"""

from __future__ import annotations

import calendar
import datetime as dt
import html
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit

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

    identity: its guid or id; empty without one. date: the day its author wrote, in the author's zone; moment: in UTC,
    None where no time can be made out. categories, publisher, language: as the feed has them.
    shares_page: whether another entry of the feed has the same address. notes: sentences about it.
    """

    address: str
    title: str
    date: dt.date | None
    html: str
    identity: str = ""
    shares_page: bool = False
    notes: tuple[str, ...] = ()
    moment: dt.datetime | None = None
    categories: tuple[str, ...] = ()
    publisher: str = ""
    language: str = ""


@dataclass(frozen=True)
class Feed:
    """The newest entries of a feed. total: how many it has. notes: sentences about what was left out or broken.

    language: as declared; empty when it was not.
    """

    title: str
    entries: tuple[Entry, ...]
    total: int
    notes: tuple[str, ...] = ()
    language: str = ""


def entries(content: Content, *, most: int = MOST) -> Feed:
    """The `most` newest entries, newest first: by date where all have one, else in the feed's own order.

    Raises:
        SourceUnreadable: no feed can be made out. SourceEmpty: it is one, without entries.
        SourceTooLarge: more than 10 MB.
    """
    if len(content.data) > LARGEST:
        raise too_large(f"The feed {shown(content.source)}", LARGEST)
    feed = _of_json(content) if is_json(content.data) else _of_xml(content)
    found = _once(feed.entries)
    if not found:
        raise SourceEmpty(f"The feed {shown(content.source)} has no entries.", hint="Name one that has some.")
    notes = _notes(bool(feed.notes), len(found), most)
    return replace(feed, entries=tuple(found[:most]), total=len(found), notes=notes)


def is_json(data: bytes) -> bool:
    """True when it may be a JSON Feed."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def _of_xml(content: Content) -> Feed:
    """Every entry, newest first; a note where the XML is malformed."""
    parsed = _parsed(content)
    if not parsed.entries and (parsed.bozo or not parsed.get("version")):
        raise _no_feed(content)
    found = tuple(_entry(each) for each in _newest_first(parsed.entries))
    language = str(parsed.feed.get("language") or "")
    return Feed(plain(parsed.feed.get("title", "")), found, len(found), ("malformed",) if parsed.bozo else (), language)


def _of_json(content: Content) -> Feed:
    """Every item of a JSON Feed, newest first where all have a date."""
    try:
        parsed = json.loads(content.data)
        is_feed = "jsonfeed.org/version" in str(parsed.get("version")) and isinstance(parsed.get("items"), list)
    except (ValueError, RecursionError):
        is_feed = False
    if not is_feed:
        raise _no_feed(content)
    found = [_item(each, content.address or "") for each in parsed["items"] if isinstance(each, dict)]
    if all(entry.moment for entry in found):
        found.sort(key=lambda entry: entry.moment or dt.datetime.min, reverse=True)
    return Feed(plain(parsed.get("title") or ""), tuple(found), len(found), (), str(parsed.get("language") or ""))


def _item(raw: dict[str, Any], base: str) -> Entry:
    dated = str(raw.get("date_published") or raw.get("date_modified") or "")
    text = str(raw.get("content_text") or raw.get("summary") or "")
    link = str(raw.get("url") or raw.get("external_url") or "").strip()
    named = [*(raw.get("authors") or ()), raw.get("author")] if isinstance(raw.get("authors") or [], list) else []
    return Entry(
        address=_web_address(urljoin(base, link) if link else ""),
        title=plain(raw.get("title") or "", markup=False),
        date=_written_day(dated),
        html=str(raw.get("content_html") or "") or (f"<p>{html.escape(text)}</p>" if text else ""),
        identity=str(raw.get("id") or "").strip(),
        moment=_written_moment(dated),
        categories=tuple(str(tag) for tag in raw.get("tags") or () if tag),
        publisher=next((str(each.get("name") or "") for each in named if isinstance(each, dict)), ""),
        language=str(raw.get("language") or ""),
    )


def _no_feed(content: Content) -> SourceUnreadable:
    return SourceUnreadable(
        f"{shown(content.source)} is no feed that can be read.", hint="Give the address of an RSS, Atom or JSON feed."
    )


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
        title=plain(raw.get("title") or "", markup=not is_plain),
        date=_day(raw),
        html=whole if counting.words(_TAG.sub(" ", whole)) >= counting.words(_TAG.sub(" ", summary)) else summary,
        identity=str(raw.get("id") or "").strip(),
        moment=_utc(_moment(raw)),
        categories=tuple(str(tag.get("term")) for tag in raw.get("tags") or () if tag.get("term")),
        publisher=str((raw.get("source") or {}).get("title") or raw.get("author") or ""),
    )


def _utc(parsed: Any) -> dt.datetime | None:
    """A moment as feedparser gives it, which is in UTC."""
    try:
        return dt.datetime.fromtimestamp(calendar.timegm(parsed), dt.UTC) if parsed else None
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def _written_moment(written: str) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(written)
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


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


def _once(found: Iterable[Entry]) -> list[Entry]:
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


def plain(value: str, *, markup: bool = True) -> str:
    """`value` as one line without markup, its signs set as they are read."""
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
