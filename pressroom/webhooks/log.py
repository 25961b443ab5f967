"""The log of deliveries to a workspace's webhooks; sends one again, and sends a test message."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field
from sqlmodel import col, select

from pressroom.errors import NotFound, WrongInput
from pressroom.model import Caller
from pressroom.model.base import Frozen
from pressroom.store import audit, events
from pressroom.store.database import Database
from pressroom.store.desk_tables import Delivery, Event
from pressroom.store.paging import PAGE, Page, read_page
from pressroom.store.tables import utc_now
from pressroom.webhooks.laying_out import delivery
from pressroom.webhooks.registering import SWITCHED_OFF, found


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
        query = select(Delivery).where(Delivery.webhook_id == row.id)
        query = query.where(Delivery.status == status) if status else query
        rows, following = read_page(session, query, Delivery, cursor=cursor, limit=limit)
        told = select(Event.id, Event.type).where(col(Event.id).in_([each.event_id for each in rows]))
        kinds = dict(session.exec(told).all())
    return Page(items=[_view(each, kinds[each.event_id]) for each in rows], next_cursor=following)


def resend(database: Database, caller: Caller, delivery_id: str) -> DeliveryView:
    """Send an event once more, where its webhook is now. A new entry of the log; the old one stays.

    Raises:
        NotFound. WrongInput: the webhook is switched off.
    """
    with database.write() as session:
        query = select(Delivery, Event).where(Delivery.id == delivery_id, Delivery.event_id == Event.id)
        known = session.exec(query).one_or_none()
        if known is None:
            raise NotFound(f"There is no delivery {delivery_id!r}.")
        old, event = known
        webhook = found(session, caller.workspace_id, old.webhook_id or "")
        _check_active(webhook.active)
        again = delivery(event, webhook.id, webhook.url or old.url)
        session.add(again)
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
        row = delivery(event, webhook.id, webhook.url)
        session.add(row)
        return _view(row, event.type)


def _check_active(active: bool) -> None:
    if not active:
        raise WrongInput(SWITCHED_OFF, hint="Switch it on first.")


def _view(row: Delivery, kind: str) -> DeliveryView:
    shown = row.model_dump(include=set(DeliveryView.model_fields) - {"type", "next_attempt_at"})
    return DeliveryView(**shown, type=kind, next_attempt_at=row.next_attempt_at if row.status == "waiting" else None)
