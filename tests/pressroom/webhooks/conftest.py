"""A workspace's desk database, its owner, and a receiver."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlmodel import select

from pressroom.model import Caller, Role
from pressroom.store import events, outbox, tenancy
from pressroom.store.database import Database
from pressroom.store.desk_tables import Event, Outbox
from pressroom.store.tables import utc_now
from pressroom.store.workspaces import workspace
from pressroom.webhooks import log, registering
from pressroom.webhooks.laying_out import lay_out
from pressroom.webhooks.log import DeliveryView
from pressroom.webhooks.posting import DELIVERIES
from pressroom.webhooks.registering import WebhookView, WebhookWish
from pressroom.webhooks.sending import send
from tests.fixtures.desk import (  # noqa: F401
    desk_postgres_url,
    desk_sqlite_url,
    desk_url,
)
from tests.fixtures.receivers import LOOPBACK, PlainSealer, Receiver, receiving


@pytest.fixture
def sealer() -> PlainSealer:
    return PlainSealer()


@pytest.fixture
def operators(desk_url: str) -> Iterator[Database]:  # noqa: F811
    """Sees every workspace, as a sender does."""
    database = Database(desk_url)
    yield database
    database.close()


@pytest.fixture
def callers(operators: Database) -> Callable[[str], Caller]:
    def caller(name: str) -> Caller:
        home = workspace(operators, name)
        return Caller(workspace_id=home.id, workspace=name, role=Role.OWNER, name=f"owner@{name}.example")

    return caller


@pytest.fixture
def owner(callers: Callable[[str], Caller]) -> Caller:
    return callers("ours")


@pytest.fixture
def desks(desk_url: str) -> Iterator[Callable[[Caller], Database]]:  # noqa: F811
    """The database as a caller sees it: its own workspace's rows."""
    database = Database(desk_url, role=tenancy.ROLE)
    yield lambda caller: database.within(caller.workspace_id)
    database.close()


@pytest.fixture
def desk(desks: Callable[[Caller], Database], owner: Caller) -> Database:
    return desks(owner)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


@pytest.fixture
def hook(desk: Database, sealer: PlainSealer, owner: Caller, receiver: Receiver) -> tuple[WebhookView, str]:
    """A webhook that hears everything, and its secret."""
    return registering.add(desk, sealer, owner, WebhookWish(url=receiver.url), guard=LOOPBACK)


@pytest.fixture
def happens(desks: Callable[[Caller], Database], owner: Caller) -> Callable[..., Event]:
    """`happens("run.completed", run_id="...")`: an event of the owner's workspace."""

    def happen(kind: str = "run.completed", *, to: Caller = owner, **data: Any) -> Event:
        with desks(to).write() as session:
            return events.emit(session, to.workspace_id, kind, data)

    return happen


@pytest.fixture
def told(operators: Database, sealer: PlainSealer) -> Callable[..., int]:
    """`told()`: lay out what happened and send what is due, as a sender's round does; how many were sent."""

    def round_(**options: Any) -> int:
        lay_out(operators, sealer)
        claimed = outbox.claim(operators, DELIVERIES, limit=16)
        for each in claimed:
            send(operators, sealer, each, **{"guard": LOOPBACK, **options})
        return len(claimed)

    return round_


@pytest.fixture
def row(desk: Database, owner: Caller) -> Callable[[], DeliveryView]:
    """`row()`: the one delivery there is, as its log shows it now."""

    def only() -> DeliveryView:
        with desk.read() as session:
            lane = session.exec(select(Outbox.lane)).one()
        (entry,) = log.deliveries(desk, owner, lane).items
        return entry

    return only


@pytest.fixture
def late(operators: Database) -> Callable[..., None]:
    """`late(claim_expires_at=...)`: change the one delivery, and have it due at once."""

    def make_due(**changes: Any) -> None:
        with operators.write() as session:
            delivery = session.exec(select(Outbox)).one()
            for name, value in {"due_at": utc_now(), **changes}.items():
                setattr(delivery, name, value)
            session.add(delivery)

    return make_due
