"""A publication that this process holds: its rows, its moves, and the job a publisher gets of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from pressroom import logs, publishers
from pressroom.errors import PostRefused, PressroomError, PublishLater, StoreUnusable
from pressroom.model import Medium
from pressroom.model.publication_states import OUT, PartState
from pressroom.model.publishing import Approved, RemoteRef
from pressroom.publishers.ledger.access import Access
from pressroom.publishers.ledger.approving import channel_of
from pressroom.publishers.ledger.moves import move_part, parts_of
from pressroom.publishers.sending.line import Exchange, Phase
from pressroom.publishers.sending.publisher import Job, MediaReader, Publisher
from pressroom.settings import Settings
from pressroom.store import outbox
from pressroom.store.artifacts import ArtifactStore, NoArtifact
from pressroom.store.database import Database
from pressroom.store.desk_tables import Outbox
from pressroom.store.outbox import OutboxKind
from pressroom.store.owners import clock
from pressroom.store.publishing_tables import ChannelRow, Publication, PublicationAttempt, PublicationPart
from pressroom.vault import Vault

T = TypeVar("T")

PUBLICATIONS = OutboxKind("publication", pauses=(), lease=timedelta(minutes=15))
"""Rows of the outbox that stand for a publication; its next move is due when the row is."""

Door = Callable[[str, Medium], str]
"""The address under which a platform fetches a file of a workspace."""

MOST_KNOWN = 200
"""Posts of a channel that a look at its list tells from the one that is asked about."""

Locked = tuple[Publication, list[PublicationPart], ChannelRow]

_log = logs.get_logger("pressroom.publishing")


class ClaimLost(Exception):
    """Another worker holds the publication now: this one stops, before it sends anything."""


def no_door(_workspace_id: str, medium: Medium) -> str:
    raise PostRefused(
        f"The platform fetches {medium.name or 'files'} itself, and nothing serves it.",
        hint="Set PRESSROOM_DESK_URL to the address of the desk on the internet.",
        reason="no_public_address",
    )


@dataclass(frozen=True)
class Tools:
    """The tools of a worker, for any publication. database: one that sees every workspace."""

    database: Database
    vault: Vault
    store: ArtifactStore
    source: Settings
    access: Access
    door: Door = no_door


@dataclass
class Claim:
    """One claimed publication. The rows are copies; `refresh` reads them again."""

    tools: Tools
    row: Outbox
    publication: Publication = field(init=False)
    channel: ChannelRow = field(init=False)
    parts: list[PublicationPart] = field(init=False)
    skew: timedelta | None = field(default=None, init=False)
    """How far the platform's clock is ahead of ours; None until it has answered."""
    _is_fresh: bool = field(default=False, init=False)
    """The move that was just made has read the rows."""

    @property
    def approved(self) -> Approved:
        return Approved.model_validate(self.publication.approved)

    @property
    def publisher(self) -> Publisher:
        return publishers.get(self.channel.platform)

    def refresh(self) -> bool:
        """Read the rows again and hold the claim for another lease; false when the publication is gone.

        A move has done both in its own transaction: right after one this does nothing.

        Raises:
            ClaimLost: another worker has it.
        """
        if self._is_fresh:
            self._is_fresh = False
            return True
        with self.tools.database.write() as session:
            if not outbox.renew(session, PUBLICATIONS, self.row):
                raise ClaimLost
            publication = session.get(Publication, self.row.subject_id)
            if publication is None:
                return False
            self.publication = publication
            self.channel = session.get_one(ChannelRow, publication.channel_id)
            self.parts = parts_of(session, publication.id)
        return True

    def now(self) -> datetime:
        with self.tools.database.read() as session:
            return clock(session)

    def locked(self, session: Session, *, late: bool = False) -> Locked:
        """The rows as they are now, locked, and the claim held for another lease.

        late: also when the claim was lost. Raises `ClaimLost`.
        """
        if not outbox.renew(session, PUBLICATIONS, self.row) and not late:
            raise ClaimLost
        query = select(Publication).where(Publication.id == self.publication.id).with_for_update()
        publication = session.exec(query).one()
        channel = session.exec(select(ChannelRow).where(ChannelRow.id == publication.channel_id).with_for_update())
        return publication, parts_of(session, publication.id), channel.one()

    def move(
        self,
        part: PublicationPart,
        target: PartState,
        *,
        reason: Mapping[str, str] | None = None,
        ref: RemoteRef | None = None,
        late: bool = False,
        changes: Mapping[str, Any] | None = None,
    ) -> datetime | None:
        """One move in its own transaction; `part` is then as its row. late: an answer counts for a lost claim too.

        Returns None: the next step comes at once.
        """
        with self.tools.database.write() as session:
            publication, rows, channel = self.locked(session, late=late)
            row = rows[part.position]
            move_part(session, publication, row, target, reason=reason, ref=ref, **(changes or {}))
        self.publication, self.parts, self.channel, self._is_fresh = publication, rows, channel, not late
        for name in type(part).model_fields:
            setattr(part, name, getattr(row, name))
        return None

    def see(self, part: PublicationPart, ref: RemoteRef) -> None:
        """Note a post that the platform named after the part had moved on: a person may have to look at it."""
        with self.tools.database.write() as session:
            row = session.get_one(PublicationPart, part.id)
            row.seen = [*row.seen, {"ref": ref.model_dump(mode="json"), "text": ""}]
            session.add(row)

    def change(self, part: PublicationPart, **changes: Any) -> None:
        """Other columns of a part that stays where it is."""
        with self.tools.database.write() as session:
            _, rows, _ = self.locked(session)
            row = rows[part.position]
            for name, value in changes.items():
                setattr(row, name, value)
                setattr(part, name, value)
            session.add(row)

    def job(self, part: PublicationPart, phase: Phase) -> Job:
        """All that a publisher gets of a part. Raises as `Access.line_of`."""
        approved = self.approved
        return Job(
            approved=approved,
            channel=channel_of(self.channel),
            part=approved.parts[part.position],
            position=part.position,
            key=part.key,
            begun_at=part.begun_at,
            line=self.tools.access.line_of(self.channel, self.journal(part)).at(phase),
            memory=_PartMemory(self, part),
            media=_Media(self.tools, part.workspace_id),
            now=self.now,
            parents=tuple(ref_of(one) for one in self.parts[: part.position] if PartState(one.state) in OUT),
            armed_at=part.armed_at,
            known=self._known(part) if phase is Phase.ASK else frozenset(),
            unclear_since=part.unclear_since,
        )

    def _known(self, part: PublicationPart) -> frozenset[str]:
        """Remote ids of the account's other posts, in any workspace."""
        query = select(PublicationPart.remote_id).join(
            Publication, col(Publication.id) == col(PublicationPart.publication_id)
        )
        query = query.join(ChannelRow, col(ChannelRow.id) == col(Publication.channel_id))
        mine = self.channel
        query = query.where(
            ChannelRow.platform == mine.platform, ChannelRow.host == mine.host, ChannelRow.remote_id == mine.remote_id,
            PublicationPart.id != part.id,
        )  # fmt: skip
        with self.tools.database.read() as session:
            newest = query.order_by(col(PublicationPart.sent_at).desc()).limit(MOST_KNOWN)
            return frozenset(session.exec(newest.where(PublicationPart.remote_id != "")))

    def journal(self, part: PublicationPart) -> Callable[[Exchange], None]:
        """Records each request for a part."""

        def note(exchange: Exchange) -> None:
            try:
                with self.tools.database.write() as session:
                    session.add(_attempt(part, exchange))
                    if exchange.platform_time is not None:
                        self.skew = exchange.platform_time - clock(session)
            except PressroomError as error:  # the record is lost, the outcome is not
                _log.warning("attempt_not_recorded", part=part.id, code=error.code)

        return note


def ref_of(part: PublicationPart) -> RemoteRef:
    return RemoteRef(remote_id=part.remote_id, permalink=part.permalink, extra=part.extra)


def _attempt(part: PublicationPart, exchange: Exchange) -> PublicationAttempt:
    return PublicationAttempt(
        workspace_id=part.workspace_id, part_id=part.id, number=part.sends, phase=exchange.phase,
        method=exchange.method, address=exchange.address, request_hash=exchange.request_hash,
        request=exchange.request, status=exchange.status, answer=exchange.answer, bytes_sent=exchange.bytes_sent,
    )  # fmt: skip


@dataclass(frozen=True)
class _PartMemory:
    """The publisher's notes about a part, sealed, each committed before `put` returns, while the claim holds."""

    claim: Claim
    part: PublicationPart

    def _notes(self) -> dict[str, str]:
        return json.loads(self.claim.tools.vault.open(self.part.memory)) if self.part.memory else {}

    def get(self, name: str) -> str:
        return self._notes().get(name, "")

    def put(self, **values: str) -> None:
        sealed = self.claim.tools.vault.seal(json.dumps({**self._notes(), **values}))
        self.claim.change(self.part, memory=sealed)


@dataclass(frozen=True)
class _Media(MediaReader):
    tools: Tools
    workspace_id: str

    def read(self, medium: Medium) -> bytes:
        return _from_store(medium, lambda: self.tools.store.get(medium.key))

    def part(self, medium: Medium, start: int, length: int) -> bytes:
        return _from_store(medium, lambda: self.tools.store.part(medium.key, start, length))

    def url(self, medium: Medium) -> str:
        return _from_store(medium, lambda: self.tools.door(self.workspace_id, medium))


def _from_store(medium: Medium, read: Callable[[], T]) -> T:
    """The file as `read` has it. Raises `PostRefused` without one, `PublishLater` in an outage: nothing was sent."""
    try:
        return read()
    except NoArtifact:
        message = f"{medium.label} is no longer in the artifact store."
        raise PostRefused(message, hint="Attach it again, then approve the draft.", reason="file_gone") from None
    except StoreUnusable as error:
        raise PublishLater(f"{medium.label} can't be read from the artifact store: {error.message}") from None
