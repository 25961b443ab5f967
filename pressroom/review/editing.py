"""New words for content: checked by its format's rules, kept as a further revision, the original untouched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from pressroom.errors import WrongInput
from pressroom.model import Caller, State, lifecycle
from pressroom.review.checking import standard_of
from pressroom.review.differences import diff
from pressroom.review.reading import detail_of, revision_row
from pressroom.review.rows import check_kept, check_storable, content_to_change
from pressroom.review.values import Checked, ContentDetail
from pressroom.store import audit, events
from pressroom.store.contents import AUTOSAVED, Present, add_wording, is_autosaved, present_wording
from pressroom.store.database import Database
from pressroom.store.tables import Content

LONGEST_NOTE = 2000

__all__ = ["LONGEST_NOTE", "check_note", "diff", "edit", "revert"]


def edit(
    database: Database,
    caller: Caller,
    content_id: str,
    body: Mapping[str, Any],
    *,
    version: int,
    note: str = "",
    autosave: bool = False,
) -> ContentDetail:
    """Put new words in place of those of `version`. Approvals of the old ones are void; the same words change nothing.

    autosave: they are saved while the caller types: the caller's next edit takes the place of this revision.
    body: every field of the format. A wording that breaks rules is kept with what is wrong with it, and can't be
    approved.

    Raises:
        NotFound: no such content. Conflict: it is at another version. WrongInput: `body` has another shape.
        MoveRefused: its state, or the caller's role, forbids an edit; or it was deleted.
    """
    check_note(note)
    checked = standard_of(database, content_id).check(body)  # before the row is locked: it may take a while
    note = AUTOSAVED if autosave else note
    return _keep(database, caller, content_id, checked, "content.edited", version=version, note=note)


def revert(database: Database, caller: Caller, content_id: str, number: int, *, version: int) -> ContentDetail:
    """Put the words of revision `number` back, as a further revision, checked by today's rules.

    Raises:
        NotFound: no such content, or no such revision. Otherwise as `edit`.
    """
    standard = standard_of(database, content_id)
    with database.read() as session:
        earlier = revision_row(session, content_id, number)
    checked, note = standard.check(earlier.body), f"back to revision {number}"
    return _keep(database, caller, content_id, checked, "content.reverted", version=version, note=note)


def check_note(note: str) -> None:
    """Raises `WrongInput` when `note` is too long, or can't be kept."""
    check_storable(note, "The note")
    if len(note) > LONGEST_NOTE:
        raise WrongInput(f"The note is longer than {LONGEST_NOTE:,} characters.")


def _keep(
    database: Database, caller: Caller, content_id: str, checked: Checked, action: str, *, version: int, note: str
) -> ContentDetail:
    with database.write() as session:
        row = content_to_change(session, content_id, version)
        check_kept(row)
        lifecycle.check_edit(State(row.state), caller.role)
        present = present_wording(session, row)
        is_typed = action == "content.edited" and is_autosaved(row, present.latest, caller.name)
        if checked.body != row.body or (is_typed and note != AUTOSAVED):
            _put(session, caller, row, checked, action, note, present, is_typed)
        return detail_of(session, caller, row)


def _put(
    session: Session, caller: Caller, row: Content, checked: Checked, action: str, note: str, present: Present,
    is_typed: bool,
) -> None:  # fmt: skip
    values = {**checked.model_dump(mode="json", exclude={"parts"}), "state": State.EDITED.value}
    revision = add_wording(session, row, values, author=caller.name, note=note, present=present, in_place=is_typed)
    about = {"version": row.version, "revision": revision.number, "violations": len(row.violations)}
    audit.note(session, caller, action, subject_kind="content", subject_id=row.id, details={**about, "note": note})
    told = {"content_id": row.id, "run_id": row.run_id, "state": row.state, **about}
    events.emit(session, row.workspace_id, action, told)
