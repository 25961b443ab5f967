"""The move for each kind of failure, in any phase: later, a person, or an end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select

from pressroom import logs
from pressroom.errors import ChannelUnusable, Misconfigured, OutcomeUnclear, PostRefused, PressroomError, PublishLater
from pressroom.model.publication_states import PartState
from pressroom.publishers.ledger.access import mark_doubted, mark_unusable
from pressroom.publishers.ledger.claim import Claim
from pressroom.publishers.sending.line import TokenRefused
from pressroom.store.publishing_tables import ChannelRow, PublicationPart

TRY_AGAIN = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 300, 900, 3600))
OUTAGE_TRIES = 4
"""Bare answers of 401 that may be an outage: 30 s, 1, 5 and 15 minutes apart."""
A_DAY = timedelta(days=1)

STRANGE = (LookupError, TypeError, ValueError, AttributeError)
"""Raised where an answer lacks what it should have, or has it as something else: the next answer may be better."""

_log = logs.get_logger("pressroom.publishing")


def guarded(claim: Claim, part: PublicationPart, call: Callable[[], None]) -> datetime | None:
    """Make a call before anything is public: each error has its move, and a time to go on. None: it went well."""
    try:
        call()
    except (PostRefused, ChannelUnusable, PublishLater) as error:
        return fail(claim, part, error)
    except OutcomeUnclear as error:
        return later(claim, part, error)
    except STRANGE as error:
        _log.warning("answer_not_understood", publication=part.publication_id, exc_info=True)
        return later(claim, part, OutcomeUnclear(f"The platform answered in a form that is unknown ({error!r:.80})."))
    return None


def fail(claim: Claim, part: PublicationPart, error: PressroomError) -> datetime:
    """The move for an error that says that nothing is public."""
    match error:
        case TokenRefused():
            return renew(claim, part, error)
        case PostRefused():
            claim.move(part, PartState.REFUSED, reason=reason_of(error, error.reason))
            return claim.now()
        case ChannelUnusable():
            return unusable(claim, part, error)
        case _:
            return later(claim, part, error)


def later(claim: Claim, part: PublicationPart, error: PressroomError) -> datetime:
    """Nothing is public and it may go well later: when the platform says, or after a growing pause."""
    wish = getattr(error, "retry_after", None)
    at = claim.now() + (timedelta(seconds=wish) if wish else nth(TRY_AGAIN, part.tries))
    changes = {"tries": part.tries + 1, "deadline_at": at}
    claim.move(part, PartState.WAITING, reason=reason_of(error, "later"), changes=changes)
    return at


def renew(claim: Claim, part: PublicationPart, error: TokenRefused) -> datetime:
    """The token was not taken: renew it if that is possible, and try again.

    A token that can't be renewed is doubted at the first 401, which people are told, and over once the platform says
    so, or answers nothing but 401 for about 20 minutes.
    """
    if not (claim.channel.refreshable or error.named) and part.tries < OUTAGE_TRIES:
        with claim.tools.database.write() as session:
            query = select(ChannelRow).where(ChannelRow.id == claim.channel.id).with_for_update()
            mark_doubted(session, session.exec(query).one(), error)
        return later(claim, part, error)
    try:
        claim.tools.access.refresh(claim.channel)
    except ChannelUnusable as ended:
        return unusable(claim, part, ended)
    except (PublishLater, OutcomeUnclear, Misconfigured) as busy:
        return later(claim, part, busy)
    return later(claim, part, PublishLater(error.message, retry_after=1))


def try_to_renew(claim: Claim) -> None:
    """Renew the token where nothing depends on it: what can't be read now is read later."""
    try:
        claim.tools.access.refresh(claim.channel)
    except PressroomError as error:
        _log.info("token_not_renewed", channel=claim.channel.id, code=error.code)


def unusable(claim: Claim, part: PublicationPart, error: ChannelUnusable) -> datetime:
    """The account can't publish: the channel says so, and the part waits for a person."""
    with claim.tools.database.write() as session:
        query = select(ChannelRow).where(ChannelRow.id == claim.channel.id).with_for_update()
        mark_unusable(session, session.exec(query).one(), error)
    claim.move(part, PartState.NEEDS_ACCOUNT, reason=reason_of(error, error.reason))
    return claim.now() + timedelta(minutes=5)


def unclear_now(claim: Claim) -> dict[str, Any]:
    """The columns of a part whose outcome has just become unclear."""
    return {"unclear_since": claim.now(), "asked": 0, "looks": 0, "first_look_at": None}


def reason_of(error: Exception, code: str) -> Mapping[str, str]:
    if isinstance(error, PressroomError):
        return {"code": code or error.code, "message": error.message, "hint": error.hint}
    return {"code": code or "unclear", "message": f"It ended unclearly ({type(error).__name__})."}


def nth(pauses: Sequence[timedelta], number: int) -> timedelta:
    return pauses[min(max(number, 0), len(pauses) - 1)]
