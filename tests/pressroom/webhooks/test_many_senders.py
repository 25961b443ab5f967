"""Many senders share the work: each delivery is claimed once, and nobody waits for another webhook's backlog."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlmodel import select

from pressroom.model import Caller
from pressroom.store.database import Database
from pressroom.store.desk_tables import Delivery, Event
from pressroom.store.tables import utc_now
from pressroom.webhooks import registering
from pressroom.webhooks.laying_out import lay_out
from pressroom.webhooks.registering import WebhookView, WebhookWish
from pressroom.webhooks.sending import claim, send
from tests.fixtures.receivers import LOOPBACK, PlainSealer, Receiver

Hook = tuple[WebhookView, str]


def test_each_event_is_laid_out_and_claimed_once_by_many(
    desk_url: str, sealer: PlainSealer, hook: Hook, happens: Callable[..., Event]
) -> None:
    for _ in range(12):
        happens()
    databases = [Database(desk_url) for _ in range(4)]
    together = threading.Barrier(4)

    def work(database: Database) -> tuple[int, list[str]]:
        together.wait()
        laid_out, mine = lay_out(database, sealer), []
        together.wait()
        while claimed := claim(database, busy=(), limit=3):
            mine += [each.id for each in claimed]
        return laid_out, mine

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(work, databases))
    for database in databases:
        database.close()
    claimed = [each for _, mine in done for each in mine]
    assert sum(laid_out for laid_out, _ in done) == 12
    assert (len(claimed), len(set(claimed))) == (12, 12)


def test_a_claim_that_ran_out_is_anothers(
    operators: Database,
    hook: Hook,
    happens: Callable[..., Event],
    sealer: PlainSealer,
    row: Callable[[], Delivery],
    late: Callable[..., None],
    receiver: Receiver,
) -> None:
    happens()
    lay_out(operators, sealer)
    (dead,) = claim(operators, busy=(), limit=1)
    assert claim(operators, busy=(), limit=1) == []
    late(claimed_until=utc_now() - timedelta(seconds=1))
    (taken_over,) = claim(operators, busy=(), limit=1)
    assert (taken_over.id, taken_over.attempt) == (dead.id, 2)

    answer = send(operators, sealer, taken_over, guard=LOOPBACK)
    assert answer.is_taken
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
    first = claim(operators, busy=(), limit=16)
    assert {each.webhook_id for each in first} == {hook[0].id, other.id}
    assert len(first) == 2
    assert [each.webhook_id for each in claim(operators, busy={other.id}, limit=16)] == [hook[0].id]


def test_what_became_of_a_forgotten_webhook_is_not_written(
    operators: Database, desk: Database, owner: Caller, hook: Hook, happens: Callable[..., Event], sealer: PlainSealer
) -> None:
    happens()
    lay_out(operators, sealer)
    (claimed,) = claim(operators, busy=(), limit=1)
    registering.remove(desk, owner, hook[0].id)
    send(operators, sealer, claimed, guard=LOOPBACK)
    with desk.read() as session:
        assert session.exec(select(Delivery)).all() == []
