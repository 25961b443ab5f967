"""Snapshots: a publication's figure at one age, or the reason for a gap; and the request that collects them.

A snapshot is written once and never changed. Reports, comparisons and the return on cost are functions over them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import ClassVar, Literal, NamedTuple

from pydantic import Field

from pressroom.model.base import Frozen
from pressroom.model.forms import Request, Table, setting

AGES = (1, 6, 24, 72, 168, 672, 2160)
"""Hours after publication at which figures are collected: 1, 6 and 24 hours; 3, 7, 28 and 90 days."""

LATE = 1.25
"""A snapshot counts at its age up to this many times the age, and `GRACE`; one that is older is late."""

GRACE = dt.timedelta(hours=1)
"""Collections begin each hour."""

TRIES = 5
"""Failed calls for one age; after the last one, the gap is written."""

METRICS: Mapping[str, str] = {
    "views": "Views",
    "reach": "Reach",
    "likes": "Likes",
    "comments": "Comments",
    "shares": "Shares",
    "reposts": "Reposts",
    "quotes": "Quotes",
    "saves": "Saves",
    "clicks": "Clicks",
    "opens": "Opens",
    "follows": "Follows",
    "watch_time": "Watch time",
}
"""Our names for figures, and their titles. Watch time is in seconds; all others are counts."""

ENGAGED = ("likes", "comments", "shares", "saves")
"""The figures that the engagement rate adds up."""


class Have(StrEnum):
    """The state of a figure at an age.

    VALUE: a number. GAP: it was asked for and did not come; the reason says why. NOT_OFFERED: the platform has no such
    figure for this post. ENDED: it had one, and takes no more. UNKNOWN: it was not collected yet, and has no row.
    """

    VALUE = "value"
    GAP = "gap"
    NOT_OFFERED = "not_offered"
    ENDED = "ended"
    UNKNOWN = "unknown"


class Snapshot(NamedTuple):
    """A figure of a publication at an age in hours. value: None unless it is one.

    observed_at: when the platform answered; seconds: the true age then. definition: the version of what it means.
    """

    publication_id: str
    metric: str
    age: int
    have: Have
    value: int | None
    observed_at: dt.datetime
    seconds: int
    definition: int
    reason: str = ""

    @property
    def is_late(self) -> bool:
        """True where it was collected too late to stand for its age."""
        return self.seconds > is_late_after(self.age)


class Due(NamedTuple):
    """The ages that a publication lacks now. age: to collect, None where it is not time. missed: ages that are over."""

    age: int | None
    missed: tuple[int, ...]


def is_late_after(age: int) -> float:
    """Seconds of true age after which a snapshot is late for `age`."""
    return age * 3600 * LATE + GRACE.total_seconds()


def due(published_at: dt.datetime, now: dt.datetime, ages: Iterable[int], there: Iterable[int]) -> Due:
    """The ages that are due `now` for a publication with snapshots at the ages `there`.

    An age is open from its moment until the next one's; what was not collected by then is missed. The last one is open
    for as long as it lasted.
    """
    hours, held, wanted = (now - published_at).total_seconds() / 3600, set(there), sorted(ages)
    begun = [age for age in wanted if age <= hours]
    if not begun:
        return Due(None, ())
    is_open = hours < 2 * begun[-1] or begun[-1] != wanted[-1]
    closed = begun[:-1] if is_open else begun
    current = begun[-1] if is_open and begun[-1] not in held else None
    return Due(current, tuple(age for age in closed if age not in held))


def falls(snapshots: Iterable[Snapshot]) -> set[tuple[str, int]]:
    """(metric, age) of the values of one publication that are lower than an earlier one: platforms correct counts."""
    highest: dict[str, int] = {}
    found = set()
    for one in sorted(snapshots, key=lambda each: each.age):
        if one.value is None:
            continue
        if one.value < highest.get(one.metric, one.value):
            found.add((one.metric, one.age))
        highest[one.metric] = max(highest.get(one.metric, 0), one.value)
    return found


class ResultsRequest(Request):
    """The request for one collection of figures."""

    usual: ClassVar[Table] = {"workspace": setting("workspace")}

    every_workspace: bool = Field(default=False, description="For all workspaces.")
    workspace: str | None = Field(
        default=None, pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="Workspace to work for; default: `default`."
    )
    trigger: Literal["scheduled", "manual", "api"] | None = Field(
        default=None, description="Who started it; found out when left out."
    )


class ChannelFigures(Frozen):
    """The outcome for one channel. calls: requests for figures; publications: those that were due."""

    workspace: str
    channel_id: str
    channel: str = ""
    platform: str = ""
    publications: int = 0
    values: int = 0
    gaps: int = Field(default=0, description="Figures that did not come and are written off.")
    waiting: int = Field(default=0, description="Publications whose call failed and is tried again.")
    calls: int = 0
    cost_microusd: int = 0
    code: str = ""
    reason: str = ""


class FiguresReport(Frozen):
    """One collection: what became of each channel that had something due."""

    channels: tuple[ChannelFigures, ...] = ()

    @property
    def failed(self) -> tuple[ChannelFigures, ...]:
        return tuple(one for one in self.channels if one.code)
