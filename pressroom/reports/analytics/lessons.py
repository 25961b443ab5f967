"""Lessons: what did better than usual on a workspace's own channels, as data with its number of posts."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from pressroom.model.base import Frozen
from pressroom.reports.analytics.posts import BY_IMPRESSIONS, BY_VIEWS, Post
from pressroom.reports.analytics.reporting import report

LESSONS = ("topic", "hook", "format", "weekday_hour")
"""Dimensions that the next ideas and times can follow."""

MOST = 12
MEASURES = (BY_IMPRESSIONS, BY_VIEWS, "likes")
"""In order: what readers did counts more than how many saw it; likes where a platform counts no views."""


class Lesson(Frozen):
    """A group of posts that did better than its platform's mean: even the low end of its 80 % interval lies above."""

    dimension: str = Field(examples=["topic"])
    value: str = Field(examples=["Craft"])
    platform: str = Field(examples=["linkedin"])
    measure: str = Field(examples=[BY_IMPRESSIONS])
    n: int = Field(description="Posts that it rests on.")
    times: float = Field(description="How many times the platform's mean it gets.")


def lessons(posts: Sequence[Post], age: int) -> tuple[Lesson, ...]:
    """The groups that did better, the clearest first. posts: with figures at `age`.

    Each platform is judged by the first of `MEASURES` that it has.
    """
    found: dict[tuple[str, str, str], Lesson] = {}
    judged: set[str] = set()
    for measure in MEASURES:
        made = report([post for post in posts if post.platform not in judged], measure, age, LESSONS)
        judged |= {cell.platform for cell in made.cells}
        for cell in made.cells:
            if cell.enough and cell.mean and cell.parent and cell.low is not None and cell.low > cell.parent:
                lesson = Lesson(dimension=cell.dimension, value=cell.value, platform=cell.platform, measure=measure,
                                n=cell.n, times=round(cell.mean / cell.parent, 2))  # fmt: skip
                found[cell.dimension, cell.platform, cell.value] = lesson
    return tuple(sorted(found.values(), key=lambda one: (-one.times, -one.n, one.value))[:MOST])
