"""What every provider of text keeps to. Providers are found by name; the paid ones speak to the provider server.

A new one is held to this without another line, but for where in the server it has to look (`ADDRESSES`).
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr, ValidationError

from pressroom import errors, formats
from pressroom.calls import providers
from pressroom.calls.providers import Account
from pressroom.calls.requests import ModerationRequest
from pressroom.errors import PressroomError
from pressroom.model import Answer, Assignment, Finish, Frozen, Idea, TextRequest
from pressroom.writing.requests import draft_request
from sandbox import Fault, ProviderServer, Reply

NAMES = tuple(one.name for one in providers.REGISTRY if one.offers("text"))
PAID = tuple(name for name in NAMES if name != "offline")
EVERY_PROVIDER = pytest.mark.parametrize("name", NAMES)
EVERY_PAID_PROVIDER = pytest.mark.parametrize("name", PAID)

ADDRESSES = {"openai": "openai_url", "compatible": "openai_url", "anthropic": "anthropic_url", "gemini": "gemini_url"}
KEY = "sk-very-secret-0123456789"
MODEL = "some-model"

IDEA = Idea(
    title="Why a database migration needs a rehearsal",
    description="A rehearsal on a copy finds the slow step before the night it counts. It costs one afternoon.",
    category="technology",
)


class Note(Frozen):
    title: str
    lines: list[str]


NOTE = Note(title="Migrate by day", lines=["Nobody is awake at night.", "Everybody is at noon."])
REQUEST = TextRequest(
    purpose="other",
    system="You write notes.",
    prompt="One about migrations, please.",
    schema=Note,
    temperature=0.3,
    max_output_tokens=432,
)

MEANS = {
    Fault.RATE_LIMIT: errors.RateLimited,
    Fault.RATE_LIMIT_DATE: errors.RateLimited,
    Fault.RATE_LIMIT_BARE: errors.RateLimited,
    Fault.TOKEN_LIMIT: errors.RateLimited,
    Fault.SERVER_ERROR: errors.ProviderBusy,
    Fault.UNAVAILABLE: errors.ProviderBusy,
    Fault.OVERLOADED: errors.ProviderBusy,
    Fault.REQUEST_TIMEOUT: errors.ProviderBusy,
    Fault.CONFLICT: errors.ProviderBusy,
    Fault.BAD_KEY: errors.KeyRefused,
    Fault.FORBIDDEN: errors.KeyRefused,
    Fault.PAYMENT_REQUIRED: errors.CreditsExhausted,
    Fault.INSUFFICIENT_QUOTA: errors.CreditsExhausted,
    Fault.UNKNOWN_MODEL: errors.UnknownModel,
    Fault.BAD_REQUEST: errors.RequestRejected,
    Fault.CUT: errors.ConnectionBroken,
    Fault.DROP: errors.ConnectionBroken,
    Fault.MALFORMED_BODY: errors.BrokenAnswer,
    Fault.HANG: errors.ProviderTimeout,
    Fault.TRICKLE: errors.ProviderTimeout,
}
ANSWERED = [fault for fault in Fault if fault.kind == "content"]
FINISH = {Fault.TRUNCATED: Finish.LENGTH, Fault.REFUSAL: Finish.REFUSAL}


def account(name: str, server: ProviderServer, **changes: Any) -> Account:
    if name not in PAID:
        return Account(name=name, provider=name, model="offline-1", **changes)
    assert name in ADDRESSES, f"ADDRESSES has to say where in the provider server {name} looks"
    address = {"base_url": getattr(server, ADDRESSES[name]), "api_key": SecretStr(KEY), "model": MODEL}
    return Account(**{"name": name, "provider": name, "timeout": 20.0, **address, **changes})


def client(name: str, server: ProviderServer, **changes: Any) -> Any:
    return providers.get(name).kind("text").client(account(name, server, **changes))


def draft(form: str = "linkedin_post") -> TextRequest:
    return draft_request(Assignment(idea=IDEA, format=form))


def parsed(answer: Answer, schema: type[BaseModel]) -> BaseModel:
    return schema.model_validate_json(answer.text)


# What it is


@EVERY_PROVIDER
def test_it_declares_itself(name: str) -> None:
    provider = providers.get(name)
    assert provider.name == name and all(provider.kind(kind).client for kind in provider.kinds)
    assert provider.paid == (name in PAID)


def test_no_sdk_is_imported_before_a_client_is_built() -> None:
    code = (
        "import sys, pressroom.calls.chain, pressroom.calls.providers as providers\n"
        f"for name in {NAMES!r}: providers.get(name)\n"
        "print(sorted({'openai', 'anthropic', 'httpx', 'httpx2', 'prefect', 'fastapi'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"


# Good answers


@EVERY_PROVIDER
@pytest.mark.parametrize("form", ["linkedin_post", "x_thread"])
def test_a_good_answer_fits_its_schema(name: str, form: str, server: ProviderServer) -> None:
    request = draft(form)
    answer = client(name, server).send(request)
    assert isinstance(parsed(answer, request.schema), formats.get(form).body)
    assert answer.finish is Finish.STOP
    assert answer.model


@EVERY_PAID_PROVIDER
def test_a_good_answer_says_what_it_used(name: str, server: ProviderServer) -> None:
    server.enqueue(NOTE)
    answer = client(name, server).send(REQUEST)
    assert parsed(answer, Note) == NOTE
    assert answer.usage.input_tokens > 0 < answer.usage.output_tokens
    assert answer.usage.cached_tokens <= answer.usage.input_tokens
    assert answer.model == MODEL
    assert answer.request_id.startswith("req_")


@EVERY_PAID_PROVIDER
def test_the_request_on_the_wire(name: str, server: ProviderServer) -> None:
    client(name, server).send(REQUEST)
    (record,) = server.history
    body = record.body
    words = json.dumps(body)
    assert body["model"] == MODEL
    assert REQUEST.system in words and REQUEST.prompt in words
    limits = {"openai": "max_completion_tokens", "compatible": "max_tokens", "gemini": "maxOutputTokens"}
    options = body.get("generationConfig", body)
    assert options[limits.get(name, "max_tokens")] == 432
    assert options.get("temperature") == (None if name == "anthropic" else 0.3)
    assert '"lines"' in words and '"title"' in words and ("json_schema" in words or "JsonSchema" in words)
    assert not body.get("stream")


@EVERY_PAID_PROVIDER
def test_ideas_may_have_a_model_of_their_own(name: str, server: ProviderServer) -> None:
    one = client(name, server, ideas_model="bigger-model")
    one.send(REQUEST)
    one.send(replace(REQUEST, purpose="ideas"))
    assert [record.model for record in server.history] == [MODEL, "bigger-model"]


@EVERY_PAID_PROVIDER
def test_fifty_threads_share_one_client(name: str, server: ProviderServer) -> None:
    """Each gets its own answer: one that tells the length of its own question."""
    one = client(name, server)
    requests = [replace(REQUEST, system="", prompt="long " * 4 * length) for length in range(1, 51)]
    server.configure(latency=0.2)
    try:
        with ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(one.send, requests))
    finally:
        server.configure(latency=0.0)
    assert [answer.usage.input_tokens for answer in answers] == [5 * length for length in range(1, 51)]
    assert len({answer.request_id for answer in answers}) == server.counts["total"] == 50


# Answers with something wrong inside


@EVERY_PAID_PROVIDER
@pytest.mark.parametrize("fault", ANSWERED)
def test_what_was_answered_is_never_lost(name: str, fault: Fault, server: ProviderServer) -> None:
    server.enqueue(fault)
    answer = client(name, server).send(draft())
    (record,) = server.history
    assert answer.finish is FINISH.get(fault, Finish.STOP)
    assert answer.usage.input_tokens > 0
    if fault is not Fault.REFUSAL:  # Anthropic tells the reason elsewhere
        assert answer.text == record.said


@EVERY_PAID_PROVIDER
@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"title": 3, "lines": []}', "```json\n{}\n```", "🚀"])
def test_whatever_the_model_says_is_an_answer(name: str, text: str, server: ProviderServer) -> None:
    server.enqueue(Reply(text=text))
    answer = client(name, server).send(REQUEST)
    assert answer.text == text
    with pytest.raises(ValidationError):
        parsed(answer, Note)


@EVERY_PAID_PROVIDER
def test_an_answer_is_never_taken_for_another(name: str, server: ProviderServer) -> None:
    one = client(name, server)
    server.enqueue(NOTE, Fault.MALFORMED_BODY, Fault.DROP)
    one.send(REQUEST)
    with pytest.raises(errors.BrokenAnswer):
        one.send(REQUEST)
    with pytest.raises(errors.ConnectionBroken):
        one.send(REQUEST)


@EVERY_PAID_PROVIDER
@pytest.mark.parametrize("body", [{}, [], 3, "text", {"choices": []}, {"content": None}, {"error": {"code": 1}}])
def test_a_body_of_another_shape(name: str, body: Any, server: ProviderServer) -> None:
    server.enqueue(Reply(body=body))
    with pytest.raises(errors.BrokenAnswer):
        client(name, server).send(REQUEST)


@EVERY_PAID_PROVIDER
def test_tokens_a_minute_are_counted_as_the_provider_counts(name: str, server: ProviderServer) -> None:
    answer = client(name, server).send(REQUEST)
    counted = providers.get(name).counted(answer.usage, REQUEST.max_output_tokens)
    assert counted == server.history[-1].counted > 0


# What goes wrong before an answer


def test_every_fault_is_covered() -> None:
    assert set(MEANS) | set(ANSWERED) | {Fault.SLOW} == set(Fault)


@EVERY_PAID_PROVIDER
@pytest.mark.parametrize("fault", MEANS)
def test_each_fault_is_one_error(name: str, fault: Fault, server: ProviderServer) -> None:
    tries = 2 if fault is Fault.BAD_REQUEST else 1  # what names nothing is asked for once more, in words alone
    server.enqueue(*[fault] * tries)
    started = time.monotonic()
    with pytest.raises(PressroomError) as caught:
        client(name, server, timeout=0.3 if MEANS[fault] is errors.ProviderTimeout else 20.0).send(REQUEST)
    assert type(caught.value) is MEANS[fault]
    assert KEY not in str(caught.value)
    assert name in caught.value.message
    assert time.monotonic() - started < 3
    assert server.counts["total"] == tries, "retrying is the chain's affair"


@EVERY_PAID_PROVIDER
def test_a_rate_limit_says_how_long(name: str, server: ProviderServer) -> None:
    server.enqueue(*(Reply(fault=fault, seconds=7) for fault in (Fault.RATE_LIMIT, Fault.RATE_LIMIT_DATE)))
    server.enqueue(Fault.RATE_LIMIT_BARE)
    waits = []
    for _ in range(3):
        with pytest.raises(errors.RateLimited) as caught:
            client(name, server).send(REQUEST)
        waits.append(caught.value.retry_after)
    assert waits[0] == 7
    assert waits[1] is not None and 5 < waits[1] <= 8
    assert waits[2] is None


@EVERY_PAID_PROVIDER
def test_a_slow_answer_is_waited_for_so_long(name: str, server: ProviderServer) -> None:
    server.enqueue(Reply(fault=Fault.SLOW, seconds=0.3), Reply(fault=Fault.SLOW, seconds=5))
    one = client(name, server, timeout=1.0)
    assert one.send(REQUEST).finish is Finish.STOP
    started = time.monotonic()
    with pytest.raises(errors.ProviderTimeout, match="1 s"):
        one.send(REQUEST)
    assert 0.9 < time.monotonic() - started < 3


@EVERY_PAID_PROVIDER
def test_nobody_is_there(name: str, server: ProviderServer) -> None:
    with pytest.raises(errors.ConnectionBroken):
        client(name, server, base_url="http://127.0.0.1:1/v1").send(REQUEST)


# What is configured


@EVERY_PAID_PROVIDER
@pytest.mark.parametrize("key", ["", "  \n", "ключ", "two\nlines"])
def test_a_key_that_is_none(name: str, key: str, server: ProviderServer) -> None:
    with pytest.raises(errors.Misconfigured, match="key") as caught:
        client(name, server, api_key=SecretStr(key)).send(REQUEST)
    assert "ключ" not in str(caught.value)
    assert server.counts["total"] == 0


@EVERY_PAID_PROVIDER
def test_a_key_pasted_with_its_line_break(name: str, server: ProviderServer) -> None:
    server.configure(accepted_keys=(KEY,))
    try:
        assert client(name, server, api_key=SecretStr(f"{KEY}\n")).send(REQUEST).text
    finally:
        server.configure(accepted_keys=None)


@EVERY_PAID_PROVIDER
@pytest.mark.parametrize(
    "address", ["", "not a url", "localhost:8000/v1", "http://host:port/v1", "ftp://host", "http://"]
)
def test_an_address_that_is_none(name: str, address: str, server: ProviderServer) -> None:
    with pytest.raises(errors.Misconfigured, match="web address"):
        client(name, server, base_url=address).send(REQUEST)


@EVERY_PAID_PROVIDER
def test_a_probe_costs_nothing_and_tells(name: str, server: ProviderServer) -> None:
    probe = providers.get(name).kind("text").probe
    assert probe is not None
    server.configure(known_models=("small-model-20260101", "models/other-model", "third-model"))
    try:
        for model in ("small-model", "small-model-20260101", "third-model"):
            probe(account(name, server, model=model))
        with pytest.raises(errors.UnknownModel, match="no-such-model"):
            probe(account(name, server, model="no-such-model"))
        server.enqueue(Reply(fault=Fault.BAD_KEY, purposes=("models",)))
        with pytest.raises(errors.KeyRefused):
            probe(account(name, server, model="third-model"))
        server.enqueue(Reply(fault=Fault.MALFORMED_BODY, purposes=("models",)))
        with pytest.raises(errors.BrokenAnswer):
            probe(account(name, server, model="third-model"))
        assert {record.purpose for record in server.history} == {"models"}
    finally:
        server.configure(known_models=None)


@pytest.mark.parametrize("name", [name for name in NAMES if providers.get(name).offers("moderation")])
def test_a_moderator_judges_each_text(name: str, server: ProviderServer) -> None:
    moderator = providers.get(name).kind("moderation").client(account(name, server))
    assert len(json.loads(moderator.send(ModerationRequest(("one", "two"))).text)) == 2
    for fault in (Fault.MALFORMED_BODY, Fault.RATE_LIMIT, Fault.DROP):
        server.enqueue(Reply(fault=fault, purposes=("moderation",)))
        with pytest.raises(MEANS[fault]):
            moderator.send(ModerationRequest(("one",)))
