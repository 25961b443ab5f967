"""Deleted content, gone for good once its time is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from pressroom.store.database import Database
from pressroom.store.desk_tables import (
    Approval,
    Assignment,
    Attachment,
    Comment,
    Job,
    Notification,
    ShareLink,
    Suggestion,
)
from pressroom.store.publishing_tables import Publication
from pressroom.store.tables import Artifact, Content, Revision

AT_ONCE = 100


def purge_deleted(database: Database, before: datetime, *, remove: Callable[[str], None]) -> int:
    """Remove what was deleted before then, with its wordings, approvals and files; says how many there were.

    remove: takes a file's key out of the artifact store; that it is gone already must be no error. A file goes before
    its row does, so that a purge which is stopped is finished by the next.
    """
    purged = 0
    while found := _deleted(database, before):
        purged += sum(_purge(database, content_id, before, remove) for content_id in found)
    return purged


def _deleted(database: Database, before: datetime) -> list[str]:
    """Drafts to purge; one that is, or may be, public somewhere stays as the record of that."""
    ended = ("missed", "refused", "cancelled", "deleted")
    held = select(Publication.content_id).where(col(Publication.state).not_in(ended))
    query = select(Content.id).where(col(Content.deleted_at) < before, col(Content.id).not_in(held))
    with database.read() as session:
        return list(session.exec(query.limit(AT_ONCE)).all())


def _purge(database: Database, content_id: str, before: datetime, remove: Callable[[str], None]) -> bool:
    with database.write() as session:
        query = select(Content.id).where(Content.id == content_id, col(Content.deleted_at) < before)
        if session.exec(query.with_for_update()).one_or_none() is None:
            return False  # restored meanwhile
        for key in session.exec(select(Artifact.key).where(Artifact.content_id == content_id)).all():
            remove(key)
        _forget(session, content_id)
        return True


def _forget(session: Session, content_id: str) -> None:
    session.execute(update(Job).where(col(Job.content_id) == content_id).values(content_id=None))
    belonging: tuple[Any, ...] = (
        Artifact,
        Approval,
        Attachment,
        Comment,
        Assignment,
        Notification,
        Revision,
        ShareLink,
        Suggestion,
    )
    for table in belonging:
        session.execute(delete(table).where(table.content_id == content_id))
    session.execute(delete(Content).where(col(Content.id) == content_id))
