"""The log of deliveries: read by pages, sent again, tried out, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pressroom.errors import NotFound, WrongInput
from pressroom.model import Caller
from pressroom.store.database import Database
from pressroom.store.desk_tables import Event
from pressroom.webhooks import log, registering
from pressroom.webhooks.registering import WebhookView, WebhookWish
from tests.fixtures.receivers import LOOPBACK, PlainSealer, Receiver

Hook = tuple[WebhookView, str]


def test_the_log_is_read_by_pages_and_a_delivery_sent_again(
    desk: Database,
    owner: Caller,
    receiver: Receiver,
    hook: Hook,
    happens: Callable[..., Event],
    told: Callable[..., int],
) -> None:
    kinds = ["run.started", "run.completed", "content.moved"]
    for kind in kinds:
        happens(kind)
        told()
    first = log.deliveries(desk, owner, hook[0].id, limit=2)
    rest = log.deliveries(desk, owner, hook[0].id, limit=2, cursor=first.next_cursor)
    assert [entry.type for entry in [*first.items, *rest.items]] == kinds[::-1]
    assert rest.next_cursor is None

    again = log.resend(desk, owner, rest.items[0].id)
    assert (again.status, again.type) == ("waiting", "run.started")
    told()
    assert receiver.messages[-1].headers["webhook-id"] == receiver.messages[0].headers["webhook-id"]
    assert len(log.deliveries(desk, owner, hook[0].id, status="delivered").items) == 4
    assert log.deliveries(desk, owner, hook[0].id, status="failed").items == []


def test_a_webhook_is_tried_out_alone(
    desk: Database,
    sealer: PlainSealer,
    owner: Caller,
    receiver: Receiver,
    hook: Hook,
    told: Callable[..., int],
) -> None:
    registering.add(desk, sealer, owner, WebhookWish(url=receiver.url + "/other"), guard=LOOPBACK)
    log.try_out(desk, owner, hook[0].id)
    told()
    (message,) = receiver.messages
    assert message.checked(hook[1])["type"] == "webhook.test"
    registering.change(desk, owner, hook[0].id, active=False, guard=LOOPBACK)
    with pytest.raises(WrongInput, match="switched off"):
        log.try_out(desk, owner, hook[0].id)


def test_another_workspaces_log_is_not_there(
    desks: Callable[[Caller], Database],
    callers: Callable[[str], Caller],
    desk: Database,
    owner: Caller,
    hook: Hook,
    receiver: Receiver,
    happens: Callable[..., Event],
    told: Callable[..., int],
) -> None:
    happens()
    told()
    (entry,) = log.deliveries(desk, owner, hook[0].id).items
    stranger = callers("theirs")
    for attempt in (
        lambda: log.deliveries(desks(stranger), stranger, hook[0].id),
        lambda: log.resend(desks(stranger), stranger, entry.id),
        lambda: log.try_out(desks(stranger), stranger, hook[0].id),
    ):
        with pytest.raises(NotFound):
            attempt()
