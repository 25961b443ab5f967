"""Publications as people look at them: lists by what is to be done, and one with its parts, attempts and moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, not_, or_
from sqlmodel import Session, col, func, select

from pressroom import publishers
from pressroom.model.publication_states import (
    PartState,
    PublicationState,
)
from pressroom.model.publishing import Approved
from pressroom.review.publication_offers import PartOffer, offers_of
from pressroom.review.publication_views import (
    TABS,
    PublicationView,
    Tab,
    listed,
    view_of,
    waits_for_person,
)
from pressroom.review.publications import channel_row, publication_row
from pressroom.store.database import Database
from pressroom.store.publishing_tables import ChannelRow, Publication, PublicationAttempt, PublicationPart
from pressroom.store.tables import Content, SubjectRow

MOST = 500
"""Publications of a span that are listed at most."""


class PublicationShown(NamedTuple):
    """A publication with all that its page shows; `content_title`: of the idea behind its draft."""

    row: Publication
    channel: ChannelRow
    approved: Approved
    parts: Sequence[PublicationPart]
    attempts: Sequence[tuple[PublicationPart, PublicationAttempt]]
    offers: Sequence[PartOffer]
    content_title: str

    @property
    def state(self) -> PublicationState:
        return PublicationState(self.row.state)


def list_publications(
    database: Database,
    *,
    tab: Tab | None = None,
    channel_id: str = "",
    states: Iterable[str] = (),
    between: tuple[dt.datetime, dt.datetime] | None = None,
    content_id: str = "",
    limit: int = MOST,
    offset: int = 0,
) -> list[PublicationView]:
    """Publications by their time: the earliest first for what is to come and for a span, the newest first otherwise.

    between: instants in UTC; the end is not part of it.
    """
    wanted = list(_conditions(tab, channel_id, tuple(states), content_id))
    if between:
        wanted += [col(Publication.planned_at) >= between[0], col(Publication.planned_at) < between[1]]
    forward = tab == "planned" or between is not None
    order = col(Publication.planned_at) if forward else col(Publication.planned_at).desc()
    with database.read() as session:
        query = listed(*wanted).order_by(order, col(Publication.id)).offset(offset).limit(limit)
        return [view_of(*row) for row in session.exec(query).all()]


def count_publications(database: Database, channel_id: str = "", tabs: Iterable[Tab] = tuple(TABS)) -> dict[Tab, int]:
    """How many publications each tab has."""
    with database.read() as session:
        return {tab: _count(session, tab, channel_id) for tab in tabs}


def show_publication(database: Database, publication_id: str) -> PublicationShown:
    """One publication with its parts, requests and moves. Raises `NotFound`."""
    with database.read() as session:
        row = publication_row(session, publication_id, None)
        channel = channel_row(session, row.channel_id)
        query = select(PublicationPart).where(PublicationPart.publication_id == row.id)
        parts = session.exec(query.order_by(col(PublicationPart.position))).all()
        title = select(SubjectRow.title).join(Content, col(Content.subject_id) == col(SubjectRow.id))
        name = session.exec(title.where(Content.id == row.content_id)).first() or ""
        deletes = publishers.get(channel.platform).deletes
        return PublicationShown(
            row, channel, Approved.model_validate(row.approved), parts, _attempts(session, parts),
            offers_of([PartState(part.state) for part in parts], deletes=deletes), name,
        )  # fmt: skip


def channels_of(database: Database) -> list[ChannelRow]:
    """The channels of the workspace that were not removed, by platform and name."""
    query = select(ChannelRow).where(ChannelRow.state != "removed")
    with database.read() as session:
        return list(session.exec(query.order_by(col(ChannelRow.platform), col(ChannelRow.name))).all())


def _conditions(
    tab: Tab | None, channel_id: str, states: Sequence[str], content_id: str = ""
) -> Iterable[ColumnElement[bool]]:
    if tab == "needs":
        yield or_(col(Publication.state).in_(_values(TABS[tab][1])), waits_for_person())
    elif tab:
        yield and_(col(Publication.state).in_(_values(TABS[tab][1])), not_(waits_for_person()))
    if channel_id:
        yield col(Publication.channel_id) == channel_id
    if content_id:
        yield col(Publication.content_id) == content_id
    if states:
        yield col(Publication.state).in_(states)


def _count(session: Session, tab: Tab, channel_id: str) -> int:
    query: Any = select(func.count()).select_from(Publication).where(*_conditions(tab, channel_id, ()))
    return int(session.exec(query).one())


def _attempts(
    session: Session, parts: Sequence[PublicationPart]
) -> Sequence[tuple[PublicationPart, PublicationAttempt]]:
    by_id = {part.id: part for part in parts}
    query = select(PublicationAttempt).where(col(PublicationAttempt.part_id).in_(by_id))
    ordered = query.order_by(col(PublicationAttempt.created_at), col(PublicationAttempt.number))
    return [(by_id[attempt.part_id], attempt) for attempt in session.exec(ordered).all()]


def _values(states: Iterable[PublicationState]) -> list[str]:
    return [state.value for state in states]
