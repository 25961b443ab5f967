"""Asking the platform about what is unclear, and judging the answer. Only proof of absence lets it be sent again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pressroom.errors import OutcomeUnclear
from pressroom.model.publication_states import PartState
from pressroom.model.publishing import Absent, Asked, Certainty, Failed, Found, Processing, Similar
from pressroom.publishers.ledger.approving import channel_of
from pressroom.publishers.ledger.claim import Claim
from pressroom.publishers.ledger.failing import A_DAY, nth, reason_of, try_to_renew
from pressroom.publishers.ledger.sending import SETTLING
from pressroom.publishers.sending.line import Phase, TokenRefused
from pressroom.store.publishing_tables import PublicationPart

MOST_SENDS = 3
"""The first attempt, and two more after its absence was proven; then a person decides, and so after each three."""
LOOKS, LOOKING = 3, timedelta(minutes=10)
"""Looks at a list, over so much time, that prove absence."""
ASK_AGAIN = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 120, 600, 3600))
IN_THE_INBOX = timedelta(days=7)

SIMILAR = {"code": "similar", "message": "There are posts that may be it.", "hint": "Compare the words, then decide."}
TOO_LONG = {"code": "processing_too_long", "message": "The platform has been working on it for too long."}
TRIED = {"code": "tried", "message": f"It was sent {MOST_SENDS} times and is not there.", "hint": "Look, then decide."}
DUPLICATE = {"code": "duplicate", "message": "The platform says that it has this post already.",
             "hint": "Look at that post, then decide."}  # fmt: skip

_OPEN = frozenset({PartState.UNKNOWN, PartState.ASKING})


def ask(claim: Claim, part: PublicationPart) -> datetime | None:
    """One question to the platform."""
    now, since = claim.now(), part.unclear_since or part.since
    if PartState(part.state) is PartState.UNKNOWN:
        if now < since + SETTLING:
            return since + SETTLING
        claim.move(part, PartState.ASKING, reason=_reason(part, ""), changes={"asked": part.asked + 1})
    over = now - since > (IN_THE_INBOX if PartState(part.state) is PartState.WAITING_PERSON else A_DAY)
    try:
        found = claim.publisher.ask(claim.job(part, Phase.ASK))
    except TokenRefused as error:
        try_to_renew(claim)
        return _unanswered(claim, part, over, str(error))
    except Exception as error:  # whatever it is: nothing was learned
        return _no_answer(claim, part, error, over)
    return _judge(claim, part, found, over)


def _no_answer(claim: Claim, part: PublicationPart, error: Exception, over: bool) -> datetime | None:
    """A platform that can't tell leaves it to a person at once; one that can't be reached is asked again."""
    weak = claim.publisher.certainty_of(channel_of(claim.channel)) is Certainty.WEAK
    if not weak or not isinstance(error, OutcomeUnclear):
        return _unanswered(claim, part, over, reason_of(error, "")["message"])
    named = next((each["ref"] for each in part.seen if each.get("duplicate")), None)
    claim.move(part, PartState.NEEDS_PERSON, reason=DUPLICATE if named else _reason(part, str(error)))
    return claim.now() + A_DAY


def _judge(claim: Claim, part: PublicationPart, found: Asked, over: bool) -> datetime | None:
    match found:
        case Found():
            return claim.move(part, PartState.SENT, ref=found.ref)
        case Failed():
            reason = {"code": found.reason, "message": found.message}
            return claim.move(part, PartState.REFUSED, reason=reason)
        case Similar():
            seen = [one.model_dump(mode="json") for one in found.posts]
            _to_person(claim, part, SIMILAR, seen=seen)
            return claim.now() + A_DAY
        case Processing():
            return _still(claim, part, over)
        case Absent():
            return _absent(claim, part, found, over)


def _still(claim: Claim, part: PublicationPart, over: bool) -> datetime:
    """The platform still works on it, or it is still in the inbox."""
    if over:
        _to_person(claim, part, TOO_LONG)
        return claim.now() + A_DAY
    if PartState(part.state) in _OPEN:
        claim.move(part, PartState.PROCESSING, changes={"asked": part.asked + 1})
    else:
        claim.change(part, asked=part.asked + 1)
    return claim.now() + nth(ASK_AGAIN, part.asked - 1)


def _absent(claim: Claim, part: PublicationPart, found: Absent, over: bool) -> datetime | None:
    """Proven at once by a handle; by a list after several looks, each of which shows that it is up to date."""
    now = claim.now()
    if PartState(part.state) is PartState.PROCESSING and not part.remote_id:  # it never said that it had it
        claim.move(part, PartState.UNKNOWN, reason=_reason(part, ""))
        return now + ASK_AGAIN[0]
    if PartState(part.state) not in _OPEN:
        return _still(claim, part, over)
    looks, first = part.looks + int(found.control), part.first_look_at or now
    if not (found.certain or (looks >= LOOKS and now - first >= LOOKING)):
        return _unanswered(claim, part, over, "", looks=looks, first_look_at=first)
    if part.sends % MOST_SENDS == 0:
        _to_person(claim, part, TRIED)
        return now + A_DAY
    forgotten = {"looks": 0, "asked": 0, "first_look_at": None, "unclear_since": None}
    return claim.move(part, PartState.READY, changes=forgotten)


def _unanswered(claim: Claim, part: PublicationPart, over: bool, message: str, **changes: Any) -> datetime:
    """Nothing was learned: ask again later, or a person decides."""
    if over:
        _to_person(claim, part, _reason(part, message))
        return claim.now() + A_DAY
    if PartState(part.state) in _OPEN:
        claim.move(part, PartState.UNKNOWN, reason=_reason(part, message), changes=changes)
    else:
        claim.change(part, asked=part.asked + 1)
    return claim.now() + nth(ASK_AGAIN, part.asked)


def _to_person(claim: Claim, part: PublicationPart, reason: dict[str, str], **changes: Any) -> None:
    claim.move(part, PartState.NEEDS_PERSON, reason=reason, changes=changes)


def _reason(part: PublicationPart, message: str) -> dict[str, str]:
    """Why it is unclear, with the newest that is known of it."""
    return {"code": part.reason_code or "unclear", "message": message or part.reason, "hint": part.hint}
