"""Webhooks: addresses that receive events, their secrets, and the log of deliveries."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from apps.api.paging import Part, PartDep, page_answer
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, requires
from apps.desk.problems import responses
from pressroom.people import plans
from pressroom.people.permissions import Action
from pressroom.store.events import TYPES
from pressroom.store.paging import Page
from pressroom.webhooks import log, registering
from pressroom.webhooks.log import DeliveryView
from pressroom.webhooks.registering import WebhookView, WebhookWish

router = APIRouter(prefix="/webhooks", tags=["webhooks"], dependencies=[requires(Action.MANAGE_WEBHOOKS)])

WebhookId = Annotated[
    str, Path(max_length=64, description="The webhook's id; `callbacks`: what signs for jobs' callback addresses.")
]
DeliveryId = Annotated[str, Path(max_length=64)]


class WebhookSecret(BaseModel):
    """The secret that a receiver verifies signatures with, as Standard Webhooks defines it."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class WebhookAdded(WebhookSecret):
    """A new webhook, with its secret."""

    webhook: WebhookView


class WebhookChange(BaseModel):
    """The fields to change; an omitted field keeps its value."""

    url: str | None = Field(default=None, max_length=2000)
    events: list[str] | None = Field(default=None, max_length=50, description="Types and prefixes; empty: all.")
    active: bool | None = Field(default=None, description="False: nothing more is sent. True: its failures are over.")


class DeliveryQuery(Part):
    """The deliveries that are wanted, and the part of their list."""

    status: Literal["waiting", "delivered", "failed"] | None = None


class EventTypes(BaseModel):
    """Every type of event, with its meaning."""

    types: dict[str, str] = Field(examples=[{"run.completed": "A run ended with all that was asked for."}])


@router.get("", response_model=Page[WebhookView])
def list_webhooks(request: Request, database: DbDep, part: PartDep) -> Response:
    """The workspace's webhooks, newest first."""
    return page_answer(request, registering.listed(database, cursor=part.cursor, limit=part.limit), WebhookView)


@router.post("", status_code=201)
def add_webhook(desk: DeskDep, database: DbDep, caller: CallerDep, wish: WebhookWish) -> WebhookAdded:
    """Have an address told what happens, from now on. Messages follow Standard Webhooks: POST, JSON, signed.

    An answer of 200 to 299 within 10 seconds means that the message was taken. Else it is sent again after 5 seconds,
    5 and 30 minutes, 2, 5, 10 and 14 hours. An address that fails for 5 days, or answers 410, is switched off.
    """
    made, secret = registering.add(
        database,
        desk.vault,
        caller,
        wish,
        has_room=lambda session: plans.check_plan(session, caller.workspace_id, "webhooks"),
    )
    return WebhookAdded(webhook=made, secret=secret)


@router.get("/events")
def list_event_types() -> EventTypes:
    """List the types of events, each with its meaning."""
    return EventTypes(types=dict(TYPES))


@router.get("/{webhook_id}", responses=responses(404))
def get_webhook(database: DbDep, caller: CallerDep, webhook_id: WebhookId) -> WebhookView:
    return registering.get(database, caller, webhook_id)


@router.patch("/{webhook_id}", responses=responses(404))
def change_webhook(database: DbDep, caller: CallerDep, webhook_id: WebhookId, change: WebhookChange) -> WebhookView:
    """Change the address or the events, or switch the webhook on or off."""
    return registering.change(database, caller, webhook_id, **change.model_dump())


@router.delete("/{webhook_id}", status_code=204, responses=responses(404))
def remove_webhook(database: DbDep, caller: CallerDep, webhook_id: WebhookId) -> None:
    """Delete a webhook and its log of deliveries."""
    registering.remove(database, caller, webhook_id)


@router.get("/{webhook_id}/secret", responses=responses(404))
def get_webhook_secret(desk: DeskDep, database: DbDep, caller: CallerDep, webhook_id: WebhookId) -> WebhookSecret:
    """Return the secret that signs the webhook's messages."""
    return WebhookSecret(secret=registering.secret(database, desk.vault, caller, webhook_id))


@router.post("/{webhook_id}/secret", responses=responses(404))
def renew_webhook_secret(desk: DeskDep, database: DbDep, caller: CallerDep, webhook_id: WebhookId) -> WebhookSecret:
    """Make a new secret. For a day messages carry two signatures, so that the receiver has time to change."""
    return WebhookSecret(secret=registering.renew_secret(database, desk.vault, caller, webhook_id))


@router.post("/{webhook_id}/test", status_code=202, responses=responses(404))
def try_out_webhook(database: DbDep, caller: CallerDep, webhook_id: WebhookId) -> DeliveryView:
    """Send a `webhook.test`. The result is in the log of deliveries."""
    return log.try_out(database, caller, webhook_id)


@router.get("/{webhook_id}/deliveries", response_model=Page[DeliveryView], responses=responses(404))
def list_deliveries(
    request: Request,
    database: DbDep,
    caller: CallerDep,
    webhook_id: WebhookId,
    wanted: Annotated[DeliveryQuery, Query()],
) -> Response:
    """List the webhook's deliveries of the last 30 days, newest first."""
    page = log.deliveries(database, caller, webhook_id, **wanted.model_dump())
    return page_answer(request, page, DeliveryView)


@router.post("/deliveries/{delivery_id}/resend", status_code=202, responses=responses(404))
def resend_delivery(database: DbDep, caller: CallerDep, delivery_id: DeliveryId) -> DeliveryView:
    """Send an event again, with the same `webhook-id`."""
    return log.resend(database, caller, delivery_id)
