"""The review queue: the drafts of one day that wait for a person, grouped by idea."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from pydantic import Field
from sqlmodel import Session, col, func, select

from pressroom.model import Frozen, State
from pressroom.store.database import Database
from pressroom.store.tables import Content, Run, SubjectRow

WAITING = (State.GENERATED, State.QUARANTINED, State.REVIEWED, State.EDITED)
"""States in which a draft waits for a person's yes or no."""

MOST_DRAFTS = 300
"""Drafts that one queue holds at most; the rest of the day follows once these are done."""

MOST_DAYS = 14

_COLUMNS: tuple[Any, ...] = (
    Content.id, Content.version, Content.state, Content.format, Content.variant, Content.run_id,
    col(SubjectRow.id).label("idea_id"), SubjectRow.title, SubjectRow.position, SubjectRow.category,
    func.json_array_length(Content.violations).label("violation_count"),
)  # fmt: skip


class QueuedDraft(Frozen):
    """One draft that waits. `violation_count`: rules that its text breaks; above 0 it can't be approved."""

    id: str
    version: int
    state: State
    format: str
    violation_count: int


class QueuedIdea(Frozen):
    """One idea with its drafts that wait, in the order of the formats."""

    id: str
    title: str
    category: str
    drafts: tuple[QueuedDraft, ...]


class WaitingDay(Frozen):
    """A day with drafts that wait, and how many."""

    day: dt.date
    drafts: int


class ReviewQueue(Frozen):
    """The drafts of `day` that wait for a person. day: null when nothing waits on any day."""

    day: dt.date | None
    ideas: tuple[QueuedIdea, ...]
    total: int = Field(description="Drafts in the queue.")
    days: tuple[WaitingDay, ...] = Field(description="Every day with drafts that wait, the latest first.")


def queue(database: Database, day: dt.date | None = None) -> ReviewQueue:
    """The queue of `day`; of the latest day on which drafts wait, without one."""
    with database.read() as session:
        days = _days(session)
        chosen = day or (days[0].day if days else None)
        ideas = _ideas(session, chosen) if chosen else ()
    return ReviewQueue(day=chosen, ideas=ideas, total=sum(len(idea.drafts) for idea in ideas), days=days)


def neighbours_of(database: Database, day: dt.date, content_id: str) -> tuple[str, str]:
    """Ids of the drafts before and after this one that wait on `day`; empty at an end. A draft that no longer waits has
    the first of the queue as its next."""
    ids = [draft.id for idea in queue(database, day).ideas for draft in idea.drafts]
    if content_id not in ids:
        return "", ids[0] if ids else ""
    place = ids.index(content_id)
    return ids[place - 1] if place else "", ids[place + 1] if place + 1 < len(ids) else ""


def _waits() -> tuple[Any, ...]:
    return col(Content.state).in_([state.value for state in WAITING]), col(Content.deleted_at).is_(None)


def _days(session: Session) -> tuple[WaitingDay, ...]:
    query: Any = select(col(Content.day), func.count()).where(*_waits()).group_by(col(Content.day))
    found = session.exec(query.order_by(col(Content.day).desc()).limit(MOST_DAYS)).all()
    return tuple(WaitingDay(day=day, drafts=count) for day, count in found if day is not None)


def _ideas(session: Session, day: dt.date) -> tuple[QueuedIdea, ...]:
    """Runs in the order they began in, ideas in their own, formats in that of the run's plan."""
    columns = (*_COLUMNS, col(Run.created_at).label("began"))
    query: Any = select(*columns).where(Content.day == day, *_waits())
    query = query.join(SubjectRow, col(SubjectRow.id) == col(Content.subject_id))
    query = query.join(Run, col(Run.id) == col(Content.run_id))
    rows = session.exec(query.order_by("began", col(SubjectRow.position)).limit(MOST_DRAFTS)).all()
    plans = {run.id: run.plan for run in session.exec(select(Run).where(col(Run.id).in_({row.run_id for row in rows})))}

    def place(row: Any) -> tuple[Any, ...]:
        return row.began, row.run_id, row.position, format_order(plans[row.run_id].formats, row.format), row.variant

    ordered = sorted(rows, key=place)
    return tuple(_idea(list(drafts)) for _, drafts in groupby(ordered, key=attrgetter("idea_id")))


def _idea(rows: Sequence[Any]) -> QueuedIdea:
    drafts = tuple(QueuedDraft(**{name: getattr(row, name) for name in QueuedDraft.model_fields}) for row in rows)
    return QueuedIdea(id=rows[0].idea_id, title=rows[0].title, category=rows[0].category, drafts=drafts)


def format_order(planned: Sequence[str], name: str) -> int:
    """The place of a format in the plan of its run; a format that the plan does not name comes last."""
    return planned.index(name) if name in planned else len(planned)
