"""Undo: what a user moved, deleted or restored a moment ago is as it was before, while nothing changed since."""

from __future__ import annotations

from functools import partial

from sqlmodel import Session, col, select

from pressroom.errors import MoveRefused
from pressroom.model import Caller, State
from pressroom.model.lifecycle import UNDOABLE
from pressroom.review.moving import outcome_of, set_deleted
from pressroom.review.rows import check_kept, note_change
from pressroom.review.values import MoveOutcome
from pressroom.store import approvals
from pressroom.store.account_tables import AuditEvent
from pressroom.store.database import Database
from pressroom.store.tables import Content, utc_now

_ACTIONS = ("content.moved", "content.deleted", "content.restored")


def undo(database: Database, caller: Caller, batch: str, *, then: str = "") -> list[MoveOutcome]:
    """Undo the changes that `caller` made under the name `batch`; each by itself. then: the name of the undoing.

    A piece that changed since, or that the caller may not change any more, stays as it is; its outcome says why.

    Raises:
        MoveRefused: the caller made no such change in the last 15 minutes.
    """
    found = _changes(database, caller, batch)
    if not found:
        minutes = int(UNDOABLE.total_seconds() // 60)
        raise MoveRefused(f"There is nothing to undo: that was more than {minutes} minutes ago, or is undone already.")
    return [
        outcome_of(database, caller, one.subject_id, one.details["version"], partial(_undo, done=one, batch=then))
        for one in found
    ]


def _changes(database: Database, caller: Caller, batch: str) -> list[AuditEvent]:
    query = select(AuditEvent).where(
        AuditEvent.workspace_id == caller.workspace_id,
        AuditEvent.user_id == caller.user_id,
        AuditEvent.created_at > utc_now() - UNDOABLE,
        col(AuditEvent.action).in_(_ACTIONS),
    )
    with database.read() as session:
        return [row for row in session.exec(query).all() if batch and row.details.get("batch") == batch]


def _undo(session: Session, caller: Caller, row: Content, done: AuditEvent, batch: str) -> None:
    if done.action != "content.moved":
        set_deleted(session, caller, row, gone=done.action == "content.restored", batch=batch)
        return
    check_kept(row)
    before, now = State(done.details["from"]), State(done.details["to"])
    if now is State.READY and before is not State.PUBLISHED:
        approvals.void(session, row, "undone")
    elif before is State.READY and now is not State.PUBLISHED:
        approvals.revive(session, row)
    url = done.details.get("url", "")
    row.state, row.post_url = before.value, url if before is State.PUBLISHED else ""
    about = {"from": now.value, "to": before.value, "undone": True, **({"url": url} if url else {})}
    note_change(session, caller, row, "content.moved", about, batch=batch)
