"""Webhooks: addresses that are told what happens, their secrets, and the log of what they were sent."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Form, Query
from fastapi.responses import Response
from starlette.datastructures import FormData

from apps.web import settings_menu
from apps.web.forms import several, text, validated
from apps.web.page import FormDep, Page, PageDep
from apps.web.routing import page_router
from pressroom.errors import PressroomError, WrongInput
from pressroom.people import plans
from pressroom.people.permissions import Action
from pressroom.store.events import TYPES
from pressroom.store.paging import LONGEST_PAGE
from pressroom.webhooks import log, registering
from pressroom.webhooks.registering import WebhookWish

router = page_router(prefix="/webhooks")

HERE = "/settings/webhooks"
STATUSES = (("", "All"), ("waiting", "Waiting"), ("delivered", "Delivered"), ("failed", "Failed"))


@router.get("")
def webhooks(page: PageDep) -> Response:
    """The workspace's webhooks, and the form for a further one."""
    page.check(Action.MANAGE_WEBHOOKS)
    return _list(page, FormData())


@router.post("")
def add(page: PageDep, form: FormDep) -> Response:
    """Have an address told; its secret is shown."""
    page.check(Action.MANAGE_WEBHOOKS)
    try:
        wish = validated(WebhookWish, {"url": text(form, "url"), "events": several(form, "events")})
        made, secret = registering.add(
            page.database,
            page.desk.vault,
            page.caller,
            wish,
            has_room=lambda session: plans.check_plan(session, page.caller.workspace_id, "webhooks"),
        )
    except PressroomError as error:
        return _list(page, form, error)
    return _webhook(page, made.id, secret=secret)


@router.get("/{webhook_id}")
def webhook(
    page: PageDep, webhook_id: str, status: Annotated[str, Query(max_length=16)] = "", cursor: str | None = None
) -> Response:
    """One webhook, with the log of what it was sent."""
    page.check(Action.MANAGE_WEBHOOKS)
    if status not in dict(STATUSES):
        raise WrongInput("There are no such deliveries.")
    return _webhook(page, webhook_id, status=status, cursor=cursor)


@router.post("/{webhook_id}")
def change(page: PageDep, webhook_id: str, form: FormDep) -> Response:
    """Another address, or other events."""
    page.check(Action.MANAGE_WEBHOOKS)
    try:
        registering.change(
            page.database, page.caller, webhook_id, url=text(form, "url"), events=several(form, "events")
        )
    except PressroomError as error:
        return _webhook(page, webhook_id, form=form, error=error)
    return page.go(f"{HERE}/{webhook_id}", "Webhook saved.")


@router.post("/{webhook_id}/switch")
def switch(page: PageDep, webhook_id: str, on: Annotated[bool, Form()]) -> Response:
    """On, its failures forgotten; or off."""
    page.check(Action.MANAGE_WEBHOOKS)
    registering.change(page.database, page.caller, webhook_id, active=on)
    return page.go(f"{HERE}/{webhook_id}", "Webhook on." if on else "Webhook off. Nothing more is sent.")


@router.post("/{webhook_id}/secret")
def secret(page: PageDep, webhook_id: str, renew: Annotated[bool, Form()] = False) -> Response:
    """Show what its messages are signed with; or make another, the old one being good for a day more."""
    page.check(Action.MANAGE_WEBHOOKS)
    way = registering.renew_secret if renew else registering.secret
    return _webhook(page, webhook_id, secret=way(page.database, page.desk.vault, page.caller, webhook_id))


@router.post("/{webhook_id}/test")
def test(page: PageDep, webhook_id: str) -> Response:
    """Send it a `webhook.test`."""
    page.check(Action.MANAGE_WEBHOOKS)
    log.try_out(page.database, page.caller, webhook_id)
    return page.go(f"{HERE}/{webhook_id}", "Test sent. The result is below.")


@router.post("/{webhook_id}/deliveries/{delivery_id}/resend")
def resend(page: PageDep, webhook_id: str, delivery_id: str) -> Response:
    """Send an event once more."""
    page.check(Action.MANAGE_WEBHOOKS)
    log.resend(page.database, page.caller, delivery_id)
    return page.go(f"{HERE}/{webhook_id}", "Sending it again.")


@router.post("/{webhook_id}/delete")
def remove(page: PageDep, webhook_id: str) -> Response:
    """Forget it, and the log of what it was sent."""
    page.check(Action.MANAGE_WEBHOOKS)
    registering.remove(page.database, page.caller, webhook_id)
    return page.go(HERE, "Webhook deleted.")


def _list(page: Page, form: FormData, error: PressroomError | None = None) -> Response:
    known = registering.listed(page.database, limit=LONGEST_PAGE).items
    values: dict[str, Any] = {
        "webhooks": known,
        "types": TYPES,
        "chosen": several(form, "events"),
        "url": text(form, "url"),
    }
    return settings_menu.show(page, "webhooks.html", error=error, **values)


def _webhook(
    page: Page,
    webhook_id: str,
    *,
    status: str = "",
    cursor: str | None = None,
    form: FormData | None = None,
    secret: str = "",
    error: PressroomError | None = None,
) -> Response:
    found = registering.get(page.database, page.caller, webhook_id)
    here = f"{HERE}/{found.id}"
    values: dict[str, Any] = {
        "webhook": found,
        "deliveries": log.deliveries(page.database, page.caller, found.id, status=status or None, cursor=cursor),
        "log_tabs": [(f"{here}?status={name}" if name else here, title, None) for name, title in STATUSES],
        "only": status,
        "types": TYPES,
        "url": text(form, "url") if form is not None else found.url,
        "chosen": several(form, "events") if form is not None else list(found.events),
        "secret": secret,
    }
    return settings_menu.show(page, "webhook.html", error=error, **values)
