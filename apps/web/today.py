"""Data of the first page: what waits for a person, today's content by idea, the last run and the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, func, select

from apps.web.jobs_shown import UNDER_WAY
from pressroom.model import State
from pressroom.model.lifecycle import TO_REVIEW
from pressroom.model.schedules import Schedule
from pressroom.review.listing import ContentFilter, count_by_state, list_content
from pressroom.review.publication_reading import count_publications, list_publications
from pressroom.review.publication_views import PublicationView
from pressroom.review.values import ContentSummary
from pressroom.store import jobs, runs
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job
from pressroom.store.paging import LONGEST_PAGE
from pressroom.store.tables import Content, Run

SHOWN = 3
"""Publications that wait for a person and are named."""


@dataclass(frozen=True)
class IdeaOfDay:
    """An idea, and what was written of it."""

    id: str
    title: str
    category: str
    content: tuple[ContentSummary, ...]


@dataclass(frozen=True)
class Overview:
    """ideas: today's. is_whole: whether all of today's content is here. earlier: the newest day before with content.

    needing: the first publications that wait for a person, of `needing_count`. next_run: None when none is scheduled.
    """

    run: Run | None
    counts: dict[State, int]
    ideas: tuple[IdeaOfDay, ...]
    is_whole: bool
    earlier: dt.date | None
    next_run: dt.datetime | None
    under_way: tuple[Job, ...]
    needing: tuple[PublicationView, ...]
    needing_count: int

    @property
    def to_review(self) -> int:
        """How many drafts wait for a person's decision."""
        return sum(self.counts[state] for state in TO_REVIEW)


def overview(database: Database, workspace_id: str, schedule: Schedule, now: dt.datetime) -> Overview:
    """An overview of the workspace. now: in the workspace's time zone."""
    last = next(iter(runs.list_runs(database, workspace_id, limit=1)), None)
    today = now.date()
    found = list_content(database, ContentFilter(date_from=today, date_to=today), limit=LONGEST_PAGE)
    under_way, _ = jobs.list_jobs(database, workspace_id, statuses=UNDER_WAY)
    return Overview(
        run=last,
        counts=count_by_state(database),
        ideas=tuple(by_idea(found.items)),
        is_whole=found.next_cursor is None,
        earlier=_day_before(database, today),
        next_run=schedule.next_after(now),
        under_way=tuple(under_way),
        needing=tuple(list_publications(database, tab="needs", limit=SHOWN)),
        needing_count=count_publications(database, tabs=("needs",))["needs"],
    )


def _day_before(database: Database, today: dt.date) -> dt.date | None:
    day: Any = col(Content.day)
    with database.read() as session:
        found: dt.date | None = session.exec(
            select(func.max(day)).where(day < today, col(Content.deleted_at).is_(None))
        ).one()
        return found


def by_idea(content: Iterable[ContentSummary]) -> Iterable[IdeaOfDay]:
    """Content gathered by its idea, each in the order of its first piece; pieces of an idea by format."""
    gathered: dict[str, list[ContentSummary]] = {}
    for each in content:
        gathered.setdefault(each.idea_id, []).append(each)
    for idea_id, pieces in gathered.items():
        first = pieces[0]
        in_order = sorted(pieces, key=lambda each: (each.format, each.variant))
        yield IdeaOfDay(idea_id, first.title, first.category, tuple(in_order))
