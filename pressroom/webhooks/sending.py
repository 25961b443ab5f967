"""Deliveries that are due: claimed so that one process sends each, sent, and what came of it written down.

A process that dies while it sends leaves a claim that runs out; the message is then sent again, with the same
`webhook-id`, by which a receiver knows it.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from pressroom import logs
from pressroom.errors import Misconfigured
from pressroom.sources.fetching import Guard
from pressroom.store import events
from pressroom.store.database import Database
from pressroom.store.desk_tables import Delivery, Event, Webhook
from pressroom.store.owners import clock
from pressroom.store.tables import utc_now
from pressroom.webhooks.posting import SECONDS, Answer, post
from pressroom.webhooks.registering import switch
from pressroom.webhooks.signing import Sealer, Secrets

RETRIES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
)
"""Pauses before each further attempt; after the last one a delivery is given up."""

PATIENCE = timedelta(days=5)
"""How long a webhook may fail before it is switched off."""

CLAIM = timedelta(seconds=6 * SECONDS)
"""How long a process has to send the deliveries that it claimed."""

LOOKED_AT = 50
"""Due deliveries that one claim looks at."""

_log = logs.get_logger(__name__)


@dataclass(frozen=True)
class Claimed:
    """A delivery that this process has until `until`, with what it takes to send it. `attempt`: 1 is the first."""

    id: str
    workspace_id: str
    webhook_id: str
    url: str
    attempt: int
    until: datetime
    message_id: str
    body: str
    secret: str


def claim(database: Database, *, busy: Collection[str], limit: int) -> list[Claimed]:
    """Take up to `limit` due deliveries, one for each webhook that is not `busy`: none keeps the others waiting.

    database: one that sees every workspace.
    """
    with database.read() as session:
        now = clock(session)
    due = (
        Delivery.status == "waiting",
        Delivery.next_attempt_at <= now,
        or_(col(Delivery.claimed_until).is_(None), col(Delivery.claimed_until) < now),
        col(Delivery.webhook_id).not_in(busy),
    )
    with database.read() as session:
        if session.exec(select(Delivery.id).where(*due).limit(1)).first() is None:
            return []
    query = select(Delivery, Event, Webhook).where(
        *due, Delivery.event_id == Event.id, Delivery.webhook_id == Webhook.id
    )
    oldest = query.order_by(col(Delivery.next_attempt_at)).limit(LOOKED_AT)
    with database.write() as session:
        found = session.exec(oldest.with_for_update(of=Delivery, skip_locked=True)).all()
        one_each: dict[str, tuple[Delivery, Event, Webhook]] = {}
        for each in found:
            one_each.setdefault(each[2].id, each)
        return [_claimed(session, *each, until=now + CLAIM) for each in list(one_each.values())[:limit]]


def _claimed(session: Session, delivery: Delivery, event: Event, webhook: Webhook, *, until: datetime) -> Claimed:
    delivery.claimed_until, delivery.attempts = until, delivery.attempts + 1
    session.add(delivery)
    return Claimed(
        id=delivery.id,
        workspace_id=delivery.workspace_id,
        webhook_id=webhook.id,
        url=delivery.url,
        attempt=delivery.attempts,
        until=until,
        message_id=event.id,
        body=body_of(event),
        secret=webhook.secret,
    )


def body_of(event: Event) -> str:
    """The message for a receiver: the same bytes with every attempt."""
    told = {"type": event.type, "timestamp": event.created_at.isoformat(), "data": event.data}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def send(database: Database, sealer: Sealer, claimed: Claimed, *, guard: Guard, seconds: float = SECONDS) -> Answer:
    """Send a claimed delivery and write down what came of it."""
    try:
        headers = Secrets.unsealed(sealer, claimed.secret).headers(claimed.message_id, claimed.body, utc_now())
    except Misconfigured as error:  # another PRESSROOM_SECRET_KEY than the one it was sealed with
        answer = Answer(error=f"Its secret can't be read. {error.message}")
    else:
        answer = post(claimed.url, claimed.body.encode(), headers, guard=guard, seconds=seconds)
    record(database, claimed, answer)
    return answer


def record(database: Database, claimed: Claimed, answer: Answer) -> None:
    """Write down how an attempt ended, and when the next one is. Nothing, if the claim ran out and was taken over."""
    with database.write() as session:
        # The webhook first, as everybody locks it, who changes it: the other way round would be a deadlock.
        webhook = session.exec(select(Webhook).where(Webhook.id == claimed.webhook_id).with_for_update()).one_or_none()
        row = session.exec(select(Delivery).where(Delivery.id == claimed.id).with_for_update()).one_or_none()
        if webhook is None or row is None or row.claimed_until != claimed.until:
            return
        row.claimed_until, row.response_status = None, answer.status
        row.error, row.milliseconds = answer.error, answer.milliseconds
        if answer.is_taken:
            row.status, row.delivered_at, webhook.failing_since = "delivered", utc_now(), None
        elif row.status == "waiting":
            _put_off(session, webhook, row, answer)
        session.add_all([webhook, row])
    _log.info("webhook.sent", delivery=claimed.id, attempt=claimed.attempt, status=answer.status,
              taken=answer.is_taken, milliseconds=answer.milliseconds)  # fmt: skip


def _put_off(session: Session, webhook: Webhook, row: Delivery, answer: Answer) -> None:
    now = clock(session)
    webhook.failing_since = webhook.failing_since or now
    if row.attempts > len(RETRIES) or answer.is_refused_for_good:
        row.status = "failed"
    else:
        asked = timedelta(seconds=min(answer.retry_after or 0.0, RETRIES[-1].total_seconds()))
        row.next_attempt_at = now + max(RETRIES[row.attempts - 1], asked)
    if webhook.url and (answer.is_refused_for_good or now - webhook.failing_since >= PATIENCE):
        session.add(row)
        session.flush()
        switch(session, webhook, on=False)
        events.emit(session, webhook.workspace_id, "webhook.switched_off", {"webhook_id": webhook.id})
