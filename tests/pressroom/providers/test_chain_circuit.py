"""A provider that keeps failing is left alone: passed over where another answers, waited for where none does."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from pressroom.calls.chain import Health, RetryPolicy
from pressroom.calls.deadline import Deadline
from pressroom.calls.ledger import Ledger
from pressroom.errors import ChainExhausted
from sandbox import Fault, ProviderServer
from tests.pressroom.providers.chain_desk import NOTE, Hand, asked, chain, complete, request, rows


@pytest.fixture
def hand() -> Hand:
    return Hand()


def test_it_is_passed_over_at_once(server: ProviderServer, ledger: Ledger, hand: Hand) -> None:
    server.fail(Fault.UNAVAILABLE, dialects=("openai_chat",))
    both = chain(server, "openai", "anthropic", policy=hand.policy(attempts=3, circuit_failures=5))
    for number in range(10):
        assert complete(both, request(number), ledger).account == "anthropic"
    assert asked(server) == ["openai"] * 3 + ["anthropic"] + ["openai"] * 2 + ["anthropic"] * 9
    assert sum(hand.slept) < 10, "nobody waits for it where another answers"
    assert len(rows(ledger)) == server.counts["total"], "to be left alone is no call"


def test_after_a_while_one_call_tries_it(server: ProviderServer, ledger: Ledger, hand: Hand) -> None:
    server.fail(Fault.OVERLOADED, dialects=("openai_chat",), times=4)
    both = chain(server, "openai", "anthropic", policy=hand.policy(circuit_failures=3))
    accounts = []
    for number, pause in enumerate([0, 0, 0, 29.9, 0.1, 59.9, 0.1, 0]):
        hand.now += pause
        accounts.append(complete(both, request(number), ledger).account)
    assert accounts == ["anthropic"] * 6 + ["openai"] * 2
    assert server.counts["outcome"]["overloaded"] == 4, "three in a row, and one trial that failed"


def test_of_many_threads_one_tries_it(server: ProviderServer, ledger: Ledger) -> None:
    server.fail(Fault.SERVER_ERROR, dialects=("openai_chat",))
    policy = RetryPolicy(attempts=1, circuit_failures=2, circuit_seconds=0.3)
    both = chain(server, "openai", "anthropic", policy=policy)
    for number in range(2):
        complete(both, request(number), ledger)
    time.sleep(0.3)
    server.configure(latency=0.15)
    try:
        with ThreadPoolExecutor(10) as pool:
            accounts = list(pool.map(lambda n: complete(both, request(n), ledger).account, range(2, 12)))
    finally:
        server.configure(latency=0.0)
    assert accounts == ["anthropic"] * 10
    assert asked(server).count("openai") == 3


@pytest.mark.parametrize("names", [("openai",), ("openai", "anthropic")])
def test_it_is_waited_for_where_nobody_else_can_answer(
    names: tuple[str, ...], server: ProviderServer, ledger: Ledger, hand: Hand
) -> None:
    server.fail(Fault.SERVER_ERROR, times=3 * len(names))
    one = chain(server, *names, policy=hand.policy(circuit_failures=3))
    for number in range(3):
        with pytest.raises(ChainExhausted):
            complete(one, request(number), ledger)
    assert hand.slept == []
    assert complete(one, request(9), ledger).account == "openai"
    assert hand.slept == [30]


def test_it_is_waited_for_when_all_others_have_failed(server: ProviderServer, ledger: Ledger, hand: Hand) -> None:
    server.fail(Fault.SERVER_ERROR, dialects=("openai_chat",), times=3)
    both = chain(server, "openai", "anthropic", policy=hand.policy(circuit_failures=3))
    for number in range(3):
        complete(both, request(number), ledger)
    server.fail(Fault.REFUSAL, dialects=("anthropic_messages",))
    assert complete(both, request(9), ledger).account == "openai"
    assert hand.slept == [30]


def test_it_is_not_waited_for_beyond_the_deadline(server: ProviderServer, ledger: Ledger, hand: Hand) -> None:
    server.fail(Fault.SERVER_ERROR)
    one = chain(server, "openai", policy=hand.policy(circuit_failures=1, deadline=20))
    with pytest.raises(ChainExhausted):
        complete(one, request(0), ledger)
    with pytest.raises(ChainExhausted) as caught:
        complete(one, request(1), ledger)
    assert hand.slept == []
    assert server.counts["total"] == 1
    alone, late = caught.value.attempts
    assert alone == "openai: PROVIDER_LEFT_ALONE: openai is left alone for another 30 s. Wait, or ask another provider."
    assert late.startswith("openai: TASK_DEADLINE: The task's deadline comes before")


def test_an_outage_in_the_middle_of_the_attempts_is_waited_out(
    server: ProviderServer, ledger: Ledger, hand: Hand
) -> None:
    server.fail(Fault.SERVER_ERROR, times=2)
    one = chain(server, "openai", policy=hand.policy(attempts=3, backoff=0, circuit_failures=2))
    assert complete(one, request(0), ledger).account == "openai"
    assert [round(pause) for pause in hand.slept] == [0, 0, 30]
    assert [row.status for row in rows(ledger)] == ["failed", "failed", "answered"]


def test_to_wait_is_no_attempt(server: ProviderServer, ledger: Ledger, hand: Hand) -> None:
    server.fail(Fault.SERVER_ERROR, times=2)
    policy = hand.policy(attempts=2, backoff=0, circuit_failures=1)
    shared = Health(policy)
    one = chain(server, "openai", policy=policy, health=shared)
    other = chain(server, "openai", policy=hand.policy(), health=shared)
    with pytest.raises(ChainExhausted):
        complete(other, request(0), ledger)
    assert complete(one, request(1), ledger).account == "openai"
    assert [round(pause) for pause in hand.slept] == [30, 0, 60]


def test_its_attempts_are_used_up_all_the_same(server: ProviderServer, ledger: Ledger, hand: Hand) -> None:
    server.fail(Fault.SERVER_ERROR)
    one = chain(server, "openai", policy=hand.policy(attempts=3, backoff=0, circuit_failures=2, deadline=1000))
    with pytest.raises(ChainExhausted) as caught:
        complete(one, request(0), ledger)
    assert server.counts["total"] == len(rows(ledger)) == 3
    busy = (
        "openai failed with status 500: The server failed while it worked on this request. Try again in a few minutes."
    )
    assert caught.value.attempts == (
        f"openai: 2 x PROVIDER_BUSY: {busy}",
        "openai: PROVIDER_LEFT_ALONE: openai is left alone for another 30 s. Wait, or ask another provider.",
        f"openai: PROVIDER_BUSY: {busy}",
    )


def test_nonsense_is_no_failure_of_the_provider(server: ProviderServer, ledger: Ledger, hand: Hand) -> None:
    server.fail(Fault.PROSE, dialects=("openai_chat",))
    both = chain(server, "openai", "anthropic", policy=hand.policy(circuit_failures=2))
    for number in range(4):
        complete(both, request(number), ledger)
    assert asked(server) == ["openai", "anthropic"] * 4


def test_answers_in_the_ledger_need_no_provider(server: ProviderServer, ledger: Ledger, hand: Hand) -> None:
    server.enqueue(NOTE)
    one = chain(server, "openai", policy=hand.policy(circuit_failures=1, deadline=1))
    first = complete(one, request(0), ledger)
    server.fail(Fault.SERVER_ERROR)
    with pytest.raises(ChainExhausted):
        complete(one, request(1), ledger)
    assert complete(one, request(0), ledger, deadline=Deadline(0)) == first


def test_chains_of_one_process_know_what_the_others_know(server: ProviderServer, ledger: Ledger, hand: Hand) -> None:
    policy = hand.policy(circuit_failures=1)
    shared = Health(policy)
    server.fail(Fault.SERVER_ERROR, dialects=("openai_chat",))
    with pytest.raises(ChainExhausted):
        complete(chain(server, "openai", policy=policy, health=shared), request(0), ledger)
    both = chain(server, "openai", "anthropic", policy=policy, health=shared)
    complete(both, request(1), ledger)
    assert asked(server) == ["openai", "anthropic"]
