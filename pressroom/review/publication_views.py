"""Publications as lists and programs see them: where each stands, its parts, every attempt, and what people may do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from pressroom import publishers
from pressroom.model import Frozen
from pressroom.model.publication_states import STATES, Actor, PartState, PublicationState
from pressroom.model.publishing import Approved, PartKind
from pressroom.publishers.ledger.due_work import due_at
from pressroom.publishers.ledger.moves import parts_of
from pressroom.review.publication_offers import Offer, offers
from pressroom.review.publications import channel_row, publication_row
from pressroom.review.rows import checked_id
from pressroom.store.database import Database
from pressroom.store.paging import PAGE, Page, read_page
from pressroom.store.publishing_tables import ChannelRow, Publication, PublicationAttempt, PublicationPart
from pressroom.store.tables import Content, SubjectRow

MOST_ATTEMPTS = 200

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


class PublicationFilter(Frozen):
    """Which publications are wanted; everything left out is not looked at."""

    states: tuple[PublicationState, ...] = Field(default=(), description="In one of these states.")
    channel: str | None = Field(default=None, max_length=32, description="Id of the channel, or its first digits.")
    content: str | None = Field(default=None, max_length=32, description="Id of the draft.")
    planned_from: dt.datetime | None = Field(default=None, description="Planned for this moment or later.")
    planned_to: dt.datetime | None = Field(default=None, description="Planned for before this moment.")


class PublicationView(Frozen):
    """One draft for one channel, as lists show it."""

    id: str
    content_id: str
    channel_id: str
    channel: str = Field(description="The account's name.")
    platform: str
    state: PublicationState
    planned_wall: str = Field(description="The clock time that people chose, in `zone`.", examples=["2026-12-01T09:00"])
    zone: str
    planned_at: dt.datetime
    is_slot: bool = Field(description="True where it takes a slot of the channel's queue.")
    published_at: dt.datetime | None
    permalink: str
    reason_code: str = Field(description="Why it is in its state; empty where nothing went wrong.")
    reason: str
    hint: str
    cost_microusd: int
    title: str = Field(description="Of the idea or the document behind its draft.")
    excerpt: str
    needs_person: bool = Field(description="True where a person has the next move.")
    created_by: str
    created_at: dt.datetime
    updated_at: dt.datetime
    version: int

    @property
    def at(self) -> dt.datetime:
        """When it was public, else when it is due."""
        return self.published_at or self.planned_at

    @property
    def is_planned(self) -> bool:
        """True while people may move it to another time."""
        return self.state is PublicationState.PLANNED


class Post(Frozen):
    """A post at the platform that may be it."""

    text: str
    permalink: str = ""
    created_at: str = ""
    visibility: str = ""


class PartView(Frozen):
    """One call of a publication. public: null while that is the question."""

    position: int
    kind: PartKind
    state: PartState
    state_title: str
    means: str
    public: bool | None
    owner: str = Field(description="Who acts next: clock, worker, asker, verifier, person or none.")
    since: dt.datetime
    deadline_at: dt.datetime | None
    text: str = Field(description="The words that were approved.")
    sent_text: str = Field(description="The words exactly as they are sent.")
    seen: tuple[Post, ...] = Field(description="What the platform shows, where it differs or may be it.")
    sends: int = Field(description="Attempts that may have made it public.")
    remote_id: str
    permalink: str
    sent_at: dt.datetime | None
    checked_at: dt.datetime | None
    reason_code: str
    reason: str
    hint: str


class AttemptView(Frozen):
    """One request to the platform. No secret is in it."""

    part: int
    number: int
    at: dt.datetime
    phase: str
    method: str
    address: str
    request_hash: str
    request: str
    status: int | None
    answer: str
    bytes_sent: str = Field(description="If the request reached the wire: `no`, `yes` or `unknown`.")


class PublicationDetail(PublicationView):
    """A publication with its parts, every attempt, and what a person may do now."""

    approved: Approved = Field(description="Exactly what a person approved, and what is sent.")
    parts: tuple[PartView, ...]
    attempts: tuple[AttemptView, ...]
    offers: tuple[Offer, ...]
    next_look_at: dt.datetime | None = Field(description="When it is worked at next; null when nothing is left to do.")


def list_publications(
    database: Database, wanted: PublicationFilter | None = None, cursor: str | None = None, limit: int = PAGE
) -> Page[PublicationView]:
    """A page of the workspace's publications, those planned last first.

    Raises:
        WrongInput: the cursor is invalid. NotFound: an id is invalid.
    """
    with database.read() as session:
        query = listed(*_conditions(session, wanted or PublicationFilter()))
        rows, following = read_page(
            session, query, Publication, cursor=cursor, limit=limit, last=lambda row: (row[0].created_at, row[0].id)
        )
        return Page(items=[view_of(*row) for row in rows], next_cursor=following)


def views_where(database: Database, wanted: ColumnElement[bool]) -> list[PublicationView]:
    """Every publication of the workspace that fits, newest first."""
    query: Any = select(Publication, ChannelRow).join(ChannelRow, col(ChannelRow.id) == col(Publication.channel_id))
    with database.read() as session:
        rows = session.exec(query.where(wanted).order_by(col(Publication.created_at).desc())).all()
        return [PublicationView(**_fields(*row)) for row in rows]


def get_publication(database: Database, publication_id: str) -> PublicationDetail:
    """One publication. Raises `NotFound`."""
    with database.read() as session:
        return detail_of(session, publication_row(session, publication_id, None))


def detail_of(session: Session, row: Publication) -> PublicationDetail:
    channel, parts = channel_row(session, row.channel_id), parts_of(session, row.id)
    approved = Approved.model_validate(row.approved)
    return PublicationDetail(
        **_fields(*session.exec(listed(Publication.id == row.id)).one()),
        approved=approved,
        parts=tuple(_part(channel, approved, part) for part in parts),
        attempts=tuple(_attempts(session, parts)),
        offers=tuple(offers(channel, parts)),
        next_look_at=due_at(session, row.id),
    )


def _conditions(session: Session, wanted: PublicationFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.states:
        yield col(Publication.state).in_([state.value for state in dict.fromkeys(wanted.states)])
    if wanted.channel is not None:
        yield col(Publication.channel_id) == channel_row(session, wanted.channel).id
    if wanted.content is not None:
        yield col(Publication.content_id) == checked_id(wanted.content, "content")
    if wanted.planned_from is not None:
        yield col(Publication.planned_at) >= wanted.planned_from
    if wanted.planned_to is not None:
        yield col(Publication.planned_at) < wanted.planned_to


def listed(*wanted: ColumnElement[bool] | bool) -> Any:
    """A question for publications, each with its channel, its draft's title, and if a part waits for a person."""
    query: Any = select(Publication, ChannelRow, SubjectRow.title, waits_for_person()).where(*wanted)
    query = query.join(ChannelRow, col(ChannelRow.id) == col(Publication.channel_id))
    query = query.join(Content, col(Content.id) == col(Publication.content_id))
    return query.join(SubjectRow, col(SubjectRow.id) == col(Content.subject_id))


def waits_for_person() -> ColumnElement[bool]:
    """True for a publication of which a part waits for a person."""
    query = select(PublicationPart.id).where(
        PublicationPart.publication_id == Publication.id, col(PublicationPart.state).in_(MINE)
    )
    return query.exists()


def view_of(row: Publication, channel: ChannelRow, title: str, waits: bool) -> PublicationView:
    """A row of `listed` as lists show it."""
    return PublicationView(**_fields(row, channel, title, waits))


def _fields(row: Publication, channel: ChannelRow, title: str, waits: bool) -> dict[str, Any]:
    own = row.model_dump(include=set(PublicationView.model_fields))
    text = " ".join(str(row.approved["parts"][0]["text"]).split())
    return {
        **own,
        "channel": channel.name,
        "platform": channel.platform,
        "is_slot": row.slot_at is not None,
        "title": title,
        "excerpt": text[:280],
        "needs_person": bool(waits) or row.state in TABS["needs"][1],
    }


def _part(channel: ChannelRow, approved: Approved, part: PublicationPart) -> PartView:
    facts, words = STATES[PartState(part.state)], approved.parts[part.position]
    sent = words.text
    if words.kind is PartKind.POST:
        sent = publishers.get(channel.platform).as_sent(words.text)
    shown = {name for name in PartView.model_fields if name in PublicationPart.model_fields and name != "seen"}
    return PartView(
        **part.model_dump(include=shown), state_title=facts.title, means=facts.means, public=facts.public,
        owner=facts.owner, text=words.text, sent_text=sent, seen=tuple(_seen(part)),
    )  # fmt: skip


def _seen(part: PublicationPart) -> Iterator[Post]:
    for each in part.seen:
        permalink = str((each.get("ref") or {}).get("permalink") or "")
        yield Post(text=str(each.get("text") or ""), permalink=permalink, created_at=str(each.get("created_at") or ""),
                   visibility=str(each.get("visibility") or ""))  # fmt: skip


def _attempts(session: Session, parts: list[PublicationPart]) -> Iterator[AttemptView]:
    position = {part.id: part.position for part in parts}
    query = select(PublicationAttempt).where(col(PublicationAttempt.part_id).in_(position))
    newest = query.order_by(col(PublicationAttempt.created_at).desc()).limit(MOST_ATTEMPTS)
    for row in reversed(session.exec(newest).all()):
        own = row.model_dump(include=set(AttemptView.model_fields))
        yield AttemptView(**own, part=position[row.part_id], at=row.created_at)
