"""Suggestions: other texts for drafts, kept beside them until a user takes or dismisses them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, func, select

from pressroom.store import events
from pressroom.store.contents import REVISED
from pressroom.store.database import Database
from pressroom.store.desk_tables import Suggestion
from pressroom.store.tables import Content, Revision

TEXT = tuple(name for name in REVISED if name != "state")
"""The columns that a suggestion has of a draft's text, its checks and its lineage."""


def keep(database: Database, content_id: str, changed: Content, *, wish: str) -> Suggestion:
    """Keep the text, checks and lineage of `changed` as a suggestion for the draft, with an event."""
    text = {name: getattr(changed, name) for name in TEXT}
    with database.write() as session:
        return add(session, changed.workspace_id, content_id, text, wish=wish, calls=changed.call_ids)


def add(
    session: Session,
    workspace_id: str,
    content_id: str,
    text: Mapping[str, Any],
    *,
    wish: str,
    calls: Sequence[str] = (),
) -> Suggestion:
    """A further suggestion for the draft, written from its latest revision, with an event. text: values of `TEXT`."""
    base = session.exec(select(func.max(Revision.number)).where(Revision.content_id == content_id)).one()
    owner: dict[str, Any] = {"workspace_id": workspace_id, "content_id": content_id}
    row = Suggestion(**owner, base=base or 1, wish=wish, call_ids=list(calls), **text)
    session.add(row)
    events.emit(session, workspace_id, "content.suggested", {**owner, "suggestion_id": row.id})
    return row


def count_texts(database: Database, content_id: str) -> int:
    """How many texts the draft has had: its revisions and all that was suggested."""
    with database.read() as session:
        revisions = session.exec(select(func.count()).where(Revision.content_id == content_id)).one()
        return revisions + session.exec(select(func.count()).where(Suggestion.content_id == content_id)).one()


def suggestions_of(session: Session, content_ids: Sequence[str], *, state: str | None = None) -> list[Suggestion]:
    """The suggestions for these drafts, the latest first; with `state`, those in it."""
    query = select(Suggestion).where(col(Suggestion.content_id).in_(content_ids))
    if state is not None:
        query = query.where(Suggestion.state == state)
    return list(session.exec(query.order_by(col(Suggestion.created_at).desc())).all())
