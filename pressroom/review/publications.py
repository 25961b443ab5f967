"""Publications as people handle them: plan, move, cancel, decide what is unclear, take down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Literal

from sqlmodel import Session, col, select

from pressroom import publishers
from pressroom.errors import Conflict, MoveRefused, NotFound, WrongInput
from pressroom.model import Caller, planned_times
from pressroom.model.publication_states import OUT, PartState, PublicationState, check_part_move, in_words
from pressroom.model.publishing import RemoteRef
from pressroom.model.slots import wall_of
from pressroom.publishers.ledger import planning
from pressroom.publishers.ledger.access import Access
from pressroom.publishers.ledger.approving import channel_of
from pressroom.publishers.ledger.moves import about, move_part, parts_of
from pressroom.publishers.ledger.planning import When
from pressroom.publishers.sending.line import Phase
from pressroom.review.rows import check_kept, check_storable, checked_id, content_to_change
from pressroom.settings import Settings, settings
from pressroom.store import audit, events
from pressroom.store.database import Database
from pressroom.store.owners import clock
from pressroom.store.publishing_tables import ChannelRow, Publication, PublicationPart
from pressroom.store.tables import Workspace
from pressroom.store.workspaces import zone_of
from pressroom.vault import Vault

Decision = Literal["there", "send", "leave"]
"""A person's word on a part that may be public: it is there; it is not, send it; it is not, leave it."""


def plan(
    database: Database,
    caller: Caller,
    vault: Vault,
    content_id: str,
    channel_id: str,
    *,
    at: dt.datetime | Literal["now", "next_free"] = "next_free",
    options: Mapping[str, Any] | None = None,
    version: int | None = None,
    again: bool = False,
) -> Publication:
    """Plan an approved draft for a channel. at: a clock time of the workspace's zone, or a word.

    Raises:
        NotFound: no such draft or channel. Conflict: the draft is at another version. WrongInput: a time that passed,
        or a full queue. MoveRefused, AlreadyThere, RulesBroken: as `planning.plan`.
    """
    check_storable(dict(options or {}), "An option")
    with database.write() as session:
        content = content_to_change(session, content_id, version)
        check_kept(content)
        channel = channel_row(session, channel_id)
        _check_options(caller, channel, options or {})
        when = when_of(session, caller, channel, at)
        row = planning.plan(session, vault, content, channel, when, options=options or {}, by=caller.name, again=again)
        note_plan(session, caller, row)
        return row


def move(
    database: Database,
    caller: Caller,
    publication_id: str,
    at: dt.datetime | Literal["now", "next_free"],
    *,
    version: int | None = None,
) -> Publication:
    """Give a publication another time, also one that was missed, refused or cancelled.

    Raises:
        NotFound, Conflict, WrongInput; MoveRefused: something of it is public, may be, or is on its way.
    """
    with database.write() as session:
        row = publication_row(session, publication_id, version)
        channel = channel_row(session, row.channel_id)
        planning.replan(session, row, when_of(session, caller, channel, at))
        _note(session, caller, "publication.moved", row, {"at": row.planned_wall, "zone": row.zone})
        return row


def plan_missed_again(database: Database, caller: Caller) -> tuple[int, int]:
    """Give every missed publication a free slot of its channel, in their order: no burst, whatever was missed.

    How many have one now, and how many found their channel's queue full.
    """
    with database.write() as session:
        zone, now = workspace_zone(session, caller.workspace_id), clock(session)
        query = select(Publication).where(Publication.state == PublicationState.MISSED)
        missed = session.exec(query.order_by(col(Publication.planned_at), col(Publication.id)).with_for_update()).all()
        times: dict[str, dt.datetime | None] = {}
        for channel_id in dict.fromkeys(row.channel_id for row in missed):
            channel = channel_row(session, channel_id)
            ids = [row.id for row in missed if row.channel_id == channel_id]
            taken, spacing = planning.taken_instants(session, channel_id), dt.timedelta(minutes=channel.spacing_minutes)
            times |= planned_times.replan(ids, planning.slots_of(channel), zone, now, taken, spacing)
        for row in missed:
            if (at := times[row.id]) is not None:
                planning.replan(session, row, When(at, wall_of(at, zone), zone, slot=True))
                _note(session, caller, "publication.moved", row, {"at": row.planned_wall, "zone": row.zone})
    done = sum(at is not None for at in times.values())
    return done, len(times) - done


def cancel(database: Database, caller: Caller, publication_id: str, *, version: int | None = None) -> Publication:
    """Take a publication off the plan; what is public of it stays. Raises as `move`."""
    with database.write() as session:
        row = publication_row(session, publication_id, version)
        waiting = [part for part in parts_of(session, row.id) if PartState(part.state) not in OUT]
        if not waiting:
            raise MoveRefused("It is public.", hint="Delete it at the platform instead.")
        if any(part.state == PartState.NEEDS_PERSON for part in waiting):
            raise MoveRefused("It may be public.", hint="Look at the platform, then decide it.")
        for part in waiting:
            if part.state != PartState.CANCELLED:
                check_part_move(PartState(part.state), PartState.CANCELLED, person=True)
                move_part(session, row, part, PartState.CANCELLED, person=True)
        _note(session, caller, "publication.cancelled", row, {})
        return row


def decide(
    database: Database,
    caller: Caller,
    publication_id: str,
    decision: Decision,
    *,
    permalink: str = "",
    remote_id: str = "",
    version: int | None = None,
) -> Publication:
    """A person's decision on what only a person can tell. permalink and remote_id: of the post, where it is there.

    Raises:
        NotFound, Conflict; MoveRefused: nothing of it waits for a person, or a program decides.
        WrongInput: the address is not one of the web.
    """
    if caller.scopes is not None:
        raise MoveRefused("Only a person can tell.", hint="Decide it at the desk.")
    check_storable([permalink, remote_id], "The address")
    if permalink and not permalink.startswith(("https://", "http://")):
        raise WrongInput(f"{permalink[:100]!r} is not an address.", hint="It begins with https://.")
    with database.write() as session:
        row = publication_row(session, publication_id, version)
        part = next((one for one in parts_of(session, row.id) if one.state == PartState.NEEDS_PERSON), None)
        if part is None:
            raise MoveRefused(f"Nothing of it waits for a decision: it is {in_words(row.state)}.")
        _decide(session, row, part, decision, RemoteRef(remote_id=remote_id, permalink=permalink))
        planning.due(session, row.id, clock(session))
        _note(session, caller, "publication.decided", row, {"decision": decision, "permalink": permalink})
        return row


def _decide(session: Session, row: Publication, part: PublicationPart, decision: Decision, named: RemoteRef) -> None:
    if decision == "there":
        move_part(session, row, part, PartState.SENT, person=True, ref=named)
        if not named.remote_id:  # nothing can be read back: a person's word is all there is
            reason = {"code": "by_person", "message": "A person found it there."}
            move_part(session, row, part, PartState.PUBLISHED, reason=reason, checked_at=clock(session))
    elif decision == "send":
        forgotten: dict[str, Any] = {
            "looks": 0,
            "asked": 0,
            "first_look_at": None,
            "unclear_since": None,
            "seen": [],
        }
        row.planned_at = clock(session)
        move_part(session, row, part, PartState.READY, person=True, **forgotten)
    else:
        move_part(session, row, part, PartState.CANCELLED, person=True)


def accept(database: Database, caller: Caller, publication_id: str, *, version: int | None = None) -> Publication:
    """Leave what is public as it is, though it differs, or was lost from sight. Raises as `decide`."""
    with database.write() as session:
        row = publication_row(session, publication_id, version)
        parts = [one for one in parts_of(session, row.id) if one.state in {PartState.MISMATCH, PartState.VANISHED}]
        if not parts:
            raise MoveRefused(f"Nothing of it differs: it is {in_words(row.state)}.")
        for part in parts:
            move_part(session, row, part, PartState.PUBLISHED, person=True, checked_at=clock(session))
        _note(session, caller, "publication.accepted", row, {})
        return row


def delete(
    database: Database,
    caller: Caller,
    access: Access,
    publication_id: str,
    *,
    version: int | None = None,
) -> Publication:
    """Take down at the platform what is public of it, the last part first; what vanished there is gone already.

    Raises:
        NotFound, Conflict; MoveRefused: nothing of it is public, or its platform deletes nothing for programs.
        PublishLater, OutcomeUnclear, ChannelUnusable: the platform did not do it; it can be tried again.
    """
    with database.read() as session:
        row = publication_row(session, publication_id, version)
        channel = channel_row(session, row.channel_id)
        parts = parts_of(session, row.id)
    out = [part for part in parts if PartState(part.state) in OUT]
    gone = [part for part in parts if part.state == PartState.VANISHED]
    publisher = publishers.get(channel.platform)
    if not (out or gone) or (out and not publisher.deletes):
        reason = "Nothing of it is public." if not out else "The platform deletes nothing for programs."
        raise MoveRefused(reason, hint="Delete it on the platform's own page." if out else "")
    if any(not part.remote_id for part in out):
        raise MoveRefused("Its id at the platform is not known.", hint="Delete it on the platform's own page.")
    for part in gone:
        _mark_deleted(database, caller, publication_id, part)
    for part in reversed(out):
        line = access.line_of(channel).at(Phase.DELETE)
        ref = RemoteRef(remote_id=part.remote_id, permalink=part.permalink, extra=part.extra)
        publisher.delete(line, channel_of(channel), ref)
        _mark_deleted(database, caller, publication_id, part)
    with database.read() as session:
        return publication_row(session, publication_id, None)


def _mark_deleted(database: Database, caller: Caller, publication_id: str, gone: PublicationPart) -> None:
    with database.write() as session:
        row = publication_row(session, publication_id, None)
        part = next(one for one in parts_of(session, row.id) if one.id == gone.id)
        if part.state == PartState.SENT:
            move_part(session, row, part, PartState.PUBLISHED)
        move_part(session, row, part, PartState.DELETED, person=True)
        _note(session, caller, "publication.deleted", row, {"part": part.position})


def pause(database: Database, caller: Caller, *, on: bool) -> None:
    """Stop sending anything of the workspace, or go on. What is under way at a platform comes to its end."""
    with database.write() as session:
        query = select(Workspace).where(Workspace.id == caller.workspace_id).with_for_update()
        home = session.exec(query).one()
        if on == (home.paused_at is not None):
            return
        home.paused_at, home.paused_by = (clock(session), caller.name) if on else (None, "")
        session.add(home)
        action = "publishing.paused" if on else "publishing.resumed"
        audit.note(session, caller, action, subject_kind="workspace", subject_id=home.id)


def publication_row(session: Session, publication_id: str, version: int | None) -> Publication:
    """The publication, locked. version: the one the caller saw. Raises `NotFound`, `Conflict`."""
    query = select(Publication).where(Publication.id == checked_id(publication_id, "publication"))
    row = session.exec(query.with_for_update()).one_or_none()
    if row is None:
        raise NotFound(f"There is no publication with the id {publication_id}.")
    if version is not None and version != row.version:
        raise Conflict(
            f"It was changed meanwhile: it is at version {row.version}, you saw {version}.",
            hint="Read it again.",
            version=row.version,
        )
    return row


def channel_row(session: Session, channel_id: str) -> ChannelRow:
    """The channel by its id, or by the beginning of it. Raises `NotFound`."""
    query = select(ChannelRow).where(col(ChannelRow.id).startswith(channel_id.lower(), autoescape=True))
    found = session.exec(query.limit(2)).all() if channel_id.isascii() and channel_id.isalnum() else []
    if len(found) != 1:
        raise NotFound(f"There is no channel {channel_id[:40]!r}.", hint="`pressroom channels list` lists them.")
    return found[0]


def find_publication(database: Database, given: str) -> Publication:
    """The publication whose id is, or begins with, `given`. Raises `WrongInput` for none, and for several."""
    query = select(Publication).where(col(Publication.id).startswith(given.strip().lower(), autoescape=True))
    with database.read() as session:
        found = session.exec(query.limit(2)).all() if given.strip() else []
    if len(found) != 1:
        problem = "Several publications begin" if found else "No publication begins"
        raise WrongInput(f"{problem} with {given[:40]!r}.", hint="`pressroom publications` lists them.")
    return found[0]


def find_channel(database: Database, given: str) -> ChannelRow:
    """The channel that people mean by its name, its platform, or the beginning of its id.

    Raises:
        WrongInput: there is no such channel, or there are several.
    """
    wanted = given.strip().lstrip("@").casefold()
    with database.read() as session:
        rows = session.exec(select(ChannelRow).where(ChannelRow.state != "removed")).all()
    ways: tuple[Callable[[ChannelRow], bool], ...] = (
        lambda row: row.name.casefold() == wanted,
        lambda row: f"{row.platform}/{row.name}".casefold() == wanted,
        lambda row: row.platform == wanted,
        lambda row: len(wanted) >= 4 and row.id.startswith(wanted),
    )
    found = next((named for way in ways if (named := [row for row in rows if way(row)])), [])
    if len(found) != 1:
        problem = f"{len(found)} channels are called" if found else "There is no channel"
        names = ", ".join(f"{row.platform}/{row.name}" for row in found or rows) or "none is connected yet"
        raise WrongInput(f"{problem} {given[:40]!r}.", hint=f"Channels: {names}.")
    return found[0]


def workspace_zone(session: Session, workspace_id: str, source: Settings | None = None) -> str:
    return zone_of(session.get_one(Workspace, workspace_id), source or settings())


def when_of(
    session: Session, caller: Caller, channel: ChannelRow, at: dt.datetime | Literal["now", "next_free"]
) -> When:
    """The time that people chose. Raises `WrongInput`: it has passed, has a zone of its own, or the queue is full."""
    zone = workspace_zone(session, caller.workspace_id)
    if at == "now":
        return When.now(session, zone)
    if at == "next_free":
        return When.next_free(session, channel, zone)
    if at.tzinfo is not None:
        raise WrongInput("The time has a zone of its own.", hint=f"Give a clock time in {zone}, the workspace's zone.")
    return When.exact(session, at, zone)


def _check_options(caller: Caller, channel: ChannelRow, options: Mapping[str, Any]) -> None:
    """Choices without a default are a person's: no program makes them."""
    fields = publishers.get(channel.platform).options.model_fields
    personal = [name for name in options if name in fields and fields[name].is_required()]
    if personal and caller.scopes is not None:
        raise MoveRefused(f"Only a person may choose {', '.join(personal)}.", hint="Plan it at the desk.")


def note_plan(session: Session, caller: Caller, row: Publication, way: str = "by hand") -> None:
    """A line of the audit log that a publication was planned."""
    _note(session, caller, "publication.planned", row, {"at": row.planned_wall, "zone": row.zone, "way": way})


def _note(session: Session, caller: Caller, action: str, row: Publication, details: dict[str, Any]) -> None:
    audit.note(session, caller, action, subject_kind="publication", subject_id=row.id, details=details)
    if action in {"publication.decided", "publication.accepted"}:
        events.emit(session, row.workspace_id, "publication.moved", about(row))
