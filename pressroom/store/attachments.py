"""Media that drafts have attached, in order; publishers read them as `media_of`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete
from sqlmodel import Session, col, select

from pressroom.model import Medium
from pressroom.store.desk_tables import Attachment


def attachments_of(session: Session, content_id: str) -> list[Attachment]:
    """The attachments of a draft, in order."""
    query = select(Attachment).where(Attachment.content_id == content_id).order_by(col(Attachment.position))
    return list(session.exec(query).all())


def media_of(session: Session, content_id: str) -> tuple[Medium, ...]:
    """The media of a draft, in order, as its publishers read them."""
    return tuple(medium_of(row) for row in attachments_of(session, content_id))


def medium_of(row: Attachment) -> Medium:
    return Medium.model_validate(row.model_dump(include=set(Medium.model_fields)))


def replace_attachments(session: Session, content_id: str, rows: Sequence[Attachment]) -> None:
    """Give a draft, locked by this transaction, exactly `rows`, in their order; their positions are set here."""
    before = {row.id: row for row in attachments_of(session, content_id)}
    for row in before.values():
        session.expunge(row)
    session.execute(delete(Attachment).where(col(Attachment.content_id) == content_id))
    for position, row in enumerate(rows):
        session.add(Attachment(**{**row.model_dump(), "position": position}))
    session.flush()
