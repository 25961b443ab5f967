"""Moves from state to state, one or many; approval, and what takes it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from sqlmodel import Session

from pressroom.errors import Conflict, MoveRefused, RulesBroken, WrongInput
from pressroom.model import Caller, State, Violation, lifecycle
from pressroom.review.automatic import plan_automatically
from pressroom.review.editing import check_note
from pressroom.review.purging import purge_deleted
from pressroom.review.reading import detail_of
from pressroom.review.rows import check_kept, content_to_change, note_change
from pressroom.review.values import ContentDetail, MoveOutcome
from pressroom.store import approvals, events
from pressroom.store.database import Database
from pressroom.store.tables import Content, utc_now

__all__ = ["MOST_AT_ONCE", "delete", "delete_all", "move", "move_all", "purge_deleted", "restore", "restore_all"]

MOST_AT_ONCE = 100

Step = Callable[[Session, Caller, Content], None]
"""A change of a row that the transaction has locked."""


def move(
    database: Database, caller: Caller, content_id: str, to: State, *, version: int | None = None, note: str = ""
) -> ContentDetail:
    """Move content to another state. To `ready` is the caller's approval of exactly what it says at `version`.

    Raises:
        NotFound: no such content. Conflict: it is at another version.
        MoveRefused: not from its state, not by this caller, or it was deleted.
        RulesBroken: it is to be approved and breaks a rule.
    """
    check_note(note)
    return _changed(database, caller, content_id, version, partial(_move, to=to, note=note))


def delete(database: Database, caller: Caller, content_id: str, *, version: int | None = None) -> ContentDetail:
    """Put content aside. It can be restored until it is purged; what is deleted already stays as it is.

    Raises:
        NotFound: no such content. Conflict: it is at another version. MoveRefused: it, or the caller, may not.
    """
    return _changed(database, caller, content_id, version, _delete)


def restore(database: Database, caller: Caller, content_id: str, *, version: int | None = None) -> ContentDetail:
    """Put deleted content back as it was; what is not deleted stays as it is. Raises as `delete`."""
    return _changed(database, caller, content_id, version, _restore)


def move_all(
    database: Database,
    caller: Caller,
    ids: Sequence[str],
    to: State,
    *,
    versions: Mapping[str, int] | None = None,
    note: str = "",
) -> list[MoveOutcome]:
    """Move each of `ids` by itself: what is refused leaves the others alone. versions: those that were seen, by id.

    Raises:
        WrongInput: none, or more than 100.
    """
    check_note(note)
    return _each(database, caller, ids, partial(_move, to=to, note=note), versions or {})


def delete_all(
    database: Database, caller: Caller, ids: Sequence[str], *, versions: Mapping[str, int] | None = None
) -> list[MoveOutcome]:
    """Delete each of `ids` by itself. As `move_all`."""
    return _each(database, caller, ids, _delete, versions or {})


def restore_all(
    database: Database, caller: Caller, ids: Sequence[str], *, versions: Mapping[str, int] | None = None
) -> list[MoveOutcome]:
    """Restore each of `ids` by itself. As `move_all`."""
    return _each(database, caller, ids, _restore, versions or {})


def _changed(database: Database, caller: Caller, content_id: str, version: int | None, step: Step) -> ContentDetail:
    with database.write() as session:
        row = content_to_change(session, content_id, version)
        step(session, caller, row)
        return detail_of(session, caller, row)


def _each(
    database: Database, caller: Caller, ids: Sequence[str], step: Step, versions: Mapping[str, int]
) -> list[MoveOutcome]:
    wanted = list(dict.fromkeys(ids))
    if not 1 <= len(wanted) <= MOST_AT_ONCE:
        raise WrongInput(f"{len(wanted)} pieces of content are named.", hint=f"Name 1 to {MOST_AT_ONCE}.")
    return [_outcome(database, caller, one, versions.get(one), step) for one in wanted]


def _outcome(database: Database, caller: Caller, content_id: str, version: int | None, step: Step) -> MoveOutcome:
    try:
        with database.write() as session:
            row = content_to_change(session, content_id, version)
            step(session, caller, row)
            return MoveOutcome(id=row.id, ok=True, state=State(row.state), version=row.version)
    except (WrongInput, Conflict) as refused:
        return MoveOutcome(id=content_id, ok=False, code=refused.code, message=str(refused))


def _move(session: Session, caller: Caller, row: Content, to: State, note: str) -> None:
    check_kept(row)
    origin = State(row.state)
    lifecycle.check_move(origin, to, caller.role, person=caller.user_id is not None)
    if to is State.PUBLISHED and approvals.standing(session, row) is None:
        raise MoveRefused("What it says now is not approved.", hint="Withdraw the approval and approve it again.")
    if origin is State.READY and to is not State.PUBLISHED:
        approvals.void(session, row, f"moved to {to}")
    if to is State.READY:
        _approve(session, caller, row)
    row.state = to.value
    note_change(session, caller, row, "content.moved", {"from": origin.value, "to": to.value}, note)
    if to is State.READY:
        plan_automatically(session, caller, row)


def _approve(session: Session, caller: Caller, row: Content) -> None:
    if row.violations:
        found = tuple(Violation.model_validate(violation) for violation in row.violations)
        raise RulesBroken(
            f"It breaks {len(found)} of its format's rules, and can't be approved: {found[0].message}",
            hint="Edit it until none is broken.",
            violations=found,
        )
    assert caller.user_id is not None  # `check_move` lets no program approve
    approval = approvals.approve(session, row, caller.user_id)
    told = {"content_id": row.id, "approval_id": approval.id, "content_hash": row.content_hash}
    events.emit(session, row.workspace_id, "content.approved", told)


def _delete(session: Session, caller: Caller, row: Content) -> None:
    lifecycle.check_delete(State(row.state), caller.role)
    if row.deleted_at is None:
        row.deleted_at = utc_now()
        note_change(session, caller, row, "content.deleted", {})


def _restore(session: Session, caller: Caller, row: Content) -> None:
    lifecycle.check_delete(State(row.state), caller.role)
    if row.deleted_at is not None:
        row.deleted_at = None
        note_change(session, caller, row, "content.restored", {})
