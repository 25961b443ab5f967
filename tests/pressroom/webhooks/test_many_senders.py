"""Many senders share the work: each delivery is sent once, and no webhook waits for another one's backlog."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlmodel import select

from pressroom.model import Caller
from pressroom.store import outbox
from pressroom.store.database import Database
from pressroom.store.desk_tables import Event, Outbox
from pressroom.store.tables import utc_now
from pressroom.webhooks import registering
from pressroom.webhooks.laying_out import lay_out
from pressroom.webhooks.log import DeliveryView
from pressroom.webhooks.posting import DELIVERIES
from pressroom.webhooks.registering import WebhookView, WebhookWish
from pressroom.webhooks.sending import send
from tests.fixtures.receivers import LOOPBACK, PlainSealer, Receiver

Hook = tuple[WebhookView, str]


def claim(database: Database, *, limit: int) -> list[Outbox]:
    return outbox.claim(database, DELIVERIES, limit=limit)


def test_each_event_is_laid_out_and_sent_once_by_many(
    desk_url: str, sealer: PlainSealer, hook: Hook, happens: Callable[..., Event], receiver: Receiver
) -> None:
    for _ in range(12):
        happens()
    databases = [Database(desk_url) for _ in range(4)]
    together = threading.Barrier(4)

    def work(database: Database) -> tuple[int, list[str]]:
        together.wait()
        laid_out, mine = lay_out(database, sealer), []
        together.wait()
        while claimed := claim(database, limit=3):
            for each in claimed:
                send(database, sealer, each, guard=LOOPBACK)
                mine.append(each.id)
        return laid_out, mine

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(work, databases))
    for database in databases:
        database.close()
    claimed = [each for _, mine in done for each in mine]
    assert sum(laid_out for laid_out, _ in done) == 12
    assert (len(claimed), len(set(claimed))) == (12, 12)
    assert len({message.headers["webhook-id"] for message in receiver.messages}) == len(receiver.messages) == 12


def test_a_claim_that_ran_out_is_anothers(
    operators: Database,
    hook: Hook,
    happens: Callable[..., Event],
    sealer: PlainSealer,
    row: Callable[[], DeliveryView],
    late: Callable[..., None],
    receiver: Receiver,
) -> None:
    happens()
    lay_out(operators, sealer)
    (dead,) = claim(operators, limit=1)
    assert claim(operators, limit=1) == []
    late(claim_expires_at=utc_now() - timedelta(seconds=1))
    (taken_over,) = claim(operators, limit=1)
    assert (taken_over.id, taken_over.attempts) == (dead.id, 2)

    send(operators, sealer, taken_over, guard=LOOPBACK)
    assert row().status == "delivered"
    receiver.answers = [500]
    send(operators, sealer, dead, guard=LOOPBACK)
    assert row().status == "delivered", "who comes late changes nothing"


def test_one_webhook_s_backlog_keeps_no_other_waiting(
    desk: Database,
    operators: Database,
    sealer: PlainSealer,
    owner: Caller,
    hook: Hook,
    receiver: Receiver,
    happens: Callable[..., Event],
) -> None:
    for _ in range(5):
        happens("run.completed")
    other, _ = registering.add(desk, sealer, owner, WebhookWish(url=receiver.url), guard=LOOPBACK)
    happens("content.moved")
    lay_out(operators, sealer)
    first = claim(operators, limit=16)
    assert {each.lane for each in first} == {hook[0].id, other.id}
    assert len(first) == 2
    assert claim(operators, limit=16) == [], "one message at a time to one webhook"
    for each in first:
        send(operators, sealer, each, guard=LOOPBACK)
    assert [each.lane for each in claim(operators, limit=16)] == [hook[0].id]


def test_what_became_of_a_forgotten_webhook_is_not_written(
    operators: Database, desk: Database, owner: Caller, hook: Hook, happens: Callable[..., Event], sealer: PlainSealer
) -> None:
    happens()
    lay_out(operators, sealer)
    (claimed,) = claim(operators, limit=1)
    registering.remove(desk, owner, hook[0].id)
    send(operators, sealer, claimed, guard=LOOPBACK)
    with desk.read() as session:
        assert session.exec(select(Outbox)).all() == []
