"""The limiter of one process: what no provider would refuse, in the order it was asked for, without being late."""

from __future__ import annotations

import math
import resource
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.calls.chain import RetryPolicy
from pressroom.calls.ledger import Ledger
from pressroom.calls.limiter import Line, in_process
from pressroom.calls.pace import Flow, Pace
from pressroom.errors import RateLimited
from sandbox import ProviderServer, Reply
from tests.pressroom.providers.chain_desk import chain, complete, request

SECOND = 1.0


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _let_go(flow: Flow, asked: list[tuple[float, int]]) -> list[tuple[float, int]]:
    """When each of `asked` (pause before it, units) is let go, one after the other."""
    now, gone = 0.0, []
    for pause, units in asked:
        now = max(now + pause, flow.ready_at(units, now + pause))
        flow.take(units, now)
        gone.append((now, units))
    return gone


def _most_in_a_window(gone: list[tuple[float, int]], window: float) -> int:
    return max(sum(units for at, units in gone if start <= at < start + window) for start, _ in gone)


@given(
    limit=st.integers(1, 80),
    pauses=st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.01, 0.5, 3.0, 100.0]), min_size=1, max_size=250),
)
def test_no_window_holds_more_requests_than_allowed(limit: int, pauses: list[float]) -> None:
    gone = _let_go(Flow(Pace(limit)), [(pause, 1) for pause in pauses])

    assert _most_in_a_window(gone, 60 * 1.02) <= limit  # arrivals are up to 2 % late


@given(limit=st.integers(1000, 100_000), tokens=st.integers(1, 50_000), calls=st.integers(1, 60))
def test_no_window_holds_more_tokens_than_allowed(limit: int, tokens: int, calls: int) -> None:
    gone = _let_go(Flow(Pace(limit)), [(0.0, tokens)] * calls)

    assert _most_in_a_window(gone, 60) <= max(limit, tokens)


@pytest.mark.parametrize("limit", [30, 500, 10_000])
def test_a_busy_account_is_used_to_at_least_nine_tenths(limit: int) -> None:
    gone = _let_go(Flow(Pace(limit)), [(0.0, 1)] * (3 * limit))

    assert sum(1 for at, _ in gone if at < 120) >= 0.9 * 2 * limit


def test_tokens_that_were_not_used_are_there_for_the_next() -> None:
    clock = Clock()
    line = Line(None, Flow(Pace(6000)), clock)
    line.acquire(2000, None)
    with pytest.raises(RateLimited):
        line.acquire(2000, clock.now + SECOND)

    line.settle(2000, 10)

    line.acquire(2000, clock.now + SECOND)


@pytest.mark.parametrize("used", [400, 1000, 2000])
def test_a_small_account_is_used_also_where_most_is_given_back(used: int) -> None:
    """Calls of 2,000 tokens of 20,000 a minute that take 3 s, and of which `used` were."""
    flow, now, under_way, taken = Flow(Pace(20_000)), 0.0, list[float](), 0
    while now < 600:
        while under_way and under_way[0] <= now:
            under_way.pop(0)
            flow.settle(2000, used, now)
        ready = flow.ready_at(2000, now)
        if ready <= now:
            flow.take(2000, now)
            under_way.append(now + 3)
            taken += used
        else:
            now = min(ready, under_way[0]) if under_way else ready

    assert 0.9 <= taken / (600 / 60 * 20_000) <= 1


def test_tokens_given_back_that_nobody_waits_for_are_forgotten() -> None:
    flow = Flow(Pace(60_000))
    for _ in range(10):
        flow.take(2000, 0.0)
    for _ in range(10):
        flow.settle(2000, 100, 30.0)

    gone = 0
    while flow.ready_at(2000, 40.0) <= 40.0:
        flow.take(2000, 40.0)
        gone += 1
    assert gone == 1


def test_tokens_beyond_the_estimate_are_taken_too() -> None:
    clock = Clock()
    line = Line(None, Flow(Pace(6000)), clock)
    line.acquire(10, None)
    line.settle(10, 3000)

    with pytest.raises(RateLimited) as refused:
        line.acquire(10, clock.now + SECOND)
    assert refused.value.retry_after == pytest.approx(30, rel=0.1)


def test_a_permit_too_late_is_refused_at_once_and_takes_nothing() -> None:
    line = in_process(6, 0)
    line.acquire(0, None)
    started = time.monotonic()

    for _ in range(3):
        with pytest.raises(RateLimited) as refused:
            line.acquire(0, time.monotonic() + 5)
        assert refused.value.retry_after == pytest.approx(9, abs=0.5)
    assert time.monotonic() - started < 0.5


def test_who_comes_behind_others_is_told_at_once_that_it_will_be_late() -> None:
    line = in_process(60, 0)
    line.acquire(0, None)
    waiting = [threading.Thread(target=line.acquire, args=(0, None), daemon=True) for _ in range(5)]
    for each in waiting:
        each.start()
    time.sleep(0.1)

    with pytest.raises(RateLimited):
        line.acquire(0, time.monotonic() + 2)


def test_after_a_pause_nobody_goes_before_its_end() -> None:
    line = in_process(60_000, 0)
    line.pause(0.3)
    started = time.monotonic()

    line.acquire(0, None)

    assert time.monotonic() - started >= 0.3


def test_threads_go_in_the_order_they_came_and_waiting_costs_little() -> None:
    line, order = in_process(6000, 0, window=30), list[int]()

    def call(number: int) -> None:
        line.acquire(100, None)
        order.append(number)

    threads = [threading.Thread(target=call, args=(number,)) for number in range(300)]
    before = resource.getrusage(resource.RUSAGE_SELF)
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    after = resource.getrusage(resource.RUSAGE_SELF)

    late = sum(abs(place - number) > 3 for place, number in enumerate(order))  # appending is itself a race
    assert late == 0
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5


def test_one_who_gives_up_does_not_keep_the_others_waiting() -> None:
    class Dry(Flow):
        """Knows of no permit, until one comes."""

        at = math.inf

        def ready_at(self, units: int, now: float, ahead: int = 0) -> float:
            return self.at

    supply = Dry(Pace(60))
    line, gone = Line(supply, None), list[str]()

    def give_up() -> None:
        with pytest.raises(RateLimited):
            line.acquire(0, time.monotonic() + 0.2)
        gone.append("gave up")

    threads = [threading.Thread(target=give_up)]
    threads.append(threading.Thread(target=lambda: (line.acquire(0, None), gone.append("went"))))
    for each in threads:
        each.start()
        time.sleep(0.02)
    threads[0].join()
    supply.at = 0.0
    line.wake()
    threads[1].join(2)

    assert gone == ["gave up", "went"]


@pytest.mark.parametrize("name", ["openai", "anthropic"])
def test_a_provider_that_holds_to_its_tokens_refuses_nothing_and_is_used(name: str, ledger: Ledger) -> None:
    """A bucket of 10,000 tokens in 2 s, a sixth full when it begins: what goes too fast is refused at once."""
    limit, window, calls = 10_000, 2.0, 30
    with ProviderServer(tokens_a_minute=limit, minute=window, latency=0.05) as server:
        server.enqueue(Reply(text="word" * 8300), *[Reply(data={"title": "word" * 390})] * calls)
        one = chain(server, name, policy=RetryPolicy(attempts=1), limiters={name: in_process(0, limit, window)})
        one.links[0].client("text").send(request(max_output_tokens=8300))
        started = time.monotonic()
        with ThreadPoolExecutor(16) as pool:
            asked = [request(number, max_output_tokens=410 + number % 7 * 50) for number in range(calls)]
            list(pool.map(lambda each: complete(one, each, ledger), asked))
        seconds = time.monotonic() - started

    assert server.counts["status"] == {"200": calls + 1}
    assert sum(record.counted for record in server.history[1:]) / seconds >= 0.75 * limit / window
