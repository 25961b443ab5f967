"""Data of the first page: the last run, the content counted by state, and the newest day's content by idea."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from apps.web.jobs_shown import UNDER_WAY
from pressroom.model import State
from pressroom.review.listing import ContentFilter, count_by_state, list_content
from pressroom.review.publication_reading import PublicationLine, count_publications, list_publications
from pressroom.review.values import ContentSummary
from pressroom.store import jobs, runs
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job
from pressroom.store.paging import LONGEST_PAGE
from pressroom.store.tables import Run

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
    """day: the newest that has content, today's where there is any. is_whole: whether all of it is here.

    needing: the first publications that wait for a person, of `needing_count`.
    """

    run: Run | None
    counts: dict[State, int]
    day: dt.date
    ideas: tuple[IdeaOfDay, ...]
    is_whole: bool
    under_way: tuple[Job, ...]
    needing: tuple[PublicationLine, ...]
    needing_count: int


def overview(database: Database, workspace_id: str, today: dt.date) -> Overview:
    """An overview of the workspace. today: the date in the workspace's time zone."""
    last = next(iter(runs.list_runs(database, workspace_id, limit=1)), None)
    newest = list_content(database, limit=1).items
    day = next((each.day for each in newest if each.day), today)
    found = list_content(database, ContentFilter(date_from=day, date_to=day), limit=LONGEST_PAGE)
    under_way, _ = jobs.list_jobs(database, workspace_id, statuses=UNDER_WAY)
    return Overview(
        run=last,
        counts=count_by_state(database),
        day=day,
        ideas=tuple(by_idea(found.items)),
        is_whole=found.next_cursor is None,
        under_way=tuple(under_way),
        needing=tuple(list_publications(database, tab="needs", limit=SHOWN)),
        needing_count=count_publications(database, tabs=("needs",))["needs"],
    )


def by_idea(content: Iterable[ContentSummary]) -> Iterable[IdeaOfDay]:
    """Content gathered by its idea, each in the order of its first piece; pieces of an idea by format."""
    gathered: dict[str, list[ContentSummary]] = {}
    for each in content:
        gathered.setdefault(each.idea_id, []).append(each)
    for idea_id, pieces in gathered.items():
        first = pieces[0]
        in_order = sorted(pieces, key=lambda each: (each.format, each.variant))
        yield IdeaOfDay(idea_id, first.title, first.category, tuple(in_order))
