"""The life of a publication: one table of states and moves. The ledger, buttons and docs/publications.md ask it.

Exactly one move leads into `sending`. Whatever is unclear is `unknown`, and is asked before anything is sent again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from pressroom.errors import MoveRefused
from pressroom.model.publishing import OPTIONAL_KINDS, PartKind


class PartState(StrEnum):
    """Where a part of a publication stands."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    PREPARING = "preparing"
    READY = "ready"
    ARMED = "armed"
    SENDING = "sending"
    UNKNOWN = "unknown"
    ASKING = "asking"
    PROCESSING = "processing"
    WAITING_PERSON = "waiting_person"
    SENT = "sent"
    PUBLISHED = "published"
    MISMATCH = "mismatch"
    VANISHED = "vanished"
    WAITING = "waiting"
    NEEDS_ACCOUNT = "needs_account"
    NEEDS_PERSON = "needs_person"
    REFUSED = "refused"
    MISSED = "missed"
    CANCELLED = "cancelled"
    DELETED = "deleted"


class Actor(StrEnum):
    """The one who has the next move. NONE: the state is an end."""

    CLOCK = "clock"
    WORKER = "worker"
    ASKER = "asker"
    VERIFIER = "verifier"
    PERSON = "person"
    NONE = "none"


@dataclass(frozen=True)
class StateFacts:
    """title: as people see it. means: one sentence. owner: who acts next, until `deadline` after it began."""

    title: str
    means: str
    owner: Actor
    deadline: timedelta | None = None
    public: bool | None = False
    """True: it is out. False: it is not. None: that is the question."""


S, A = PartState, Actor
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

STATES: Mapping[PartState, StateFacts] = MappingProxyType(
    {
        S.PLANNED: StateFacts("Planned", "It is approved and has a time.", A.CLOCK, 61 * _DAY),
        S.CLAIMED: StateFacts("Checking", "A worker checks the account and the post.", A.WORKER, 2 * _MINUTE),
        S.PREPARING: StateFacts("Preparing", "Its files are at the platform, or on their way.", A.WORKER, 6 * _HOUR),
        S.READY: StateFacts("Ready to send", "One call away from being public.", A.WORKER, 20 * _MINUTE),
        S.ARMED: StateFacts("Ready to send", "The approval was looked at again; sending begins.", A.WORKER, _MINUTE),
        S.SENDING: StateFacts("Sending", "The call is under way: it may be public.", A.WORKER, 15 * _MINUTE, None),
        S.UNKNOWN: StateFacts("Not sure", "No clear answer came: the platform will be asked.", A.ASKER, _DAY, None),
        S.ASKING: StateFacts("Asking", "The platform is asked if it is there.", A.ASKER, 15 * _MINUTE, None),
        S.PROCESSING: StateFacts("Processing", "The platform has it and works on it.", A.ASKER, _DAY, None),
        S.WAITING_PERSON: StateFacts(
            "In the inbox", "It waits in the account's inbox at the platform.", A.PERSON, 7 * _DAY, None
        ),
        S.SENT: StateFacts("Sent", "It is public; it is read back soon.", A.VERIFIER, _DAY, True),
        S.PUBLISHED: StateFacts("Published", "It is public as it was approved.", A.NONE, public=True),
        S.MISMATCH: StateFacts("Differs", "It is public and differs from what was approved.", A.PERSON, _DAY, True),
        S.VANISHED: StateFacts("Vanished", "It was public and can't be found any more.", A.PERSON, _DAY, None),
        S.WAITING: StateFacts("Later", "The platform can't take it now; it is tried again.", A.CLOCK, _DAY),
        S.NEEDS_ACCOUNT: StateFacts("Account trouble", "The account can't publish now.", A.PERSON, _DAY),
        S.NEEDS_PERSON: StateFacts("You decide", "Only a person can tell if it is public.", A.PERSON, _DAY, None),
        S.REFUSED: StateFacts("Refused", "The platform refuses it; nothing is public.", A.NONE),
        S.MISSED: StateFacts("Missed", "Its time went by; nothing is public.", A.NONE),
        S.CANCELLED: StateFacts("Cancelled", "It was taken off the plan; nothing is public.", A.NONE),
        S.DELETED: StateFacts("Deleted", "It was public and was taken down.", A.NONE),
    }
)
"""Every state, with its owner and its deadline."""

FINAL = frozenset(state for state, facts in STATES.items() if facts.owner is Actor.NONE)
OUT = frozenset({S.SENT, S.PUBLISHED, S.MISMATCH})
"""States in which the part is public, so that the next one may follow."""
NOT_OUT = frozenset({S.REFUSED, S.MISSED, S.CANCELLED})
"""Ends in which nothing is public."""
UNCLEAR = frozenset({S.SENDING, S.UNKNOWN, S.ASKING, S.NEEDS_PERSON})
"""States in which it may be public."""


@dataclass(frozen=True)
class PartMove:
    """One allowed move. label: of its button, for those of a person."""

    origin: PartState
    target: PartState
    by: Actor
    means: str
    label: str = ""


def _moves(origin: PartState, by: Actor, *targets: tuple[PartState, str]) -> tuple[PartMove, ...]:
    return tuple(PartMove(origin, target, by, means) for target, means in targets)


def _person(origin: PartState, target: PartState, label: str, means: str) -> PartMove:
    return PartMove(origin, target, Actor.PERSON, means, label)


_AFTER_ALL = "The answer came after all, to a worker that had lost its claim."
_CANCEL = "A person takes it off the plan."
_VOID = "The approval no longer holds."

MOVES: tuple[PartMove, ...] = (
    *_moves(S.PLANNED, A.CLOCK, (S.CLAIMED, "It is due."), (S.MISSED, "It is later than its window allows."),
            (S.CANCELLED, _VOID)),
    *_moves(S.PLANNED, A.ASKER, (S.UNKNOWN, "A mark of an earlier sending was found: the database was restored.")),
    _person(S.PLANNED, S.CANCELLED, "Cancel", _CANCEL),
    *_moves(S.CLAIMED, A.WORKER, (S.PREPARING, "All checks are passed."), (S.REFUSED, "A check failed."),
            (S.NEEDS_ACCOUNT, "The account can't publish."), (S.WAITING, "The platform can't be reached."),
            (S.PLANNED, "Paused, or too soon after another post."), (S.CANCELLED, _VOID)),
    *_moves(S.PREPARING, A.WORKER, (S.READY, "Everything is at the platform."), (S.WAITING, "A passing error."),
            (S.REFUSED, "The platform refuses a file."), (S.NEEDS_ACCOUNT, "The account can't publish."),
            (S.CANCELLED, _VOID)),
    *_moves(S.READY, A.WORKER, (S.ARMED, "Approval, account, window and pause were looked at in one transaction."),
            (S.PREPARING, "What was uploaded has expired."), (S.NEEDS_ACCOUNT, "The account can't publish."),
            (S.WAITING, "Paused, or the platform can't be reached."), (S.MISSED, "It is later than its window allows."),
            (S.CANCELLED, _VOID)),
    *_moves(S.READY, A.ASKER, (S.UNKNOWN, "A mark of an earlier sending was found: the database was restored.")),
    *_moves(S.ARMED, A.WORKER, (S.SENDING, "The attempt is recorded; then the first byte leaves."),
            (S.READY, "The worker died before it sent anything.")),
    *_moves(S.SENDING, A.WORKER, (S.SENT, "The platform named its id."), (S.PROCESSING, "The platform works on it."),
            (S.WAITING_PERSON, "It is in the account's inbox."), (S.REFUSED, "A definite refusal."),
            (S.WAITING, "A refusal that passes."), (S.NEEDS_ACCOUNT, "The account can't publish."),
            (S.UNKNOWN, "Anything unclear, or the worker died.")),
    *_moves(S.UNKNOWN, A.ASKER, (S.ASKING, "It is time to ask."), (S.SENT, "The answer came after all."),
            (S.NEEDS_PERSON, "It could not be learned within a day.")),
    *_moves(S.ASKING, A.ASKER, (S.SENT, "It is there."), (S.PROCESSING, "The platform still works on it."),
            (S.WAITING_PERSON, "It is in the account's inbox."), (S.REFUSED, "The platform says that it refused it."),
            (S.READY, "Its absence is proven."), (S.UNKNOWN, "Not reachable, or one look proves nothing."),
            (S.NEEDS_PERSON, "Only a person can tell.")),
    *_moves(S.PROCESSING, A.ASKER, (S.SENT, "It is public."), (S.REFUSED, "The platform refused it."),
            (S.WAITING_PERSON, "It is in the account's inbox."), (S.UNKNOWN, "It is not at work on it, and has no id."),
            (S.NEEDS_PERSON, "It takes longer than a day.")),
    *_moves(S.WAITING_PERSON, A.ASKER, (S.SENT, "It was posted from the inbox."), (S.REFUSED, "It was thrown away."),
            (S.NEEDS_PERSON, "It has been there for a week.")),
    *_moves(S.SENT, A.VERIFIER, (S.PUBLISHED, "It reads as it was approved."), (S.MISMATCH, "It reads otherwise."),
            (S.VANISHED, "It is gone.")),
    *_moves(S.PUBLISHED, A.VERIFIER, (S.VANISHED, "It is gone a day later."), (S.MISMATCH, "It changed.")),
    *(PartMove(state, S.SENT, A.WORKER, _AFTER_ALL)
      for state in (S.READY, S.ARMED, S.WAITING, S.NEEDS_ACCOUNT, S.NEEDS_PERSON, S.CANCELLED, S.MISSED, S.REFUSED)),
    _person(S.PUBLISHED, S.DELETED, "Delete at the platform", "A person takes it down."),
    _person(S.MISMATCH, S.PUBLISHED, "Leave it", "A person accepts what is public."),
    _person(S.MISMATCH, S.DELETED, "Delete at the platform", "A person takes it down."),
    _person(S.VANISHED, S.PUBLISHED, "It is there", "A person found it."),
    _person(S.VANISHED, S.DELETED, "It is gone", "A person confirms it."),
    *_moves(S.WAITING, A.CLOCK, (S.CLAIMED, "It is time to try again."), (S.MISSED, "Its window is over."),
            (S.CANCELLED, _VOID)),
    _person(S.WAITING, S.CANCELLED, "Cancel", _CANCEL),
    *_moves(S.NEEDS_ACCOUNT, A.CLOCK, (S.PLANNED, "The account works again."), (S.MISSED, "Its window is over."),
            (S.CANCELLED, _VOID)),
    _person(S.NEEDS_ACCOUNT, S.CANCELLED, "Cancel", _CANCEL),
    _person(S.NEEDS_PERSON, S.SENT, "It is there", "A person saw it, and may give its address."),
    _person(S.NEEDS_PERSON, S.READY, "It is not there: send it", "A person looked, and it is not there."),
    _person(S.NEEDS_PERSON, S.CANCELLED, "It is not there: leave it", "A person looked, and it is to stay so."),
    _person(S.REFUSED, S.PLANNED, "Plan again", "A person gives it a new time; the approval has to hold."),
    _person(S.MISSED, S.PLANNED, "Plan again", "A person gives it a new time; the approval has to hold."),
    _person(S.CANCELLED, S.PLANNED, "Plan again", "A person gives it a new time; the approval has to hold."),
)  # fmt: skip
"""Every allowed move."""

_ALLOWED = {(move.origin, move.target, move.by is Actor.PERSON): move for move in MOVES}


def check_part_move(origin: PartState, target: PartState, *, person: bool) -> PartMove:
    """The move from `origin` to `target`. Raises `MoveRefused`, saying what would be allowed, without one."""
    move = _ALLOWED.get((origin, target, person))
    if move is None:
        offered = ", ".join(one.label for one in person_moves(origin)) or "nothing"
        raise MoveRefused(
            f"What is “{STATES[origin].title}” can't become “{STATES[target].title}”.",
            hint=f"What can be done with it now: {offered}.",
        )
    return move


def in_words(state: str) -> str:
    """A publication's state as it stands in a sentence, in small letters."""
    return WHOLES[PublicationState(state)].title.lower()


def person_moves(origin: PartState) -> tuple[PartMove, ...]:
    """The moves that a person has from a state, in the table's order: its buttons."""
    return tuple(move for move in MOVES if move.origin is origin and move.by is Actor.PERSON)


class PublicationState(StrEnum):
    """Where a whole publication stands: the state of its parts in one word."""

    PLANNED = "planned"
    WORKING = "working"
    UNKNOWN = "unknown"
    PROCESSING = "processing"
    NEEDS_ACCOUNT = "needs_account"
    NEEDS_PERSON = "needs_person"
    PARTIAL = "partial"
    PUBLISHED = "published"
    MISMATCH = "mismatch"
    VANISHED = "vanished"
    REFUSED = "refused"
    MISSED = "missed"
    CANCELLED = "cancelled"
    DELETED = "deleted"


@dataclass(frozen=True)
class WholeFacts:
    """A publication's state as people see it: `title` on its badge, `means` in a sentence."""

    title: str
    means: str


P = PublicationState

WHOLES: Mapping[PublicationState, WholeFacts] = MappingProxyType(
    {
        P.PLANNED: WholeFacts("Planned", "It is approved and goes out at its time."),
        P.WORKING: WholeFacts("On its way", "It is being prepared and sent now."),
        P.UNKNOWN: WholeFacts("Not sure", "No clear answer came: the platform is asked before anything else happens."),
        P.PROCESSING: WholeFacts("Processing", "The platform has it and works on it; it is not public yet."),
        P.NEEDS_ACCOUNT: WholeFacts("Account trouble", "The account can't publish now; nothing more goes out."),
        P.NEEDS_PERSON: WholeFacts("You decide", "Only a person can tell if all of it is public."),
        P.PARTIAL: WholeFacts("Out in part", "The beginning is public; the rest is not."),
        P.PUBLISHED: WholeFacts("Published", "It is public as it was approved."),
        P.MISMATCH: WholeFacts("Differs", "It is public and differs from what was approved."),
        P.VANISHED: WholeFacts("Vanished", "It was public and can't be found any more."),
        P.REFUSED: WholeFacts("Refused", "The platform refuses it; nothing is public."),
        P.MISSED: WholeFacts("Missed", "Its time went by; nothing is public."),
        P.CANCELLED: WholeFacts("Cancelled", "It was taken off the plan; nothing is public."),
        P.DELETED: WholeFacts("Deleted", "It was public and was taken down."),
    }
)
"""Every state of a whole publication, as people see it."""


_WHOLE = {
    S.PLANNED: PublicationState.PLANNED,
    S.WAITING: PublicationState.PLANNED,
    S.UNKNOWN: PublicationState.UNKNOWN,
    S.ASKING: PublicationState.UNKNOWN,
    S.SENDING: PublicationState.UNKNOWN,
    S.PROCESSING: PublicationState.PROCESSING,
    S.WAITING_PERSON: PublicationState.PROCESSING,
    S.NEEDS_ACCOUNT: PublicationState.NEEDS_ACCOUNT,
    S.NEEDS_PERSON: PublicationState.NEEDS_PERSON,
    S.SENT: PublicationState.PUBLISHED,
    S.PUBLISHED: PublicationState.PUBLISHED,
    S.MISMATCH: PublicationState.MISMATCH,
    S.VANISHED: PublicationState.VANISHED,
    S.REFUSED: PublicationState.REFUSED,
    S.MISSED: PublicationState.MISSED,
    S.CANCELLED: PublicationState.CANCELLED,
    S.DELETED: PublicationState.DELETED,
}
_LOUDEST = (S.NEEDS_PERSON, S.SENDING, S.UNKNOWN, S.ASKING, S.NEEDS_ACCOUNT)


def state_of(parts: Sequence[tuple[PartKind, PartState]]) -> PublicationState:
    """The state of a publication, from kind and state of each part in order.

    An optional part counts only where a person has to tell if it is public: its failure never changes the post's state.
    """
    states = [state for kind, state in parts if kind not in OPTIONAL_KINDS]
    for loud in _LOUDEST:
        if loud in states:
            return _WHOLE[loud]
    if any(state in OUT for state in states) and any(state in NOT_OUT | {S.VANISHED, S.DELETED} for state in states):
        return PublicationState.PARTIAL
    if all(state in OUT for state in states):
        if any(state is S.NEEDS_PERSON for _, state in parts):
            return PublicationState.NEEDS_PERSON
        return PublicationState.MISMATCH if S.MISMATCH in states else PublicationState.PUBLISHED
    first = next(state for state in states if state not in OUT)
    if first in {S.PLANNED, S.WAITING} and any(state in OUT for state in states):
        return PublicationState.WORKING
    return _WHOLE.get(first, PublicationState.WORKING)


def next_part(parts: Iterable[tuple[int, PartKind, PartState]]) -> int | None:
    """The position of the part to work at: the first one that isn't out yet; None when all is done or stopped.

    A post that is not out stops what follows it; an optional part that failed stops nothing.
    """
    for position, kind, state in parts:
        if state in OUT:
            continue
        if kind in OPTIONAL_KINDS and state in FINAL | {S.NEEDS_PERSON, S.VANISHED}:
            continue
        return None if state in FINAL or state is S.VANISHED else position
    return None
