"""Limits shared by workers: one queue on the Prefect server, and a process's own share while it is away."""

from __future__ import annotations

import http.client
import itertools
import json
import logging
import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

import pytest

from blocks import connections, leases
from blocks.global_limits import REQUEST_SLOTS, GlobalLimit
from blocks.leases import Alone, Steady, line_of
from blocks.stock import Stock, Stretch
from pressroom.calls.limiter import Line
from pressroom.calls.pace import Pace
from pressroom.errors import RateLimited
from pressroom.settings import settings
from sandbox import ProviderServer
from tests.fixtures.running import forget

_numbers = itertools.count()


@pytest.fixture
def name(prefect_api: str) -> str:
    """Of a global limit that nobody has used."""
    return f"test-{next(_numbers)}"


class Source:
    """Leases from nowhere: one stretch behind the other, from now on."""

    def __init__(self, interval: float, begins_in: float = 0.0) -> None:
        self.interval, self.leased, self.returned = interval, list[int](), list[int]()
        self._free_at = time.monotonic() + begins_in

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        pass

    def lease(self, count: int) -> Stretch:
        self.leased.append(count)
        at = max(self._free_at, time.monotonic())
        self._free_at = at + count * self.interval
        return Stretch(at, count, self.interval)

    def give_back(self, count: int) -> None:
        self.returned.append(count)


def _line(source: Source, pace: Pace, *, tokens: bool = False) -> Line:
    stock = Stock(source, pace)
    stock.line = Line(None, stock) if tokens else Line(stock, None)
    return stock.line


def _call_by_turns(line: Line, calls: int, threads: int = 20) -> list[float]:
    """When each of `calls` was let go."""
    gone, left = list[float](), itertools.count()

    def call_on() -> None:
        while next(left) < calls:
            line.acquire(0, None)
            gone.append(time.monotonic())

    started = [threading.Thread(target=call_on) for _ in range(threads)]
    for each in started:
        each.start()
    for each in started:
        each.join()
    return sorted(gone)


# Leases of a process


def test_many_calls_take_few_leases_and_lose_no_time() -> None:
    pace = Pace(6000)
    source, started = Source(pace.interval), time.monotonic()

    gone = _call_by_turns(_line(source, pace), 200)

    assert len(source.leased) <= 40
    assert gone[-1] - started < 1.3 * 200 * pace.interval


def test_a_call_whose_turn_is_too_far_is_refused_and_its_permits_go_back() -> None:
    source = Source(0.01, begins_in=30)
    line = _line(source, Pace(6000))

    with pytest.raises(RateLimited) as refused:
        line.acquire(0, time.monotonic() + 5)

    assert refused.value.retry_after == pytest.approx(30, abs=1)
    _until(lambda: sum(source.returned) == sum(source.leased))


def test_tokens_that_were_not_used_need_no_new_lease() -> None:
    pace = Pace(60_000)
    source = Source(pace.interval)
    line = _line(source, pace, tokens=True)
    line.acquire(5000, None)
    line.settle(5000, 1000)
    before = sum(source.leased)

    line.acquire(3000, None)

    assert sum(source.leased) == before


def test_permits_nobody_used_are_not_used_late() -> None:
    pace = Pace(600, window=1.0)  # good for 25 ms
    stock = Stock(Source(pace.interval), pace)
    stock.line = Line(stock, None)
    stock._receive(Stretch(time.monotonic(), 5, 0.001), 0.0)
    assert stock.ready_at(5, time.monotonic()) < math.inf
    time.sleep(0.1)

    stock.expect(0, 0, time.monotonic())

    assert stock.ready_at(1, time.monotonic()) == math.inf


# The queue on the server


def test_two_workers_get_stretches_one_behind_the_other(name: str) -> None:
    pace = Pace(600)
    with GlobalLimit(name, pace, REQUEST_SLOTS) as one, GlobalLimit(name, pace, REQUEST_SLOTS) as other:
        for worker in (one, other):  # connected from here on
            worker.lease(1)
        stretches = [worker.lease(20) for worker in (one, other, one, other)]

    for before, stretch in itertools.pairwise(stretches):
        assert stretch.at - before.at == pytest.approx(20 * pace.interval, abs=0.3)
        assert stretch.interval == pytest.approx(pace.interval, rel=0.01)


def test_what_a_killed_worker_held_drains_by_itself(name: str) -> None:
    pace = Pace(600, window=6.0)
    with GlobalLimit(name, pace, REQUEST_SLOTS) as killed:
        killed.lease(100)
    time.sleep(100 * pace.interval)

    with GlobalLimit(name, pace, REQUEST_SLOTS) as limit:
        assert limit.lease(1).at <= time.monotonic() + 0.1


def test_permits_given_back_are_for_others(name: str) -> None:
    pace = Pace(60)
    with GlobalLimit(name, pace, REQUEST_SLOTS) as limit:
        limit.lease(50)
        limit.give_back(50)

        assert limit.lease(1).at <= time.monotonic() + 0.1


def test_a_rate_changed_on_the_server_holds_from_the_next_lease_on(name: str) -> None:
    with GlobalLimit(name, Pace(60), REQUEST_SLOTS) as limit:
        limit.lease(1)
        with GlobalLimit(name, Pace(600), REQUEST_SLOTS) as changed:
            changed.declare()

        assert limit.lease(1).interval == pytest.approx(0.105, rel=0.01)


def test_workers_that_begin_together_keep_to_the_limit_together(name: str) -> None:
    pace, gone = Pace(60, window=2.0), list[float]()
    workers = [line_of(GlobalLimit(name, pace, REQUEST_SLOTS), None) for _ in range(3)]

    started = [threading.Thread(target=lambda line=line: gone.extend(_call_by_turns(line, 50, 5))) for line in workers]
    for each in started:
        each.start()
    for each in started:
        each.join()

    gone.sort()
    most = max(sum(start <= at < start + 2.0 for at in gone) for start in gone)
    assert most <= 63  # the calls of a tenth of a second, three, may come late on a busy machine
    assert gone[-1] - gone[0] < 150 / 60 * 2.0 * 1.25


def test_workers_that_share_tokens_are_refused_nothing_and_use_them(name: str) -> None:
    """A bucket of 10,000 tokens in 2 s, a quarter full when they begin: what goes too fast is refused at once."""
    pace, calls = Pace(10_000, window=2.0), 12
    workers = [line_of(None, GlobalLimit(name, pace)) for _ in range(3)]
    with ProviderServer(tokens_a_minute=pace.limit, minute=pace.window, latency=0.05) as server:
        _chat(server, 7500)
        with ThreadPoolExecutor(15) as pool:
            list(pool.map(lambda number: _call(server, workers[number % 3], number), range(3 * calls)))

    called = server.history[1:]
    seconds = called[-1].started - called[0].started  # without the time it takes to connect
    assert server.counts["status"] == {"200": 3 * calls + 1}
    assert sum(record.counted for record in called[:-1]) / seconds >= 0.7 * pace.limit / pace.window


def _call(server: ProviderServer, line: Line, number: int) -> None:
    most = 300 + number % 5 * 150
    line.acquire(most, None)
    _chat(server, most)
    line.settle(most, most)


def _chat(server: ProviderServer, most: int) -> None:
    """Ask for an answer of `most` tokens; the question is none."""
    body = {"model": "m", "messages": [], "max_tokens": most}
    ask = http.client.HTTPConnection(server.host, server.port, timeout=5)
    ask.request("POST", "/v1/chat/completions", json.dumps(body), {"Authorization": "Bearer k"})
    ask.getresponse().read()
    ask.close()


# Without the server


def test_while_the_server_is_away_work_goes_on_at_its_own_share(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "AWAY_SECONDS", 0.0)
    pace = Pace(600)
    limit = _Away("away", pace)
    steady = Steady(limit)

    with caplog.at_level(logging.WARNING), steady:
        first, second = steady.lease(10), steady.lease(10)
        limit.is_away = False
        again = steady.lease(10)
        limit.is_away = True
        steady.lease(10)

    assert first.interval == pytest.approx(4 * pace.interval)
    assert second.at == pytest.approx(first.at + 10 * first.interval)
    assert again.interval == pace.interval
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 2  # once each time it goes away


class _Away(GlobalLimit):
    is_away = True

    def lease(self, count: int) -> Stretch:
        if self.is_away:
            raise ConnectionError
        return Stretch(time.monotonic(), count, self.pace.interval)


def test_the_own_share_is_what_was_used_in_the_last_minute() -> None:
    pace = Pace(600)
    alone = Alone(pace)
    alone.note(300)

    assert alone.lease(1).interval == pytest.approx(2 * pace.interval)


def test_a_call_goes_through_without_any_server(monkeypatch: pytest.MonkeyPatch) -> None:
    from prefect.settings import PREFECT_API_URL

    monkeypatch.setattr(type(PREFECT_API_URL), "value", lambda self: None)
    line = line_of(GlobalLimit("nowhere", Pace(600), REQUEST_SLOTS), None)

    line.acquire(0, time.monotonic() + 5)


# How they are chosen


def test_accounts_without_limits_have_no_limiter(monkeypatch: pytest.MonkeyPatch, prefect_api: str) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-any")
    forget()

    assert connections.limiter("openai") is None
    assert connections.limiter("offline") is None


def test_limits_of_the_settings_are_shared_when_asked_for_and_registered(
    monkeypatch: pytest.MonkeyPatch, prefect_api: str
) -> None:
    from prefect.client.orchestration import get_client

    from deployments.registration import register_limits

    monkeypatch.setenv("OPENAI_API_KEY", "sk-any")
    forget()
    plain = connections.chain(("openai",)).fingerprint
    for key, value in {"REQUESTS": "60", "TOKENS": "30000"}.items():
        monkeypatch.setenv(f"PRESSROOM_OPENAI_{key}_PER_MINUTE", value)
    monkeypatch.setenv("PRESSROOM_SHARED_LIMITS", "true")
    forget()

    register_limits()

    assert settings().shared_limits
    assert connections.chain(("openai",)).links[0].limiter is connections.limiter("openai")
    assert connections.chain(("openai",)).fingerprint == plain  # answers are known again under another limit
    with get_client(sync_client=True) as client:
        requests = client.read_global_concurrency_limit_by_name("pressroom-openai-requests")
        tokens = client.read_global_concurrency_limit_by_name("pressroom-openai-tokens")
    assert requests.slot_decay_per_second == pytest.approx(REQUEST_SLOTS * 60 / 63)
    assert tokens.slot_decay_per_second == pytest.approx(30_000 / 63)
    forget()


def _until(true: object, seconds: float = 5.0) -> None:
    ends = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < ends
        time.sleep(0.01)
