"""Channels that plan a draft by themselves as soon as it is approved."""

from __future__ import annotations

from typing import Literal, cast

from sqlmodel import Session, col, select

from pressroom import logs, publishers
from pressroom.errors import PressroomError
from pressroom.model import Caller
from pressroom.model.publication_states import PublicationState
from pressroom.publishers.ledger import planning
from pressroom.publishers.ledger.moves import cancel_rest, parts_of
from pressroom.review.publications import note_plan, when_of
from pressroom.settings import settings
from pressroom.store import audit
from pressroom.store.publishing_tables import ChannelRow, Publication
from pressroom.store.tables import Content
from pressroom.vault import Vault

SUPERSEDED = "The draft was approved again with other words or files."

_log = logs.get_logger("pressroom.publishing")


def plan_automatically(session: Session, caller: Caller, content: Content) -> list[Publication]:
    """Plan a draft that has just been approved on the channels that want that, in the approval's transaction.

    A channel that can't take it fails nothing: the audit log says why, and a person can plan it. An earlier plan of the
    draft with other words is cancelled, and its slot is free.
    """
    found = [_planned(session, caller, content, channel) for channel in _channels(session, content)]
    return [row for row in found if row is not None]


def _channels(session: Session, content: Content) -> list[ChannelRow]:
    """Channels of the draft's platform, and of those that take its drafts as well."""
    query = select(ChannelRow).where(ChannelRow.automatic != "", ChannelRow.state != "removed")
    rows = session.exec(query.order_by(col(ChannelRow.created_at))).all()
    return [row for row in rows if content.platform in publishers.get(row.platform).drafts]


def _planned(session: Session, caller: Caller, content: Content, channel: ChannelRow) -> Publication | None:
    try:
        with session.begin_nested():
            return _plan(session, caller, content, channel)
    except Exception as error:  # the approval stands, whatever became of the plan
        _log.warning("publication.not_planned", content=content.id, channel=channel.id, reason=str(error)[:500])
        reason = str(error)[:500] if isinstance(error, PressroomError) else f"An error of ours: {type(error).__name__}."
        details = {"content_id": content.id, "channel": channel.name, "reason": reason}
        audit.note(session, caller, "publication.not_planned", subject_kind="channel", subject_id=channel.id,
                   details=details)  # fmt: skip
        return None


def _plan(session: Session, caller: Caller, content: Content, channel: ChannelRow) -> Publication:
    earlier = select(Publication).where(
        Publication.content_id == content.id, Publication.channel_id == channel.id,
        Publication.state == PublicationState.PLANNED,
    )  # fmt: skip
    for row in session.exec(earlier.with_for_update()).all():
        cancel_rest(session, row, parts_of(session, row.id), SUPERSEDED)
    when = when_of(session, caller, channel, cast("Literal['now', 'next_free']", channel.automatic))
    vault = Vault.from_settings(settings())
    planned = planning.plan(session, vault, content, channel, when, options={}, by=caller.name)
    note_plan(session, caller, planned, "automatic")
    return planned
