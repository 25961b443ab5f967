"""Moves of a part from state to state, by the table alone, and what each of them entails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from pressroom.model import State
from pressroom.model.publication_states import (
    FINAL,
    OUT,
    STATES,
    PartState,
    PublicationState,
    check_part_move,
    state_of,
)
from pressroom.model.publishing import OPTIONAL_KINDS, PartKind, RemoteRef
from pressroom.store import events
from pressroom.store.owners import clock
from pressroom.store.publishing_tables import Publication, PublicationPart
from pressroom.store.tables import Content, utc_now

TOLD = {
    PublicationState.PUBLISHED: "publication.published",
    PublicationState.UNKNOWN: "publication.unknown",
    PublicationState.NEEDS_PERSON: "publication.needs_person",
    PublicationState.MISMATCH: "publication.mismatch",
    PublicationState.VANISHED: "publication.vanished",
    PublicationState.REFUSED: "publication.refused",
    PublicationState.MISSED: "publication.missed",
    PublicationState.PARTIAL: "publication.partial",
    PublicationState.CANCELLED: "publication.cancelled",
    PublicationState.DELETED: "publication.deleted",
}
"""The event of each state of a publication that others hear of."""


def parts_of(session: Session, publication_id: str) -> list[PublicationPart]:
    """The parts of a publication in order, locked."""
    query = select(PublicationPart).where(PublicationPart.publication_id == publication_id)
    return list(session.exec(query.order_by(col(PublicationPart.position)).with_for_update()).all())


def move_part(
    session: Session,
    publication: Publication,
    part: PublicationPart,
    target: PartState,
    *,
    person: bool = False,
    reason: Mapping[str, str] | None = None,
    ref: RemoteRef | None = None,
    **changes: Any,
) -> None:
    """Move a part, locked by this transaction, and bring its publication's state in line.

    reason: `code`, `message`, `hint`. ref: the post it is at the platform, once that is known. changes: of the row.

    Raises:
        MoveRefused: the table has no such move.
    """
    check_part_move(PartState(part.state), target, person=person)
    now = clock(session)
    told = reason or {}
    part.state, part.since = target.value, now
    limit = STATES[target].deadline
    part.deadline_at = now + limit if limit else None
    part.reason_code, part.reason = told.get("code", ""), told.get("message", "")
    part.hint = told.get("hint", "")
    for name, value in changes.items():
        setattr(part, name, value)
    if ref is not None:
        part.remote_id, part.permalink, part.extra = ref.remote_id, ref.permalink, dict(ref.extra)
    if target is PartState.SENT:
        part.sent_at = part.sent_at or now
        part.seen = []
    session.add(part)
    session.flush()
    settle(session, publication, part, now)


def settle(session: Session, publication: Publication, part: PublicationPart, now: datetime) -> None:
    """The publication's own state from its parts, and the event where it has become another."""
    parts = parts_of(session, publication.id)
    state = state_of([(PartKind(one.kind), PartState(one.state)) for one in parts])
    main = PartKind(part.kind) not in OPTIONAL_KINDS
    if main:
        publication.reason_code, publication.reason, publication.hint = part.reason_code, part.reason, part.hint
    publication.updated_at = now
    publication.version += 1
    first = parts[0]
    if PartState(first.state) in OUT:
        publication.permalink = first.permalink
        publication.published_at = publication.published_at or first.sent_at
        _mark_published(session, publication)
    if state.value != publication.state:
        publication.state = state.value
        if kind := TOLD.get(state):
            events.emit(session, publication.workspace_id, kind, about(publication))
    if state in {PublicationState.CANCELLED, PublicationState.MISSED, PublicationState.REFUSED}:
        publication.slot_at = None  # its slot is free again
    session.add(publication)


def about(publication: Publication) -> dict[str, Any]:
    return {
        "publication_id": publication.id,
        "content_id": publication.content_id,
        "channel_id": publication.channel_id,
        "state": publication.state,
        "reason_code": publication.reason_code,
    }


def _mark_published(session: Session, publication: Publication) -> None:
    """The draft is out: it says what it says, and is edited no more."""
    content = session.get(Content, publication.content_id)
    if content is None or content.state != State.READY:  # other words by now: those are not out
        return
    told = {"content_id": content.id, "run_id": content.run_id, "from": content.state, "to": State.PUBLISHED.value}
    content.state, content.version, content.updated_at = State.PUBLISHED.value, content.version + 1, utc_now()
    session.add(content)
    events.emit(session, content.workspace_id, "content.moved", {**told, "version": content.version})


def cancel_rest(session: Session, publication: Publication, parts: Sequence[PublicationPart], because: str) -> None:
    """Take what is still planned off the plan."""
    for part in parts:
        if part.state in {PartState.PLANNED, PartState.WAITING, PartState.NEEDS_ACCOUNT}:
            reason = {"code": "cancelled", "message": because}
            move_part(session, publication, part, PartState.CANCELLED, reason=reason)


def is_over(part: PublicationPart) -> bool:
    return PartState(part.state) in FINAL
