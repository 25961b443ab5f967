"""Documents as they were read, the ideas of a run that repurposes them, and the pictures made for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select

from pressroom.errors import MoveRefused
from pressroom.model import Caller, Document, Excerpt, Finding
from pressroom.platforms import counting
from pressroom.settings import settings
from pressroom.store import audit
from pressroom.store.database import Database, insert_unless_there
from pressroom.store.own_rows import own_row
from pressroom.store.paging import PAGE, read_page
from pressroom.store.tables import Content, DocumentRow, IdeaRow, ImageRow, Run

CATEGORY = "document"
"""The category of an idea that is a document."""

PICTURE = "picture"
"""The category of an idea that is a picture to be optimised."""

DESCRIPTION_CHARACTERS = 400

NOTES: Any = col(DocumentRow.body)["notes"]
"""A document's notes, without the rest of its body."""


def keep_document(database: Database, workspace_id: str, document: Document, findings: Sequence[Finding]) -> str:
    """The id of the document's row; the same words are kept once, with the source they first came from."""
    row = DocumentRow(
        workspace_id=workspace_id,
        hash=document.hash,
        source=document.source,
        kind=document.kind,
        title=document.title,
        language=document.language,
        words=counting.words(document.text),
        body=document.model_dump(mode="json"),
        findings=[finding.model_dump(mode="json") for finding in findings],
    )
    with database.write() as session:
        insert_unless_there(session, row, ("workspace_id", "hash"))
        same = (DocumentRow.workspace_id == workspace_id, DocumentRow.hash == row.hash)
        return session.exec(select(DocumentRow.id).where(*same)).one()


def keep_as_ideas(database: Database, run: Run, documents: Sequence[tuple[str, Document]]) -> list[IdeaRow]:
    """Documents (id, document) as a run's ideas, by position from 1; those already there stay as they are."""
    with database.write() as session:
        for position, (document_id, document) in enumerate(documents, start=1):
            row = IdeaRow(
                workspace_id=run.workspace_id,
                run_id=run.id,
                document_id=document_id,
                position=position,
                title=document.title or document.source,
                description=beginning(document.text),
                category=CATEGORY,
            )
            insert_unless_there(session, row, ("run_id", "position"))
        query = select(IdeaRow).where(IdeaRow.run_id == run.id).order_by(col(IdeaRow.position))
        return list(session.exec(query).all())


def keep_pictures_as_ideas(database: Database, run: Run, sources: Sequence[str], description: str) -> list[IdeaRow]:
    """Pictures as a run's ideas, by position from 1; those already there stay as they are."""
    with database.write() as session:
        for position, source in enumerate(sources, start=1):
            row = IdeaRow(
                workspace_id=run.workspace_id,
                run_id=run.id,
                position=position,
                title=source,
                description=description,
                category=PICTURE,
            )
            insert_unless_there(session, row, ("run_id", "position"))
        query = select(IdeaRow).where(IdeaRow.run_id == run.id).order_by(col(IdeaRow.position))
        return list(session.exec(query).all())


def beginning(text: str) -> str:
    """The first words of `text`, cut between words."""
    flat = " ".join(text.split())
    if len(flat) <= DESCRIPTION_CHARACTERS:
        return flat
    cut = flat[:DESCRIPTION_CHARACTERS]
    return f"{cut.rpartition(' ')[0] or cut}…"


def document_row(database: Database, document_id: str) -> DocumentRow:
    with database.read() as session:
        return session.get_one(DocumentRow, document_id)


def delete_document(database: Database, caller: Caller, document_id: str) -> DocumentRow:
    """Deletes a document. It must have no content left, since every draft is traced to its source.

    Raises:
        NotFound: it does not exist, or belongs to another workspace.
        MoveRefused: it has content, even content that is deleted and not purged yet.
    """
    row = get_document(database, caller.workspace_id, document_id)
    with database.write() as session:
        _delete(session, row)
        audit.note(session, caller, "document.deleted", subject_kind="document", subject_id=row.id)
    return row


def _delete(session: Session, row: DocumentRow) -> None:
    if made := _count_drafts(session, row.id):
        raise MoveRefused(
            f"{made} drafts were made of this document, and each is traced to it.",
            hint=f"Delete them; {settings().purge_days} days later the document can go too.",
        )
    for idea in session.exec(select(IdeaRow).where(IdeaRow.document_id == row.id)):
        idea.document_id = None
        session.add(idea)
    session.flush()
    session.delete(row)


def count_drafts(database: Database, document_id: str) -> int:
    """How many drafts of a document there are, those included that are deleted and not purged yet."""
    with database.read() as session:
        return _count_drafts(session, document_id)


def _count_drafts(session: Session, document_id: str) -> int:
    of_it = select(func.count()).select_from(Content).join(IdeaRow, col(IdeaRow.id) == col(Content.idea_id))
    return session.exec(of_it.where(IdeaRow.document_id == document_id)).one()


def get_document(database: Database, workspace_id: str, document_id: str) -> DocumentRow:
    """Raises NotFound, also for another workspace's."""
    return own_row(database, DocumentRow, workspace_id, document_id, "document")


def list_documents(
    database: Database, workspace_id: str, *, cursor: str | None = None, limit: int = PAGE
) -> tuple[Sequence[DocumentRow], str | None]:
    """Documents that were read, without their words; newest first, and where the next page begins."""
    without = defer(DocumentRow.body, raiseload=True)  # type: ignore[arg-type]  # twenty may have megabytes
    query = select(DocumentRow).where(DocumentRow.workspace_id == workspace_id).options(without)
    with database.read() as session:
        return read_page(session, query, DocumentRow, cursor=cursor, limit=limit)


def sources(database: Database, document_ids: Sequence[str]) -> dict[str, str]:
    """Where documents come from, by their ids."""
    with database.read() as session:
        query = select(DocumentRow.id, DocumentRow.source).where(col(DocumentRow.id).in_(document_ids))
        return dict(session.exec(query).all())


def notes(database: Database, document_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The notes of documents, by their ids: what of each was left out or could not be read."""
    with database.read() as session:
        query = select(DocumentRow.id, NOTES).where(col(DocumentRow.id).in_(document_ids))
        return {document_id: tuple(found or ()) for document_id, found in session.exec(query).all()}


def document_of(row: DocumentRow) -> Document:
    return Document.model_validate(row.body)


def keep_excerpt(database: Database, idea_id: str, excerpt: Excerpt) -> None:
    """Stores the excerpt of its document that the writers of an idea's drafts see."""
    with database.write() as session:
        row = session.get_one(IdeaRow, idea_id)
        row.excerpt = excerpt.model_dump(mode="json")
        session.add(row)


def keep_picture(database: Database, picture: ImageRow) -> ImageRow:
    """Keep a picture on (idea, purpose, variant); one already there with the same bytes is returned as it is."""
    with database.write() as session:
        if insert_unless_there(session, picture, ("idea_id", "purpose", "variant")):
            return picture
        same = (
            ImageRow.idea_id == picture.idea_id,
            ImageRow.purpose == picture.purpose,
            ImageRow.variant == picture.variant,
        )
        row = session.exec(select(ImageRow).where(*same)).one()
        if row.sha256 != picture.sha256:  # what is behind an address has changed
            for name, value in picture.model_dump(exclude={"id", "created_at"}).items():
                setattr(row, name, value)
            session.add(row)
        return row


def pictures_of(database: Database, run_id: str, variant: int) -> list[ImageRow]:
    """The pictures of one variant of a run, oldest first."""
    with database.read() as session:
        query = select(ImageRow).where(ImageRow.run_id == run_id, ImageRow.variant == variant)
        return list(session.exec(query.order_by(col(ImageRow.created_at))).all())


def get_picture(database: Database, workspace_id: str, picture_id: str) -> ImageRow:
    """Raises NotFound, also for another workspace's."""
    return own_row(database, ImageRow, workspace_id, picture_id, "picture")


def list_pictures(
    database: Database, workspace_id: str, *, run_id: str | None = None, cursor: str | None = None, limit: int = PAGE
) -> tuple[Sequence[ImageRow], str | None]:
    """Pictures, of one run or all, newest first, and where the next page begins."""
    query = select(ImageRow).where(ImageRow.workspace_id == workspace_id)
    query = query.where(ImageRow.run_id == run_id) if run_id else query
    with database.read() as session:
        return read_page(session, query, ImageRow, cursor=cursor, limit=limit)


def find_picture(database: Database, idea_id: str, purpose: str, variant: int) -> ImageRow | None:
    with database.read() as session:
        same = (ImageRow.idea_id == idea_id, ImageRow.purpose == purpose, ImageRow.variant == variant)
        return session.exec(select(ImageRow).where(*same)).one_or_none()
