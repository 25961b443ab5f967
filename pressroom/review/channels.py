"""Channels as people see and handle them: their account, how long its sign-in holds, slots, settings, and their end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError
from sqlmodel import Session, col, select

from pressroom import platforms, publishers
from pressroom.errors import ChannelUnusable, Conflict, MoveRefused, NotFound, OutcomeUnclear, PublishLater, WrongInput
from pressroom.model import Caller, Frozen
from pressroom.model.publication_states import FINAL, UNCLEAR, PartState
from pressroom.model.slots import Slots
from pressroom.publishers.ledger.access import Access, mark_unusable, missing_scopes
from pressroom.publishers.ledger.approving import channel_of
from pressroom.publishers.ledger.moves import move_part, parts_of
from pressroom.publishers.sending.line import Line, Phase, TokenRefused
from pressroom.review.channel_view import ChannelShown, ahead_of, show, view_of
from pressroom.review.publications import channel_row
from pressroom.store import audit, events
from pressroom.store.database import Database
from pressroom.store.owners import clock
from pressroom.store.publishing_tables import ChannelRow, Publication, PublicationPart

ON_THE_WAY = frozenset({PartState.ARMED, PartState.PROCESSING, PartState.WAITING_PERSON, *UNCLEAR}) - {
    PartState.NEEDS_PERSON
}
"""States in which the account's token is still needed to learn what became of a part."""

Automatic = Literal["", "next_free", "now"]
UtmName = Literal["source", "medium", "campaign", "term"]
UtmValue = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100, pattern=r"^[^\x00-\x1f]*$")]


class ChannelChange(Frozen):
    """The settings to change; an omitted field keeps its value."""

    slots: Slots | None = Field(default=None, examples=[[{"day": "mon", "time": "09:00"}]])
    spacing_minutes: int | None = Field(default=None, ge=0, le=1440, examples=[10])
    late_minutes: int | None = Field(default=None, ge=0, le=10080, examples=[60])
    automatic: Automatic | None = Field(default=None, examples=["next_free"])
    utm: dict[UtmName, UtmValue] | None = Field(default=None, examples=[{"campaign": "autumn"}])
    disclosure: str | None = Field(default=None, max_length=300, examples=["Written with the help of AI."])
    paused: bool | None = None
    settings: dict[str, Any] | None = Field(default=None, examples=[{}])


class ChannelChecked(Frozen):
    """The result of a check. works: the token speaks for this account. quota: what the platform says is left."""

    channel: ChannelShown
    works: bool
    quota: str = ""


def list_channels(database: Database) -> tuple[ChannelShown, ...]:
    """The workspace's channels, by platform and name."""
    query = select(ChannelRow).where(ChannelRow.state != "removed")
    with database.read() as session:
        rows = session.exec(query.order_by(col(ChannelRow.platform), col(ChannelRow.name))).all()
        ahead = ahead_of(session, [row.id for row in rows])
        return tuple(view_of(row, ahead.get(row.id, 0), clock(session)) for row in rows)


def get(database: Database, channel_id: str) -> ChannelShown:
    """Raises `NotFound`."""
    with database.read() as session:
        return show(session, open_channel(session, channel_id))


def open_channel(session: Session, channel_id: str, *, version: int | None = None) -> ChannelRow:
    """A channel that was not removed, locked. version: the one that the caller saw. Raises `NotFound`, `Conflict`."""
    found = channel_row(session, channel_id)
    row = session.exec(select(ChannelRow).where(ChannelRow.id == found.id).with_for_update()).one()
    if row.state == "removed":
        raise NotFound(f"The channel {row.name} was removed.", hint="Connect it again.")
    if version is not None and version != row.version:
        raise Conflict(
            f"It was changed meanwhile: it is at version {row.version}, you saw {version}.",
            hint="Read it again, then make your change.",
            version=row.version,
        )
    return row


def change(
    database: Database, caller: Caller, channel_id: str, wanted: ChannelChange, *, version: int | None = None
) -> ChannelShown:
    """Set what is given. What is planned already keeps its time, whatever the slots are now.

    Raises:
        NotFound, Conflict. WrongInput: a setting that the platform does not have, or can't use.
    """
    given = wanted.model_dump(exclude_none=True, exclude={"slots", "settings"})
    with database.write() as session:
        row = open_channel(session, channel_id, version=version)
        if wanted.slots is not None:
            given["slots"] = [{"day": slot.day, "time": f"{slot.time:%H:%M}"} for slot in wanted.slots]
        if wanted.settings is not None:
            given["settings"] = _checked_settings(row.platform, wanted.settings)
        for name, value in given.items():
            setattr(row, name, value)
        row.version += 1
        row.updated_at = clock(session)
        session.add(row)
        _note(session, caller, "channel.changed", row, {"fields": sorted(given)})
        return show(session, row)


def _checked_settings(platform: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return publishers.get(platform).settings.model_validate(dict(wanted)).model_dump(mode="json")
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"])) or "settings"
        raise WrongInput(f"{platforms.title(platform)}: {name}: {first['msg'].lower()}.") from None


def remove(database: Database, caller: Caller, channel_id: str, *, version: int | None = None) -> int:
    """Remove a channel: its credentials are forgotten, what is planned is cancelled; how many publications that were.

    What is public stays public. Connected again, it is the same channel, with its slots and settings.

    Raises:
        NotFound, Conflict. MoveRefused: something is being sent, or asked about, and needs the account for that.
    """
    with database.write() as session:
        row = open_channel(session, channel_id, version=version)
        cancelled = _cancel_all(session, row)
        row.state, row.credentials, row.problem_code, row.problem = "removed", "", "", ""
        row.expires_at = row.refresh_expires_at = None
        row.generation += 1
        row.version += 1
        row.updated_at = clock(session)
        session.add(row)
        _note(session, caller, "channel.removed", row, {"cancelled": cancelled})
        events.emit(session, row.workspace_id, "channel.removed", {"channel_id": row.id, "platform": row.platform})
        return cancelled


def _cancel_all(session: Session, row: ChannelRow) -> int:
    mine = select(PublicationPart.publication_id).join(
        Publication, col(Publication.id) == PublicationPart.publication_id
    )
    still = col(PublicationPart.state).not_in([state.value for state in FINAL])
    ids = set(session.exec(mine.where(Publication.channel_id == row.id, still)).all())
    reason = {"code": "channel_removed", "message": f"The channel {row.name} was removed."}
    cancelled = 0
    for publication_id in ids:
        publication = session.exec(select(Publication).where(Publication.id == publication_id).with_for_update()).one()
        parts = parts_of(session, publication_id)
        if any(PartState(part.state) in ON_THE_WAY for part in parts):
            raise MoveRefused(
                f"A publication of {row.name} is on its way, and only the account can tell what becomes of it.",
                hint="Wait until it is published or waits for your decision, then remove the channel.",
            )
        cancelled += _cancel(session, publication, parts, reason)
    return cancelled


def _cancel(
    session: Session, publication: Publication, parts: Iterable[PublicationPart], reason: Mapping[str, str]
) -> bool:
    """Cancels the parts that are not public; true when there were some."""
    waits = (PartState.PLANNED, PartState.WAITING, PartState.NEEDS_ACCOUNT)
    begun = (PartState.CLAIMED, PartState.PREPARING, PartState.READY)
    waiting = [part for part in parts if part.state in (*waits, *begun)]
    for part in waiting:
        move_part(session, publication, part, PartState.CANCELLED, person=part.state in waits, reason=reason)
    return bool(waiting)


def check(database: Database, caller: Caller, access: Access, channel_id: str) -> ChannelChecked:
    """Ask the platform who the token speaks for, and what is left of its quota. What is wrong is kept in the channel.

    Raises:
        NotFound. PublishLater: the platform can't be asked now; the channel stays as it was.
    """
    with database.read() as session:
        row = open_channel(session, channel_id)
    try:
        line, quota = _reach(access, row), ""
        quota = _quota(line, row)
        problem = None
    except ChannelUnusable as error:
        problem = error
    except OutcomeUnclear as error:
        raise PublishLater(error.message, hint="The channel stays as it was. Try again in a few minutes.") from None
    with database.write() as session:
        row = open_channel(session, channel_id)
        if problem is not None:
            mark_unusable(session, row, problem)
        elif not missing_scopes(row):
            row.state, row.problem_code, row.problem = "connected", "", ""
        session.add(row)
        _note(session, caller, "channel.checked", row, {"works": problem is None})
        shown = show(session, row)
    return ChannelChecked(channel=shown, works=problem is None, quota="" if problem else quota)


def _reach(access: Access, row: ChannelRow) -> Line:
    """A line on which the token was found to speak for the channel's account. Raises `ChannelUnusable` otherwise."""
    publisher = publishers.get(row.platform)
    line = access.line_of(row).at(Phase.ACCOUNT)
    try:
        mine = publisher.whoami(line, channel_of(row))
    except TokenRefused as error:
        if not (row.refreshable or error.named):
            raise ChannelUnusable(error.message, reason="token_revoked") from None
        line = line.under(access.refresh(row))
        mine = publisher.whoami(line, channel_of(row))
    if mine != row.remote_id:
        message = f"The token speaks for {mine}, not for {row.name} ({row.remote_id})."
        raise ChannelUnusable(message, reason="wrong_account")
    return line


def _quota(line: Line, row: ChannelRow) -> str:
    try:
        return publishers.get(row.platform).quota(line, channel_of(row))
    except (PublishLater, OutcomeUnclear, ChannelUnusable):
        return ""


def choices(access: Access, database: Database, channel_id: str) -> Mapping[str, Sequence[tuple[str, str]]]:
    """(value, label) pairs for the platform's own settings, as it has them now; empty where it can't be asked."""
    with database.read() as session:
        row = open_channel(session, channel_id)
    if not publishers.get(row.platform).settings.model_fields:
        return {}
    try:
        return publishers.get(row.platform).choices(access.line_of(row).at(Phase.ACCOUNT), channel_of(row))
    except (PublishLater, OutcomeUnclear, ChannelUnusable):
        return {}


def _note(session: Session, caller: Caller, action: str, row: ChannelRow, details: dict[str, Any]) -> None:
    about = {"platform": row.platform, **details}
    audit.note(session, caller, action, subject_kind="channel", subject_id=row.id, details=about)
