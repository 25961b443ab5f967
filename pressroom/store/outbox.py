"""The outbox: what is to be sent, claimed so that one process works at each row, and the record of every attempt.

A row is added in the transaction of the change that it reports: what is rolled back is never sent, and what is
committed is sent at least once. A worker claims due rows, sends them, and settles each claim. The claim of a dead
process ends with it; the claim of a live process on another machine ends with its lease, by the database's clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, func, text
from sqlalchemy import Table as SqlTable
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from pressroom.store.database import Database
from pressroom.store.desk_tables import Attempt, Outbox
from pressroom.store.owners import clock, is_gone, this_process

OPEN = ("waiting", "claimed")
"""States of rows that are still to be sent."""

ANSWER_CHARACTERS = 300
"""Characters of an answer that an attempt records."""

LOST = "The process that was sending it ended before it recorded the result."

_ROWS: SqlTable = Outbox.__table__  # type: ignore[attr-defined]
_TAKE_TURNS = text("SELECT pg_advisory_xact_lock(hashtext('outbox/' || :kind))")


@dataclass(frozen=True)
class OutboxKind:
    """The name and the policy of one kind of rows, a constant of its owner.

    pauses: before each further attempt; after the last one a row is given up, without any never. lease: the time a
    worker has to settle what it claimed.
    """

    name: str
    pauses: tuple[timedelta, ...]
    lease: timedelta

    def pause(self, attempts: int, wish: timedelta) -> timedelta:
        """The pause after so many attempts: at least as long as the receiver's `wish`, up to the longest of the table.

        Raises:
            IndexError: there is no further attempt.
        """
        return max(self.pauses[attempts - 1], min(wish, self.pauses[-1]))


class Outcome(StrEnum):
    """The end of an attempt. FAILED: try again, by the table. REFUSED: give up. LOST: the worker died."""

    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    LOST = "lost"


@dataclass(frozen=True)
class Result:
    """An attempt's end. status: of HTTP, None without an answer; answer: its first words, or why there was no answer.

    retry_after: seconds that the receiver asks for.
    """

    outcome: Outcome
    status: int | None = None
    answer: str = ""
    retry_after: float = 0.0
    milliseconds: int = 0


def enqueue(
    session: Session,
    kind: OutboxKind,
    workspace_id: str,
    *,
    lane: str,
    subject_id: str,
    address: str = "",
    due_at: datetime | None = None,
) -> Outbox:
    """Add a row in the transaction of `session`, due at once or at `due_at`."""
    due = due_at or clock(session)
    row = Outbox(
        workspace_id=workspace_id, kind=kind.name, lane=lane, subject_id=subject_id, address=address, due_at=due
    )
    session.add(row)
    return row


def send_again(session: Session, row: Outbox, *, address: str | None = None) -> Outbox:
    """Add a row for the same subject, due at once, at a person's wish: a dead one's record stays as it is."""
    again = row.model_dump(include={"workspace_id", "kind", "lane", "subject_id"})
    copy = Outbox(**again, address=row.address if address is None else address, due_at=clock(session))
    session.add(copy)
    return copy


def give_up(session: Session, kind: OutboxKind, lane: str, reason: str) -> None:
    """Send nothing more that is on its way in a lane; what a worker is sending right now may still arrive."""
    waiting = (col(Outbox.kind) == kind.name, col(Outbox.lane) == lane, col(Outbox.state).in_(OPEN))
    session.exec(update(Outbox).where(*waiting).values(state="dead", error=reason))


def claim(database: Database, kind: OutboxKind, *, limit: int) -> list[Outbox]:
    """Claim up to `limit` due rows, one from each lane that has no claim; workspaces take turns, the oldest row first.

    database: one that sees every workspace. Each row is the caller's to send and to `settle`. On PostgreSQL claimers
    of a kind take turns, so that a lane never has two, and skip the rows that another transaction holds; SQLite has
    one writer.
    """
    if not is_due(database, kind):  # a look costs nothing; on SQLite a writer shuts all others out
        return []
    with database.write() as session:
        if not database.is_sqlite:
            session.execute(_TAKE_TURNS, {"kind": kind.name})
        now = clock(session)
        for row in _lost(session, kind, now, to_change=True):
            _end(session, kind, row, Result(Outcome.LOST, answer=LOST), now)
        chosen = select(Outbox).where(col(Outbox.id).in_(_turns(session, kind, now, limit)), Outbox.state == "waiting")
        rows = session.exec(chosen.order_by(col(Outbox.due_at)).with_for_update(skip_locked=True)).all()
        for row in rows:
            row.state, row.attempts = "claimed", row.attempts + 1
            row.claim_owner, row.claim_expires_at = this_process(), now + kind.lease
        return list(rows)


def is_due(database: Database, kind: OutboxKind) -> bool:
    """True when there is a row to claim: one that is due in a lane without a claim, or one whose worker is gone."""
    with database.read() as session:
        now = clock(session)
        return bool(_lost(session, kind, now)) or session.exec(_any_due(kind, now)).first() is not None


def _lost(session: Session, kind: OutboxKind, now: datetime, *, to_change: bool = False) -> list[Outbox]:
    """The claimed rows whose worker is gone."""
    query = select(Outbox).where(Outbox.kind == kind.name, Outbox.state == "claimed")
    rows = session.exec(query.with_for_update(skip_locked=True) if to_change else query).all()
    return [row for row in rows if is_gone(row.claim_owner or "", row.claim_expires_at, now)]


def _held(kind: OutboxKind) -> SelectOfScalar[str]:
    return select(Outbox.lane).where(Outbox.kind == kind.name, Outbox.state == "claimed")


def _any_due(kind: OutboxKind, now: datetime) -> SelectOfScalar[str]:
    """Asks for one due row in a lane that has no claim: in the common case that there is no such row, this is cheap."""
    due = (Outbox.kind == kind.name, Outbox.state == "waiting", Outbox.due_at <= now)
    return select(Outbox.id).where(*due, col(Outbox.lane).not_in(_held(kind))).limit(1)


def _first_of_lanes(kind: OutboxKind, now: datetime) -> Select[tuple[str, str]]:
    """Asks for id and workspace of the first due row of each lane that has no claim, the oldest first.

    Steps from lane to lane along the index, so that its cost grows with the lanes and not with their backlogs.
    """
    rows, each = _ROWS.c, _ROWS.alias("each").c
    waiting = (each.kind == kind.name, each.state == "waiting")
    lanes = select_columns(func.min(each.lane).label("lane")).where(*waiting).cte("lanes", recursive=True)
    following = select_columns(func.min(each.lane)).where(*waiting, each.lane > lanes.c.lane).correlate(lanes)
    lanes = lanes.union_all(select_columns(following.scalar_subquery()).where(lanes.c.lane.is_not(None)))
    due = select_columns(each.id).where(*waiting, each.lane == lanes.c.lane, each.due_at <= now).correlate(lanes)
    first = due.order_by(each.due_at).limit(1).scalar_subquery()
    heads = select_columns(first).where(lanes.c.lane.not_in(_held(kind)))
    return select_columns(rows.id, rows.workspace_id).where(rows.id.in_(heads)).order_by(rows.due_at)


def _turns(session: Session, kind: OutboxKind, now: datetime, limit: int) -> Sequence[str]:
    """Ids of the rows to claim: of the workspace with the fewest claims first."""
    claimed = select(Outbox.workspace_id).where(Outbox.kind == kind.name, Outbox.state == "claimed")
    turns, ranked = Counter(session.exec(claimed)), []
    for row_id, workspace_id in session.execute(_first_of_lanes(kind, now)).all():
        ranked.append((turns[workspace_id], row_id))
        turns[workspace_id] += 1
    return [row_id for _, row_id in sorted(ranked, key=lambda each: each[0])[:limit]]


def settle(session: Session, kind: OutboxKind, claimed: Outbox, result: Result) -> Outbox | None:
    """Record how the attempt of a claim ended, and when the next one is; the row as it is then.

    In the transaction of `session`, so that what the result changes elsewhere is committed with it. None: the claim was
    lost to another worker, or the row was removed; nothing is recorded, and the caller changes nothing.
    """
    row = holds(session, claimed)
    if row is None:
        return None
    _end(session, kind, row, result, clock(session))
    return row


def postpone(session: Session, claimed: Outbox, due_at: datetime | None) -> bool:
    """Give a claimed row back, due at `due_at`, or done with when that is None; false when the claim was lost.

    A row that became due at another time while it was claimed is due at the earlier of the two.
    """
    row = holds(session, claimed)
    if row is None:
        return False
    if row.due_at != claimed.due_at:
        due_at = min(row.due_at, due_at or row.due_at)
    row.claim_owner = row.claim_expires_at = None
    row.error = ""
    if due_at is None:
        row.state, row.done_at = "done", clock(session)
    else:
        row.state, row.due_at = "waiting", due_at
    session.add(row)
    return True


def holds(session: Session, claimed: Outbox) -> Outbox | None:
    """The row of a claim, locked, while the claim still holds; None once another worker has it."""
    row = session.exec(select(Outbox).where(Outbox.id == claimed.id).with_for_update()).one_or_none()
    if row is None or (row.claim_owner, row.attempts) != (claimed.claim_owner, claimed.attempts):
        return None
    return row


def renew(session: Session, kind: OutboxKind, claimed: Outbox) -> bool:
    """Hold a claim for another lease; false when it was lost."""
    row = holds(session, claimed)
    if row is not None:
        row.claim_expires_at = clock(session) + kind.lease
        session.add(row)
    return row is not None


def _end(session: Session, kind: OutboxKind, row: Outbox, result: Result, now: datetime) -> None:
    told = result.answer[:ANSWER_CHARACTERS]
    session.add(
        Attempt(
            workspace_id=row.workspace_id, outbox_id=row.id, number=row.attempts, created_at=now,
            outcome=result.outcome, status=result.status, answer=told, milliseconds=result.milliseconds,
        )
    )  # fmt: skip
    row.claim_owner = row.claim_expires_at = None
    row.error = "" if result.outcome == Outcome.DONE else told
    if result.outcome == Outcome.DONE:
        row.state, row.done_at = "done", now
    elif row.state == "claimed":  # else it was given up meanwhile
        is_over = result.outcome == Outcome.REFUSED or 0 < len(kind.pauses) < row.attempts
        row.state = "dead" if is_over else "waiting"
        if result.outcome == Outcome.FAILED and not is_over:
            row.due_at = now + kind.pause(row.attempts, timedelta(seconds=result.retry_after))
    session.add(row)
    session.flush()


def attempts_of(session: Session, rows: Sequence[Outbox]) -> dict[str, list[Attempt]]:
    """The attempts of each row by its id, the first one first."""
    found: dict[str, list[Attempt]] = {row.id: [] for row in rows}
    query = select(Attempt).where(col(Attempt.outbox_id).in_(found)).order_by(col(Attempt.number))
    for each in session.exec(query):
        found[each.outbox_id].append(each)
    return found
