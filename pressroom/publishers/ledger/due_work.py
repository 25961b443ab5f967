"""Work that is due: all of it, a few rows at once, and an alarm when something is due for too long."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, Protocol

from sqlalchemy import and_, func, or_
from sqlmodel import Session, col, select

from pressroom import logs
from pressroom.errors import PressroomError
from pressroom.model.publish_runs import Advance, Overdue, PublishReport
from pressroom.publishers.ledger.claim import PUBLICATIONS
from pressroom.publishers.ledger.engine import Engine
from pressroom.redaction import mask
from pressroom.store import outbox
from pressroom.store.account_tables import AuditEvent
from pressroom.store.database import Database
from pressroom.store.desk_tables import Outbox
from pressroom.store.owners import clock

PATIENCE = timedelta(minutes=5)
"""A row that is due for longer, while no worker has it, is overdue."""
AGAIN = timedelta(minutes=5)
"""Until a row is looked at again that raised an error of ours."""
ALARM_PAUSE = timedelta(hours=1)
ALARM = "publishing.overdue"
LOOK_SECONDS = 5.0
"""While rows are worked at, this often others that have become due meanwhile are claimed."""

_log = logs.get_logger("pressroom.publishing")


class Done(Protocol):
    """The future of one row: of a thread pool, or of Prefect."""

    def add_done_callback(self, fn: Callable[[Any], None], /) -> object: ...
    def result(self) -> Any: ...


Submit = Callable[[Outbox], Done]


def advance(engine: Engine, claimed: Outbox) -> Advance:
    """Bring one claimed row as far as it gets now; one that raises is given back, and says why."""
    try:
        return Advance(publication_id=claimed.subject_id, state=engine.advance(claimed))
    except Exception as error:
        reason = mask(f"{type(error).__name__}: {error}")[:300]
        _log.exception("publication.broken", publication=claimed.subject_id)
        with suppress(PressroomError):
            _give_back(engine.database, claimed, reason)
        return Advance(publication_id=claimed.subject_id, state="", error=reason)


def work_off(
    engine: Engine, at_once: int, submit: Submit, *, tell: Callable[[Advance], None] | None = None
) -> PublishReport:
    """Work at all that is due until nothing is, at most `at_once` rows at a time. tell: hears of each row's end.

    A row that takes long holds up only itself: what becomes due meanwhile is claimed as soon as there is room.
    """
    ended: SimpleQueue[Done] = SimpleQueue()
    busy, rows = 0, list[Advance]()
    while True:
        claimed = engine.claim(at_once - busy) if busy < at_once else []
        for row in claimed:
            submit(row).add_done_callback(ended.put)
        busy += len(claimed)
        if not busy:
            return PublishReport(rows=tuple(rows))
        with suppress(Empty):
            rows.append(ended.get(timeout=LOOK_SECONDS).result())
            busy -= 1
            if tell:
                tell(rows[-1])


def work_here(engine: Engine, at_once: int, *, tell: Callable[[Advance], None] | None = None) -> PublishReport:
    """`work_off` with threads of this process."""
    with ThreadPoolExecutor(at_once, thread_name_prefix="publish") as pool:
        return work_off(engine, at_once, lambda row: pool.submit(partial(advance, engine, row)), tell=tell)


def overdue(database: Database) -> Overdue:
    """Rows that are due for more than 5 minutes while no worker has them or their channel, and those that raised.

    database: one that sees every workspace.
    """
    with database.read() as session:
        now = clock(session)
        held = select(Outbox.lane).where(Outbox.kind == PUBLICATIONS.name, Outbox.state == "claimed")
        held = held.where(col(Outbox.claim_expires_at) > now - PATIENCE)
        late = and_(col(Outbox.due_at) < now - PATIENCE, col(Outbox.lane).not_in(held))
        lost = and_(col(Outbox.state) == "claimed", col(Outbox.claim_expires_at) < now - PATIENCE)
        waiting = and_(col(Outbox.state) == "waiting", or_(late, col(Outbox.error) != ""))
        query = select(func.count(), func.min(Outbox.due_at), func.max(Outbox.error))
        count, oldest, error = session.exec(query.where(Outbox.kind == PUBLICATIONS.name, or_(waiting, lost))).one()
    return Overdue(count=count, since=oldest if count else None, error=error or "")


def alarm(database: Database) -> Overdue | None:
    """The rows that are overdue, once an hour for people to hear of; None without any, or when they heard of it."""
    found = overdue(database)
    if not found.count:
        return None
    with database.write() as session:
        now = clock(session)
        told = select(AuditEvent.id).where(AuditEvent.action == ALARM, AuditEvent.created_at > now - ALARM_PAUSE)
        if session.exec(told.limit(1)).first() is not None:
            return None
        details = {"count": found.count, "error": found.error}
        session.add(AuditEvent(actor="publishing", action=ALARM, created_at=now, details=details))
    return found


def _give_back(database: Database, claimed: Outbox, reason: str) -> None:
    with database.write() as session:
        if outbox.postpone(session, claimed, clock(session) + AGAIN):
            row = session.get_one(Outbox, claimed.id)
            row.error = reason
            session.add(row)


def due_at(session: Session, publication_id: str) -> datetime | None:
    """When the engine looks at a publication next: now for one that a worker has, None when nothing is left to do."""
    query = select(Outbox).where(Outbox.kind == PUBLICATIONS.name, Outbox.subject_id == publication_id)
    row = session.exec(query).first()
    if row is None or row.state not in outbox.OPEN:
        return None
    return row.due_at
