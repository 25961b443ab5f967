"""A task's deadline bounds attempts, waits and calls; a call's time-out is that of the whole call."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from pressroom.calls import providers
from pressroom.calls.chain import RetryPolicy, chain_of
from pressroom.calls.deadline import Deadline
from pressroom.calls.ledger import Ledger
from pressroom.calls.requests import Text
from pressroom.errors import ChainExhausted, ProviderTimeout
from sandbox import Fault, ProviderServer, Reply
from tests.pressroom.providers.chain_desk import NOTE, Hand, account, asked, chain, complete, request, rows

PAID = ("openai", "anthropic", "compatible")


@pytest.fixture
def hand() -> Hand:
    return Hand()


# Attempts and waits


def test_no_attempt_is_begun_after_it(server: ProviderServer, ledger: Ledger, hand: Hand) -> None:
    both = chain(server, "openai", "anthropic", policy=hand.policy())
    with pytest.raises(ChainExhausted, match="TASK_DEADLINE: The task's time was up before another attempt") as caught:
        complete(both, request(), ledger, deadline=Deadline(0))
    assert "PRESSROOM_TASK_DEADLINE" in str(caught.value)
    assert server.counts["total"] == len(rows(ledger)) == 0


def test_a_wait_that_would_outlast_it_is_not_begun(server: ProviderServer, ledger: Ledger, hand: Hand) -> None:
    server.enqueue(Reply(fault=Fault.RATE_LIMIT, seconds=20))
    one = chain(server, "openai", policy=hand.policy(attempts=3, deadline=15))
    with pytest.raises(ChainExhausted) as caught:
        complete(one, request(), ledger)
    assert hand.slept == []
    first, second = caught.value.attempts
    assert first.startswith("openai: PROVIDER_RATE_LIMIT: ")
    assert second.startswith("openai: TASK_DEADLINE: The task's deadline comes before another attempt")


def test_the_next_provider_may_still_answer_in_time(server: ProviderServer, ledger: Ledger, hand: Hand) -> None:
    server.enqueue(Reply(fault=Fault.RATE_LIMIT, seconds=20), NOTE)
    both = chain(server, "openai", "anthropic", policy=hand.policy(attempts=3, deadline=15))
    assert complete(both, request(), ledger).account == "anthropic"
    assert hand.slept == []


@pytest.mark.parametrize("fault", [Fault.RATE_LIMIT, Fault.RATE_LIMIT_DATE])
def test_more_than_the_cap_goes_on_at_once(fault: Fault, server: ProviderServer, ledger: Ledger, hand: Hand) -> None:
    server.enqueue(Reply(fault=fault, seconds=60), NOTE)
    both = chain(server, "openai", "anthropic", policy=hand.policy(attempts=3))
    assert complete(both, request(), ledger).account == "anthropic"
    assert (hand.slept, asked(server)) == ([], ["openai", "anthropic"])


def test_threads_do_not_come_back_as_one(hand: Hand, server: ProviderServer, ledger: Ledger) -> None:
    for number in range(8):
        server.enqueue(Reply(fault=Fault.RATE_LIMIT, seconds=10), NOTE)
        complete(chain(server, "openai", policy=hand.policy(attempts=3)), request(number), ledger)
    assert all(10 <= pause <= 11 for pause in hand.slept)
    assert max(hand.slept) - min(hand.slept) > 0.1


def test_a_worker_that_makes_the_same_call_is_not_waited_for_beyond_it(server: ProviderServer, ledger: Ledger) -> None:
    one = chain(server, "openai", policy=RetryPolicy())
    assert ledger._claim(Text(request()).record(one.links[0], (), ""))
    began = time.monotonic()
    with pytest.raises(ChainExhausted, match=r"TASK_DEADLINE: .* while another worker made the same call"):
        complete(one, request(), ledger, deadline=Deadline(0.3))
    assert 0.3 <= time.monotonic() - began < 2
    assert server.counts["total"] == 0


@pytest.mark.parametrize("name", PAID)
def test_a_call_under_way_is_cut_short_and_not_held_against_the_provider(
    name: str, server: ProviderServer, ledger: Ledger
) -> None:
    server.enqueue(Fault.HANG)
    one = chain(server, name, policy=RetryPolicy(circuit_failures=1))
    began = time.monotonic()
    with pytest.raises(ChainExhausted, match="did not answer before the task's deadline"):
        complete(one, request(), ledger, deadline=Deadline(0.4))
    assert 0.4 <= time.monotonic() - began < 2
    one.links[0].health.circuit("text").check()
    assert [(row.status, row.error_code) for row in rows(ledger)] == [("failed", "PROVIDER_TIMEOUT")]


# One call


@pytest.mark.parametrize("name", PAID)
@pytest.mark.parametrize("pause", [0.002, 0.05])
def test_a_trickle_is_cut_off(name: str, pause: float, server: ProviderServer, ledger: Ledger) -> None:
    """Each byte comes well within the time-out, all of them don't."""
    server.enqueue(Reply(data=NOTE.model_dump() | {"title": "long " * 200}, fault=Fault.TRICKLE, seconds=pause))
    client = providers.get(name).kind("text").client(account(name, server, timeout=0.5))
    began = time.monotonic()
    with pytest.raises(ProviderTimeout, match=rf"^{name} did not answer in 0.5 s\. Give it longer: PRESSROOM_TIMEOUT"):
        client.send(request())
    assert 0.45 <= time.monotonic() - began < 1.5


@pytest.mark.parametrize("name", PAID)
def test_a_trickle_within_the_time_is_an_answer(name: str, server: ProviderServer) -> None:
    server.enqueue(Reply(data=NOTE.model_dump(), fault=Fault.TRICKLE, seconds=0.0005), NOTE)
    client = providers.get(name).kind("text").client(account(name, server))
    assert client.send(request()).text == client.send(request()).text == '{"title": "Migrate by day"}'


@pytest.fixture
def dribbler() -> Iterator[str]:
    """The address of a server that never gets to the end of its headers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def serve() -> None:
            try:
                line, _ = listener.accept()
                line.sendall(b"HTTP/1.1 200 OK\r\n")
                while True:
                    line.sendall(b"x-more: 1\r\n")
                    time.sleep(0.05)
            except OSError:
                return

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("name", PAID)
def test_headers_that_never_end_are_cut_off(name: str, dribbler: str, server: ProviderServer) -> None:
    client = providers.get(name).kind("text").client(account(name, server, base_url=dribbler, timeout=0.5))
    began = time.monotonic()
    with pytest.raises(ProviderTimeout):
        client.send(request())
    assert time.monotonic() - began < 1.5


def test_a_trickle_is_a_time_out_that_another_attempt_may_cure(server: ProviderServer, ledger: Ledger) -> None:
    server.enqueue(Reply(data=NOTE.model_dump(), fault=Fault.TRICKLE, seconds=0.05), NOTE)
    one = chain_of([account("openai", server, timeout=0.5)], RetryPolicy(backoff=0))
    assert complete(one, request(), ledger).body == NOTE
    assert [row.error_code for row in rows(ledger)] == ["PROVIDER_TIMEOUT", None]
    assert 400 <= rows(ledger)[0].milliseconds < 2000


@pytest.mark.parametrize("name", ["openai", "anthropic"])
def test_the_proxy_of_the_environment_is_used_and_bounded_too(
    name: str, server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    server.enqueue(NOTE, Reply(data=NOTE.model_dump(), fault=Fault.TRICKLE, seconds=0.05))
    client = (
        providers.get(name)
        .kind("text")
        .client(account(name, server, base_url="http://provider.invalid/v1", timeout=0.5))
    )
    assert client.send(request()).text
    with pytest.raises(ProviderTimeout):
        client.send(request())
    assert all(record.path.startswith("http://provider.invalid/v1") for record in server.history)


def test_rounds_share_one_deadline(server: ProviderServer, ledger: Ledger, hand: Hand) -> None:
    one = chain(server, "openai", policy=hand.policy(attempts=2, deadline=50))
    until = one.deadline()
    busy = Reply(fault=Fault.RATE_LIMIT, seconds=28)
    server.enqueue(busy, NOTE, busy, NOTE)
    complete(one, request(0), ledger, deadline=until)
    with pytest.raises(ChainExhausted, match="TASK_DEADLINE"):
        complete(one, request(1), ledger, deadline=until)
    assert complete(one, replace(request(1)), ledger).body == NOTE, "the next task has its own"


def test_our_own_waiting_is_no_time_of_the_provider_s(server: ProviderServer, ledger: Ledger, hand: Hand) -> None:
    """A limiter, a database and a crowded processor may take what they want, if each provider answers at once."""

    class Slow:
        def acquire(self, tokens: int, deadline: float | None) -> None:
            assert deadline == hand.now + 50, "a permit further away than the whole task is another provider's turn"
            hand.now += 49

        def pause(self, seconds: float) -> None: ...

        def settle(self, estimated: int, used: int) -> None:
            hand.now += 49

    one = chain(server, "openai", policy=hand.policy(deadline=50), limiters={"openai": Slow()})
    until = one.deadline()
    server.enqueue(*[NOTE] * 4)
    for number in range(4):
        complete(one, request(number), ledger, deadline=until)
        hand.now += 1000
    assert until.left == 50


def test_a_picture_s_own_time_passes_whoever_is_to_blame(hand: Hand) -> None:
    until = chain_of([], hand.policy(deadline=50)).deadline(at=hand.now + 30)
    assert (until.left, until.latest) == (30, hand.now + 30)
    hand.now += 30
    assert until.left == 0


def test_an_answer_that_came_in_time_is_read_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that gets the processor after the call's end finds what has arrived by then."""
    from pressroom.calls import deadline_client

    class Line:
        def __init__(self, ready: bool) -> None:
            self.ready = ready

        def get_extra_info(self, info: str) -> object:
            return info == "is_readable" and self.ready

        def read(self, max_bytes: int, timeout: float | None) -> bytes:
            assert timeout == deadline_client.AT_ONCE
            return b"answer"

    token = deadline_client._CALL_ENDS.set(time.monotonic() - 1)
    try:
        assert deadline_client._Stream(Line(ready=True)).read(10) == b"answer"  # type: ignore[arg-type]
        with pytest.raises(Exception, match="whole call is over"):
            deadline_client._Stream(Line(ready=False)).read(10)  # type: ignore[arg-type]
    finally:
        deadline_client._CALL_ENDS.reset(token)
