"""Ideas as lists show them, and one idea with what was made of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from pydantic import Field
from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from pressroom.errors import NotFound
from pressroom.model import Frozen
from pressroom.review.listing import LONGEST_SEARCH, ContentFilter, holds, list_content
from pressroom.review.reading import source_of
from pressroom.review.rows import check_storable, checked_id
from pressroom.review.values import IdeaDetail, IdeaSummary
from pressroom.store.database import Database
from pressroom.store.paging import LONGEST_PAGE, PAGE, Page, read_page
from pressroom.store.tables import Run, SubjectRow

_COLUMNS: tuple[Any, ...] = (
    SubjectRow.id, SubjectRow.run_id, SubjectRow.document_id, SubjectRow.position, SubjectRow.title,
    SubjectRow.description, SubjectRow.category, SubjectRow.created_at, Run.day,
)  # fmt: skip


class IdeaFilter(Frozen):
    """Which ideas are wanted; everything left out is not looked at."""

    date_from: dt.date | None = Field(default=None, description="Of runs on this day or later.")
    date_to: dt.date | None = Field(default=None, description="Of runs on this day or earlier.")
    category: str | None = Field(default=None, max_length=200, description="Its topic.")
    text: str | None = Field(default=None, max_length=LONGEST_SEARCH, description="Stands in its title or description.")
    run: str | None = Field(default=None, max_length=32, description="Id of its run.")


def list_ideas(
    database: Database, wanted: IdeaFilter | None = None, cursor: str | None = None, limit: int = PAGE
) -> Page[IdeaSummary]:
    """A page of the workspace's ideas, newest first.

    Raises:
        WrongInput: the cursor is invalid. NotFound: the run's id is invalid.
    """
    query = select(*_COLUMNS).where(*_conditions(wanted or IdeaFilter()))
    query = query.join(Run, col(Run.id) == col(SubjectRow.run_id))
    with database.read() as session:
        rows, next_cursor = read_page(session, query, SubjectRow, cursor=cursor, limit=limit)
    return Page(items=[IdeaSummary(**row._mapping) for row in rows], next_cursor=next_cursor)


def summaries(database: Database, wanted: ColumnElement[bool]) -> list[IdeaSummary]:
    """Every idea of the workspace that fits."""
    query = select(*_COLUMNS).where(wanted).join(Run, col(Run.id) == col(SubjectRow.run_id))
    with database.read() as session:
        return [IdeaSummary(**row._mapping) for row in session.execute(query)]


def get_idea(database: Database, idea_id: str) -> IdeaDetail:
    """One idea, with the content that was made of it (deleted content left out), newest first.

    Raises:
        NotFound: the workspace has no such idea.
    """
    query = select(SubjectRow, col(Run.day)).join(Run, col(Run.id) == col(SubjectRow.run_id))
    with database.read() as session:
        found = session.exec(query.where(SubjectRow.id == checked_id(idea_id, "idea"))).one_or_none()
        if found is None:
            raise NotFound(f"There is no idea with the id {idea_id}.")
        idea, day = found
        document = source_of(session, idea.document_id)
    made = list_content(database, ContentFilter(idea=idea.id), limit=LONGEST_PAGE).items
    same = idea.model_dump(include=set(IdeaDetail.model_fields) - {"day", "document", "content"})
    return IdeaDetail(day=day, document=document, content=tuple(made), **same)


def _conditions(wanted: IdeaFilter) -> Iterator[ColumnElement[bool]]:
    check_storable([wanted.category, wanted.text], "What is looked for")
    if wanted.run is not None:
        yield col(SubjectRow.run_id) == checked_id(wanted.run, "run")
    if wanted.category is not None:
        yield col(SubjectRow.category) == wanted.category
    if wanted.text:
        yield or_(holds(SubjectRow.title, wanted.text), holds(SubjectRow.description, wanted.text))
    if wanted.date_from is not None:
        yield col(Run.day) >= wanted.date_from
    if wanted.date_to is not None:
        yield col(Run.day) <= wanted.date_to
