"""The outbox, by a kind of this test's own: a second user of it needs a name, a table of pauses and a lease."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from pressroom.store import outbox, owners
from pressroom.store.database import Database
from pressroom.store.desk_tables import Attempt, Outbox
from pressroom.store.outbox import LOST, OutboxKind, Outcome, Result
from pressroom.store.tables import utc_now
from pressroom.store.workspaces import workspace
from tests.fixtures.desk import desk_postgres_url, desk_sqlite_url, desk_url  # noqa: F401

LETTERS = OutboxKind("letter", pauses=(timedelta(seconds=10), timedelta(hours=1)), lease=timedelta(minutes=1))
POSTCARDS = OutboxKind("postcard", pauses=(), lease=timedelta(minutes=1))
DONE, FAILED, REFUSED = (Result(outcome, 200, "so") for outcome in (Outcome.DONE, Outcome.FAILED, Outcome.REFUSED))
LONG_AGO = timedelta(days=1)


@pytest.fixture
def database(desk_url: str) -> Iterator[Database]:  # noqa: F811
    made = Database(desk_url)
    yield made
    made.close()


@pytest.fixture
def home(database: Database) -> str:
    return workspace(database, "ours").id


def put(
    database: Database, home: str, *subjects: str, kind: OutboxKind = LETTERS, lane: str = "", **about: Any
) -> None:
    """Enqueue the subjects in this order, each in a lane of its own unless one is given."""
    with database.write() as session:
        for place, subject in enumerate(subjects):
            due = utc_now() - LONG_AGO + timedelta(seconds=place)
            outbox.enqueue(session, kind, home, lane=lane or subject, subject_id=subject, **{"due_at": due, **about})


def claim(database: Database, limit: int = 10, kind: OutboxKind = LETTERS) -> list[Outbox]:
    return outbox.claim(database, kind, limit=limit)


def settle(database: Database, claimed: Outbox, result: Result = DONE) -> Outbox | None:
    with database.write() as session:
        return outbox.settle(session, LETTERS, claimed, result)


def change(database: Database, **changes: Any) -> None:
    """Change every row there is."""
    with database.write() as session:
        for row in session.exec(select(Outbox)):
            for name, value in changes.items():
                setattr(row, name, value)
            session.add(row)


def rows(database: Database) -> list[Outbox]:
    with database.read() as session:
        return list(session.exec(select(Outbox).order_by(col(Outbox.created_at))))


def attempts(database: Database) -> list[tuple[int, str, int | None, str]]:
    with database.read() as session:
        found = session.exec(select(Attempt).order_by(col(Attempt.created_at))).all()
    return [(each.number, each.outcome, each.status, each.answer) for each in found]


def test_a_row_is_sent_along_its_kinds_table_and_then_dead(database: Database, home: str) -> None:
    put(database, home, "a")
    for number, pause in enumerate((*LETTERS.pauses, None), 1):
        (claimed,) = claim(database)
        before = utc_now()
        row = settle(database, claimed, FAILED)
        assert row is not None and (row.attempts, row.error, row.claim_owner) == (number, "so", None)
        if pause:
            assert row.state == "waiting" and pause <= row.due_at - before < pause + timedelta(minutes=1)
            assert claim(database) == [], "not before its time"
        change(database, due_at=before - LONG_AGO)
    assert [row.state for row in rows(database)] == ["dead"]
    assert claim(database) == []
    assert attempts(database) == [(number, "failed", 200, "so") for number in (1, 2, 3)]


def test_a_dead_row_is_sent_again_by_a_person_and_keeps_its_record(database: Database, home: str) -> None:
    put(database, home, "a", lane="lane", address="there")
    (claimed,) = claim(database)
    settle(database, claimed, REFUSED)
    (dead,) = rows(database)
    assert (dead.state, dead.error, claim(database)) == ("dead", "so", [])
    with database.write() as session:
        outbox.send_again(session, dead)
    (again,) = claim(database)
    assert (again.subject_id, again.lane, again.address, again.attempts) == ("a", "lane", "there", 1)
    settle(database, again)
    old, new = rows(database)
    assert (old.state, old.done_at, new.state, new.error) == ("dead", None, "done", "")
    assert new.done_at is not None
    assert [outcome for _, outcome, _, _ in attempts(database)] == ["refused", "done"]
    with database.read() as session:
        found = outbox.attempts_of(session, [old, new])
    assert [[each.outcome for each in found[row.id]] for row in (old, new)] == [["refused"], ["done"]]


def test_a_receivers_wish_lengthens_a_pause_up_to_the_longest_of_the_table() -> None:
    table = ((1, 0, 10), (1, 5, 10), (1, 60, 60), (1, 9999, 3600), (2, 60, 3600))
    for attempt, wish, pause in table:
        assert LETTERS.pause(attempt, timedelta(seconds=wish)) == timedelta(seconds=pause)


def test_only_the_first_words_of_an_answer_are_recorded(database: Database, home: str) -> None:
    put(database, home, "a")
    settle(database, claim(database)[0], Result(Outcome.FAILED, 500, "word " * 1000, milliseconds=7))
    ((_, _, _, answer),) = attempts(database)
    assert answer == ("word " * 60) and rows(database)[0].error == answer


def test_kinds_do_not_see_each_other(database: Database, home: str) -> None:
    put(database, home, "a")
    put(database, home, "b", kind=POSTCARDS)
    assert [row.subject_id for row in claim(database, kind=POSTCARDS)] == ["b"]
    assert [row.subject_id for row in claim(database)] == ["a"]


def test_a_row_of_a_transaction_that_is_rolled_back_is_never_sent(database: Database, home: str) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as session:
        outbox.enqueue(session, LETTERS, home, lane="lane", subject_id="a")
        session.flush()
        raise ZeroDivisionError
    assert claim(database) == rows(database) == []


def test_a_row_waits_for_its_time(database: Database, home: str) -> None:
    put(database, home, "now", due_at=None)
    put(database, home, "later", due_at=utc_now() + timedelta(hours=1))
    assert [row.subject_id for row in claim(database)] == ["now"]


def test_workers_at_once_send_each_row_once_and_a_lane_in_order(desk_postgres_url: str) -> None:  # noqa: F811
    databases = [Database(desk_postgres_url) for _ in range(3)]
    home = workspace(databases[0], "ours").id
    lanes, together = [f"lane-{number}" for number in range(4)], threading.Barrier(3)
    for lane in lanes:
        put(databases[0], home, *(f"{lane}/{place}" for place in range(6)), lane=lane)
    sent: list[str] = []
    under_way: set[str] = set()

    def work(database: Database) -> None:
        together.wait()
        while len(sent) < 24:
            claimed = claim(database, 2)
            assert under_way.isdisjoint(row.lane for row in claimed), "one at a time"
            under_way.update(row.lane for row in claimed)
            for row in claimed:
                sent.append(row.subject_id)
                time.sleep(0.001)
                under_way.remove(row.lane)
                assert settle(database, row) is not None

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, databases))
    assert len(sent) == 24
    for lane in lanes:
        assert [subject for subject in sent if subject.startswith(lane)] == [f"{lane}/{place}" for place in range(6)]
    assert {row.state for row in rows(databases[0])} == {"done"}
    for database in databases:
        database.close()


def test_a_lane_has_one_claim_although_an_earlier_row_comes_in_between(
    desk_postgres_url: str,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A claimer that has chosen its rows, and not committed yet, keeps the next one from choosing."""
    first, second = Database(desk_postgres_url), Database(desk_postgres_url)
    home = workspace(first, "ours").id
    put(first, home, "late", lane="lane")
    chosen, committed = threading.Event(), threading.Event()

    def slowly() -> str:
        chosen.set()
        assert committed.wait(10)
        return owners.this_process()

    monkeypatch.setattr(outbox, "this_process", slowly)
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(claim, first)
        assert chosen.wait(10)
        put(second, home, "early", lane="lane", due_at=utc_now() - 2 * LONG_AGO)
        other = pool.submit(claim, second)
        while not other.done():
            with second.read() as session:
                if session.scalar(waiting):
                    break
        committed.set()
        assert [row.subject_id for row in one.result()] == ["late"]
        assert other.result() == []
    for database in (first, second):
        database.close()


def killed(work: Callable[[], object]) -> None:
    """Does the work in a process that is killed right after it."""
    if (pid := os.fork()) == 0:
        try:
            work()
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)


def test_a_killed_workers_claim_is_taken_up_at_once(desk_url: str, database: Database, home: str) -> None:  # noqa: F811
    put(database, home, "a")
    database.close()
    killed(lambda: claim(Database(desk_url)))
    (row,) = rows(database)
    assert row.state == "claimed" and row.claim_expires_at is not None and row.claim_expires_at > utc_now()
    (mine,) = claim(database)
    assert (mine.attempts, attempts(database)) == (2, [(1, "lost", None, LOST)])
    assert settle(database, row) is None, "who comes late changes nothing"
    assert settle(database, mine) is not None
    assert [outcome for _, outcome, _, _ in attempts(database)] == ["lost", "done"]


def test_a_row_that_kills_its_workers_is_dead_after_the_last_attempt(
    desk_url: str,  # noqa: F811
    database: Database,
    home: str,
) -> None:
    twice = replace(POSTCARDS, pauses=(timedelta(),))
    put(database, home, "a", kind=twice)
    database.close()
    for _ in range(2):
        killed(lambda: claim(Database(desk_url), kind=twice))
    assert claim(database, kind=twice) == []
    assert [(row.state, row.attempts, row.error) for row in rows(database)] == [("dead", 2, LOST)]


def test_a_worker_elsewhere_holds_its_claim_for_the_lease(database: Database, home: str) -> None:
    put(database, home, "a")
    claim(database)
    elsewhere: Callable[[datetime], None] = lambda until: change(  # noqa: E731
        database, claim_owner="elsewhere/1/1/0", claim_expires_at=until
    )
    elsewhere(utc_now() + timedelta(minutes=1))
    assert claim(database) == []
    elsewhere(utc_now() - timedelta(seconds=1))
    assert [row.attempts for row in claim(database)] == [2]


def test_a_lane_that_is_given_up_sends_nothing_more(database: Database, home: str) -> None:
    put(database, home, "a", "b", "c", lane="lane")
    put(database, home, "d")
    first, other = claim(database)
    assert claim(database) == [], "one at a time"
    with database.write() as session:
        outbox.give_up(session, LETTERS, "lane", "closed")
    assert {row.subject_id: row.state for row in rows(database)} == {
        "a": "dead", "b": "dead", "c": "dead", "d": "claimed",
    }  # fmt: skip
    late = settle(database, first, FAILED)
    assert late is not None and late.state == "dead", "a failure brings nothing back"
    assert settle(database, other) is not None and claim(database) == []


def test_workspaces_take_turns(database: Database, home: str) -> None:
    """A workspace with a backlog in many lanes keeps no other one waiting."""
    theirs = workspace(database, "theirs").id
    put(database, home, *(f"ours-{number}" for number in range(9)))
    put(database, theirs, "theirs-1", "theirs-2", due_at=utc_now() - timedelta(seconds=1))
    first = claim(database, 4)
    assert sorted(row.subject_id for row in first) == ["ours-0", "ours-1", "theirs-1", "theirs-2"]
    put(database, theirs, "theirs-3", due_at=utc_now() - timedelta(seconds=1))
    settle(database, next(row for row in first if row.subject_id == "theirs-1"))
    assert [row.subject_id for row in claim(database, 1)] == ["theirs-3"], "it has fewer under way"
