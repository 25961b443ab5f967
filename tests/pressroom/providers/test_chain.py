"""A chain tries again, goes on, and reads every answer from the ledger: over real HTTP, with the clock in hand."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr

from pressroom import errors
from pressroom.calls import providers
from pressroom.calls.chain import Chain, Completion, Link, RetryPolicy, chain_of
from pressroom.calls.ledger import Ledger
from pressroom.calls.providers import Account, Kind, Provider
from pressroom.errors import ChainExhausted, Misconfigured
from pressroom.model import Answer, TextRequest
from pressroom.settings import settings
from sandbox import Fault, ProviderServer, Reply
from tests.pressroom.providers.chain_desk import NOTE, Note, asked, complete, rows, vendor

KEY = "sk-very-secret-0123456789"

REQUEST = TextRequest(
    purpose="draft",
    system="You write notes.",
    prompt="One, please.",
    schema=Note,
    temperature=0.3,
    max_output_tokens=100,
    prompt_hash="system:1",
)


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def chain(server: ProviderServer, slept: list[float]) -> Callable[..., Chain]:
    """`chain("openai", "anthropic")`: these accounts at the provider server; pauses are only written down."""

    def make(*names: str, **policy: Any) -> Chain:
        urls = {"openai": server.openai_url, "anthropic": server.anthropic_url}
        accounts = [
            Account(name=n, provider=n, api_key=SecretStr(KEY), base_url=urls[n], model=f"{n}-model") for n in names
        ]
        return chain_of(accounts, RetryPolicy(sleep=slept.append, **policy))

    return make


@pytest.fixture
def ask(chain: Callable[..., Chain], ledger: Ledger) -> Callable[..., Completion]:
    """`ask("openai")`: what such a chain answers, over a ledger that lasts as long as the test."""

    def answered(*names: str, request: TextRequest = REQUEST, **policy: Any) -> Completion:
        return complete(chain(*names, **policy), request, ledger, task="a task")

    return answered


# When all is well


def test_the_first_provider_answers(
    server: ProviderServer, ledger: Ledger, ask: Callable[..., Completion], slept: list[float]
) -> None:
    server.enqueue(NOTE)
    completion = ask("openai", "anthropic")
    assert (completion.body, completion.account, completion.model) == (NOTE, "openai", "openai-model")
    assert asked(server) == ["openai"]
    assert slept == []
    (row,) = rows(ledger)
    assert completion.call_ids == (row.id,)
    assert (row.kind, row.purpose, row.provider, row.model) == ("text", "draft", "openai", "openai-model")
    assert (row.prompt_hash, row.task) == ("system:1", "a task")


def test_a_repeat_asks_nobody(server: ProviderServer, ask: Callable[..., Completion]) -> None:
    server.enqueue(NOTE)
    assert ask("openai") == ask("openai") == ask("openai", "anthropic")
    assert server.counts["total"] == 1


def test_the_price_is_that_of_the_model_that_answered(server: ProviderServer, ledger: Ledger) -> None:
    dated = Account(
        name="anthropic",
        provider="anthropic",
        api_key=SecretStr(KEY),
        base_url=server.anthropic_url,
        model="claude-haiku-4-5-20251001",
    )
    server.enqueue(NOTE)
    complete(chain_of([dated], RetryPolicy()), REQUEST, ledger)
    (row,) = rows(ledger)
    assert row.cost_microusd == row.input_tokens + 5 * row.output_tokens > 0


def test_a_price_file_that_is_none_is_noticed_before_money_is_spent(
    server: ProviderServer, ask: Callable[..., Completion], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSROOM_PRICE_FILE", "nothing.json")
    settings.cache_clear()
    with pytest.raises(Misconfigured, match=r"nothing\.json"):
        ask("openai")
    assert server.counts["total"] == 0


@pytest.mark.parametrize(
    "change",
    [
        {"variant": 1},
        {"system": "x"},
        {"prompt": "x"},
        {"temperature": 0.4},
        {"max_output_tokens": 101},
        {"purpose": "ideas"},
        {"prompt_hash": "x"},
        {"inputs": {"a": 1}},
    ],
    ids=str,
)
def test_what_makes_it_another_request(
    server: ProviderServer, ask: Callable[..., Completion], change: dict[str, Any]
) -> None:
    server.enqueue(NOTE, NOTE)
    ask("openai")
    ask("openai", request=replace(REQUEST, **change))
    same = set(change) & {"purpose", "prompt_hash", "inputs"}
    assert server.counts["total"] == (1 if same else 2)


def test_another_schema_makes_it_another_request(server: ProviderServer, ask: Callable[..., Completion]) -> None:
    class Longer(Note):
        text: str = ""

    server.enqueue(NOTE, NOTE)
    ask("openai")
    ask("openai", request=replace(REQUEST, schema=Longer))
    assert server.counts["total"] == 2


def test_its_fingerprint_changes_with_all_but_the_key(chain: Callable[..., Chain]) -> None:
    one = chain("openai")
    (link,) = one.links

    def other(**change: Any) -> str:
        return Chain((Link(link.account.model_copy(update=change)),)).fingerprint

    assert other() == one.fingerprint == other(api_key=SecretStr("another")) == other(timeout=3)
    assert len({one.fingerprint, other(model="b"), other(base_url="b"), other(name="b"), other(ideas_model="b")}) == 5
    assert chain("openai", "anthropic").fingerprint != chain("anthropic", "openai").fingerprint
    assert one.names == ("openai",)


def test_a_client_is_built_when_it_is_first_asked_and_once(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []

    def build(account: Account) -> Any:
        built.append(account.name)
        return SimpleNamespace(send=lambda _: Answer(text=NOTE.model_dump_json()))

    echo = Provider(name="echo", package=__name__, kinds={"text": Kind(client=build)}, paid=False)
    monkeypatch.setitem(providers.REGISTRY._loaded, "echo", echo)
    chain = Chain(tuple(Link(Account(name=name, provider="echo")) for name in ("first", "second")))
    with ThreadPoolExecutor(20) as pool:
        requests = [replace(REQUEST, variant=number) for number in range(20)]
        list(pool.map(lambda request: complete(chain, request, ledger), requests))
    assert built == ["first"]


# Trouble that passes


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.OVERLOADED, Fault.DROP, Fault.CUT, Fault.MALFORMED_BODY])
def test_it_tries_again(
    fault: Fault, server: ProviderServer, ledger: Ledger, ask: Callable[..., Completion], slept: list[float]
) -> None:
    server.enqueue(fault, fault, NOTE)
    completion = ask("openai", "anthropic")
    assert (completion.body, completion.account) == (NOTE, "openai")
    assert len(completion.call_ids) == 1
    first, second = slept
    assert 1 <= first <= 1.25 and 2 <= second <= 2.5
    assert [row.status for row in rows(ledger)] == ["failed", "failed", "answered"]


def test_after_three_attempts_the_next_takes_over(
    server: ProviderServer, ledger: Ledger, ask: Callable[..., Completion], slept: list[float]
) -> None:
    server.fail(Fault.UNAVAILABLE, dialects=("openai_chat",))
    server.enqueue(Reply(data=NOTE.model_dump(), dialects=("anthropic_messages",)))
    completion = ask("openai", "anthropic")
    assert (completion.account, completion.model) == ("anthropic", "anthropic-model")
    assert asked(server) == ["openai"] * 3 + ["anthropic"]
    assert len(slept) == 2
    assert [row.error_code for row in rows(ledger)] == ["PROVIDER_BUSY"] * 3 + [None]


def test_a_retry_policy_can_be_set(server: ProviderServer, ask: Callable[..., Completion], slept: list[float]) -> None:
    server.fail(Fault.SERVER_ERROR)
    with pytest.raises(ChainExhausted):
        ask("openai", attempts=5, backoff=0.1)
    assert server.counts["total"] == 5
    assert [round(pause / 0.1 / 2**n, 3) >= 1 for n, pause in enumerate(slept)] == [True] * 4
    assert all(pause <= 0.125 * 2**n for n, pause in enumerate(slept))


def test_it_waits_as_long_as_it_is_asked_to(
    server: ProviderServer, ask: Callable[..., Completion], slept: list[float]
) -> None:
    server.enqueue(Reply(fault=Fault.RATE_LIMIT, seconds=7), Reply(fault=Fault.RATE_LIMIT, seconds=0), NOTE)
    assert ask("openai").body == NOTE
    assert 7 <= slept[0] <= 7.7
    assert slept[1] < 0.5


def test_it_does_not_wait_longer_than_the_cap(
    server: ProviderServer, ask: Callable[..., Completion], slept: list[float]
) -> None:
    server.enqueue(Reply(fault=Fault.RATE_LIMIT, seconds=31), NOTE)
    assert ask("openai", "anthropic").account == "anthropic"
    assert slept == []
    assert asked(server) == ["openai", "anthropic"]


# Trouble that lasts


@pytest.mark.parametrize("fault", [Fault.BAD_KEY, Fault.INSUFFICIENT_QUOTA, Fault.UNKNOWN_MODEL, Fault.REFUSAL])
def test_it_goes_on_at_once(
    fault: Fault, server: ProviderServer, ask: Callable[..., Completion], slept: list[float]
) -> None:
    server.enqueue(fault, NOTE)
    assert ask("openai", "anthropic").account == "anthropic"
    assert asked(server) == ["openai", "anthropic"]
    assert slept == []


def test_when_all_fail_each_attempt_is_named(
    server: ProviderServer, ledger: Ledger, ask: Callable[..., Completion]
) -> None:
    server.fail(Fault.BAD_KEY, dialects=("openai_chat",))
    server.fail(Fault.OVERLOADED, dialects=("anthropic_messages",))
    with pytest.raises(ChainExhausted) as caught:
        ask("openai", "anthropic")
    first, second = caught.value.attempts
    assert first.startswith("openai: PROVIDER_KEY_REFUSED: ")
    assert second.startswith("anthropic: 3 x PROVIDER_BUSY: ")
    assert first in str(caught.value) and second in str(caught.value)
    assert "doctor" in caught.value.hint
    assert KEY not in str(caught.value)
    assert not any(KEY in (row.error or "") for row in rows(ledger))
    assert len(rows(ledger)) == 4


def test_a_provider_that_repeats_the_key_gives_nothing_away(
    server: ProviderServer, ledger: Ledger, ask: Callable[..., Completion]
) -> None:
    body = {"error": {"message": f"No use for {KEY} here.", "code": "odd"}}
    server.enqueue(*[Reply(status=422, body=body)] * 2)  # once more in words alone, since it names nothing
    with pytest.raises(ChainExhausted, match=r"No use for \*\*\* here") as caught:
        ask("openai")
    assert KEY not in str(caught.value) + "".join(row.error or "" for row in rows(ledger))


# Answers that are broken


def test_a_broken_answer_is_asked_for_again(
    server: ProviderServer, ledger: Ledger, ask: Callable[..., Completion], slept: list[float]
) -> None:
    server.enqueue(Fault.MALFORMED_JSON, Fault.PROSE, NOTE)
    completion = ask("openai")
    assert completion.body == NOTE
    found = rows(ledger)
    assert completion.call_ids == tuple(row.id for row in found)
    assert [row.status for row in found] == ["answered"] * 3
    assert len({row.request_key for row in found}) == 3
    assert all(pause < 1 for pause in slept), "the provider is well: nothing to wait for"
    assert [record.body["max_completion_tokens"] for record in server.history] == [100] * 3


def test_an_answer_that_broke_off_gets_more_room(server: ProviderServer, ask: Callable[..., Completion]) -> None:
    server.enqueue(Fault.TRUNCATED, Fault.TRUNCATED, NOTE)
    assert ask("openai").body == NOTE
    assert [record.body["max_completion_tokens"] for record in server.history] == [100, 200, 400]


def test_the_next_provider_starts_with_the_usual_room(server: ProviderServer, ask: Callable[..., Completion]) -> None:
    server.enqueue(*[Fault.TRUNCATED] * 3, NOTE)
    completion = ask("openai", "anthropic")
    assert completion.account == "anthropic"
    assert len(completion.call_ids) == 4
    assert server.history[-1].body["max_tokens"] == 100


def test_a_repeat_pays_for_no_broken_answer_again(server: ProviderServer, ask: Callable[..., Completion]) -> None:
    server.enqueue(Fault.TRUNCATED, Fault.SERVER_ERROR, Fault.PROSE, NOTE)
    first = ask("openai", attempts=4)
    calls = server.counts["total"]
    second = ask("openai", attempts=4)
    assert (first, calls) == (second, 4)
    assert server.counts["total"] == calls


def test_a_broken_answer_that_was_there_is_no_attempt(server: ProviderServer, ask: Callable[..., Completion]) -> None:
    server.enqueue(Fault.PROSE, NOTE)
    with pytest.raises(ChainExhausted):
        ask("openai", attempts=1)
    assert len(ask("openai", attempts=1).call_ids) == 2


def test_a_repeat_after_all_answers_were_broken_goes_straight_to_the_next(
    server: ProviderServer, ask: Callable[..., Completion]
) -> None:
    server.enqueue(*[Fault.PROSE] * 3, NOTE)
    first = ask("openai", "anthropic")
    assert ask("openai", "anthropic") == first
    assert server.counts["total"] == 4


def test_a_repeat_after_a_refusal_does_not_ask_again(server: ProviderServer, ask: Callable[..., Completion]) -> None:
    server.enqueue(Fault.REFUSAL)
    for _ in range(2):
        with pytest.raises(ChainExhausted, match="PROVIDER_REFUSED"):
            ask("openai")
    assert server.counts["total"] == 1


def test_a_repeat_after_an_outage_asks_again(server: ProviderServer, ask: Callable[..., Completion]) -> None:
    server.enqueue(*[Fault.SERVER_ERROR] * 3, NOTE)
    with pytest.raises(ChainExhausted):
        ask("openai")
    assert ask("openai").body == NOTE


def test_twenty_threads_with_the_same_request_pay_once(server: ProviderServer, ask: Callable[..., Completion]) -> None:
    server.enqueue(Fault.PROSE, NOTE)
    server.configure(latency=0.1)
    try:
        with ThreadPoolExecutor(20) as pool:
            completions = list(pool.map(lambda _: ask("openai"), range(20)))
    finally:
        server.configure(latency=0.0)
    assert completions == [completions[0]] * 20
    assert server.counts["total"] == 2


def test_every_passing_error_is_worth_another_attempt(
    ledger: Ledger, slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    for variant, kind in enumerate((errors.RateLimited, errors.ProviderTimeout, errors.ConnectionBroken)):
        outcomes: list[Any] = [kind("Not now."), Answer(text=NOTE.model_dump_json())]

        def send(_request: TextRequest, outcomes: list[Any] = outcomes) -> Answer:
            if isinstance(outcome := outcomes.pop(0), Exception):
                raise outcome
            assert isinstance(outcome, Answer)
            return outcome

        monkeypatch.setitem(providers.REGISTRY._loaded, "moody", vendor("moody", send))
        chain = Chain((Link(Account(name="moody", provider="moody")),), RetryPolicy(sleep=slept.append))
        assert complete(chain, replace(REQUEST, variant=variant), ledger).body == NOTE
    assert len(slept) == 3
