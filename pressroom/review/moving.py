"""Moves from state to state, one or many; approval, and what takes it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from urllib.parse import urlsplit

from sqlmodel import Session, col, select

from pressroom.errors import Conflict, MoveRefused, RulesBroken, WrongInput
from pressroom.model import Caller, State, Violation, lifecycle
from pressroom.model.publication_states import PublicationState
from pressroom.review.automatic import plan_automatically
from pressroom.review.commenting import add_comment
from pressroom.review.editing import check_note
from pressroom.review.purging import purge_deleted
from pressroom.review.reading import detail_of
from pressroom.review.rows import check_kept, check_storable, content_to_change, note_change
from pressroom.review.values import ContentDetail, MoveOutcome
from pressroom.store import approvals, events
from pressroom.store.database import Database
from pressroom.store.publishing_tables import Publication
from pressroom.store.tables import Content, utc_now

__all__ = ["MOST_AT_ONCE", "delete", "delete_all", "move", "move_all", "purge_deleted", "restore", "restore_all"]

MOST_AT_ONCE = 100
LONGEST_URL = 2000

NOT_OUT = frozenset(
    {
        PublicationState.PLANNED,
        PublicationState.NEEDS_ACCOUNT,
        PublicationState.MISSED,
        PublicationState.REFUSED,
        PublicationState.CANCELLED,
        PublicationState.DELETED,
    }
)
"""States in which nothing of a publication can be public."""

Step = Callable[[Session, Caller, Content], None]
"""A change of a row that the transaction has locked."""


def move(
    database: Database,
    caller: Caller,
    content_id: str,
    to: State,
    *,
    version: int | None = None,
    note: str = "",
    url: str = "",
    batch: str = "",
) -> ContentDetail:
    """Move content to another state. To `ready` is the caller's approval of exactly what it says at `version`.

    url: address of the post, for a move to `published`. batch: a name for this change, by which it can be undone.

    Raises:
        NotFound: no such content. Conflict: it is at another version.
        MoveRefused: not from its state, not by this caller, or it was deleted.
        RulesBroken: it is to be approved and breaks a rule. WrongInput: `url` is no web address.
    """
    check_note(note)
    step = partial(_move, to=to, note=note, url=_checked_url(url, to), batch=batch)
    return _changed(database, caller, content_id, version, step)


def delete(
    database: Database, caller: Caller, content_id: str, *, version: int | None = None, batch: str = ""
) -> ContentDetail:
    """Put content aside. It can be restored until it is purged; what is deleted already stays as it is.

    Raises:
        NotFound: no such content. Conflict: it is at another version. MoveRefused: it, or the caller, may not.
    """
    return _changed(database, caller, content_id, version, partial(set_deleted, gone=True, batch=batch))


def restore(
    database: Database, caller: Caller, content_id: str, *, version: int | None = None, batch: str = ""
) -> ContentDetail:
    """Put deleted content back as it was; what is not deleted stays as it is. Raises as `delete`."""
    return _changed(database, caller, content_id, version, partial(set_deleted, gone=False, batch=batch))


def move_all(
    database: Database,
    caller: Caller,
    ids: Sequence[str],
    to: State,
    *,
    versions: Mapping[str, int] | None = None,
    note: str = "",
    batch: str = "",
) -> list[MoveOutcome]:
    """Move each of `ids` by itself: what is refused leaves the others alone. versions: those that were seen, by id.

    Raises:
        WrongInput: none, or more than 100.
    """
    check_note(note)
    return _each(database, caller, ids, partial(_move, to=to, note=note, batch=batch), versions or {})


def delete_all(
    database: Database,
    caller: Caller,
    ids: Sequence[str],
    *,
    versions: Mapping[str, int] | None = None,
    batch: str = "",
) -> list[MoveOutcome]:
    """Delete each of `ids` by itself. As `move_all`."""
    return _each(database, caller, ids, partial(set_deleted, gone=True, batch=batch), versions or {})


def restore_all(
    database: Database,
    caller: Caller,
    ids: Sequence[str],
    *,
    versions: Mapping[str, int] | None = None,
    batch: str = "",
) -> list[MoveOutcome]:
    """Restore each of `ids` by itself. As `move_all`."""
    return _each(database, caller, ids, partial(set_deleted, gone=False, batch=batch), versions or {})


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
    return [outcome_of(database, caller, one, versions.get(one), step) for one in wanted]


def outcome_of(database: Database, caller: Caller, content_id: str, version: int | None, step: Step) -> MoveOutcome:
    """The outcome of one step, in a transaction of its own; a refusal is an outcome too."""
    try:
        with database.write() as session:
            row = content_to_change(session, content_id, version)
            step(session, caller, row)
            return MoveOutcome(id=row.id, ok=True, state=State(row.state), version=row.version)
    except (WrongInput, Conflict) as refused:
        return MoveOutcome(id=content_id, ok=False, code=refused.code, message=str(refused))


def _move(session: Session, caller: Caller, row: Content, to: State, note: str, url: str = "", batch: str = "") -> None:
    check_kept(row)
    origin = State(row.state)
    lifecycle.check_move(origin, to, caller.role, person=caller.user_id is not None)
    if to is State.PUBLISHED and approvals.standing(session, row) is None:
        raise MoveRefused("What it says now is not approved.", hint="Withdraw the approval and approve it again.")
    if origin is State.PUBLISHED:
        _check_not_out(session, row)
    elif to is State.READY:
        _approve(session, caller, row)
    elif origin is State.READY and to is not State.PUBLISHED:
        approvals.void(session, row, f"moved to {to}")
    about = {"from": origin.value, "to": to.value, **({"url": url or row.post_url} if url or row.post_url else {})}
    row.state, row.post_url = to.value, url
    note_change(session, caller, row, "content.moved", about, note, batch)
    if note.strip() and to is State.REJECTED and caller.user_id:
        add_comment(session, caller, row, f"Rejected: {note.strip()}")
    if to is State.READY and origin is not State.PUBLISHED:
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


def _check_not_out(session: Session, row: Content) -> None:
    """Raises `MoveRefused` when a publication of `row` is public, or may be."""
    states = [state.value for state in NOT_OUT]
    query = select(Publication.id).where(Publication.content_id == row.id, col(Publication.state).not_in(states))
    if session.exec(query.limit(1)).first() is not None:
        raise MoveRefused(
            "A publication of this draft is public, or may be.", hint="Take the post down under Publications first."
        )


def _checked_url(url: str, to: State) -> str:
    """`url` without the spaces around it. Raises `WrongInput` when it is no web address, or no post is to have one."""
    url = url.strip()
    if not url:
        return ""
    check_storable(url, "The address")
    if to is not State.PUBLISHED:
        raise WrongInput("Only content that is marked as published has the address of a post.")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or len(url) > LONGEST_URL or " " in url:
        raise WrongInput("The address of the post is not a web address.", hint="Paste it whole, from https:// on.")
    return url


def set_deleted(session: Session, caller: Caller, row: Content, gone: bool, batch: str = "") -> None:
    """Delete `row`, or restore it; what is so already stays as it is."""
    lifecycle.check_delete(State(row.state), caller.role)
    if (row.deleted_at is not None) is gone:
        return
    row.deleted_at = utc_now() if gone else None
    note_change(session, caller, row, "content.deleted" if gone else "content.restored", {}, batch=batch)
