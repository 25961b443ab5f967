"""Counting what is done too often, over processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from pressroom.errors import Throttled
from pressroom.people import throttle
from pressroom.store.account_tables import Allowance
from pressroom.store.database import Database

MINUTE = timedelta(minutes=1)
NOON = datetime(2026, 1, 30, 12, 0, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[datetime], None]]:
    """It is a quarter past noon until told otherwise; no lease is left of another test."""
    throttle._leases.clear()

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(throttle, "utc_now", lambda: moment)

    set_to(NOON)
    yield set_to
    throttle._leases.clear()


@pytest.mark.parametrize("lease", [1, 3, 20])
def test_the_limit_is_let_through_and_no_more(desk: Database, lease: int) -> None:
    assert _passed(desk, 30, limit=10, lease=lease) == 10


def test_it_says_when_to_come_back(desk: Database) -> None:
    _passed(desk, 10, limit=10)
    with pytest.raises(Throttled) as refused:
        throttle.count(desk, "key", limit=10, window=MINUTE)
    assert refused.value.retry_after == pytest.approx(45)
    assert "45 seconds" in refused.value.hint


def test_the_next_window_begins_anew(desk: Database, clock: Callable[[datetime], None]) -> None:
    assert _passed(desk, 20, limit=10, lease=4) == 10
    clock(NOON + timedelta(seconds=45))
    assert _passed(desk, 20, limit=10, lease=4) == 10


def test_keys_are_counted_apart(desk: Database) -> None:
    assert _passed(desk, 20, limit=10) == 10
    assert _passed(desk, 20, limit=10, key="another") == 10


def test_a_lease_saves_writes(desk: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    take = throttle._take
    monkeypatch.setattr(throttle, "_take", lambda *given: taken.append(1) or take(*given))
    assert _passed(desk, 150, limit=100, lease=10) == 100
    assert len(taken) == 11  # ten leases, and one that found nothing left


def test_processes_together_let_no_more_through(desk: Database) -> None:
    """A process's leases are its own; forgetting them between turns is what another process is like."""
    passed = 0
    for _ in range(6):
        passed += _passed(desk, 2, limit=10, lease=3)
        throttle._leases.clear()
    assert passed <= 10
    with desk.read() as session:
        assert session.exec(select(Allowance)).one().count >= 10


def test_threads_at_once_let_no_more_through(desk: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        passed = sum(pool.map(lambda _: _passed(desk, 5, limit=20), range(8)))
    assert passed == 20


def test_what_is_given_back_may_be_had_again(desk: Database) -> None:
    assert _passed(desk, 10, limit=10) == 10
    throttle.give_back(desk, "key", window=MINUTE, permits=3)
    assert _passed(desk, 10, limit=10) == 3


def test_no_more_is_given_back_than_was_counted(desk: Database) -> None:
    _passed(desk, 1, limit=10)
    throttle.give_back(desk, "key", window=MINUTE, permits=5)
    throttle.give_back(desk, "never counted", window=MINUTE)
    assert _passed(desk, 20, limit=10) == 10


def test_a_key_shows_nobody(desk: Database) -> None:
    key = throttle.key_of("sign-in", "ada@example.com", "192.0.2.1")
    assert key.startswith("sign-in:")
    assert "ada" not in key
    assert "192" not in key
    assert key != throttle.key_of("sign-in", "ada@example.co", "m192.0.2.1")


def _passed(database: Database, times: int, *, limit: int, lease: int = 1, key: str = "key") -> int:
    """How many of `times` were let through."""
    passed = 0
    for _ in range(times):
        try:
            throttle.count(database, key, limit=limit, window=MINUTE, lease=lease)
            passed += 1
        except Throttled:
            continue
    return passed
