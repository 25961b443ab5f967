"""The webhooks of a workspace: which addresses there are, what each is told of, and the secrets that sign for them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime

from pydantic import Field
from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, select

from pressroom.errors import NotFound, SourceForbidden, WrongInput
from pressroom.model import Caller
from pressroom.model.base import Frozen
from pressroom.sources.fetching import Guard, shown
from pressroom.store import audit, outbox
from pressroom.store.database import Database, insert_unless_there
from pressroom.store.desk_tables import Outbox, Webhook
from pressroom.store.events import TYPES
from pressroom.store.paging import PAGE, Page, read_page
from pressroom.store.tables import utc_now
from pressroom.webhooks.posting import DELIVERIES, check_address
from pressroom.webhooks.signing import Sealer, Secrets

CALLBACKS = "callbacks"
"""Stands for the webhook that signs what jobs' own callback addresses are sent; every workspace has it."""

SWITCHED_OFF = "The webhook is switched off."


class WebhookWish(Frozen):
    """A webhook as the user asks for it."""

    url: str = Field(max_length=2000, examples=["https://example.com/pressroom"])
    events: tuple[str, ...] = Field(
        default=(), max_length=50, description="Types, or prefixes such as `content.`; empty: all.", examples=[["run."]]
    )


class WebhookView(Frozen):
    """A webhook as it is shown. `failing_since`: of the failure that nothing delivered has followed yet."""

    id: str
    url: str
    events: tuple[str, ...]
    active: bool
    failing_since: datetime | None
    created_at: datetime
    updated_at: datetime


def add(
    database: Database,
    sealer: Sealer,
    caller: Caller,
    wish: WebhookWish,
    *,
    guard: Guard | None = None,
    has_room: Callable[[Session], None] = lambda _: None,
) -> tuple[WebhookView, str]:
    """Adds a webhook to the caller's workspace. Returns it, and the secret that signs its messages.

    has_room: runs in the transaction that adds the webhook; raises when the workspace may not have another.

    Raises:
        WrongInput: the address is not public, or an event is unknown.
    """
    check(wish, guard or Guard())
    fresh = Secrets.fresh()
    row = Webhook(workspace_id=caller.workspace_id, url=wish.url, events=list(wish.events), secret=fresh.sealed(sealer))
    with database.write() as session:
        has_room(session)
        session.add(row)
        _note(session, caller, "webhook.added", row)
    return view(row), fresh.current


def check(wish: WebhookWish, guard: Guard) -> None:
    """Raises `WrongInput` for an address that is never sent anything, and for events that never happen."""
    try:
        check_address(wish.url, guard)
    except SourceForbidden as refusal:
        raise WrongInput(refusal.message, hint="Give a public address such as https://example.com/hook.") from None
    for name in wish.events:
        if not any(hears([name], kind) for kind in TYPES):
            raise WrongInput(f"{name!r} is no event.", hint=f"There are {', '.join(TYPES)}, and prefixes of them.")


def hears(wanted: Sequence[str], kind: str) -> bool:
    """True when `kind` matches one of the wanted types and prefixes; an empty `wanted` matches all."""
    return not wanted or any(kind == name or (name.endswith(".") and kind.startswith(name)) for name in wanted)


def view(row: Webhook) -> WebhookView:
    return WebhookView(**row.model_dump(include=set(WebhookView.model_fields)))


def listed(database: Database, *, cursor: str | None = None, limit: int = PAGE) -> Page[WebhookView]:
    """The workspace's webhooks, newest first, without that of its callbacks."""
    query = select(Webhook).where(Webhook.url != "")
    with database.read() as session:
        rows, following = read_page(session, query, Webhook, cursor=cursor, limit=limit)
    return Page(items=[view(row) for row in rows], next_cursor=following)


def found(session: Session, workspace_id: str, webhook_id: str, *, to_change: bool = False) -> Webhook:
    """The webhook's row, locked when it is to be changed. Raises `NotFound`."""
    query = select(Webhook).where(Webhook.id == _known_as(workspace_id, webhook_id))
    row = session.exec(query.with_for_update() if to_change else query).one_or_none()
    if row is None:
        raise NotFound(f"There is no webhook {webhook_id!r}.")
    return row


def get(database: Database, caller: Caller, webhook_id: str) -> WebhookView:
    """Raises `NotFound`."""
    with database.read() as session:
        return view(found(session, caller.workspace_id, webhook_id))


def change(
    database: Database,
    caller: Caller,
    webhook_id: str,
    *,
    url: str | None = None,
    events: Sequence[str] | None = None,
    active: bool | None = None,
    guard: Guard | None = None,
) -> WebhookView:
    """Set what is given. Switched off, it is sent nothing more, and what was on its way to it is given up.

    Raises:
        NotFound. WrongInput: as `add`.
    """
    with database.write() as session:
        row = found(session, caller.workspace_id, webhook_id, to_change=True)
        wish = WebhookWish(url=row.url if url is None else url, events=tuple(row.events if events is None else events))
        if row.url:
            check(wish, guard or Guard())
            row.url, row.events = wish.url, list(wish.events)
        if active is not None and row.url:
            switch(session, row, on=active)
        row.updated_at = utc_now()
        session.add(row)
        _note(session, caller, "webhook.changed", row)
        return view(row)


def switch(session: Session, row: Webhook, *, on: bool) -> None:
    """Switch a webhook on, its failures forgotten, or off, and give up what was on its way."""
    if on:
        row.active, row.failing_since = True, None
        return
    row.active = False
    outbox.give_up(session, DELIVERIES, row.id, SWITCHED_OFF)


def remove(database: Database, caller: Caller, webhook_id: str) -> None:
    """Forget a webhook and the log of its deliveries. Raises `NotFound`."""
    with database.write() as session:
        row = found(session, caller.workspace_id, webhook_id, to_change=True)
        if not row.url:
            raise WrongInput("The webhook of callbacks stays.", hint="Renew its secret, if that is known to others.")
        session.exec(delete(Outbox).where(*of_webhook(row)))
        session.delete(row)
        _note(session, caller, "webhook.removed", row)


def of_webhook(row: Webhook) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Conditions of the webhook's deliveries in the outbox."""
    return col(Outbox.workspace_id) == row.workspace_id, col(Outbox.lane) == row.id


def secret(database: Database, sealer: Sealer, caller: Caller, webhook_id: str) -> str:
    """The secret that a receiver checks signatures with. Raises `NotFound`."""
    with database.write() as session:
        if webhook_id == CALLBACKS:
            row = callbacks(session, sealer, caller.workspace_id)
        else:
            row = found(session, caller.workspace_id, webhook_id)
        _note(session, caller, "webhook.secret_read", row)
    return Secrets.unsealed(sealer, row.secret).current


def renew_secret(database: Database, sealer: Sealer, caller: Caller, webhook_id: str) -> str:
    """A new secret; the one until now signs beside it for a day. Raises `NotFound`."""
    with database.write() as session:
        if webhook_id == CALLBACKS:
            callbacks(session, sealer, caller.workspace_id)
        row = found(session, caller.workspace_id, webhook_id, to_change=True)
        renewed = Secrets.unsealed(sealer, row.secret).renewed(utc_now())
        row.secret, row.updated_at = renewed.sealed(sealer), utc_now()
        session.add(row)
        _note(session, caller, "webhook.secret_renewed", row)
    return renewed.current


def callbacks(session: Session, sealer: Sealer, workspace_id: str) -> Webhook:
    """The row that signs for jobs' callback addresses: its own address is empty. Made when it is not there."""
    row_id = _known_as(workspace_id, CALLBACKS)
    row = session.exec(select(Webhook).where(Webhook.id == row_id)).one_or_none()
    if row is not None:
        return row
    fresh = Webhook(id=row_id, workspace_id=workspace_id, url="", secret=Secrets.fresh().sealed(sealer))
    insert_unless_there(session, fresh, ("id",))
    return session.exec(select(Webhook).where(Webhook.id == row_id)).one()


def _known_as(workspace_id: str, webhook_id: str) -> str:
    """An id that two processes come to alike, so that a workspace has one such row."""
    if webhook_id != CALLBACKS:
        return webhook_id
    return hashlib.sha256(f"{CALLBACKS}:{workspace_id}".encode()).hexdigest()[:32]


def _note(session: Session, caller: Caller, action: str, row: Webhook) -> None:
    about = {"url": shown(row.url), "events": row.events, "active": row.active}
    audit.note(session, caller, action, subject_kind="webhook", subject_id=row.id, details=about)
