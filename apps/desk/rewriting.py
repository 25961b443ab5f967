"""Rewrites of drafts as jobs of the desk: one that replaces the text, and one that is kept as a suggestion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apps.desk import work
from pressroom.errors import MoveRefused
from pressroom.model import Caller, RedoRequest
from pressroom.review import editing, reading

if TYPE_CHECKING:
    from apps.desk.dependencies import Desk
    from pressroom.store.database import Database
    from pressroom.store.desk_tables import Job


def rewrite(
    desk: Desk, database: Database, caller: Caller, content_id: str, note: str, *, suggest: bool, key: str | None = None
) -> Job:
    """Start the job that writes a draft again. suggest: keep the new text beside the draft's own. key: idempotency.

    Raises:
        NotFound. MoveRefused: its state forbids it. As `work.start`.
    """
    editing.check_note(note)
    found = reading.get_content(database, caller, content_id)
    if not found.may_regenerate:
        state, hint = (
            ("deleted", "Restore it first.") if found.deleted_at else (found.state, "Write a new post instead.")
        )
        raise MoveRefused(f"This draft is {state}: it can't be rewritten.", hint=hint)
    request = RedoRequest(content=found.id, note=note, suggest=suggest, workspace=caller.workspace)
    title = f"{'Suggestion' if suggest else 'Rewrite'}: {found.format_title}, {found.idea.title}"
    return work.start(desk, caller, request, idempotency_key=key, title=title, content_id=found.id)
