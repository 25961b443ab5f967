"""Subjects, what drafts and assets are made of: an idea, a document, a picture. Written on (run, position)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from pressroom.model import Document, Excerpt, Idea, SubjectKind
from pressroom.model.opportunities import GroundedIdea
from pressroom.store.database import Database, insert_unless_there
from pressroom.store.tables import Run, SubjectRow
from pressroom.store.trend_tables import OpportunityRow

DESCRIPTION_CHARACTERS = 400


def save_ideas(
    database: Database, run: Run, ideas: Sequence[Idea], grounded: Sequence[GroundedIdea] = ()
) -> list[SubjectRow]:
    """Keep a run's ideas by position, starting at 1; those already there stay as they are.

    grounded: those from opportunities, which come first, each noted with the opportunity it is from.
    """
    with database.write() as session:
        _insert(session, run, SubjectKind.OPPORTUNITY, map(_grounded_row, grounded))
        _insert(session, run, SubjectKind.IDEA, (idea.model_dump() for idea in ideas), start=len(grounded) + 1)
        session.flush()
        rows = _of(session, run.id)
        for row, one in zip(rows, grounded, strict=False):
            opportunity = session.get(OpportunityRow, one.opportunity_id)
            if opportunity is not None and row.kind == SubjectKind.OPPORTUNITY:
                opportunity.subject_id = row.id
                session.add(opportunity)
        return rows


def _grounded_row(one: GroundedIdea) -> dict[str, Any]:
    return {**one.idea.model_dump(), "document_id": one.document_id}


def save_documents(database: Database, run: Run, documents: Sequence[tuple[str, Document]]) -> list[SubjectRow]:
    """The same of documents: (id, document)."""
    kind = SubjectKind.DOCUMENT
    rows = (
        {
            "document_id": document_id,
            "title": document.title or document.source,
            "description": beginning(document.text),
            "category": kind,
        }
        for document_id, document in documents
    )
    return _save(database, run, kind, rows)


def save_pictures(database: Database, run: Run, sources: Sequence[str], description: str) -> list[SubjectRow]:
    """The same of pictures. description: what a person says that they show, or ""."""
    kind = SubjectKind.PICTURE
    rows = ({"title": source, "description": description, "category": kind} for source in sources)
    return _save(database, run, kind, rows)


def _save(database: Database, run: Run, kind: SubjectKind, rows: Iterable[dict[str, Any]]) -> list[SubjectRow]:
    with database.write() as session:
        _insert(session, run, kind, rows)
        return _of(session, run.id)


def _insert(session: Session, run: Run, kind: SubjectKind, rows: Iterable[dict[str, Any]], *, start: int = 1) -> None:
    for position, values in enumerate(rows, start=start):
        row = SubjectRow(workspace_id=run.workspace_id, run_id=run.id, kind=kind, position=position, **values)
        insert_unless_there(session, row, ("run_id", "position"))


def subjects_of(database: Database, run_id: str) -> list[SubjectRow]:
    """A run's subjects in order."""
    with database.read() as session:
        return _of(session, run_id)


def _of(session: Session, run_id: str) -> list[SubjectRow]:
    query = select(SubjectRow).where(SubjectRow.run_id == run_id).order_by(col(SubjectRow.position))
    return list(session.exec(query).all())


def recall(database: Database, workspace_id: str, *, before: datetime, days: int) -> list[Idea]:
    """The subjects of the `days` before `before` as ideas, oldest first, whatever run they belong to."""
    with database.read() as session:
        rows = session.exec(
            select(SubjectRow)
            .where(SubjectRow.workspace_id == workspace_id, SubjectRow.created_at < before)
            .where(SubjectRow.created_at >= before - timedelta(days=days))
            .order_by(col(SubjectRow.created_at), col(SubjectRow.position))
        ).all()
    return [as_idea(row) for row in rows]


def as_idea(row: SubjectRow) -> Idea:
    return Idea(title=row.title, description=row.description, category=row.category)


def keep_excerpt(database: Database, subject_id: str, excerpt: Excerpt) -> None:
    """Stores the excerpt of its document that the writers of a subject's drafts see."""
    with database.write() as session:
        row = session.get_one(SubjectRow, subject_id)
        row.excerpt = excerpt.model_dump(mode="json")
        session.add(row)


def beginning(text: str) -> str:
    """The first words of `text`, cut between words."""
    flat = " ".join(text.split())
    if len(flat) <= DESCRIPTION_CHARACTERS:
        return flat
    cut = flat[:DESCRIPTION_CHARACTERS]
    return f"{cut.rpartition(' ')[0] or cut}…"
