"""How values are written on pages: times, money, counts, and the names of what we have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from pressroom import formats, platforms
from pressroom.model import State

_STEPS = ((86_400, "day"), (3600, "hour"), (60, "minute"))


def format_title(name: str) -> str:
    """A format's title; of one that is no longer there, its name."""
    return formats.get(name).title if name in formats.names() else words(name)


def words(name: str) -> str:
    """`call_to_action` as `Call to action`."""
    return name.replace("_", " ").capitalize()


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 draft`, `1,200 drafts`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def thousands(number: float) -> str:
    """`12,345`."""
    return f"{number:,}"


def dollars(microusd: int) -> str:
    """Millionths of a dollar as money: to the cent, or to what makes a small amount visible."""
    amount = microusd / 1_000_000
    return f"${amount:,.2f}" if amount >= 0.01 or not microusd else f"${amount:.4f}"


def duration(seconds: float) -> str:
    """`45 s`, `2 min 5 s`, `1 h 20 min`."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {left} s" if minutes else f"{left} s"


def long_day(day: date) -> str:
    """`Saturday, 21 November`."""
    return f"{day:%A}, {day.day} {day:%B}"


def short_day(day: date) -> str:
    """`21 Nov`."""
    return f"{day.day} {day:%b}"


@pass_context
def moment(context: Context, at: datetime) -> Markup:
    """A time in the workspace's zone: `06:04` today, else `21 Nov, 06:04`; the year where it is another."""
    local = at.astimezone(_zone(context))
    today = datetime.now(local.tzinfo).date()
    day = "" if local.date() == today else f"{short_day(local)}{'' if local.year == today.year else f' {local.year}'}, "
    return _time(local, f"{day}{local:%H:%M}")


@pass_context
def ago(context: Context, at: datetime) -> Markup:
    """`just now`, `5 minutes ago`, `3 days ago`."""
    seconds = (datetime.now(UTC) - at).total_seconds()
    said = next((f"{counted(int(seconds // step), noun)} ago" for step, noun in _STEPS if seconds >= step), "just now")
    return _time(at.astimezone(_zone(context)), said)


@pass_context
def due(context: Context, at: datetime) -> Markup:
    """A time with day and zone, `Mon 30 Nov, 09:00`; the page adds the reader's own time where that differs."""
    local = at.astimezone(_zone(context))
    title = f"{long_day(local)} {local.year}, {local:%H:%M} {local.tzname()}"
    said = f"{local:%a} {short_day(local)}, {local:%H:%M}"
    return Markup('<time datetime="{}" title="{}" data-own>{}</time>').format(local.isoformat(), title, said)


@pass_context
def in_days(context: Context, at: datetime) -> str:
    """A time to come: `today, 06:00`, `tomorrow, 06:00`, `on Monday 7 December, 06:00`."""
    local = at.astimezone(_zone(context))
    days = (local.date() - datetime.now(local.tzinfo).date()).days
    day = {0: "today", 1: "tomorrow"}.get(days) or f"on {local:%A} {local.day} {local:%B}"
    return f"{day}, {local:%H:%M} ({local.tzinfo})"


@pass_context
def clock_time(context: Context, at: datetime) -> str:
    """`09:00` in the workspace's zone."""
    return f"{at.astimezone(_zone(context)):%H:%M}"


@pass_context
def iso_day(context: Context, at: datetime) -> str:
    """`2026-11-30` in the workspace's zone."""
    return f"{at.astimezone(_zone(context)):%Y-%m-%d}"


def _zone(context: Context) -> ZoneInfo:
    page = context.get("page")
    return page.zone if hasattr(page, "zone") else ZoneInfo("UTC")


def _time(local: datetime, said: str) -> Markup:
    title = f"{long_day(local)} {local.year}, {local:%H:%M} {local.tzname()}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(local.isoformat(), title, said)


STEPS: Mapping[str, str] = MappingProxyType(
    {
        "gate-batch": "Checking quality",
        "gate-ideas": "Checking ideas",
        "generate-ideas": "Finding ideas",
        "recall-history": "Looking at earlier ideas",
        "publish-brief": "Writing the brief",
        "read": "Reading",
        "imagine": "Describing pictures",
        "picture": "Making a picture",
        "prepare": "Preparing the picture",
        "accounts": "Finding accounts",
        "results": "Gathering results",
        "redo": "Writing again",
        "condense": "Condensing",
        "join-parts": "Condensing",
        "read-through": "Reading",
    }
)
"""Names of steps as people read them, by their first word."""


def step(name: str) -> str:
    """A step of a run in words: `x_thread: Bees` as `X thread: Bees`, `gate-batch` as `Checking quality`."""
    head, colon, rest = name.partition(": ")
    if head in formats.names():
        return f"{format_title(head)}: {rest}"
    return STEPS.get(head.partition(" ")[0]) or (
        f"{platforms.title(head)}: {rest}" if colon else words(head.replace("-", "_"))
    )


def pair(value: str) -> tuple[str, str]:
    """A value as an option whose title it is."""
    return value, value


FILTERS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "ago": ago,
        "clock_time": clock_time,
        "counted": counted,
        "dollars": dollars,
        "due": due,
        "duration": duration,
        "format_title": format_title,
        "in_days": in_days,
        "iso_day": iso_day,
        "long_day": long_day,
        "moment": moment,
        "pair": pair,
        "platform_title": platforms.title,
        "short_day": short_day,
        "step": step,
        "thousands": thousands,
        "words": words,
    }
)
GLOBALS: Mapping[str, Any] = MappingProxyType(
    {"review_path": "/review", "STATES": tuple(State), "format_names": formats.names}
)
