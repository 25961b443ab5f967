"""Reports at equal age: how posts did by format, platform, topic, weekday and hour, prompt, model, voice, variant."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pydantic import Field

from pressroom import platforms
from pressroom.model.base import Frozen
from pressroom.model.snapshots import Have
from pressroom.reports.analytics.pooling import Shrunk, shrink
from pressroom.reports.analytics.posts import BY_IMPRESSIONS, DIMENSIONS, MEASURES, RATES, Post, measured

FEW = 5
"""A group of fewer posts says nothing: its figures are left out."""

MANY = 30
"""Own results name best times only above so many posts of a channel."""

BEST = 5
"""Best times that are named."""


class Cell(Frozen):
    """A group of posts. Its figures are null where there are too few.

    mean: what a post of it usually gets, drawn towards the mean of its parent; raw: of its own posts alone. low and
    high: 80 % interval of `mean`. parent: the same of all posts of its platform.
    """

    dimension: str = Field(examples=["format"])
    value: str = Field(examples=["linkedin_post"])
    platform: str = Field(default="", description="Groups are made within a platform; empty for platforms themselves.")
    n: int = Field(description="Posts with a value.", examples=[12])
    enough: bool = Field(description="False: too few posts for a figure.")
    mean: float | None = None
    raw: float | None = None
    low: float | None = None
    high: float | None = None
    weight: float | None = Field(default=None, description="Weight of its own posts in `mean`, 0 to 1.")
    parent: float | None = None
    as_of: dt.datetime | None = Field(default=None, description="The newest figure in it.")


class Report(Frozen):
    """How posts did at one age. n: posts with a value; the others are counted by the reason why they have none."""

    measure: str
    title: str
    age: int = Field(description="Hours after publication.")
    posts: int
    n: int
    late: int = Field(description="Posts whose figure was read too late to stand for the age.")
    missing: Mapping[str, int] = Field(description="Posts without a value: `gap`, `not_offered`, `ended`, `unknown`.")
    definitions: tuple[str, ...] = Field(default=(), description="Versions of the figure: more than one is a break.")
    as_of: dt.datetime | None
    cells: tuple[Cell, ...]


class GoodTime(Frozen):
    """A time of the week to post at. mean, n, low and high only where they are a channel's own results."""

    when: str = Field(examples=["Tuesday 09:00"])
    n: int = 0
    mean: float | None = None
    low: float | None = None
    high: float | None = None


class BestTimes(Frozen):
    """The best times of a channel. own: from its own results; otherwise the platform's rule of thumb, as `source`."""

    channel_id: str
    channel: str
    platform: str
    own: bool
    n: int = Field(description="The channel's posts with a value.")
    times: tuple[GoodTime, ...]
    source: str


class _Known(NamedTuple):
    """A post with a value. scaled: as groups are pooled; seen: when its newest figure was read."""

    post: Post
    scaled: float
    seen: dt.datetime


def report(posts: Sequence[Post], measure: str, age: int, dimensions: Iterable[str] = tuple(DIMENSIONS)) -> Report:
    """How `posts` did, whose figures are of that age."""
    values, missing, names = list[_Known](), Counter[str](), _figures_of(measure)
    late, versions = 0, set[tuple[str, int]]()
    for post in posts:
        mine = [one for name in names if (one := post.figures.get(name))]
        late += any(one.is_late for one in mine)
        found = measured(post, measure)
        if isinstance(found, Have):
            missing[found.value] += 1
            continue
        values.append(_Known(post, _scaled(found, measure), max(one.observed_at for one in mine)))
        versions.update((post.platform, one.definition) for one in mine)
    return Report(
        measure=measure, title=MEASURES[measure], age=age, posts=len(posts), n=len(values), late=late,
        missing=dict(missing),
        definitions=tuple(f"{platforms.title(place)} {version}" for place, version in sorted(versions)),
        as_of=max((one.seen for one in values), default=None),
        cells=tuple(cell for name in dimensions for cell in _cells(values, measure, name)),
    )  # fmt: skip


def _figures_of(measure: str) -> tuple[str, ...]:
    return ("views", "likes", "comments", "shares", "saves") if measure in RATES else (measure,)


def _cells(values: Sequence[_Known], measure: str, dimension: str) -> list[Cell]:
    """The groups of one dimension, by platform, the best first and those with too few posts last."""
    of = DIMENSIONS[dimension][1]
    grouped: dict[str, dict[str, list[_Known]]] = defaultdict(lambda: defaultdict(list))
    for known in values:
        grouped["" if dimension == "platform" else known.post.platform][of(known.post)].append(known)
    cells = [cell for place, groups in sorted(grouped.items()) for cell in _family(dimension, place, groups, measure)]
    return sorted(cells, key=lambda cell: (cell.platform, not cell.enough, -(cell.mean or 0), cell.value))


def _family(dimension: str, platform: str, groups: Mapping[str, Sequence[_Known]], measure: str) -> list[Cell]:
    scaled = {name: [one.scaled for one in each] for name, each in groups.items()}
    every = [value for each in scaled.values() for value in each]
    parent = _plain(math.fsum(every) / len(every), measure)
    shrunk = shrink(scaled)
    return [
        _cell(dimension, name, platform, shrunk[name], parent, max(one.seen for one in each), measure)
        for name, each in groups.items()
    ]


def _cell(
    dimension: str, name: str, platform: str, found: Shrunk, parent: float, seen: dt.datetime, measure: str
) -> Cell:
    common = {"dimension": dimension, "value": name, "platform": platform, "n": found.n, "as_of": seen}
    if found.n < FEW:
        return Cell(**common, enough=False)
    low, high = (None if each is None else _plain(each, measure) for each in (found.low, found.high))
    return Cell(
        **common, enough=True, mean=_plain(found.mean, measure), raw=_plain(found.raw, measure), low=low, high=high,
        weight=found.weight, parent=parent,
    )  # fmt: skip


def _scaled(value: float, measure: str) -> float:
    return value if measure in RATES else math.log1p(max(0.0, value))


def _plain(value: float, measure: str) -> float:
    return max(0.0, value) if measure in RATES else max(0.0, math.expm1(value))


def best_times(posts: Sequence[Post], measure: str, channel_id: str, channel: str, platform: str) -> BestTimes:
    """When a channel's posts did best; below `MANY` posts the platform's rule of thumb, which says that it is one."""
    mine = [post for post in posts if post.channel_id == channel_id]
    found = report(mine, measure, 0, ("weekday_hour",))
    if found.n > MANY:
        good = [cell for cell in found.cells if cell.enough][:BEST]
        times = tuple(GoodTime(when=c.value, n=c.n, mean=c.mean, low=c.low, high=c.high) for c in good)
        return BestTimes(channel_id=channel_id, channel=channel, platform=platform, own=True, n=found.n, times=times,
                         source=f"Own results: {found.n} posts.")  # fmt: skip
    thumb = platforms.get(platform).posting
    times = tuple(GoodTime(when=when) for when in thumb.times)
    said = f"Not enough own results: {found.n} posts, more than {MANY} are needed. {thumb.source}"
    return BestTimes(channel_id=channel_id, channel=channel, platform=platform, own=False, n=found.n, times=times,
                     source=said)  # fmt: skip


def rate_for(platform: str) -> str:
    """The engagement rate that a platform has: by impressions or by views; empty without either."""
    found = platforms.find(platform)
    results = found.results if found else None
    if results is None or not results.offers("views"):
        return ""
    return BY_IMPRESSIONS if results.figures["views"].counts == "impressions" else "engagement_by_views"
