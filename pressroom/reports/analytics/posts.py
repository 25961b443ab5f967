"""A published post as reports see it: what it is, and its figures at one age."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from pressroom import platforms
from pressroom.model.snapshots import ENGAGED, METRICS, Have, Snapshot

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BY_IMPRESSIONS, BY_VIEWS = "engagement_by_impressions", "engagement_by_views"
RATES: Mapping[str, str] = {
    BY_IMPRESSIONS: "Engagement rate by impressions",
    BY_VIEWS: "Engagement rate by views",
}
"""Rates, each for the platforms whose views count that; titles by name."""

MEASURES: Mapping[str, str] = {**METRICS, **RATES}
"""Everything that a report can be about."""


class Post(NamedTuple):
    """A publication with what it is told apart by. local: when it went out, by the workspace's clock.

    figures: snapshots at the report's age, by metric.
    """

    id: str
    content_id: str
    title: str
    platform: str
    channel: str
    channel_id: str
    format: str
    topic: str
    hook: str
    prompt: str
    model: str
    voice: str
    variant: str
    local: dt.datetime
    permalink: str
    figures: Mapping[str, Snapshot]


DIMENSIONS: Mapping[str, tuple[str, Callable[[Post], str]]] = {
    "platform": ("Platform", lambda post: post.platform),
    "format": ("Format", lambda post: post.format),
    "topic": ("Topic", lambda post: post.topic),
    "weekday_hour": ("Weekday and hour", lambda post: slot_title(post.local)),
    "prompt": ("Prompt version", lambda post: post.prompt),
    "model": ("Model", lambda post: post.model),
    "voice": ("Voice", lambda post: post.voice or "none set"),
    "variant": ("Variant", lambda post: post.variant),
    "hook": ("Opening", lambda post: post.hook),
    "channel": ("Channel", lambda post: post.channel),
}
"""Posts are grouped by each of these: title, and the value of a post."""


def slot_title(local: dt.datetime) -> str:
    """`Tuesday 09:00`: the hour that the post went out in."""
    return f"{WEEKDAYS[local.weekday()]} {local.hour:02d}:00"


def measured(post: Post, measure: str) -> float | Have:
    """The value of a post, or the reason why it has none. A late snapshot is unknown at its age."""
    if measure in RATES:
        return _rate(post, measure)
    return _figure(post, measure)


def _figure(post: Post, metric: str) -> float | Have:
    offered = platforms.find(post.platform)
    if offered is None or offered.results is None or not offered.results.offers(metric):
        return Have.NOT_OFFERED
    found = post.figures.get(metric)
    if found is None or found.is_late:
        return Have.UNKNOWN
    return found.have if found.value is None else float(found.value)


def _rate(post: Post, measure: str) -> float | Have:
    """(likes + comments + shares + saves) / impressions or views; figures that the platform does not have are left out.

    Unknown where one that it does have is missing, and where nothing was seen.
    """
    offered = platforms.find(post.platform)
    results = offered.results if offered else None
    counts = "impressions" if measure == BY_IMPRESSIONS else "views"
    if results is None or not results.offers("views") or results.figures["views"].counts != counts:
        return Have.NOT_OFFERED
    seen = _figure(post, "views")
    parts = [part for part in (_figure(post, metric) for metric in ENGAGED) if part not in NOT_THERE]
    known = [part for part in parts if not isinstance(part, Have)]
    missing = [part for part in (seen, *parts) if isinstance(part, Have)]
    if missing or isinstance(seen, Have):
        return missing[0] if missing else Have.UNKNOWN
    return sum(known) / seen if seen and known else Have.UNKNOWN


NOT_THERE: Sequence[object] = (Have.NOT_OFFERED, Have.ENDED)
