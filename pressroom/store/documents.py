"""Documents as they were read, once for the same words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select

from pressroom.errors import MoveRefused
from pressroom.model import Caller, Document, Finding
from pressroom.platforms import counting
from pressroom.settings import settings
from pressroom.store import audit
from pressroom.store.database import Database, insert_unless_there
from pressroom.store.own_rows import own_row
from pressroom.store.paging import PAGE, read_page
from pressroom.store.tables import Content, DocumentRow, SubjectRow

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
    for subject in session.exec(select(SubjectRow).where(SubjectRow.document_id == row.id)):
        subject.document_id = None
        session.add(subject)
    session.flush()
    session.delete(row)


def count_drafts(database: Database, document_id: str) -> int:
    """How many drafts of a document there are, those included that are deleted and not purged yet."""
    with database.read() as session:
        return _count_drafts(session, document_id)


def _count_drafts(session: Session, document_id: str) -> int:
    of_it = select(func.count()).select_from(Content).join(SubjectRow, col(SubjectRow.id) == col(Content.subject_id))
    return session.exec(of_it.where(SubjectRow.document_id == document_id)).one()


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
