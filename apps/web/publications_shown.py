"""How publications are shown: a sign for each state, words for each phase, and the texts that a person compares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Any, NamedTuple

from pressroom.errors import WrongInput
from pressroom.model.publication_states import STATES, WHOLES, PartState
from pressroom.model.publishing import PartKind
from pressroom.review.differences import diff
from pressroom.review.publication_reading import PublicationShown
from pressroom.review.values import Change
from pressroom.store.publishing_tables import PublicationAttempt, PublicationPart


class Sign(NamedTuple):
    """A state as a badge shows it: colour and shape; `title` says it in words."""

    kind: str
    icon: str
    title: str
    means: str


_LOOKS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "planned": ("calm", "calendar"), "working": ("note", "share"), "unknown": ("warn", "search"),
        "processing": ("note", "redo"), "needs_account": ("bad", "alert"), "needs_person": ("warn", "flag"),
        "partial": ("warn", "minus"), "published": ("good", "check"), "mismatch": ("warn", "repeat"),
        "vanished": ("bad", "search"), "refused": ("bad", "alert"), "missed": ("bad", "history"),
        "cancelled": ("plain", "minus"), "deleted": ("plain", "trash"),
    }
)  # fmt: skip
SIGNS: Mapping[str, Sign] = MappingProxyType(
    {state.value: Sign(*_LOOKS[state.value], facts.title, facts.means) for state, facts in WHOLES.items()}
)
"""By a publication's state."""

_SAME = {
    PartState.CLAIMED: "working", PartState.PREPARING: "working", PartState.READY: "working",
    PartState.ARMED: "working", PartState.SENDING: "working", PartState.ASKING: "unknown", PartState.SENT: "published",
    PartState.WAITING: "planned", PartState.WAITING_PERSON: "needs_person",
}  # fmt: skip
PART_SIGNS: Mapping[str, Sign] = MappingProxyType(
    {
        state.value: Sign(*_LOOKS[_SAME.get(state, state.value)], facts.title, facts.means)
        for state, facts in STATES.items()
    }
)
"""By a part's state."""

PHASES = MappingProxyType(
    {
        "account": "Checked the account", "prepare": "Handed over files", "send": "Sent it",
        "ask": "Asked if it is there", "read": "Read it back", "delete": "Took it down", "collect": "Read its figures",
    }
)  # fmt: skip
KINDS = MappingProxyType({PartKind.POST: "Post", PartKind.COMMENT: "First comment", PartKind.THUMBNAIL: "Thumbnail"})


class Compared(NamedTuple):
    """Words as they were approved, as the platform shows them, and the changes. ref: of that post, where known."""

    approved: str
    shown: str
    changes: tuple[Change, ...]
    remote_id: str
    permalink: str


class Step(NamedTuple):
    """Requests of one kind and outcome that follow each other. outcome: of each, in words."""

    phase: str
    part: PublicationPart
    outcome: str
    times: int
    last: dt.datetime


def steps(found: PublicationShown, platform: str) -> list[Step]:
    """The requests of a publication in order; equal ones that follow each other are one step.

    Each sending is recorded before its request as well; that record is shown where nothing followed it.
    """
    followed = {(part.id, attempt.number, attempt.phase) for part, attempt in found.attempts if attempt.method}
    known = [
        (part, attempt, _outcome(attempt, platform))
        for part, attempt in found.attempts
        if attempt.method or (part.id, attempt.number, attempt.phase) not in followed
    ]
    grouped = groupby(known, key=lambda each: (each[0].id, each[1].phase, each[2]))
    runs = [list(each) for _, each in grouped]
    return [
        Step(PHASES.get(run[0][1].phase, ""), run[0][0], run[0][2], len(run), run[-1][1].created_at) for run in runs
    ]


def _outcome(attempt: PublicationAttempt, platform: str) -> str:
    if attempt.status:
        return f"{platform} answered {attempt.status}"
    if not attempt.method:
        return "the process ended before the answer was recorded"
    return "not reached, and nothing left us" if attempt.bytes_sent == "no" else "no answer came"


def part_title(part: PublicationPart, count: int) -> str:
    """`Post`, `Post 2 of 5`, `First comment`."""
    title = KINDS[PartKind(part.kind)]
    return f"{title} {part.position + 1} of {count}" if part.kind == PartKind.POST and count > 1 else title


def compared(found: PublicationShown) -> list[Compared]:
    """Posts that a person compares with what was approved, of parts that wait for that."""
    waiting = {PartState.MISMATCH, PartState.NEEDS_PERSON}
    return [
        _compared(found.approved.parts[part.position].text, each)
        for part in found.parts
        if PartState(part.state) in waiting
        for each in part.seen
        if each.get("text")
    ]


def _compared(approved: str, seen: Mapping[str, Any]) -> Compared:
    ref = seen.get("ref") or {}
    shown = str(seen["text"])
    link = web_address(str(ref.get("permalink", "")))
    return Compared(approved, shown, diff(approved, shown), str(ref.get("remote_id", "")), link)


def web_address(written: str) -> str:
    """An address that a link may lead to; empty for any other."""
    return written if written.startswith(("https://", "http://")) else ""


def asked_time(day: str, time: str) -> dt.datetime:
    """The clock time of a form's two fields, without a zone. Raises `WrongInput`."""
    try:
        return dt.datetime.fromisoformat(f"{day}T{time or '09:00'}").replace(tzinfo=None)
    except ValueError:
        raise WrongInput("The time can't be read.", hint="A day is written 2026-11-30, a time 09:00.") from None


GLOBALS: Mapping[str, Any] = MappingProxyType({"SIGNS": SIGNS, "PART_SIGNS": PART_SIGNS})
