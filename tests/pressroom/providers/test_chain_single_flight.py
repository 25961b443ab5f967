"""Two threads on the same request pay once, also while one of them is on its way from one provider to the next."""

from __future__ import annotations

import gc
import math
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from pressroom.calls import single_flight
from pressroom.calls.chain import Chain, Completion, RetryPolicy
from pressroom.calls.deadline import Deadline
from pressroom.calls.ledger import Ledger
from pressroom.calls.single_flight import alone
from pressroom.errors import ChainExhausted
from pressroom.store.workspaces import workspace
from sandbox import Fault, ProviderServer
from tests.pressroom.providers.chain_desk import NOTE, asked, chain, complete, request, rows


@dataclass
class Meanwhile:
    """A limiter that grants everything; `does` happens before its first permit, between two providers of a chain."""

    does: Callable[[], object] | None = None

    def acquire(self, tokens: int, deadline: float | None) -> None:
        does, self.does = self.does, None
        if does:
            does()

    def pause(self, seconds: float) -> None: ...

    def settle(self, estimated: int, used: int) -> None: ...


@pytest.fixture
def between() -> Meanwhile:
    return Meanwhile()


@pytest.fixture
def both(server: ProviderServer, between: Meanwhile) -> Chain:
    """The first call at OpenAI fails, all others are answered."""
    server.enqueue(Fault.SERVER_ERROR, NOTE, NOTE, NOTE)
    return chain(server, "openai", "anthropic", policy=RetryPolicy(attempts=1), limiters={"anthropic": between})


def test_nobody_asks_the_first_provider_again_while_one_goes_on_to_the_next(
    server: ProviderServer, ledger: Ledger, both: Chain, between: Meanwhile
) -> None:
    ended: list[BaseException | None] = []

    def second() -> None:
        """Another thread, in a hurry: it would have its answer at once."""
        deadline = Deadline(0.2)
        ended.append(pool.submit(complete, both, request(), ledger, deadline=deadline).exception())

    between.does = second
    with ThreadPoolExecutor(1) as pool:
        first = complete(both, request(), ledger)

    assert isinstance(ended[0], ChainExhausted) and "TASK_DEADLINE" in str(ended[0])
    assert (first.account, asked(server)) == ("anthropic", ["openai", "anthropic"])
    assert [row.status for row in rows(ledger)] == ["failed", "answered"]


def test_who_has_time_gets_the_answer_of_the_first(
    server: ProviderServer, ledger: Ledger, both: Chain, between: Meanwhile
) -> None:
    later: list[Future[Completion]] = []
    between.does = lambda: later.extend(pool.submit(complete, both, request(), ledger) for _ in range(3))
    with ThreadPoolExecutor(3) as pool:
        first = complete(both, request(), ledger)
    assert [one.result() for one in later] == [first] * 3
    assert asked(server) == ["openai", "anthropic"]


def test_who_comes_after_a_failure_tries_for_himself(
    server: ProviderServer, ledger: Ledger, between: Meanwhile
) -> None:
    server.enqueue(Fault.SERVER_ERROR, Fault.SERVER_ERROR, NOTE)
    both = chain(server, "openai", "anthropic", policy=RetryPolicy(attempts=1), limiters={"anthropic": between})
    later: list[Future[Completion]] = []
    between.does = lambda: later.append(pool.submit(complete, both, request(), ledger))
    with ThreadPoolExecutor(1) as pool, pytest.raises(ChainExhausted):
        complete(both, request(), ledger)
    assert later[0].result().body == NOTE
    assert asked(server) == ["openai", "anthropic", "openai"]


def test_other_requests_and_workspaces_are_not_waited_for(ledger: Ledger, both: Chain, between: Meanwhile) -> None:
    others = [(request(1), ledger), (request(0), Ledger(ledger.database, workspace(ledger.database, "another").id))]
    between.does = lambda: [pool.submit(complete, both, *other).result(timeout=10) for other in others]
    with ThreadPoolExecutor(1) as pool:
        complete(both, request(0), ledger)
    assert [row.status for row in rows(ledger)] == ["failed", "answered", "answered", "answered"]


def test_one_is_inside_whatever_the_others_do() -> None:
    inside, most, gate = [], [], threading.Barrier(8)

    def enter(number: int) -> None:
        gate.wait()
        for _ in range(200):
            with alone("the same", math.inf) as held:
                inside.append(number)
                most.append((held, len(inside)))
                inside.remove(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(enter, range(8)))
    assert set(most) == {(True, 1)} and len(most) == 1600


def test_a_lock_is_gone_with_the_last_who_wants_it() -> None:
    with ThreadPoolExecutor(1) as pool, alone("kept", 1):
        assert "kept" in single_flight._LOCKS
        with pytest.raises(ZeroDivisionError), alone("left by an error", 1):
            raise ZeroDivisionError
        assert pool.submit(_enter, "kept", 0).result() is False
    gc.collect()
    assert {"kept", "left by an error"}.isdisjoint(single_flight._LOCKS)
    assert _enter("kept", 0)


def _enter(key: str, seconds: float) -> bool:
    with alone(key, seconds) as held:
        return held
