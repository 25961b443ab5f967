"""The way of a part up to the call: its time, the checks, and the files at the platform. Nothing is public here."""

from __future__ import annotations

from datetime import datetime, timedelta

from pressroom.errors import ChannelUnusable
from pressroom.model.publication_states import PartState
from pressroom.publishers.ledger.access import DOUBTED, trust_again
from pressroom.publishers.ledger.approving import channel_of
from pressroom.publishers.ledger.claim import Claim
from pressroom.publishers.ledger.conditions import (
    free_from,
    is_late,
    is_paused,
    missed,
    void_reason,
    window_end,
)
from pressroom.publishers.ledger.failing import A_DAY, guarded, unclear_now
from pressroom.publishers.ledger.marks import read_mark
from pressroom.publishers.sending.checking import check as find_problems
from pressroom.publishers.sending.line import Phase
from pressroom.publishers.sending.publisher import NotYet
from pressroom.store.publishing_tables import ChannelRow, PublicationPart

PAUSED_FOR = timedelta(minutes=1)
RESTORED = {"code": "restored", "message": "It was sent before, says the artifact store: the platform is asked first."}


def start(claim: Claim, part: PublicationPart) -> datetime | None:
    """Wait for its time, see that it is not too late, and begin."""
    now, state = claim.now(), PartState(part.state)
    due = part.deadline_at if state is PartState.WAITING and part.deadline_at else claim.publication.planned_at
    if now < due:
        return due
    if is_late(claim, part, now):
        return claim.move(part, PartState.MISSED, reason=missed(claim, part))
    wait = _held_until(claim, part, now)
    if wait > now:
        return wait
    if state is PartState.NEEDS_ACCOUNT:
        return claim.move(part, PartState.PLANNED)
    return _begin(claim, part)


def _held_until(claim: Claim, part: PublicationPart, now: datetime) -> datetime:
    """How long its account, a pause or the channel's spacing keep it; `now` when nothing does."""
    if PartState(part.state) is PartState.NEEDS_ACCOUNT and claim.channel.state != "connected":
        return min(window_end(claim, part) or now + A_DAY, now + timedelta(hours=1)) + timedelta(seconds=1)
    with claim.tools.database.read() as session:
        if is_paused(session, claim.channel, claim.tools.source):
            return now + PAUSED_FOR
    return free_from(claim, part, now)


def _begin(claim: Claim, part: PublicationPart) -> datetime | None:
    """Claim it. Of a part that the database has forgotten the sending of, the platform is asked."""
    if PartState(part.state) is PartState.PLANNED and (forgotten := ask_first(claim, part)):
        return forgotten
    return claim.move(part, PartState.CLAIMED)


def ask_first(claim: Claim, part: PublicationPart) -> datetime | None:
    """None, unless the artifact store knows of a later attempt than the database does: then it becomes unclear."""
    tools = claim.tools
    mark = read_mark(tools.store, tools.vault, part.workspace_id, part.key)
    if mark is None or mark.number <= part.sends:
        return None
    found = {"begun_at": mark.begun_at, "armed_at": mark.armed_at, "memory": mark.memory, "sends": mark.number}
    claim.move(part, PartState.UNKNOWN, reason=RESTORED, changes={**found, **unclear_now(claim)})
    return claim.now()


def check(claim: Claim, part: PublicationPart) -> datetime | None:
    """Everything that is known before the first byte: approval, account, token, the platform's limits."""
    with claim.tools.database.read() as session:
        void = void_reason(session, claim.publication, claim.channel)
    if void:
        return claim.move(part, PartState.CANCELLED, reason=void)
    if claim.channel.state != "connected":
        reason = {"code": claim.channel.problem_code or claim.channel.state, "message": claim.channel.problem}
        return claim.move(part, PartState.NEEDS_ACCOUNT, reason=reason)
    problems = find_problems(claim.publisher, claim.approved, channel_of(claim.channel))
    if first := next((one for one in problems if one.blocking), None):
        reason = {"code": first.code, "message": first.message, "hint": first.hint}
        return claim.move(part, PartState.REFUSED, reason=reason)
    wait = guarded(claim, part, lambda: _check_account(claim, part))
    return wait or claim.move(part, PartState.PREPARING)


def _check_account(claim: Claim, part: PublicationPart) -> None:
    """Raises `ChannelUnusable` when the token speaks for another account than the channel's."""
    channel = claim.channel
    line = claim.tools.access.line_of(channel, claim.journal(part)).at(Phase.ACCOUNT)
    mine = claim.publisher.whoami(line, channel_of(channel))
    if mine != channel.remote_id:
        message = f"The token speaks for {mine}, not for {channel.name} ({channel.remote_id})."
        raise ChannelUnusable(message, reason="wrong_account")
    if channel.problem_code == DOUBTED:
        with claim.tools.database.write() as session:
            trust_again(session, session.get_one(ChannelRow, channel.id, with_for_update=True))


def prepare(claim: Claim, part: PublicationPart) -> datetime | None:
    """Uploads and containers, from where an earlier worker stopped."""
    found: list[NotYet | None] = []
    wait = guarded(claim, part, lambda: found.append(claim.publisher.prepare(claim.job(part, Phase.PREPARE))))
    if wait is not None:
        return wait
    if (busy := found[0]) is None:
        return claim.move(part, PartState.READY)
    if part.deadline_at is not None and claim.now() > part.deadline_at:
        reason = {"code": "processing_too_long", "message": "The platform did not finish its work on the files."}
        return claim.move(part, PartState.REFUSED, reason=reason)
    return claim.now() + timedelta(seconds=max(1.0, busy.seconds))
