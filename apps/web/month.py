"""The calendar's days: what was made for each, by idea and state, and when the next morning is due."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, func, select

from pressroom.errors import WrongInput
from pressroom.model import State
from pressroom.model.schedules import WEEK, Schedule
from pressroom.store.database import Database
from pressroom.store.tables import Content, SubjectRow

MOST_IDEAS = 500
"""Ideas of a span that are named; beyond, a day shows its counts alone."""

SHOWN = 3
"""Ideas that a day of a month names."""


@dataclass
class Day:
    """counts: content by state; ideas: (id, title, counts by state). due: when a run is to begin, on days to come."""

    day: dt.date
    counts: Counter[State] = field(default_factory=Counter)
    ideas: dict[str, tuple[str, Counter[State]]] = field(default_factory=dict)
    due: dt.time | None = None

    @property
    def total(self) -> int:
        return self.counts.total()


@dataclass(frozen=True)
class Month:
    """first: its first day. weeks: its days from Monday on, with those of its neighbours that fill its weeks."""

    first: dt.date
    weeks: Sequence[Sequence[Day]]

    @property
    def before(self) -> dt.date:
        return (self.first - dt.timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> dt.date:
        return (self.first + dt.timedelta(days=31)).replace(day=1)


def month_of(database: Database, wanted: dt.date, schedule: Schedule, today: dt.date) -> Month:
    """The month that `wanted` lies in."""
    first = wanted.replace(day=1)
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    days = days_of(database, weeks[0][0], weeks[-1][-1], schedule, today)
    return Month(first, [[days[day] for day in week] for week in weeks])


def week_of(database: Database, wanted: dt.date, schedule: Schedule, today: dt.date) -> list[Day]:
    """The seven days from the Monday before `wanted`, or on it."""
    monday = wanted - dt.timedelta(days=wanted.weekday())
    return list(days_of(database, monday, monday + dt.timedelta(days=6), schedule, today).values())


def days_of(
    database: Database, first: dt.date, last: dt.date, schedule: Schedule, today: dt.date
) -> Mapping[dt.date, Day]:
    """Each day from `first` to `last`, both included."""
    span = range((last - first).days + 1)
    days = {day: Day(day) for day in (first + dt.timedelta(days=offset) for offset in span)}
    for day, state, count in _counts(database, first, last):
        days[day].counts[state] += count
    for day, idea_id, title, state, count in _ideas(database, first, last):
        days[day].ideas.setdefault(idea_id, (title, Counter()))[1][state] += count
    for each in days.values():
        if schedule.active and each.day > today and WEEK[each.day.weekday()] in schedule.days:
            each.due = schedule.time
    return days


def read_day(written: str, otherwise: dt.date) -> dt.date:
    """A day, or the first of a month (`2026-11`), as an address names it. Raises WrongInput."""
    if not written:
        return otherwise
    try:
        day = dt.date.fromisoformat(written if len(written) > 7 else f"{written}-01")
    except ValueError:
        raise WrongInput(f"{written[:20]!r} is no day.", hint="Days are written 2026-11-21.") from None
    if not 2000 <= day.year < 9000:
        raise WrongInput("The calendar has the years 2000 to 8999.")
    return day


def _counts(database: Database, first: dt.date, last: dt.date) -> list[tuple[dt.date, State, int]]:
    columns = (col(Content.day), col(Content.state))
    query = select(*columns, func.count()).where(*_between(first, last)).group_by(*columns)
    with database.read() as session:
        return [(day, State(state), count) for day, state, count in session.execute(query).all()]


def _ideas(database: Database, first: dt.date, last: dt.date) -> list[tuple[dt.date, str, str, State, int]]:
    columns = (col(Content.day), col(SubjectRow.id), col(SubjectRow.title), col(Content.state))
    counted: tuple[Any, ...] = (*columns, func.count())
    query = (
        select(*counted)
        .join(SubjectRow, col(SubjectRow.id) == col(Content.subject_id))
        .where(*_between(first, last))
        .group_by(*columns, col(SubjectRow.position))
        .order_by(col(Content.day), col(SubjectRow.position))
        .limit(MOST_IDEAS)
    )
    with database.read() as session:
        rows = session.execute(query).all()
    return [(day, idea_id, title, State(state), count) for day, idea_id, title, state, count in rows]


def _between(first: dt.date, last: dt.date) -> tuple[ColumnElement[bool], ...]:
    """Content of these days that is not deleted."""
    day: Any = col(Content.day)
    return (day >= first, day <= last, col(Content.deleted_at).is_(None))
