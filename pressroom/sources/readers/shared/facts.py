"""Cleans the facts about a document: dates, names, languages, addresses."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit, urlunsplit

from pressroom.sources.readers.shared.tidy import one_line, shortened

_DATE = re.compile(r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_PLACED = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/._]?(\d\d)[-/._]?(\d\d)(?!\d)")
_FORMATS = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%d.%m.%Y")
_NOTHING = ("null", "~")
_FIRST_YEAR = 1800
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?(?:[-_.].*)?", re.S)
_LINKED = re.compile(r"!?\[([^\]]{0,200})\]\([^)]{0,500}\)")
_MAILED = re.compile(r"^[^\s@]++@[^\s@]++\s++\(([^)]++)\)$")
_MARKUP = re.compile(
    r"<[^<>]{0,300}+>|[*_`]{1,3}(?=\w)|(?<=\w)[*_`]{1,3}|(?<![\w.+-])[\w.+-]++@[^\s.@]++\.[\w.-]+|https?://\S+"
)
_REMARK = re.compile(r"(?<!\s)\s*+\([^()]{0,200}\)")
_LONGEST_NAME = 200
_LONGEST_ADDRESS = 2_000


def date_of(value: object) -> dt.date | None:
    """A date as front matter and properties give it: a date, a moment, or words in ISO or English order."""
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return value if value.year >= _FIRST_YEAR else None
    if not isinstance(value, str):
        return None
    found = _DATE.match(value)
    return _numbered(*map(int, found.groups())) if found else _worded(value.strip())


def date_in(place: str) -> dt.date | None:
    """The last day named in an address or a path: `/2025/01/09/`, `2025-01-09-title.md`, `20250109.html`."""
    days = [_numbered(*map(int, found)) for found in _PLACED.findall(place.partition("?")[0])]
    return next(filter(None, reversed(days)), None)


def _numbered(year: int, month: int, day: int) -> dt.date | None:
    try:
        return date_of(dt.date(year, month, day))
    except ValueError:
        return None


def _worded(value: str) -> dt.date | None:
    for form in _FORMATS:
        try:
            return date_of(dt.datetime.strptime(value, form).date())
        except ValueError:
            continue
    return None


def name_of(value: object) -> str:
    """Names as one line: a string, a list of strings, or mappings with a `name`; parted by commas."""
    if isinstance(value, dict):
        value = value.get("name") or value.get("title") or ""
    if isinstance(value, (list, tuple)):
        value = ", ".join(filter(None, map(name_of, value)))
    return one_line(value) if isinstance(value, str) and value.lower() not in _NOTHING else ""


def author_of(value: object) -> str:
    """Names of people as one line, without links, markup, addresses and remarks in brackets after them."""
    if isinstance(value, (list, tuple)):
        return shortened(", ".join(filter(None, map(author_of, value))), _LONGEST_NAME)
    name = name_of(value)
    name = _MAILED.sub(r"\1", _LINKED.sub(r"\1", name))
    name = _MARKUP.sub("", name)
    alone = _REMARK.sub("", name).strip(" ,;")
    return shortened(alone or name.strip(" ,;"), _LONGEST_NAME)


def tag_of(declared: str) -> str:
    """Makes a BCP 47 tag of a declared language (`de_AT.UTF-8`, `PT-br`); empty when invalid."""
    found = _TAG.fullmatch(declared.strip())
    if found is None:
        return ""
    script, region = found[2], found[3]
    return "-".join(filter(None, (found[1].lower(), script and script.title(), region and region.upper())))


def address_of(value: object, base: str | None = None) -> str | None:
    """`value` as an absolute http(s) address without credentials; None when invalid."""
    if not isinstance(value, str):
        return None
    try:
        parts = urlsplit(urljoin(base or "", value.strip()))
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    if (
        parts.scheme not in ("http", "https")
        or not host
        or re.search(r"[\s\x00-\x1f\x7f\ufffe\uffff<>\"]", parts.geturl())
    ):
        return None
    address = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return address if len(address) <= _LONGEST_ADDRESS else None


def addresses_of(values: Iterable[object], base: str | None = None) -> tuple[str, ...]:
    """The absolute http(s) addresses among `values`, each once."""
    return tuple(dict.fromkeys(found for value in values if (found := address_of(value, base))))
