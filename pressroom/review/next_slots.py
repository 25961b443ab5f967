"""Plans every approved draft of a day on the next free slots of channels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from pressroom import platforms, publishers
from pressroom.errors import PressroomError
from pressroom.model import Caller, Frozen, State
from pressroom.publishers.ledger.planning import AGAIN
from pressroom.review import publications
from pressroom.review.queue import MOST_DRAFTS
from pressroom.store.database import Database
from pressroom.store.publishing_tables import ChannelRow, Publication
from pressroom.store.tables import Content, SubjectRow
from pressroom.vault import Vault


class ChannelOffer(Frozen):
    """A channel, and the approved drafts that it takes and does not have yet. preferred: the first of its platform."""

    id: str
    platform: str
    name: str
    drafts: tuple[str, ...]
    preferred: bool


class Planned(Frozen):
    """The outcome for one draft on one channel: `publication_id` and its time, or the reason why it is not planned."""

    content_id: str
    title: str
    format: str
    channel_id: str
    publication_id: str | None = None
    at: dt.datetime | None = None
    reason: str = ""


def offers(database: Database, day: dt.date) -> tuple[ChannelOffer, ...]:
    """Channels that take approved drafts of `day` which they don't have yet, the oldest channel first."""
    with database.read() as session:
        channels = session.exec(
            select(ChannelRow).where(ChannelRow.state == "connected").order_by(col(ChannelRow.created_at))
        ).all()
        found: Any = select(Content.id, Content.platform).where(*_approved(day)).limit(MOST_DRAFTS)
        drafts: Sequence[Any] = session.exec(found).all()
        held = select(Publication.content_id, Publication.channel_id).where(
            col(Publication.content_id).in_([each.id for each in drafts]),
            col(Publication.state).not_in([state.value for state in AGAIN]),
        )
        there = set(session.exec(held).all())
    known = [row for row in channels if row.platform in publishers.names()]
    first = {drafts: row.id for row in reversed(known) for drafts in publishers.get(row.platform).drafts}
    first |= {row.platform: row.id for row in reversed(known)}
    made = [_offer(row, drafts, there, first) for row in known]
    return tuple(offer for offer in made if offer.drafts)


def _offer(row: ChannelRow, drafts: Sequence[Any], there: set[Any], first: dict[str, str]) -> ChannelOffer:
    takes = publishers.get(row.platform).drafts
    mine = tuple(each.id for each in drafts if each.platform in takes and (each.id, row.id) not in there)
    preferred = any(each.platform in takes and first.get(each.platform) == row.id for each in drafts)
    return ChannelOffer(id=row.id, platform=row.platform, name=row.name, drafts=mine, preferred=preferred)


def _approved(day: dt.date) -> tuple[Any, ...]:
    return Content.day == day, Content.state == State.READY.value, col(Content.deleted_at).is_(None)


def plan_day(
    database: Database, caller: Caller, vault: Vault, day: dt.date, channel_ids: Sequence[str]
) -> tuple[Planned, ...]:
    """Plan each approved draft of `day` on each of `channel_ids` that takes it, in the order of their ideas.

    What a platform refuses, or asks a person to choose for, leaves the others alone: the answer gives the reason.
    """
    wanted = {offer.id: offer for offer in offers(database, day) if offer.id in set(channel_ids)}
    query: Any = select(Content.id, Content.format, SubjectRow.title).where(*_approved(day))
    query = query.join(SubjectRow, col(SubjectRow.id) == col(Content.subject_id))
    with database.read() as session:
        rows = session.exec(query.order_by(col(SubjectRow.created_at), col(SubjectRow.position))).all()
    return tuple(
        _planned(database, caller, vault, row, offer)
        for row in rows for offer in wanted.values() if row.id in offer.drafts
    )  # fmt: skip


def _planned(database: Database, caller: Caller, vault: Vault, row: Any, offer: ChannelOffer) -> Planned:
    about = {"content_id": row.id, "title": row.title, "format": row.format, "channel_id": offer.id}
    try:
        made = publications.plan(database, caller, vault, row.id, offer.id, at="next_free")
    except PressroomError as refused:
        return Planned(**about, reason=f"{platforms.title(offer.platform)}: {refused}")
    return Planned(**about, publication_id=made.id, at=made.planned_at)
