"""Suggestions as reviewers handle them: listed with what differs, taken as the draft's next revision, dismissed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from pydantic import Field
from sqlmodel import Session, select

from pressroom.errors import MoveRefused, NotFound
from pressroom.model import Caller, Finding, Frozen, State, Violation, lifecycle
from pressroom.review.differences import diff
from pressroom.review.reading import detail_of
from pressroom.review.rows import check_kept, checked_id, content_row, content_to_change
from pressroom.review.values import Change, ContentDetail
from pressroom.store import audit, events
from pressroom.store.contents import add_wording
from pressroom.store.database import Database
from pressroom.store.desk_tables import Suggestion
from pressroom.store.suggestions import TEXT, suggestions_of
from pressroom.store.tables import Content

OPEN, TAKEN, DISMISSED = "open", "taken", "dismissed"


class SuggestionShown(Frozen):
    """Another text for a draft. `changes`: from the draft's present text to this one."""

    id: str
    content_id: str
    base: int = Field(description="Number of the revision that it was written from.")
    wish: str = Field(description="What the reviewer wanted to be different.")
    state: str = Field(description="`open`, `taken` or `dismissed`.", examples=[OPEN])
    decided_by: str
    body: dict[str, Any]
    text: str
    words: int
    characters: int
    violations: tuple[Violation, ...]
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    provider: str
    model: str
    created_at: dt.datetime


def list_suggestions(database: Database, content_id: str, *, state: str | None = None) -> list[SuggestionShown]:
    """The suggestions for a draft, the latest first. Raises `NotFound`."""
    with database.read() as session:
        row = content_row(session, content_id)
        return [view_of(found, row) for found in suggestions_of(session, [row.id], state=state)]


def open_for(database: Database, content_ids: Sequence[str]) -> dict[str, SuggestionShown]:
    """The latest open suggestion of each of these drafts that has one."""
    with database.read() as session:
        found = suggestions_of(session, content_ids, state=OPEN)
        return {row.content_id: view_of(row, content_row(session, row.content_id)) for row in reversed(found)}


def take(
    database: Database, caller: Caller, content_id: str, suggestion_id: str, *, version: int | None = None
) -> ContentDetail:
    """Make a suggestion the draft's next revision, to be reviewed like any other edit.

    Raises:
        NotFound, Conflict; MoveRefused: the draft can't be edited, or the suggestion was decided on already.
    """
    with database.write() as session:
        row = content_to_change(session, content_id, version)
        check_kept(row)
        lifecycle.check_edit(State(row.state), caller.role)
        found = _decided(session, caller, row, suggestion_id, OPEN, TAKEN)
        row.call_ids = [*row.call_ids, *found.call_ids]
        wording = {**{name: getattr(found, name) for name in TEXT}, "state": State.EDITED.value}
        note = f"suggestion: {found.wish}" if found.wish else "suggestion"
        revision = add_wording(session, row, wording, calls=found.call_ids, author=caller.name, note=note)
        about = {"version": row.version, "revision": revision.number, "violations": len(row.violations)}
        told = {"content_id": row.id, "run_id": row.run_id, "state": row.state, **about}
        events.emit(session, row.workspace_id, "content.edited", told)
        return detail_of(session, caller, row)


def dismiss(database: Database, caller: Caller, content_id: str, suggestion_id: str, *, again: bool = False) -> None:
    """Put a suggestion aside; with `again`, take that back.

    Raises:
        NotFound; MoveRefused: it was decided on already, or the caller's role may not.
    """
    lifecycle.check_edit(State.EDITED, caller.role)
    states = (DISMISSED, OPEN) if again else (OPEN, DISMISSED)
    with database.write() as session:
        _decided(session, caller, content_to_change(session, content_id, None), suggestion_id, *states)


def _decided(session: Session, caller: Caller, row: Content, suggestion_id: str, origin: str, to: str) -> Suggestion:
    wanted = (Suggestion.id == checked_id(suggestion_id, "suggestion"), Suggestion.content_id == row.id)
    found = session.exec(select(Suggestion).where(*wanted)).one_or_none()
    if found is None:
        raise NotFound("This draft has no such suggestion.", hint="The list of its suggestions names them.")
    if found.state != origin:
        raise MoveRefused(f"The suggestion is {found.state}.", hint="Ask for another one.")
    found.state, found.decided_by = to, caller.name
    session.add(found)
    details = {"suggestion": found.id, "wish": found.wish}
    audit.note(session, caller, f"suggestion.{to}", subject_kind="content", subject_id=row.id, details=details)
    return found


def view_of(row: Suggestion, draft: Content) -> SuggestionShown:
    """The suggestion with what differs from the present text of `draft`."""
    same = row.model_dump(include=set(SuggestionShown.model_fields))
    return SuggestionShown(**same, changes=tuple(diff(draft.text, row.text)))
