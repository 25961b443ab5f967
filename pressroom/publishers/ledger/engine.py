"""The engine: brings a publication as far as it gets now, one move of the table after the other.

It holds one claim of the outbox, writes each move before and after the call it belongs to, and can be killed at any
point: the next one reads from the rows how far it was. Nothing is sent but between `armed` and the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from pressroom.model.publication_states import PartState, next_part
from pressroom.model.publishing import PartKind
from pressroom.publishers.ledger import before, outcomes, sending
from pressroom.publishers.ledger.access import Access, Apps
from pressroom.publishers.ledger.claim import PUBLICATIONS, Claim, ClaimLost, Door, Tools, no_door
from pressroom.publishers.ledger.failing import A_DAY, unclear_now
from pressroom.publishers.ledger.read_back import look_back
from pressroom.settings import Settings, settings
from pressroom.store import outbox
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database
from pressroom.store.desk_tables import Outbox
from pressroom.store.publishing_tables import PublicationPart
from pressroom.vault import Vault

MOST_STEPS = 200

LOST = {"code": "lost", "message": "The process that was sending it ended before it recorded the result."}


class Engine:
    """Works at claimed publications; safe for many threads. door: makes the address a platform fetches a file from.

    database: one that sees every workspace.
    """

    def __init__(
        self,
        database: Database,
        vault: Vault,
        store: ArtifactStore,
        *,
        door: Door = no_door,
        source: Settings | None = None,
        apps: Apps | None = None,
    ) -> None:
        chosen = source or settings()
        access = Access(database, vault, source=chosen, apps=apps)
        self._tools = Tools(database, vault, store, chosen, access, door)

    @property
    def database(self) -> Database:
        """The one that sees every workspace."""
        return self._tools.database

    def claim(self, limit: int) -> list[Outbox]:
        """Claim up to `limit` publications that are due, one of a channel at a time."""
        return outbox.claim(self._tools.database, PUBLICATIONS, limit=limit)

    def advance(self, claimed: Outbox) -> str:
        """Bring the publication of a claim as far as it gets now; its state then, empty when it is gone or lost."""
        claim = Claim(self._tools, claimed)
        try:
            due = _advance(claim)
        except ClaimLost:
            return ""
        with self._tools.database.write() as session:
            outbox.postpone(session, claimed, due)
        return claim.publication.state if hasattr(claim, "publication") else ""


def _advance(claim: Claim) -> datetime | None:
    """When to look again; None for never."""
    for _ in range(MOST_STEPS):
        if not claim.refresh():
            return None
        moved, look = look_back(claim)
        if moved:
            continue
        position = next_part((one.position, PartKind(one.kind), PartState(one.state)) for one in claim.parts)
        if position is None:
            return look
        part = claim.parts[position]
        wait = STEPS[PartState(part.state)](claim, part)
        if wait is not None and wait > claim.now():
            return min(wait, look) if look else wait
    raise RuntimeError(f"Publication {claim.row.subject_id} makes moves without an end.")


def _recover_armed(claim: Claim, part: PublicationPart) -> datetime | None:
    """A worker died before its first byte."""
    return claim.move(part, PartState.READY)


def _recover_sending(claim: Claim, part: PublicationPart) -> datetime | None:
    """A worker died, or its answer could not be kept."""
    return claim.move(part, PartState.UNKNOWN, reason=LOST, changes=unclear_now(claim))


def _wait_for_person(claim: Claim, _part: PublicationPart) -> datetime | None:
    return claim.now() + A_DAY


Step = Callable[[Claim, PublicationPart], datetime | None]
"""One step of a part: the time to wait until, or None to go on at once."""

STEPS: Mapping[PartState, Step] = {
    PartState.PLANNED: before.start,
    PartState.WAITING: before.start,
    PartState.NEEDS_ACCOUNT: before.start,
    PartState.CLAIMED: before.check,
    PartState.PREPARING: before.prepare,
    PartState.READY: sending.send,
    PartState.ARMED: _recover_armed,
    PartState.SENDING: _recover_sending,
    PartState.UNKNOWN: outcomes.ask,
    PartState.ASKING: outcomes.ask,
    PartState.PROCESSING: outcomes.ask,
    PartState.WAITING_PERSON: outcomes.ask,
    PartState.NEEDS_PERSON: _wait_for_person,
}
"""By the state a part is found in when a worker claims its publication."""
