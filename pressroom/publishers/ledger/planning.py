"""Putting approved drafts on the plan: the rows of a publication, its time, and its place in the channel's slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from pressroom import platforms, publishers
from pressroom.errors import AlreadyThere, MoveRefused, RulesBroken, WrongInput
from pressroom.model.planned_times import next_free
from pressroom.model.publication_states import NOT_OUT, OUT, PartState, PublicationState, check_part_move, in_words
from pressroom.model.publishing import Approved, Problem
from pressroom.model.slots import DEFAULT_SLOTS, Slot, instant_of, wall_of
from pressroom.publishers.ledger.approving import approved_of, channel_of, words_hash
from pressroom.publishers.ledger.claim import PUBLICATIONS
from pressroom.publishers.ledger.moves import about, move_part, parts_of
from pressroom.publishers.sending.checking import check
from pressroom.store import events, outbox
from pressroom.store.desk_tables import Outbox
from pressroom.store.owners import clock
from pressroom.store.publishing_tables import ChannelRow, Publication, PublicationPart
from pressroom.store.tables import Content
from pressroom.vault import Vault

AGAIN_AFTER = timedelta(days=30)
"""The same words on the same channel within this time are a mistake, unless a person says otherwise."""
A_MINUTE = timedelta(minutes=1)

AGAIN = frozenset({PublicationState.MISSED, PublicationState.REFUSED, PublicationState.CANCELLED})
"""States of a publication that can get a new time: nothing of it is public."""
NOT_COUNTED = tuple(state.value for state in (*NOT_OUT, PartState.DELETED))


class When:
    """A time for a publication: an instant, the wall-clock time it stands for, and the slot it takes if any."""

    def __init__(self, at: datetime, wall: datetime, zone: str, *, slot: bool = False, note: str = "") -> None:
        self.at, self.wall, self.zone, self.slot, self.note = at, wall, zone, slot, note

    @classmethod
    def now(cls, session: Session, zone: str) -> When:
        at = clock(session)
        return cls(at, wall_of(at, zone), zone)

    @classmethod
    def exact(cls, session: Session, wall: datetime, zone: str) -> When:
        """A clock time of the workspace's zone. Raises `WrongInput` for one that has passed."""
        moment = instant_of(wall, zone)
        if moment.instant < clock(session) - A_MINUTE:
            raise WrongInput(f"{wall:%Y-%m-%d %H:%M} in {zone} has passed.", hint="Choose a later time.")
        return cls(moment.instant, moment.wall, zone, note=moment.note)

    @classmethod
    def next_free(cls, session: Session, channel: ChannelRow, zone: str) -> When:
        """The channel's next free slot. Raises `WrongInput` when its queue is full."""
        slots = slots_of(channel)
        spacing = timedelta(minutes=channel.spacing_minutes)
        at = next_free(slots, zone, clock(session), taken_instants(session, channel.id), spacing)
        if at is None:
            raise WrongInput(f"The queue of {channel.name} is full.", hint="Add slots, or choose an exact time.")
        return cls(at, wall_of(at, zone), zone, slot=True)


def slots_of(channel: ChannelRow) -> Sequence[Slot]:
    return tuple(Slot.model_validate(slot) for slot in channel.slots) or DEFAULT_SLOTS


def taken_instants(session: Session, channel_id: str) -> list[datetime]:
    """The instants at which a channel sends something already."""
    query = select(Publication.planned_at).where(Publication.channel_id == channel_id)
    return list(session.exec(query.where(col(Publication.state).not_in(NOT_COUNTED))).all())


def problems_of(approved: Approved, channel: ChannelRow) -> tuple[Problem, ...]:
    return check(publishers.get(channel.platform), approved, channel_of(channel))


def plan(
    session: Session,
    vault: Vault,
    content: Content,
    channel: ChannelRow,
    when: When,
    *,
    options: Mapping[str, Any],
    by: str,
    again: bool = False,
) -> Publication:
    """Put an approved draft on a channel's plan. again: a person knows that the same words went out before.

    Raises:
        MoveRefused: it is not approved, or the channel is gone. AlreadyThere: it is planned, or out, already.
        RulesBroken: the platform would refuse it; `violations` are `Problem`s.
    """
    if channel.state == "removed":
        raise MoveRefused(f"The channel {channel.name} was removed.", hint="Connect it again.")
    approved = approved_of(session, content, channel, options)
    blocking = [problem for problem in problems_of(approved, channel) if problem.blocking]
    if blocking:
        title = platforms.title(channel.platform)
        raise RulesBroken(f"{title} would refuse it: {blocking[0].message}", hint=blocking[0].hint, violations=blocking)
    if (there := same_publication(session, approved, channel)) is not None:
        return _once_more(session, there, approved, when)
    if not again:
        _check_words(session, approved, channel)
    return _add(session, vault, approved, channel, when, by)


def same_publication(session: Session, approved: Approved, channel: ChannelRow) -> Publication | None:
    """The publication of exactly this on the channel, locked; None without one."""
    query = select(Publication).where(Publication.content_id == approved.content_id)
    query = query.where(Publication.channel_id == channel.id, Publication.content_hash == approved.hash)
    return session.exec(query.with_for_update()).one_or_none()


def _once_more(session: Session, there: Publication, approved: Approved, when: When) -> Publication:
    """A publication that ended with nothing public gets a new time; any other is there already."""
    if there.state not in AGAIN:
        raise AlreadyThere(f"It is {in_words(there.state)} on this channel already.", hint="See its publication.")
    there.approved, there.approval_id = approved.model_dump(mode="json"), approved.approval_id
    return replan(session, there, when)


def _check_words(session: Session, approved: Approved, channel: ChannelRow) -> None:
    """Raises `AlreadyThere` when a channel has the same words within 30 days."""
    since = clock(session) - AGAIN_AFTER
    query = select(Publication).where(
        Publication.channel_id == channel.id, Publication.words_hash == words_hash(approved),
        Publication.planned_at >= since, col(Publication.state).not_in(NOT_COUNTED),
    )  # fmt: skip
    if (found := session.exec(query.limit(1)).first()) is not None:
        raise AlreadyThere(
            f"The same words are {in_words(found.state)} on {channel.name} for {found.planned_at:%Y-%m-%d}.",
            hint="Change them, or say that they are to go out again.",
        )


def _add(session: Session, vault: Vault, approved: Approved, channel: ChannelRow, when: When, by: str) -> Publication:
    row = Publication(
        workspace_id=channel.workspace_id, content_id=approved.content_id, channel_id=channel.id,
        approval_id=approved.approval_id, content_hash=approved.hash, words_hash=words_hash(approved),
        approved=approved.model_dump(mode="json"), state=PublicationState.PLANNED, planned_at=when.at,
        cost_microusd=cost_of(approved), created_by=by,
    )  # fmt: skip
    _set_time(row, when)
    session.add(row)
    session.flush()
    for position, part in enumerate(approved.parts):
        key = vault.mark(f"publication/{channel.id}/{approved.content_id}/{approved.hash}/{position}")
        session.add(
            PublicationPart(
                workspace_id=row.workspace_id, publication_id=row.id, position=position, kind=part.kind, key=key,
                state=PartState.PLANNED,
            )
        )  # fmt: skip
    lane = lane_of(channel.id)
    outbox.enqueue(session, PUBLICATIONS, row.workspace_id, lane=lane, subject_id=row.id, due_at=when.at)
    events.emit(session, row.workspace_id, "publication.planned", about(row))
    return row


def replan(session: Session, row: Publication, when: When) -> Publication:
    """Give a publication another time: one that is planned, or that ended. Its parts that are public stay as they are.

    Raises:
        MoveRefused: all of it is public, or something may be or is on its way.
    """
    parts = [part for part in parts_of(session, row.id) if PartState(part.state) not in OUT]
    if not parts:
        raise MoveRefused("It is public.", hint="A new version of the draft can be planned.")
    for part in parts:
        if part.state != PartState.PLANNED:
            check_part_move(PartState(part.state), PartState.PLANNED, person=True)
    _set_time(row, when)
    session.add(row)
    session.flush()
    for part in parts:
        if part.state != PartState.PLANNED:
            move_part(session, row, part, PartState.PLANNED, person=True, tries=0)
    due(session, row.id, when.at)
    row.version += 1
    session.add(row)
    events.emit(session, row.workspace_id, "publication.moved", about(row))
    return row


def due(session: Session, publication_id: str, at: datetime) -> None:
    """Have the engine look at a publication at `at`; a worker that has it right now finds the new time at its end."""
    query = select(Outbox).where(Outbox.kind == PUBLICATIONS.name, Outbox.subject_id == publication_id)
    row = session.exec(query.with_for_update()).one_or_none()
    if row is None:  # what is done with is forgotten after a while
        publication = session.get_one(Publication, publication_id)
        lane = lane_of(publication.channel_id)
        outbox.enqueue(session, PUBLICATIONS, publication.workspace_id, lane=lane, subject_id=publication_id, due_at=at)
        return
    row.due_at = at
    if row.state != "claimed":
        row.state, row.done_at = "waiting", None
    session.add(row)


def lane_of(channel_id: str) -> str:
    """The outbox's lane of a channel: one publication of it is worked at at a time."""
    return f"channel/{channel_id}"


def cost_of(approved: Approved) -> int:
    """The price that the platform asks for it, in millionths of a dollar."""
    publishing = platforms.get(approved.platform).publishing
    return sum(publishing.cost_of(part.text) for part in approved.parts) if publishing else 0


def _set_time(row: Publication, when: When) -> None:
    row.planned_at, row.planned_wall, row.zone = when.at, f"{when.wall:%Y-%m-%dT%H:%M}", when.zone
    row.slot_at = when.at if when.slot else None
