"""Raw answers into signals: JSON checked for its shape, and text, numbers and times as sources write them."""

from __future__ import annotations

import datetime as dt
import html
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from pressroom.errors import SourceUnreadable
from pressroom.model.trends import SUMMARY_CHARACTERS, DayFigure, RawAnswer, Signal
from pressroom.sources.feeds import plain
from pressroom.sources.fetching import shown
from pressroom.sources.readers.shared.tidy import one_line, shortened

TITLE_CHARACTERS = 300
MALFORMED = (AttributeError, LookupError, OverflowError, TypeError, ValueError)
"""Errors of reading an entry whose parts are not what they should be; pydantic's is a ValueError."""
AHEAD = dt.timedelta(hours=1)
"""How far a clock may be ahead of ours. A later date is no date: it would be fresh for ever."""
_NUMBER = re.compile(r"\s*(\d[\d,.\s]*)\s*([KMB]?)\+?\s*", re.IGNORECASE)
_MARKUP = re.compile(r"<(script|style)\b.*?(</\1>|\Z)|<!--.*?(-->|\Z)|<[^<>]*(>|\Z)", re.DOTALL | re.IGNORECASE)
_LONGEST_HTML = 20_000
_TIMES = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}


def unreadable(answer: RawAnswer, what: str) -> SourceUnreadable:
    """The error for an answer that is not what its source used to give. what: e.g. "no JSON"."""
    return SourceUnreadable(
        f"{shown(answer.address)} answered {what}.", hint="It is asked again next time; if it stays so, upgrade."
    )


def json_of(answer: RawAnswer) -> Any:
    """The answer as JSON. Raises SourceUnreadable."""
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError):
        kind = answer.headers.get("content-type", "").partition(";")[0]
        raise unreadable(answer, f"no JSON{f' but {kind}' if kind and 'json' not in kind else ''}") from None


def listed(answer: RawAnswer, *path: str) -> list[Any]:
    """The list at `path` of a JSON answer. Raises SourceUnreadable where there is no list."""
    found = json_of(answer)
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, list):
        place = ".".join(path)
        raise unreadable(answer, f"another schema: no list{f' at {place}' if place else ''}")
    return found


def signals(answer: RawAnswer, entries: Iterable[Any], make: Callable[[Any], Signal | None]) -> Iterator[Signal]:
    """A signal of each entry, without those that are malformed, and those of which `make` makes None.

    Raises:
        SourceUnreadable: all of them are malformed, so they are of another schema.
    """
    is_any = sound = False
    for entry in entries:
        is_any = True
        try:
            signal = make(entry)
        except MALFORMED:
            continue
        sound = True
        if signal is not None and signal.title and signal.key:
            yield signal
    if is_any and not sound:
        raise unreadable(answer, "another schema: no entry of it can be read")


def text_of(value: object, *, most: int = TITLE_CHARACTERS, markup: bool = True) -> str:
    """One visible line of a title, which may hold HTML. Raises TypeError where it is no text."""
    if not isinstance(value, str):
        raise TypeError("no text")
    return shortened(one_line(plain(value, markup=markup)), most)


def summary_of(value: object) -> str:
    """The first 500 characters of a text, which may be HTML; empty where there is no text."""
    if not isinstance(value, str):
        return ""
    return shortened(one_line(html.unescape(_MARKUP.sub(" ", value[:_LONGEST_HTML]))), SUMMARY_CHARACTERS)


def number(value: object) -> float | None:
    """A figure: 1200, "1,200", "2K+"; None where it is no number, or a negative one."""
    if isinstance(value, str) and (found := _NUMBER.fullmatch(value)):
        digits = re.sub(r"[,\s]", "", found[1]) if found[2] else re.sub(r"[,.\s]", "", found[1])
        try:
            value = float(digits) * _TIMES[found[2].upper()]
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if math.isfinite(value) and value >= 0 else None


def figures(**given: object) -> dict[str, float]:
    """The figures that are numbers, without the others."""
    return {name: read for name, value in given.items() if (read := number(value)) is not None}


def in_order(days: Mapping[dt.date, float]) -> tuple[DayFigure, ...]:
    """A history, oldest day first."""
    return tuple(DayFigure(day=day, value=value) for day, value in sorted(days.items()))


def published(value: object, answer: RawAnswer) -> dt.datetime | None:
    """A time in ISO, of a mail header, in seconds since 1970, or as it is; None for a later one than now."""
    moment = value if isinstance(value, dt.datetime) else _moment(value)
    if moment is None or moment > answer.fetched_at + AHEAD:
        return None
    return min(moment, answer.fetched_at)


def _moment(value: object) -> dt.datetime | None:
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return dt.datetime.fromtimestamp(value, dt.UTC)
        if not isinstance(value, str):
            return None
        moment = dt.datetime.fromisoformat(value) if value[:4].isdigit() else parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, TypeError, OverflowError, OSError, IndexError):
        return None


def web(value: object) -> str:
    """An http address as the source gives it; empty for anything else."""
    address = value.strip() if isinstance(value, str) else ""
    return address if re.match(r"https?://[^\s/]", address) else ""
