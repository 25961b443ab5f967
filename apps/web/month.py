"""The calendar's days: drafts made for each, by idea and state, publications by hour, and when a run is due."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement
from sqlmodel import col, func, select

from pressroom.errors import WrongInput
from pressroom.model import State
from pressroom.model.publication_states import PublicationState
from pressroom.model.schedules import WEEK, Schedule
from pressroom.model.spans import Hour, Span, hours_of
from pressroom.review.publication_reading import list_publications
from pressroom.review.publication_views import PublicationView, Tab
from pressroom.store.database import Database
from pressroom.store.tables import Content, SubjectRow

MOST_IDEAS = 500
"""Ideas of a span that are named; beyond, a day shows its counts alone."""

SHOWN_STATES = tuple(
    state.value for state in PublicationState if state not in {PublicationState.CANCELLED, PublicationState.DELETED}
)
DAWN = 6
"""Hours before it that hold nothing are drawn low."""

SHOWN = 3
"""Ideas that a day of a month names."""


@dataclass
class Day:
    """counts: content by state; ideas: (id, title, counts by state). due: when a run is to begin, on days to come.

    publications: (clock time, publication), the earliest first.
    """

    day: dt.date
    counts: Counter[State] = field(default_factory=Counter)
    ideas: dict[str, tuple[str, Counter[State]]] = field(default_factory=dict)
    due: dt.time | None = None
    publications: list[tuple[dt.datetime, PublicationView]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.counts.total()


class HourCell(NamedTuple):
    """An hour of a day. day and time: for a form, time empty where publications can't be moved to: it comes again."""

    day: dt.date
    time: str
    exists: bool
    publications: list[tuple[dt.datetime, PublicationView]]


class HourRow(NamedTuple):
    """One hour across the days of a week, `09:00`; is_again: the clocks show it for the second time."""

    label: str
    is_again: bool
    is_night: bool
    cells: list[HourCell]


class Wanted(NamedTuple):
    """Which publications a calendar shows. tab: empty for all but those that were cancelled or deleted."""

    channel: str = ""
    tab: Tab | Literal[""] = ""


def days_of(
    database: Database, span: Span, schedule: Schedule, today: dt.date, wanted: Wanted | None = None
) -> Mapping[dt.date, Day]:
    """Each day of `span`, in order."""
    days = {day: Day(day) for day in span.days}
    first, last = span.days[0], span.days[-1]
    for day, state, count in _counts(database, first, last):
        days[day].counts[state] += count
    for day, idea_id, title, state, count in _ideas(database, first, last):
        days[day].ideas.setdefault(idea_id, (title, Counter()))[1][state] += count
    for day, placed in span.place(
        _publications(database, span, wanted or Wanted()), lambda each: each.planned_at
    ).items():
        days[day].publications = placed
    for each in days.values():
        if schedule.active and each.day > today and WEEK[each.day.weekday()] in schedule.days:
            each.due = schedule.time
    return days


def hours_across(days: Sequence[Day], zone: str) -> list[HourRow]:
    """The hours of `days` as rows: one more where the clocks go back, and a gap on a day that has no such hour."""
    hours = [{(hour.wall.hour, hour.is_again): hour for hour in hours_of(day.day, zone)} for day in days]
    return [_row(key, days, hours) for key in sorted({key for each in hours for key in each})]


def _row(key: tuple[int, bool], days: Sequence[Day], hours: Sequence[Mapping[tuple[int, bool], Hour]]) -> HourRow:
    clock, is_again = key
    cells = []
    for day, known in zip(days, hours, strict=True):
        found = known.get(key)
        time = f"{clock:02}:00" if found and not is_again else ""
        cells.append(HourCell(day.day, time, found is not None, _within(day, found, known.values())))
    is_night = clock < DAWN and not any(cell.publications for cell in cells)
    return HourRow(f"{clock:02}:00", is_again, is_night, cells)


def _within(day: Day, hour: Hour | None, hours: Iterable[Hour]) -> list[tuple[dt.datetime, PublicationView]]:
    if hour is None:
        return []
    end = min((each.start for each in hours if each.start > hour.start), default=dt.datetime.max.replace(tzinfo=dt.UTC))
    return [(wall, each) for wall, each in day.publications if hour.start <= each.planned_at < end]


def _publications(database: Database, span: Span, wanted: Wanted) -> list[PublicationView]:
    states = SHOWN_STATES if not wanted.tab else ()
    return list_publications(
        database, tab=wanted.tab or None, channel_id=wanted.channel, states=states, between=span.bounds
    )


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
