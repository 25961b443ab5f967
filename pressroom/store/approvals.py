"""Approvals: a person's yes to exactly one wording. Whatever changes the wording, or takes it back, voids it."""

from __future__ import annotations

from sqlmodel import Session, col, select

from pressroom.store import events
from pressroom.store.desk_tables import Approval
from pressroom.store.tables import Content, utc_now


def approve(session: Session, content: Content, user_id: str) -> Approval:
    """Bind the user's yes to what `content` says now; one there is no longer counts."""
    void(session, content, "approved again")
    approval = Approval(
        workspace_id=content.workspace_id, content_id=content.id, content_hash=content.content_hash, user_id=user_id
    )
    session.add(approval)
    return approval


def standing(session: Session, content: Content) -> Approval | None:
    """The approval of the present wording of `content`; None when it has no approval or the approval is void."""
    query = select(Approval).where(
        Approval.content_id == content.id,
        Approval.content_hash == content.content_hash,
        col(Approval.voided_at).is_(None),
    )
    return session.exec(query.order_by(col(Approval.created_at).desc()).limit(1)).first()


def void(session: Session, content: Content, because: str) -> None:
    """Voids every valid approval of `content` and emits `content.approval_voided` for each."""
    query = select(Approval).where(Approval.content_id == content.id, col(Approval.voided_at).is_(None))
    for approval in session.exec(query).all():
        approval.voided_at, approval.voided_because = utc_now(), because
        session.add(approval)
        about = {"content_id": content.id, "approval_id": approval.id, "because": because}
        events.emit(session, content.workspace_id, "content.approval_voided", about)


def revive(session: Session, content: Content) -> None:
    """The approval of `content` that was voided last is valid again: the move that voided it is undone."""
    query = select(Approval).where(
        Approval.content_id == content.id, Approval.content_hash == content.content_hash,
        col(Approval.voided_because).startswith("moved to "),
    )  # fmt: skip
    approval = session.exec(query.order_by(col(Approval.voided_at).desc()).limit(1)).one()
    approval.voided_at, approval.voided_because = None, ""
    session.add(approval)
    about = {"content_id": content.id, "approval_id": approval.id, "content_hash": content.content_hash}
    events.emit(session, content.workspace_id, "content.approved", about)
