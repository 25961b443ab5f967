"""The audit log: who did what, when, from where. Each entry is written in the transaction of the change it records.

It holds e-mail addresses, because it records what people did; they are stored nowhere else, and an entry is deleted
after PRESSROOM_AUDIT_DAYS. No entry holds a secret or the input of a field that was refused.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from pressroom.model import Caller, Frozen, Origin
from pressroom.store.account_tables import AuditEvent, User
from pressroom.store.database import Database
from pressroom.store.paging import PAGE, Page, read_page

NOBODY = "nobody"


class AuditEntry(Frozen):
    """One line of the log."""

    id: str
    at: datetime
    actor: str = Field(description="An e-mail address, `token NAME`, or `nobody`.", examples=["ada@example.com"])
    action: str = Field(examples=["content.moved"])
    subject_kind: str = Field(description="What was acted upon.", examples=["content"])
    subject_id: str
    details: dict[str, Any] = Field(examples=[{"from": "edited", "to": "ready"}])
    address: str
    agent: str


def note(
    session: Session,
    caller: Caller | None,
    action: str,
    *,
    subject_kind: str = "",
    subject_id: str = "",
    details: dict[str, Any] | None = None,
    origin: Origin | None = None,
) -> None:
    """Add a line about what `caller` does, within the transaction of `session`.

    action: dotted, `content.moved`. origin: where from, when there is no caller who knows.
    """
    origin = origin or (caller.origin if caller else Origin())
    session.add(
        AuditEvent(
            workspace_id=caller.workspace_id if caller else None,
            user_id=caller.user_id if caller else None,
            actor=caller.name if caller else NOBODY,
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            details=details or {},
            address=origin.address,
            agent=origin.agent,
        )
    )


def note_of_user(
    session: Session,
    user: User,
    action: str,
    *,
    origin: Origin,
    subject_kind: str = "",
    subject_id: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Add a line about a user's own account: it belongs to no workspace, and is shown to that user alone.

    `session` must be of a database that is bound `within("", user.id)`, or to none.
    """
    session.add(
        AuditEvent(
            user_id=user.id,
            actor=user.email,
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            details=details or {},
            address=origin.address,
            agent=origin.agent,
        )
    )


def list_audit(
    database: Database,
    workspace_id: str,
    *,
    cursor: str | None = None,
    limit: int = PAGE,
    action: str | None = None,
    user_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Page[AuditEntry]:
    """The log of a workspace, newest first. action: a whole name, or a beginning up to a dot (`content.`)."""
    query = select(AuditEvent).where(AuditEvent.workspace_id == workspace_id)
    if user_id:
        query = query.where(AuditEvent.user_id == user_id)
    return _page(database, _narrowed(query, action, since, until), cursor, limit)


def list_own(
    database: Database, user_id: str, *, cursor: str | None = None, limit: int = PAGE, action: str | None = None
) -> Page[AuditEntry]:
    """The entries about a user's own account: sign-ins, refused sign-ins, changes of the password; newest first."""
    query = select(AuditEvent).where(AuditEvent.user_id == user_id, col(AuditEvent.workspace_id).is_(None))
    return _page(database.within("", user_id), _narrowed(query, action, None, None), cursor, limit)


def _narrowed(
    query: SelectOfScalar[AuditEvent], action: str | None, since: datetime | None, until: datetime | None
) -> SelectOfScalar[AuditEvent]:
    if action and action.endswith("."):
        query = query.where(col(AuditEvent.action).startswith(action, autoescape=True))
    elif action:
        query = query.where(AuditEvent.action == action)
    if since:
        query = query.where(AuditEvent.created_at >= since)
    return query.where(AuditEvent.created_at < until) if until else query


def _page(database: Database, query: SelectOfScalar[AuditEvent], cursor: str | None, limit: int) -> Page[AuditEntry]:
    with database.read() as session:
        rows, following = read_page(session, query, AuditEvent, cursor=cursor, limit=limit)
    return Page[AuditEntry](items=[_entry(row) for row in rows], next_cursor=following)


def _entry(row: AuditEvent) -> AuditEntry:
    same = row.model_dump(include=set(AuditEntry.model_fields) - {"at"})
    return AuditEntry(at=row.created_at, **same)
