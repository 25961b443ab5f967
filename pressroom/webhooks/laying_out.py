"""From what happened to who is told: the deliveries of every new event, laid out once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlmodel import Session, col, select

from pressroom.store.database import Database
from pressroom.store.desk_tables import Delivery, Event, Job, Webhook
from pressroom.store.tables import utc_now
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
        for event in events:
            session.add_all(_deliveries(session, sealer, event, webhooks))
            event.dispatched_at = utc_now()
        session.add_all(events)
        return len(events)


def _listening(session: Session, events: Sequence[Event]) -> Sequence[Webhook]:
    workspaces = {event.workspace_id for event in events}
    theirs = select(Webhook).where(col(Webhook.workspace_id).in_(workspaces), col(Webhook.active), Webhook.url != "")
    return session.exec(theirs).all()


def _deliveries(session: Session, sealer: Sealer, event: Event, webhooks: Sequence[Webhook]) -> Iterator[Delivery]:
    for webhook in webhooks:
        mine = webhook.workspace_id == event.workspace_id and webhook.created_at <= event.created_at
        if mine and hears(webhook.events, event.type):
            yield delivery(event, webhook.id, webhook.url)
    if event.type in JOB_ENDED and (address := _callback_address(session, event)):
        yield delivery(event, callbacks(session, sealer, event.workspace_id).id, address)


def _callback_address(session: Session, event: Event) -> str:
    job = session.get(Job, event.data.get("job_id", ""))
    return job.callback_url if job and job.workspace_id == event.workspace_id else ""


def delivery(event: Event, webhook_id: str, url: str) -> Delivery:
    """`event` on its way to `url`, to be sent at once."""
    return Delivery(
        workspace_id=event.workspace_id, webhook_id=webhook_id, event_id=event.id, url=url, status="waiting"
    )
