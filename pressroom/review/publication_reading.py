"""Publications as people look at them: lists by what is to be done, and one with its parts, attempts and moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, and_, not_, or_
from sqlmodel import Session, col, func, select

from pressroom import publishers
from pressroom.model import Frozen
from pressroom.model.publication_states import (
    OUT,
    STATES,
    Actor,
    PartState,
    PublicationState,
    person_moves,
)
from pressroom.model.publishing import Approved
from pressroom.review.publications import channel_row, publication_row
from pressroom.store.database import Database
from pressroom.store.publishing_tables import ChannelRow, Publication, PublicationAttempt, PublicationPart
from pressroom.store.tables import Content, SubjectRow

Tab = Literal["needs", "planned", "out", "over"]
"""needs: a person has the next move. planned: time and workers have it. out: public. over: ended, not public."""

P = PublicationState
TABS: Mapping[Tab, tuple[str, frozenset[PublicationState]]] = {
    "needs": ("Needs you", frozenset({P.NEEDS_PERSON, P.NEEDS_ACCOUNT, P.MISMATCH, P.VANISHED, P.PARTIAL})),
    "planned": ("Planned", frozenset({P.PLANNED, P.WORKING, P.UNKNOWN, P.PROCESSING})),
    "out": ("Out", frozenset({P.PUBLISHED})),
    "over": ("Missed or refused", frozenset({P.MISSED, P.REFUSED, P.CANCELLED, P.DELETED})),
}
"""Title and states of each tab; every state is in one. A part that waits for a person puts its whole in the first."""

MINE = tuple(state.value for state, facts in STATES.items() if facts.owner is Actor.PERSON)
"""States of parts in which a person has the next move."""

MOST = 500
"""Publications of a span that are listed at most."""


class PublicationLine(Frozen):
    """A publication in a list. at: when it is due, or was public. account: of its channel."""

    id: str
    version: int
    state: PublicationState
    at: dt.datetime
    planned_at: dt.datetime
    platform: str
    channel_id: str
    account: str
    content_id: str
    title: str
    reason: str
    hint: str
    permalink: str
    needs_person: bool
    updated_at: dt.datetime

    @property
    def is_planned(self) -> bool:
        """True while people may move it to another time."""
        return self.state is P.PLANNED


class PartOffer(NamedTuple):
    """A move that a person has. act: `cancel`, `move`, `accept`, `delete`, or a decision of `publications.decide`."""

    act: str
    label: str
    means: str


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


_ACTS: Mapping[tuple[PartState, PartState], str] = {
    (PartState.MISMATCH, PartState.PUBLISHED): "accept",
    (PartState.VANISHED, PartState.PUBLISHED): "accept",
    (PartState.NEEDS_PERSON, PartState.SENT): "there",
    (PartState.NEEDS_PERSON, PartState.READY): "send",
    (PartState.NEEDS_PERSON, PartState.CANCELLED): "leave",
}
_BY_TARGET = {PartState.CANCELLED: "cancel", PartState.PLANNED: "move", PartState.DELETED: "delete"}


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
) -> list[PublicationLine]:
    """Publications by their time: the earliest first for what is to come and for a span, the newest first otherwise.

    between: instants in UTC; the end is not part of it.
    """
    wanted = list(_conditions(tab, channel_id, tuple(states), content_id))
    if between:
        wanted += [col(Publication.planned_at) >= between[0], col(Publication.planned_at) < between[1]]
    forward = tab == "planned" or between is not None
    order = col(Publication.planned_at) if forward else col(Publication.planned_at).desc()
    query: Any = select(Publication, ChannelRow, SubjectRow.title, _mine()).where(*wanted)
    query = query.join(ChannelRow, col(ChannelRow.id) == col(Publication.channel_id))
    query = query.join(Content, col(Content.id) == col(Publication.content_id))
    query = query.join(SubjectRow, col(SubjectRow.id) == col(Content.subject_id))
    with database.read() as session:
        rows = session.exec(query.order_by(order, col(Publication.id)).offset(offset).limit(limit)).all()
        return [_line(*row) for row in rows]


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


def offers_of(states: Sequence[PartState], *, deletes: bool) -> tuple[PartOffer, ...]:
    """A person's moves with a publication whose parts are in `states`, each once, in the table's order."""
    offers: dict[str, PartOffer] = {}
    for state in states:
        for move in person_moves(state):
            act = _ACTS.get((move.origin, move.target)) or _BY_TARGET[move.target]
            if act != "delete" or deletes or state is PartState.VANISHED:
                offers.setdefault(act, PartOffer(act, move.label, move.means))
    if PartState.PLANNED in states and not set(states) & OUT:
        offers["move"] = PartOffer("move", "Move", "It goes out at another time.")
    elif "move" in offers and set(states) & OUT:
        offers["move"] = PartOffer("move", "Go on", "What is public stays; the rest goes out at a new time.")
    return tuple(offers.values())


def channels_of(database: Database) -> list[ChannelRow]:
    """The channels of the workspace that were not removed, by platform and name."""
    query = select(ChannelRow).where(ChannelRow.state != "removed")
    with database.read() as session:
        return list(session.exec(query.order_by(col(ChannelRow.platform), col(ChannelRow.name))).all())


def _conditions(
    tab: Tab | None, channel_id: str, states: Sequence[str], content_id: str = ""
) -> Iterable[ColumnElement[bool]]:
    if tab == "needs":
        yield or_(col(Publication.state).in_(_values(TABS[tab][1])), _mine())
    elif tab:
        yield and_(col(Publication.state).in_(_values(TABS[tab][1])), not_(_mine()))
    if channel_id:
        yield col(Publication.channel_id) == channel_id
    if content_id:
        yield col(Publication.content_id) == content_id
    if states:
        yield col(Publication.state).in_(states)


def _mine() -> ColumnElement[bool]:
    """True for a publication of which a part waits for a person."""
    query = select(PublicationPart.id).where(
        PublicationPart.publication_id == Publication.id, col(PublicationPart.state).in_(MINE)
    )
    return query.exists()


def _count(session: Session, tab: Tab, channel_id: str) -> int:
    query: Any = select(func.count()).select_from(Publication).where(*_conditions(tab, channel_id, ()))
    return int(session.exec(query).one())


def _line(row: Publication, channel: ChannelRow, title: str, mine: bool) -> PublicationLine:
    state = PublicationState(row.state)
    return PublicationLine(
        id=row.id, version=row.version, state=state, at=row.published_at or row.planned_at,
        planned_at=row.planned_at, platform=channel.platform,
        channel_id=channel.id, account=channel.name, content_id=row.content_id, title=title, reason=row.reason,
        hint=row.hint, permalink=row.permalink, needs_person=bool(mine) or state in TABS["needs"][1],
        updated_at=row.updated_at,
    )  # fmt: skip


def _attempts(
    session: Session, parts: Sequence[PublicationPart]
) -> Sequence[tuple[PublicationPart, PublicationAttempt]]:
    by_id = {part.id: part for part in parts}
    query = select(PublicationAttempt).where(col(PublicationAttempt.part_id).in_(by_id))
    ordered = query.order_by(col(PublicationAttempt.created_at), col(PublicationAttempt.number))
    return [(by_id[attempt.part_id], attempt) for attempt in session.exec(ordered).all()]


def _values(states: Iterable[PublicationState]) -> list[str]:
    return [state.value for state in states]
