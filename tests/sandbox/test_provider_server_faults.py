"""Each fault makes the real SDKs raise what the real provider would."""

from __future__ import annotations

import json
import time
from email.utils import parsedate_to_datetime

import anthropic
import openai
import pytest
from pydantic import ValidationError

from sandbox import Fault, ProviderServer, Reply
from tests.sandbox.asking import (
    by_chat,
    by_messages,
    by_responses,
    draft,
    ideas,
    quick_anthropic,
    quick_openai,
    until_idle,
    violations,
)

# fault: (exception of the OpenAI client, of the Anthropic client)
RAISES: dict[Fault, tuple[type[Exception], type[Exception]]] = {
    Fault.RATE_LIMIT: (openai.RateLimitError, anthropic.RateLimitError),
    Fault.RATE_LIMIT_DATE: (openai.RateLimitError, anthropic.RateLimitError),
    Fault.RATE_LIMIT_BARE: (openai.RateLimitError, anthropic.RateLimitError),
    Fault.TOKEN_LIMIT: (openai.RateLimitError, anthropic.RateLimitError),
    Fault.SERVER_ERROR: (openai.InternalServerError, anthropic.InternalServerError),
    Fault.UNAVAILABLE: (openai.InternalServerError, anthropic.ServiceUnavailableError),
    Fault.OVERLOADED: (openai.InternalServerError, anthropic.OverloadedError),
    Fault.REQUEST_TIMEOUT: (openai.APIStatusError, anthropic.RequestTimeoutError),
    Fault.CONFLICT: (openai.ConflictError, anthropic.ConflictError),
    Fault.BAD_KEY: (openai.AuthenticationError, anthropic.AuthenticationError),
    Fault.FORBIDDEN: (openai.PermissionDeniedError, anthropic.PermissionDeniedError),
    Fault.PAYMENT_REQUIRED: (openai.APIStatusError, anthropic.PaymentRequiredError),
    Fault.INSUFFICIENT_QUOTA: (openai.RateLimitError, anthropic.PaymentRequiredError),
    Fault.UNKNOWN_MODEL: (openai.NotFoundError, anthropic.NotFoundError),
    Fault.BAD_REQUEST: (openai.BadRequestError, anthropic.BadRequestError),
    Fault.HANG: (openai.APITimeoutError, anthropic.APITimeoutError),
    Fault.CUT: (openai.APIConnectionError, anthropic.APIConnectionError),
    Fault.DROP: (openai.APIConnectionError, anthropic.APIConnectionError),
    Fault.MALFORMED_BODY: (json.JSONDecodeError, json.JSONDecodeError),
    Fault.MALFORMED_JSON: (ValidationError, ValidationError),
    Fault.PROSE: (ValidationError, ValidationError),
    Fault.TRUNCATED: (openai.LengthFinishReasonError, ValidationError),
}
ANSWERED = {Fault.SLOW, Fault.TRICKLE, Fault.REFUSAL, Fault.RULE_BREAKING, Fault.IDENTICAL_IDEAS, Fault.EMPTY}


def test_every_fault_is_tried() -> None:
    assert set(RAISES) | ANSWERED == set(Fault)
    assert all(fault.description.endswith(".") for fault in Fault)


@pytest.mark.parametrize("fault", RAISES, ids=str)
def test_fault_raises_the_sdks_own_exception(server: ProviderServer, fault: Fault) -> None:
    openais, anthropics = RAISES[fault]
    server.fail(fault)
    with quick_openai(server, timeout=0.3) as client:
        with pytest.raises(openais) as chat:
            by_chat(client, draft())
        with pytest.raises(ValidationError if fault is Fault.TRUNCATED else openais):
            by_responses(client, draft())
    with quick_anthropic(server, timeout=0.3) as other, pytest.raises(anthropics) as message:
        by_messages(other, draft())
    for error in (chat.value, message.value):
        if fault.kind == "status":
            assert error.status_code in (fault.status, 402)  # type: ignore[attr-defined]
    until_idle(server)
    assert server.counts["outcome"] == {fault.value: 3}


def test_retry_after_comes_in_all_three_ways(server: ProviderServer) -> None:
    server.enqueue(Reply(fault=Fault.RATE_LIMIT, seconds=7), Fault.RATE_LIMIT_BARE)
    server.enqueue(Reply(fault=Fault.RATE_LIMIT_DATE, seconds=60))
    said = []
    with quick_openai(server) as client:
        for _ in range(3):
            with pytest.raises(openai.RateLimitError) as error:
                by_chat(client, draft())
            said.append(error.value.response.headers.get("retry-after"))
    assert said[:2] == ["7", None]
    assert 55 < parsedate_to_datetime(str(said[2])).timestamp() - time.time() <= 61


def test_slow_is_late_but_good(server: ProviderServer) -> None:
    server.enqueue(Reply(fault=Fault.SLOW, seconds=0.2))
    began = time.perf_counter()
    with quick_openai(server) as client:
        by_chat(client, draft())
    assert 0.2 <= time.perf_counter() - began < 1


def test_rule_breaking_and_identical_answers_have_the_right_shape(server: ProviderServer) -> None:
    found = [{"title": f"T{n}", "description": "D.", "category": "innovation"} for n in range(3)]
    with quick_openai(server) as client:
        server.enqueue(Reply(data={"ideas": found}, fault=Fault.IDENTICAL_IDEAS), Fault.RULE_BREAKING)
        same = by_chat(client, ideas(3)).choices[0].message.parsed.ideas
        assert [idea.title for idea in same] == ["T0"] * 3
        assert violations(by_chat(client, draft()).choices[0].message.parsed)


def test_faults_keep_to_their_scope(server: ProviderServer) -> None:
    server.fail(Fault.SERVER_ERROR, purposes=("draft",), formats=("linkedin_post",), nth=(2,))
    server.fail(Fault.CONFLICT, dialects=("openai_responses",), times=1)
    with quick_openai(server) as client:
        by_chat(client, ideas())
        by_chat(client, draft())
        with pytest.raises(openai.InternalServerError):
            by_chat(client, draft())
        by_chat(client, draft())
        with pytest.raises(openai.ConflictError):
            by_responses(client, ideas())
        by_responses(client, ideas())
        client.moderations.create(input="x")
    assert server.counts["outcome"] == {"answered": 5, "server_error": 1, "conflict": 1}


def test_scripted_replies_wait_for_their_purpose(server: ProviderServer) -> None:
    server.enqueue(Reply(fault=Fault.CONFLICT, purposes=("moderation",)), Reply(text="{}", purposes=("draft",)))
    with quick_openai(server) as client:
        by_chat(client, ideas())
        assert server.waiting == 2
        with pytest.raises(openai.ConflictError):
            client.moderations.create(input="x")
    assert server.waiting == 1


def test_chance_depends_on_the_seed_not_on_the_order() -> None:
    def outcomes(order: list[int], seed: int) -> dict[int, str]:
        with ProviderServer(fault_rate=0.5, faults=(Fault.CONFLICT,), seed=seed) as server:
            client = quick_openai(server)
            met = {}
            for count in order:
                try:
                    by_chat(client, ideas(count))
                    met[count] = "good"
                except openai.ConflictError:
                    met[count] = "bad"
            return met

    counts = list(range(1, 25))
    first = outcomes(counts, 1)
    assert first == outcomes(counts[::-1], 1)
    assert first != outcomes(counts, 2)
    assert 4 < list(first.values()).count("bad") < 20
