"""Limits shared by workers: a queue in the database that drains at the allowed pace, leased some permits at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from pressroom.calls.ledger import Ledger
from pressroom.calls.limiter import Line
from pressroom.calls.pace import Pace
from pressroom.calls.shared_limits import Leased
from pressroom.errors import RateLimited
from pressroom.store.database import Database

NOON = datetime(2026, 11, 30, 12, 30, tzinfo=UTC)


class Clock:
    """Both clocks in the hand: the line's seconds and the time of day."""

    def __init__(self, begins: datetime = NOON) -> None:
        self.begins, self.now = begins, 1000.0

    def seconds(self) -> float:
        return self.now

    def time_of_day(self) -> datetime:
        return self.begins + timedelta(seconds=self.now - 1000.0)


class Counting(Leased):
    """Counts its writes."""

    writes = 0

    def _take(self, count: int) -> float:
        self.writes += 1
        return super()._take(count)


@pytest.fixture
def database(ledger: Ledger) -> Iterator[Database]:
    yield ledger.database


def leased(database: Database, clock: Clock, limit: int = 600) -> Counting:
    return Counting(database, "a", Pace(limit), time_of_day=clock.time_of_day)


def gone(supplies: list[Counting], clock: Clock, calls: int) -> list[float]:
    """When each of `calls` goes, the supplies one after another, each at the earliest."""
    times = []
    for number in range(calls):
        supply = supplies[number % len(supplies)]
        supply.expect(1, 5, clock.now)
        clock.now = max(clock.now, supply.ready_at(1, clock.now))
        supply.take(1, clock.now)
        times.append(clock.now)
    return times


@pytest.mark.parametrize("workers", [1, 3])
def test_workers_together_keep_to_the_limit_and_use_it(workers: int, database: Database) -> None:
    clock = Clock()
    times = gone([leased(database, clock) for _ in range(workers)], clock, 1300)
    for number, begun in enumerate(times):
        assert sum(begun <= other < begun + 60 for other in times[number:]) <= 600
    assert 1300 / (times[-1] - times[0]) > 0.9 * 600 / 60


def test_many_calls_take_few_leases(database: Database) -> None:
    clock, calls = Clock(), 1300
    one = leased(database, clock, 6000)
    gone([one], clock, calls)
    assert one.writes < calls / 4


def test_what_a_killed_worker_held_drains_like_the_rest(database: Database) -> None:
    clock = Clock()
    leased(database, clock)._take(100)
    after = leased(database, clock).ready_at(1, clock.now)
    assert after - clock.now == pytest.approx(100 * Pace(600).interval, abs=2)
    clock.now += 60
    assert leased(database, clock).ready_at(1, clock.now) <= clock.now


def test_the_queue_of_an_hour_reaches_into_the_next(database: Database) -> None:
    clock = Clock(datetime(2026, 11, 30, 12, 59, 59, tzinfo=UTC))
    leased(database, clock)._take(600)
    clock.now += 2
    wait = leased(database, clock).ready_at(1, clock.now) - clock.now
    assert wait == pytest.approx(600 * Pace(600).interval - 2, abs=2)


def test_tokens_that_were_not_used_are_for_the_next_call_and_those_used_beyond_are_charged(database: Database) -> None:
    clock = Clock()
    one = leased(database, clock, 60_000)
    one.ready_at(5000, clock.now)
    one.take(5000, clock.now)
    one.settle(5000, 1000, clock.now)
    assert one.ready_at(1000, clock.now) <= clock.now and one.writes == 1
    one.settle(0, 50_000, clock.now)
    assert one.ready_at(1, clock.now) > clock.now + 30


def test_permits_that_were_not_used_are_not_used_late(database: Database) -> None:
    clock = Clock()
    one = leased(database, clock)
    one.ready_at(15, clock.now)
    clock.now += 600
    one.ready_at(1, clock.now)
    assert one.writes == 2


def test_a_call_whose_turn_is_too_far_is_refused(database: Database) -> None:
    clock = Clock()
    leased(database, clock)._take(600)
    line = Line(leased(database, clock), None, clock.seconds)
    with pytest.raises(RateLimited, match="next call"):
        line.acquire(0, clock.now + 5)


def test_threads_of_two_workers_get_every_permit_once(database: Database) -> None:
    lines = [Line(Leased(database, "b", Pace(60_000)), None) for _ in range(2)]
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: lines[number % 2].acquire(0, None), range(400)))
    assert time.monotonic() - began < 30
