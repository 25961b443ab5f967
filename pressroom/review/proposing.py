"""Proposals: texts that an assistant or another program wrote for a draft, kept as suggestions for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pressroom.errors import MoveRefused
from pressroom.model import Caller, State, lifecycle
from pressroom.review.checking import standard_of
from pressroom.review.editing import check_note
from pressroom.review.rows import check_kept, content_to_change
from pressroom.review.suggesting import OPEN, SuggestionShown, view_of
from pressroom.store import audit
from pressroom.store.database import Database
from pressroom.store.suggestions import TEXT, add, suggestions_of

MOST_OPEN = 20
"""Most suggestions of a draft that may wait for a person: a program that runs in a circle stops there."""

NO_MODEL = {"provider": "", "model": "", "prompt_hash": "", "asked": 0}
"""The lineage of a text that no model of ours wrote."""


def propose(
    database: Database, caller: Caller, content_id: str, body: Mapping[str, Any], *, note: str = ""
) -> SuggestionShown:
    """Keep `body` as a suggestion for the draft, checked by its rules; the draft stays as it is. note: why.

    The same body again is the suggestion that waits already.

    Raises:
        NotFound; WrongInput: `body` has another shape.
        MoveRefused: the draft's state or the caller's role forbids it, or too many suggestions wait.
    """
    check_note(note)
    checked = standard_of(database, content_id).check(body)  # before the row is locked: it may take a while
    with database.write() as session:
        row = content_to_change(session, content_id, None)
        check_kept(row)
        lifecycle.check_edit(State(row.state), caller.role)
        waiting = suggestions_of(session, [row.id], state=OPEN)
        same = next((each for each in waiting if each.body == checked.body), None)
        if same is not None:
            return view_of(same, row)
        if len(waiting) >= MOST_OPEN:
            raise MoveRefused(f"{len(waiting)} suggestions wait for this draft.", hint="A person has to decide first.")
        text = checked.model_dump(mode="json", include=set(TEXT)) | NO_MODEL
        kept = add(session, row.workspace_id, row.id, text, wish=note or f"Proposed by {caller.name}")
        details = {"suggestion": kept.id, "wish": kept.wish}
        audit.note(session, caller, "suggestion.proposed", subject_kind="content", subject_id=row.id, details=details)
        return view_of(kept, row)
