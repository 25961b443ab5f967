"""The log of deliveries to a workspace's webhooks; sends one again, and sends a test message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field
from sqlmodel import col, select

from pressroom.errors import NotFound, WrongInput
from pressroom.model import Caller
from pressroom.model.base import Frozen
from pressroom.store import audit, events, outbox
from pressroom.store.database import Database
from pressroom.store.desk_tables import Attempt, Event, Outbox
from pressroom.store.paging import PAGE, Page, read_page
from pressroom.store.tables import utc_now
from pressroom.webhooks.laying_out import delivery
from pressroom.webhooks.registering import SWITCHED_OFF, found, of_webhook

STATUSES = {"waiting": "waiting", "claimed": "waiting", "done": "delivered", "dead": "failed"}
"""The log's words for a delivery's state in the outbox."""


class AttemptView(Frozen):
    """The end of one attempt. `ended_at`: when; `milliseconds`: how long it took."""

    number: int
    ended_at: datetime
    outcome: str = Field(description="`done`, `failed`, `refused` (given up) or `lost` (the desk's process ended).")
    status: int | None
    answer: str = Field(description="What was answered, or why there was no answer.")
    milliseconds: int


class DeliveryView(Frozen):
    """One message, and how its last attempt went. `event_id`: the `webhook-id` it is sent with."""

    id: str
    webhook_id: str
    event_id: str
    type: str = Field(description="The event's.", examples=["run.completed"])
    url: str
    status: str = Field(description="`waiting`, `delivered` or `failed` (given up).")
    attempts: int
    next_attempt_at: datetime | None = Field(description="None once it is over.")
    response_status: int | None
    error: str
    milliseconds: int
    created_at: datetime
    delivered_at: datetime | None
    history: tuple[AttemptView, ...] = Field(description="Its attempts, the first one first.")


def deliveries(
    database: Database,
    caller: Caller,
    webhook_id: str,
    *,
    status: str | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[DeliveryView]:
    """The log of one webhook, newest first. Raises `NotFound`."""
    with database.read() as session:
        row = found(session, caller.workspace_id, webhook_id)
        states = [state for state, name in STATUSES.items() if status in {None, name}]
        query = select(Outbox).where(*of_webhook(row), col(Outbox.state).in_(states))
        rows, following = read_page(session, query, Outbox, cursor=cursor, limit=limit)
        about = select(Event.id, Event.type).where(col(Event.id).in_([each.subject_id for each in rows]))
        kinds, attempts = dict(session.exec(about).all()), outbox.attempts_of(session, rows)
    items = [_view(each, kinds[each.subject_id], attempts[each.id]) for each in rows]
    return Page(items=items, next_cursor=following)


def resend(database: Database, caller: Caller, delivery_id: str) -> DeliveryView:
    """Send an event once more, where its webhook is now. A new entry of the log; the old one stays.

    Raises:
        NotFound. WrongInput: the webhook is switched off.
    """
    with database.write() as session:
        query = select(Outbox, Event).where(Outbox.id == delivery_id, Outbox.subject_id == Event.id)
        known = session.exec(query).one_or_none()
        if known is None:
            raise NotFound(f"There is no delivery {delivery_id!r}.")
        old, event = known
        webhook = found(session, caller.workspace_id, old.lane)
        _check_active(webhook.active)
        again = outbox.send_again(session, old, address=webhook.url or old.address)
        audit.note(session, caller, "webhook.resent", subject_kind="webhook", subject_id=webhook.id)
        return _view(again, event.type)


def try_out(database: Database, caller: Caller, webhook_id: str) -> DeliveryView:
    """Send a `webhook.test` to this webhook alone. Raises `NotFound`; WrongInput: it is switched off."""
    with database.write() as session:
        webhook = found(session, caller.workspace_id, webhook_id)
        _check_active(webhook.active)
        if not webhook.url:
            raise WrongInput("Callbacks have no address of their own to try.", hint="Try a webhook.")
        about = {"webhook_id": webhook.id}
        event = events.emit(session, caller.workspace_id, "webhook.test", about, dispatched_at=utc_now())
        session.flush()
        return _view(delivery(session, event, webhook.id, webhook.url), event.type)


def _check_active(active: bool) -> None:
    if not active:
        raise WrongInput(SWITCHED_OFF, hint="Switch it on first.")


def _view(row: Outbox, kind: str, attempts: Sequence[Attempt] = ()) -> DeliveryView:
    last = attempts[-1] if attempts else None
    return DeliveryView(
        id=row.id,
        webhook_id=row.lane,
        event_id=row.subject_id,
        type=kind,
        url=row.address,
        status=STATUSES[row.state],
        attempts=row.attempts,
        next_attempt_at=row.due_at if row.state in outbox.OPEN else None,
        response_status=last.status if last else None,
        error=row.error,
        milliseconds=last.milliseconds if last else 0,
        created_at=row.created_at,
        delivered_at=row.done_at,
        history=tuple(_attempt(each) for each in attempts),
    )


def _attempt(row: Attempt) -> AttemptView:
    recorded = row.model_dump(include=set(AttemptView.model_fields) - {"ended_at"})
    return AttemptView(**recorded, ended_at=row.created_at)
