"""Sends the deliveries of the outbox, and switches off a webhook that fails for days.

A process that dies while it sends leaves a claim that ends with it; the message is then sent again, with the same
`webhook-id`, by which a receiver knows it.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlmodel import Session, select

from pressroom import logs
from pressroom.errors import Misconfigured
from pressroom.sources.fetching import Guard
from pressroom.store import events, outbox
from pressroom.store.database import Database
from pressroom.store.desk_tables import Event, Outbox, Webhook
from pressroom.store.outbox import Outcome, Result
from pressroom.store.owners import clock
from pressroom.store.tables import utc_now
from pressroom.webhooks.posting import DELIVERIES, SECONDS, post
from pressroom.webhooks.registering import switch
from pressroom.webhooks.signing import Sealer, Secrets

PATIENCE = timedelta(days=5)
"""How long a webhook may fail before it is switched off."""

_log = logs.get_logger(__name__)


def body_of(event: Event) -> str:
    """The message for a receiver: the same bytes with every attempt."""
    told = {"type": event.type, "timestamp": event.created_at.isoformat(), "data": event.data}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def send(database: Database, sealer: Sealer, claimed: Outbox, *, guard: Guard, seconds: float = SECONDS) -> None:
    """Send a claimed delivery and record the result. Nothing, if its webhook was removed meanwhile."""
    with database.read() as session:
        webhook, event = session.get(Webhook, claimed.lane), session.get(Event, claimed.subject_id)
    if webhook is None or event is None:
        return
    body = body_of(event)
    try:
        headers = Secrets.unsealed(sealer, webhook.secret).headers(event.id, body, utc_now())
    except Misconfigured as error:  # another PRESSROOM_SECRET_KEY than the one it was sealed with
        result = Result(Outcome.FAILED, answer=f"Its secret can't be read. {error.message}")
    else:
        result = post(claimed.address, body.encode(), headers, guard=guard, seconds=seconds)
    record(database, claimed, result)


def record(database: Database, claimed: Outbox, result: Result) -> None:
    """Record how an attempt ended, and what that means for its webhook. Nothing, if the claim was lost to another."""
    with database.write() as session:
        # The webhook first, as everybody locks it, who changes it: the other way round would be a deadlock.
        webhook = session.exec(select(Webhook).where(Webhook.id == claimed.lane).with_for_update()).one_or_none()
        row = outbox.settle(session, DELIVERIES, claimed, result)
        if webhook is None or row is None:
            return
        if result.outcome == Outcome.DONE:
            webhook.failing_since = None
        elif webhook.active:
            _count_failure(session, webhook, result, clock(session))
        session.add(webhook)
    _log.info("webhook.sent", delivery=row.id, attempt=row.attempts, status=result.status,
              taken=result.outcome == Outcome.DONE, milliseconds=result.milliseconds)  # fmt: skip


def _count_failure(session: Session, webhook: Webhook, result: Result, now: datetime) -> None:
    webhook.failing_since = webhook.failing_since or now
    if webhook.url and (result.outcome == Outcome.REFUSED or now - webhook.failing_since >= PATIENCE):
        switch(session, webhook, on=False)
        events.emit(session, webhook.workspace_id, "webhook.switched_off", {"webhook_id": webhook.id})
