"""The one way into `sending`: look again and arm in one transaction, leave a mark, record it, make the call."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta

from pressroom import logs
from pressroom.errors import (
    ChannelUnusable,
    DatabaseUnusable,
    DuplicatePost,
    MoveRefused,
    PostRefused,
    PressroomError,
    PublishLater,
)
from pressroom.model.publication_states import OUT, PartState
from pressroom.model.publishing import PartKind, Sent
from pressroom.publishers.ledger.before import PAUSED_FOR, ask_first
from pressroom.publishers.ledger.claim import Claim, ref_of
from pressroom.publishers.ledger.conditions import is_late, is_paused, missed, void_reason
from pressroom.publishers.ledger.failing import fail, guarded, reason_of, unclear_now
from pressroom.publishers.ledger.marks import Mark, write_mark
from pressroom.publishers.ledger.moves import move_part
from pressroom.publishers.sending.line import Phase
from pressroom.publishers.sending.publisher import SENT_AFTER, Job
from pressroom.store.owners import clock
from pressroom.store.publishing_tables import PublicationAttempt, PublicationPart

SETTLING = timedelta(seconds=10)
"""A platform may still be at a request whose answer was lost: it is not asked sooner."""
PARENT_AGE = timedelta(minutes=10)
"""After so long the post that a reply goes to is looked at again."""

PAUSES = (0.2, 1.0, 5.0)
"""Seconds between the tries to write down what a platform answered."""

PAUSED = {"code": "paused", "message": "Publishing is paused."}
PARENT_GONE = {"code": "parent_gone", "message": "The post before it was deleted at the platform."}

PARENT_UNNAMED = {"code": "parent_unnamed", "message": "The post before it has no id here: nothing can reply to it.",
                  "hint": "Paste it by hand under that post."}  # fmt: skip

_log = logs.get_logger("pressroom.publishing")


def send(claim: Claim, part: PublicationPart) -> datetime | None:
    """From `ready` to the platform's answer, or to not knowing it."""
    if is_late(claim, part, claim.now()):
        return claim.move(part, PartState.MISSED, reason=missed(claim, part))
    jobs: list[Job] = []
    wait = (
        ask_first(claim, part)
        or _look_at_parent(claim, part)
        or guarded(claim, part, lambda: jobs.append(claim.job(part, Phase.SEND)))
        or _arm(claim, part)
    )
    return wait or _make_the_call(claim, part, jobs[0])


def _make_the_call(claim: Claim, part: PublicationPart, job: Job) -> datetime | None:
    armed_at = part.armed_at or claim.now()
    if claim.skew is not None and not job.memory.get(SENT_AFTER):
        job.memory.put(**{SENT_AFTER: (armed_at + claim.skew).isoformat()})
    mark = Mark(
        publication_id=part.publication_id, begun_at=part.begun_at, armed_at=armed_at, memory=part.memory,
        number=part.sends + 1,
    )  # fmt: skip
    write_mark(claim.tools.store, claim.tools.vault, part.workspace_id, part.key, mark)
    _record_attempt(claim, part, armed_at)
    try:
        sent = claim.publisher.send(replace(job, armed_at=armed_at))
    except (PostRefused, ChannelUnusable, PublishLater) as error:
        return fail(claim, part, error)
    except Exception as error:  # whatever it is: it may be public
        return _unclear(claim, part, error)
    return _note_sent(claim, part, sent)


def _arm(claim: Claim, part: PublicationPart) -> datetime | None:
    """Approval, channel, pause and claim, in the transaction that arms; None when it is armed."""
    with claim.tools.database.write() as session:
        publication, rows, channel = claim.locked(session)
        row, now = rows[part.position], clock(session)
        if void := void_reason(session, publication, channel):
            move_part(session, publication, row, PartState.CANCELLED, reason=void)
            return now
        if channel.state != "connected":
            reason = {"code": channel.problem_code or channel.state, "message": channel.problem}
            move_part(session, publication, row, PartState.NEEDS_ACCOUNT, reason=reason)
            return now
        if part.position == 0 and publication.planned_at > now:  # a person gave it a later time meanwhile
            move_part(session, publication, row, PartState.WAITING, deadline_at=publication.planned_at)
            return publication.planned_at
        if is_paused(session, channel, claim.tools.source):
            again = now + PAUSED_FOR
            move_part(session, publication, row, PartState.WAITING, reason=PAUSED, deadline_at=again)
            return again
        move_part(session, publication, row, PartState.ARMED)
    part.state = row.state
    return None


def _record_attempt(claim: Claim, part: PublicationPart, armed_at: datetime) -> None:
    """From here on it may be public. Raises `ClaimLost` before that."""
    with claim.tools.database.write() as session:
        publication, rows, channel = claim.locked(session)  # the whole lease is for the call that follows
        row = rows[part.position]
        move_part(session, publication, row, PartState.SENDING, sends=row.sends + 1, armed_at=armed_at)
        session.add(
            PublicationAttempt(
                workspace_id=row.workspace_id, part_id=row.id, number=row.sends, phase=Phase.SEND, method="",
                address="", request_hash=publication.content_hash, bytes_sent="unknown",
            )
        )  # fmt: skip
        channel.last_sent_at = clock(session)
        session.add(channel)
    part.state, part.sends, part.armed_at = row.state, row.sends, armed_at


def _unclear(claim: Claim, part: PublicationPart, error: Exception) -> datetime:
    if not isinstance(error, PressroomError):
        _log.warning("sending_ended_unclearly", publication=part.publication_id, error=repr(error))
    changes = unclear_now(claim)
    if isinstance(error, DuplicatePost) and error.remote_id:
        changes["seen"] = [{"ref": {"remote_id": error.remote_id}, "text": "", "duplicate": True}]
    claim.move(part, PartState.UNKNOWN, reason=reason_of(error, ""), changes=changes)
    return claim.now() + SETTLING


def _note_sent(claim: Claim, part: PublicationPart, sent: Sent) -> datetime | None:
    target = PartState.SENT
    if sent.processing or sent.waiting_person:
        target = PartState.PROCESSING if sent.processing else PartState.WAITING_PERSON
    changes = unclear_now(claim) if target is not PartState.SENT else {}
    for pause in (*PAUSES, None):
        try:
            claim.move(part, target, ref=sent.ref, late=True, changes=changes)
            break
        except DatabaseUnusable:  # also a deadlock: the id is worth another try
            if pause is None:
                raise
            time.sleep(pause)
        except MoveRefused:
            claim.see(part, sent.ref)
            raise
    return claim.now() + SETTLING if target is not PartState.SENT else None


def _look_at_parent(claim: Claim, part: PublicationPart) -> datetime | None:
    """The post that a reply goes to may have been deleted meanwhile: then the rest of the thread stays unsent."""
    parents = [one for one in claim.parts[: part.position] if PartState(one.state) in OUT]
    if parents and not parents[-1 if part.kind == PartKind.POST else 0].remote_id:  # a person's word is all there is
        claim.move(part, PartState.CANCELLED, reason=PARENT_UNNAMED)
        return claim.now()
    if not parents or parents[-1].sent_at is None or claim.now() - parents[-1].sent_at < PARENT_AGE:
        return None
    parent, found = parents[-1], []
    job = claim.job(parent, Phase.READ)
    wait = guarded(claim, part, lambda: found.append(claim.publisher.read_back(job, ref_of(parent))))
    if wait is None and found[0] is None:
        claim.move(part, PartState.CANCELLED, reason=PARENT_GONE)
        return claim.now()
    return wait
