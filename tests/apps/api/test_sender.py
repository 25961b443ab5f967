"""The desk's thread tells webhooks what happened, shares that with other processes, and ends when it is told to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import pytest
from sqlmodel import select

from apps.desk.sender import Sender
from pressroom.model import Caller, Role
from pressroom.settings import Settings
from pressroom.sources.fetching import Guard
from pressroom.store import events, schema
from pressroom.store.database import Database
from pressroom.store.desk_tables import Event, Outbox
from pressroom.store.workspaces import workspace
from pressroom.vault import Vault
from pressroom.webhooks import log, registering
from pressroom.webhooks.log import DeliveryView
from pressroom.webhooks.registering import WebhookWish
from tests.fixtures.desk import desk_url  # noqa: F401
from tests.fixtures.receivers import LOOPBACK, Receiver, receiving

SEVERAL = 10

T = TypeVar("T")


@pytest.fixture
def vault() -> Vault:
    return Vault("s" * 32)


@pytest.fixture
def owner_of_ours(operators: Database) -> Caller:
    home = workspace(operators, "ours")
    return Caller(workspace_id=home.id, workspace="ours", role=Role.OWNER, name="owner@example.com")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


@pytest.fixture
def secret(operators: Database, vault: Vault, owner_of_ours: Caller, receiver: Receiver) -> str:
    return registering.add(operators, vault, owner_of_ours, WebhookWish(url=receiver.url), guard=LOOPBACK)[1]


@pytest.fixture
def happens(operators: Database, owner_of_ours: Caller) -> Callable[[], Event]:
    def happen() -> Event:
        with operators.write() as session:
            return events.emit(session, owner_of_ours.workspace_id, "run.completed", {"run_id": "r1"})

    return happen


@pytest.fixture
def senders(desk_settings: Settings, vault: Vault) -> Iterator[Callable[[], Sender]]:
    """`senders()`: one more, with connections of its own, as another process has."""
    with ExitStack() as started:

        def start() -> Sender:
            database = Database.from_settings(desk_settings)
            started.callback(database.close)
            sender = Sender(database, vault, guard=LOOPBACK)
            sender.start()
            started.callback(sender.stop, seconds=0.5)
            return sender

        yield start


def test_two_senders_deliver_each_event_once(
    senders: Callable[[], Sender], happens: Callable[[], Event], receiver: Receiver, secret: str, operators: Database
) -> None:
    both = senders(), senders()
    happened = {happens().id for _ in range(SEVERAL)}
    messages = receiver.wait_for(lambda sent: len(sent) >= SEVERAL)
    for sender in both:
        sender.stop()

    assert [message.checked(secret)["type"] for message in messages] == ["run.completed"] * SEVERAL
    assert {message.headers["webhook-id"] for message in receiver.messages} == happened
    assert len(receiver.messages) == SEVERAL
    with operators.read() as session:
        rows = session.exec(select(Outbox)).all()
    assert {(row.state, row.attempts) for row in rows} == {("done", 1)}
    assert len(rows) == SEVERAL


def test_a_receiver_that_hangs_keeps_only_itself_waiting(
    senders: Callable[[], Sender],
    happens: Callable[[], Event],
    receiver: Receiver,
    secret: str,
    operators: Database,
    vault: Vault,
    owner_of_ours: Caller,
) -> None:
    receiver.hangs = frozenset({"/hook/stuck"})
    registering.add(operators, vault, owner_of_ours, WebhookWish(url=receiver.url + "/stuck"), guard=LOOPBACK)
    sender = senders()
    for _ in range(5):
        happens()
    receiver.wait_for(lambda sent: sum(message.path == "/hook" for message in sent) == 5)

    assert sum(message.path == "/hook/stuck" for message in receiver.messages) <= 1
    began = time.monotonic()
    sender.stop(seconds=0.3)
    assert time.monotonic() - began < 2, "it does not wait for who hangs"


def test_after_a_stop_nothing_more_is_sent(
    senders: Callable[[], Sender], happens: Callable[[], Event], receiver: Receiver, secret: str, operators: Database
) -> None:
    sender = senders()
    happens()
    receiver.wait_for(lambda sent: len(sent) == 1)
    sender.stop()
    with operators.read() as session:
        assert session.exec(select(Outbox.state)).all() == ["done"], "what was under way was written down"

    happens()
    sender.stop()
    with operators.read() as session:
        assert len(session.exec(select(Event).where(Event.dispatched_at == None)).all()) == 1  # noqa: E711
    assert len(receiver.messages) == 1


def test_a_database_that_is_not_ready_is_waited_for(
    vault: Vault, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.desk.sender.TROUBLE_SECONDS", 0.01)
    database = Database(f"sqlite:///{tmp_path / 'late.db'}")
    sender = Sender(database, vault, guard=LOOPBACK)
    sender.start()
    schema.upgrade(database)
    home = workspace(database, "ours")
    owner = Caller(workspace_id=home.id, workspace="ours", role=Role.OWNER, name="owner@example.com")
    _, secret = registering.add(database, vault, owner, WebhookWish(url=receiver.url), guard=LOOPBACK)
    with database.write() as session:
        events.emit(session, home.id, "run.failed", {})
    (message,) = receiver.wait_for(lambda sent: len(sent) == 1)
    assert message.checked(secret)["type"] == "run.failed"
    sender.stop()
    database.close()


def test_what_can_t_even_be_sent_counts_as_a_failure(
    operators: Database, vault: Vault, owner_of_ours: Caller, happens: Callable[[], Event]
) -> None:
    def broken(host: str, port: int) -> list[str]:
        raise ZeroDivisionError

    guard = Guard(resolve=broken)
    made, _ = registering.add(operators, vault, owner_of_ours, WebhookWish(url="https://example.com/"), guard=guard)
    happens()
    sender = Sender(operators, vault, guard=guard)
    sender.start()
    entry = eventually(lambda: next((each for each in log_of(operators, owner_of_ours, made.id) if each.error), None))
    sender.stop()
    assert (entry.status, entry.attempts, entry.response_status) == ("waiting", 1, None)
    assert "ZeroDivisionError" not in entry.error


def log_of(database: Database, caller: Caller, webhook_id: str) -> list[DeliveryView]:
    return log.deliveries(database, caller, webhook_id).items


def eventually(look: Callable[[], T | None], seconds: float = 10) -> T:
    """What `look` finds, as soon as it finds something."""
    until = time.monotonic() + seconds
    while (found := look()) is None:
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.02)
    return found
