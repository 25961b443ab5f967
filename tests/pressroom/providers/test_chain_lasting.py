"""What fails for good is reported once and skipped for the run; what one request is refused for is its own affair."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from pressroom.calls.chain import chain_of
from pressroom.calls.ledger import Ledger
from pressroom.errors import ChainExhausted
from sandbox import Fault, ProviderServer
from tests.pressroom.providers.chain_desk import Hand, account, asked, chain, complete, request, rows

HOPELESS = [
    (Fault.BAD_KEY, "PROVIDER_KEY_REFUSED"),
    (Fault.FORBIDDEN, "PROVIDER_KEY_REFUSED"),
    (Fault.INSUFFICIENT_QUOTA, "PROVIDER_CREDITS_EXHAUSTED"),
    (Fault.UNKNOWN_MODEL, "PROVIDER_UNKNOWN_MODEL"),
]


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def run(ledger: Ledger) -> Ledger:
    return replace(ledger, execution="first")


def reported(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "pressroom.chain"]


@pytest.mark.parametrize(("fault", "code"), HOPELESS)
def test_it_is_asked_once_in_a_run_and_reported_once(
    fault: Fault, code: str, server: ProviderServer, run: Ledger, hand: Hand, caplog: pytest.LogCaptureFixture
) -> None:
    server.fail(fault, dialects=("openai_chat",))
    both = chain(server, "openai", "anthropic", policy=hand.policy(attempts=3))
    with caplog.at_level(logging.WARNING, "pressroom.chain"):
        for number in range(4):
            assert complete(both, request(number), run).account == "anthropic"
    assert asked(server) == ["openai", "anthropic", "anthropic", "anthropic", "anthropic"]
    assert [row.error_code for row in rows(run)] == [code, None, None, None, None]
    (line,) = reported(caplog)
    assert line.startswith("openai is skipped for the rest of the run: openai ")
    assert hand.slept == []


def test_the_next_run_tries_again(server: ProviderServer, run: Ledger, hand: Hand) -> None:
    server.fail(Fault.BAD_KEY, dialects=("openai_chat",), times=1)
    both = chain(server, "openai", "anthropic", policy=hand.policy())
    answered = [complete(both, request(number), run).account for number in range(2)]
    for number, later in ((2, replace(run, execution="second")), (3, replace(run, execution=""))):
        answered.append(complete(both, request(number), later).account)
    assert answered == ["anthropic", "anthropic", "openai", "openai"]


def test_outside_a_run_nothing_is_remembered(server: ProviderServer, ledger: Ledger, hand: Hand) -> None:
    server.fail(Fault.BAD_KEY, dialects=("openai_chat",))
    both = chain(server, "openai", "anthropic", policy=hand.policy())
    for number in range(2):
        complete(both, request(number), ledger)
    assert asked(server) == ["openai", "anthropic"] * 2


def test_why_it_was_skipped_is_told(server: ProviderServer, run: Ledger, hand: Hand) -> None:
    server.fail(Fault.BAD_KEY)
    one = chain(server, "openai", policy=hand.policy())
    for number in range(2):
        with pytest.raises(ChainExhausted) as caught:
            complete(one, request(number), run)
    (line,) = caught.value.attempts
    assert line.startswith(
        "openai: PROVIDER_KEY_REFUSED: Skipped for the rest of this run: openai refused the key: The API"
    )
    assert server.counts["total"] == 1


def test_another_model_of_the_account_is_another_matter(server: ProviderServer, run: Ledger, hand: Hand) -> None:
    server.enqueue(Fault.UNKNOWN_MODEL)
    accounts = [account("openai", server, ideas_model="bigger"), account("anthropic", server)]
    both = chain_of(accounts, hand.policy())
    asked_for = [request(0, purpose="ideas"), request(1, purpose="ideas"), request(2)]
    assert [complete(both, one, run).account for one in asked_for] == ["anthropic", "anthropic", "openai"]


@pytest.mark.parametrize("fault", [Fault.REFUSAL, Fault.BAD_REQUEST])
def test_what_concerns_one_request_leaves_the_others_alone(
    fault: Fault, server: ProviderServer, run: Ledger, hand: Hand, caplog: pytest.LogCaptureFixture
) -> None:
    both = chain(server, "openai", "anthropic", policy=hand.policy(attempts=3))
    assert complete(both, request(9), run).account == "openai"
    server.fail(fault, dialects=("openai_chat",), times=1)
    assert complete(both, request(0), run).account == "anthropic"
    assert complete(both, request(1), run).account == "openai"
    assert reported(caplog) == []


def test_many_threads_report_it_once(
    server: ProviderServer, run: Ledger, hand: Hand, caplog: pytest.LogCaptureFixture
) -> None:
    server.fail(Fault.PAYMENT_REQUIRED, dialects=("openai_chat",))
    server.configure(latency=0.05)
    both = chain(server, "openai", "anthropic", policy=hand.policy())
    try:
        with ThreadPoolExecutor(10) as pool:
            list(pool.map(lambda number: complete(both, request(number), run), range(30)))
    finally:
        server.configure(latency=0.0)
    assert len(reported(caplog)) == 1
    assert asked(server).count("openai") <= 10
    assert len(rows(run)) == server.counts["total"]
