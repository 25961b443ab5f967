"""From what happened to who is told: the deliveries of every new event, laid out once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from pressroom.store import outbox
from pressroom.store.database import Database
from pressroom.store.desk_tables import Event, Job, Outbox, Webhook
from pressroom.store.owners import clock
from pressroom.store.tables import utc_now
from pressroom.webhooks.posting import DELIVERIES
from pressroom.webhooks.registering import callbacks, hears
from pressroom.webhooks.signing import Sealer

BATCH = 200
"""Events of one transaction."""

JOB_ENDED = frozenset({"job.completed", "job.partial", "job.failed", "job.cancelled"})
"""Events that are sent to a job's own callback address."""


def lay_out(database: Database, sealer: Sealer) -> int:
    """Lay out the deliveries of events that have none yet, oldest first; returns how many events that were.

    database: one that sees every workspace. Several processes may do it at the same time: each event is laid out once.
    """
    new = col(Event.dispatched_at).is_(None)
    with database.read() as session:  # a look costs nothing; on SQLite writing shuts everybody else out
        if session.exec(select(Event.id).where(new).limit(1)).first() is None:
            return 0
    with database.write() as session:
        oldest = select(Event).where(new).order_by(col(Event.created_at)).limit(BATCH)
        events = session.exec(oldest.with_for_update(skip_locked=True)).all()
        webhooks = _listening(session, events)
        now = clock(session)
        for event in events:
            _deliver(session, sealer, event, webhooks, min(event.created_at, now))
            event.dispatched_at = utc_now()
        session.add_all(events)
        return len(events)


def _listening(session: Session, events: Sequence[Event]) -> Sequence[Webhook]:
    workspaces = {event.workspace_id for event in events}
    theirs = select(Webhook).where(col(Webhook.workspace_id).in_(workspaces), col(Webhook.active), Webhook.url != "")
    return session.exec(theirs).all()


def _deliver(session: Session, sealer: Sealer, event: Event, webhooks: Sequence[Webhook], due_at: datetime) -> None:
    for webhook in webhooks:
        mine = webhook.workspace_id == event.workspace_id and webhook.created_at <= event.created_at
        if mine and hears(webhook.events, event.type):
            delivery(session, event, webhook.id, webhook.url, due_at)
    if event.type in JOB_ENDED and (address := _callback_address(session, event)):
        delivery(session, event, callbacks(session, sealer, event.workspace_id).id, address, due_at)


def _callback_address(session: Session, event: Event) -> str:
    job = session.get(Job, event.data.get("job_id", ""))
    return job.callback_url if job and job.workspace_id == event.workspace_id else ""


def delivery(session: Session, event: Event, webhook_id: str, url: str, due_at: datetime | None = None) -> Outbox:
    """Puts `event` into the outbox, on its way to `url`."""
    about = {"lane": webhook_id, "subject_id": event.id, "address": url}
    return outbox.enqueue(session, DELIVERIES, event.workspace_id, due_at=due_at, **about)
