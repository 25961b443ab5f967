"""Content as lists show it: filtered, newest first, a page at a time, and how much there is in each state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pydantic import Field
from sqlalchemy import ColumnElement, or_
from sqlmodel import col, func, select
from sqlmodel.sql.expression import Select

from pressroom.model import Frozen, State
from pressroom.review.rows import check_storable, checked_id
from pressroom.review.values import ContentSummary
from pressroom.store.database import Database
from pressroom.store.paging import LONGEST_PAGE, PAGE, Page, cursor_values, cut_page, page_length, part_of
from pressroom.store.questions import Question
from pressroom.store.tables import Content, SubjectRow

EXCERPT = 280
"""Characters of a text that a list shows."""

LONGEST_SEARCH = 200

_COLUMNS: tuple[Any, ...] = (
    Content.id, Content.version, Content.state, Content.format, Content.platform, Content.day,
    col(Content.subject_id).label("idea_id"), Content.run_id, Content.variant, Content.words, Content.characters,
    Content.provider, Content.model, Content.created_at, Content.updated_at, Content.deleted_at,
    SubjectRow.title, SubjectRow.category, func.substr(Content.text, 1, EXCERPT).label("excerpt"),
    func.json_array_length(Content.violations).label("violation_count"),
    func.json_array_length(Content.findings).label("finding_count"),
)  # fmt: skip
_WHOLE: tuple[Any, ...] = (Content.body, Content.text)


class ContentFilter(Frozen):
    """Which content is wanted; everything left out is not looked at."""

    date_from: dt.date | None = Field(default=None, description="Of runs on this day or later.")
    date_to: dt.date | None = Field(default=None, description="Of runs on this day or earlier.")
    states: tuple[State, ...] = Field(default=(), description="In one of these states.")
    platform: str | None = Field(default=None, max_length=32, examples=["linkedin"])
    format: str | None = Field(default=None, max_length=64, examples=["linkedin_post"])
    category: str | None = Field(default=None, max_length=200, description="The idea's topic.")
    text: str | None = Field(
        default=None, max_length=LONGEST_SEARCH, description="Stands in its text or its idea's title."
    )
    run: str | None = Field(default=None, max_length=32, description="Id of its run.")
    idea: str | None = Field(default=None, max_length=32, description="Id of its idea.")
    flagged: bool | None = Field(default=None, description="With, or without, something a person should look at.")
    deleted: bool = Field(default=False, description="Deleted content, instead of all other.")


def list_content(
    database: Database,
    wanted: ContentFilter | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
    *,
    whole: bool = False,
) -> Page[ContentSummary]:
    """A page of the workspace's content, newest first. whole: with each body and text.

    Raises:
        WrongInput: the cursor is invalid. NotFound: the id of the run or idea is invalid.
    """
    limit, values = page_length(limit), cursor_values(cursor)
    question = _question(wanted or ContentFilter(), limit, whole=whole, is_later=bool(values))
    rows, next_cursor = cut_page(database.ask(question, **values), limit)
    return Page(items=[ContentSummary(**row._asdict()) for row in rows], next_cursor=next_cursor)


def content_where(database: Database, wanted: ColumnElement[bool]) -> list[ContentSummary]:
    """Every piece of content of the workspace that fits and is not deleted, newest first."""
    query: Select[Any] = select(*_COLUMNS).where(wanted, col(Content.deleted_at).is_(None))
    query = query.join(SubjectRow, col(SubjectRow.id) == col(Content.subject_id))
    with database.read() as session:
        rows = session.execute(query.order_by(col(Content.created_at).desc(), col(Content.id).desc()))
        return [ContentSummary(**row._asdict()) for row in rows]


@lru_cache(maxsize=128)
def _question(wanted: ContentFilter, limit: int, *, whole: bool, is_later: bool) -> Question:
    """Made once for what is asked often: making it takes longer than PostgreSQL takes to answer it."""
    columns = (*_COLUMNS, *_WHOLE) if whole else _COLUMNS
    query: Select[Any] = select(*columns).where(*_conditions(wanted))
    query = query.join(SubjectRow, col(SubjectRow.id) == col(Content.subject_id))
    return Question(part_of(query, Content, limit, is_later=is_later))


def all_content(database: Database, wanted: ContentFilter | None = None) -> Iterator[ContentSummary]:
    """Every piece of content that is wanted, whole, newest first; read a page at a time, so that few are in memory.

    Raises:
        WrongInput: that can't be looked for; at once, not with the first piece.
    """
    first = list_content(database, wanted, None, LONGEST_PAGE, whole=True)
    return _from(database, wanted, first)


def _from(database: Database, wanted: ContentFilter | None, page: Page[ContentSummary]) -> Iterator[ContentSummary]:
    yield from page.items
    while page.next_cursor:
        page = list_content(database, wanted, page.next_cursor, LONGEST_PAGE, whole=True)
        yield from page.items


def count_by_state(database: Database, wanted: ContentFilter | None = None) -> dict[State, int]:
    """How many pieces of content there are in each state, with 0 for none. The filter's own states are left aside."""
    wanted = (wanted or ContentFilter()).model_copy(update={"states": ()})
    query = select(Content.state, func.count()).where(*_conditions(wanted))
    if wanted.category is not None or wanted.text:
        query = query.join(SubjectRow, col(SubjectRow.id) == col(Content.subject_id))
    with database.read() as session:
        found: dict[str, int] = dict(session.exec(query.group_by(col(Content.state))).all())
    return {state: found.get(state, 0) for state in State}


def _conditions(wanted: ContentFilter) -> Iterator[ColumnElement[bool]]:
    check_storable([wanted.platform, wanted.format, wanted.category, wanted.text], "What is looked for")
    deleted = col(Content.deleted_at)
    yield deleted.is_not(None) if wanted.deleted else deleted.is_(None)
    if wanted.states:
        yield col(Content.state).in_([state.value for state in dict.fromkeys(wanted.states)])
    if wanted.text:
        yield or_(holds(Content.text, wanted.text), holds(SubjectRow.title, wanted.text))
    if wanted.flagged is not None:
        found = func.json_array_length(Content.findings)
        yield found > 0 if wanted.flagged else found == 0
    for column, value in _exact(wanted):
        if value is not None:
            yield column == value
    if wanted.date_from is not None:
        yield col(Content.day) >= wanted.date_from
    if wanted.date_to is not None:
        yield col(Content.day) <= wanted.date_to


def _exact(wanted: ContentFilter) -> Iterator[tuple[Any, str | None]]:
    yield col(Content.platform), wanted.platform
    yield col(Content.format), wanted.format
    yield col(SubjectRow.category), wanted.category
    yield col(Content.run_id), wanted.run and checked_id(wanted.run, "run")
    yield col(Content.subject_id), wanted.idea and checked_id(wanted.idea, "idea")


def holds(column: Any, text: str) -> ColumnElement[bool]:
    """True where `column` contains `text`, in upper or lower case. An index would not help in one workspace (0004)."""
    found: ColumnElement[bool] = col(column).icontains(text, autoescape=True)
    return found
