"""The recorded day: each source's answers in its own wire format, with invented content, moved to any moment.

A file of `examples/` is an answer in which a time stands as `{{iso 5.5}}`, 5.5 hours before the moment it is moved to.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections.abc import Callable
from email.utils import format_datetime
from functools import cache
from importlib import resources

from pressroom.model.trends import RawAnswer

DAY = dt.datetime(2026, 3, 3, 6, tzinfo=dt.UTC)
"""The morning after the recorded day."""
_FOLDER = resources.files("pressroom.sources.trends") / "examples"
_TIME = re.compile(r"\{\{(\w+) ([\d.]+)\}\}")
_WRITTEN: dict[str, Callable[[dt.datetime], str]] = {
    "iso": lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    "rfc": lambda at: format_datetime(at, usegmt=True),
    "unix": lambda at: f"{at.timestamp():.0f}",
    "midnight": lambda at: f"{at.replace(hour=0, minute=0, second=0, microsecond=0).timestamp():.0f}",
    "year": lambda at: f"{at:%Y}",
    "month": lambda at: f"{at:%m}",
    "day": lambda at: f"{at:%d}",
}


def answers(now: dt.datetime = DAY) -> tuple[RawAnswer, ...]:
    """The answers of every source, as if they had come at `now`."""
    moment = now.astimezone(dt.UTC)
    return tuple(
        RawAnswer(
            source=each["source"],
            region=each["region"],
            address=_moved(each["address"], moment),
            status=200,
            headers=each["headers"],
            content=_moved(_text(each["file"]), moment).encode(),
            fetched_at=moment,
        )
        for each in json.loads(_text("index.json"))
    )


def pages(now: dt.datetime = DAY) -> dict[str, bytes]:
    """By address, the articles that the best-covered events of the day lead to, as HTML."""
    found = {}
    for page in json.loads(_text("pages.json")):
        at = (now - dt.timedelta(hours=page["hours"])).astimezone(dt.UTC)
        title, paragraphs = html.escape(page["title"]), "".join(f"<p>{html.escape(p)}</p>" for p in page["paragraphs"])
        found[page["address"]] = (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f'<meta property="article:published_time" content="{_WRITTEN["iso"](at)}">'
            f'<meta property="og:site_name" content="{html.escape(page["site"])}"></head>'
            f"<body><main><article><h1>{title}</h1>{paragraphs}</article></main></body></html>"
        ).encode()
    return found


@cache
def _text(file: str) -> str:
    return (_FOLDER / file).read_text("utf-8")


def _moved(text: str, now: dt.datetime) -> str:
    """`text` with its times written out, each in the form that stands before it."""
    return _TIME.sub(lambda at: _WRITTEN[at[1]](now - dt.timedelta(hours=float(at[2]))), text)
