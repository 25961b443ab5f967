"""Conditions that are looked at before anything is sent: approval, pause, window and spacing."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from pressroom.errors import MoveRefused, WrongInput
from pressroom.publishers.ledger.approving import approved_of
from pressroom.publishers.ledger.claim import Claim
from pressroom.settings import Settings
from pressroom.store.publishing_tables import ChannelRow, Publication, PublicationPart
from pressroom.store.tables import Content, Workspace

NEVER_LATE = timedelta(days=30)
"""The window of a channel whose posts are never too late."""
FOLLOWS_WITHIN = timedelta(days=1)
"""The window of what follows a post: a thread that goes on a week later answers what readers have forgotten."""


def void_reason(session: Session, publication: Publication, channel: ChannelRow) -> dict[str, str] | None:
    """The reason why the approval no longer covers what would be sent; None while it does."""
    content = session.get(Content, publication.content_id)
    if content is None:
        return {"code": "content_gone", "message": "The draft was deleted."}
    try:
        now = approved_of(session, content, channel, publication.approved["options"])
    except (MoveRefused, WrongInput) as error:
        return {"code": "approval_void", "message": error.message, "hint": error.hint}
    if now.hash == publication.content_hash:
        return None
    message = "The draft, its files or the channel's settings changed after it was planned."
    return {"code": "approval_void", "message": message, "hint": "Plan it again."}


def is_paused(session: Session, channel: ChannelRow, source: Settings) -> bool:
    """True while nothing is to be sent: by the channel, its platform or its workspace."""
    return bool(paused_by(session, channel, source))


def paused_by(session: Session, channel: ChannelRow, source: Settings) -> str:
    """The pause that keeps a channel from sending, as a noun; empty without one."""
    if channel.paused:
        return "the channel"
    if {"all", channel.platform} & {*source.publish_paused}:
        return "everything" if "all" in source.publish_paused else "the platform"
    home = session.get_one(Workspace, channel.workspace_id)
    return "the workspace" if home.paused_at else ""


def window_end(claim: Claim, part: PublicationPart) -> datetime | None:
    """The moment from which on it is too late for a part; None for never. What follows a post has a day after it."""
    planned = claim.publication.planned_at
    if part.position > 0:
        before = (one.sent_at for one in claim.parts[: part.position] if one.sent_at is not None)
        return max(planned, *before) + FOLLOWS_WITHIN if claim.channel.late_minutes else None
    late = claim.channel.late_minutes
    return planned + (timedelta(minutes=late) if late else NEVER_LATE)


def is_late(claim: Claim, part: PublicationPart, now: datetime) -> bool:
    end = window_end(claim, part)
    return end is not None and now > end


def free_from(claim: Claim, part: PublicationPart, now: datetime) -> datetime:
    """The earliest moment after the channel's last post; at once for a part that was begun already."""
    last = claim.channel.last_sent_at
    if last is None or part.sends or part.position > 0:
        return now
    return last + timedelta(minutes=claim.channel.spacing_minutes)


def missed(claim: Claim, part: PublicationPart) -> dict[str, str]:
    if part.position > 0:
        message = "It did not go out within a day of the post before it."
        return {"code": "missed", "message": message, "hint": "Plan it again: it goes on with this part."}
    planned = claim.publication.planned_at.strftime("%Y-%m-%d %H:%M UTC")
    message = f"It was planned for {planned}; {claim.channel.late_minutes} minutes later its window was over."
    return {"code": "missed", "message": message, "hint": "Plan it again."}
