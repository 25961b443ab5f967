"""The tokens a minute that the provider server holds to: how each provider counts, and what a refusal says."""

from __future__ import annotations

import http.client
import json
import math
import time
from typing import Any

import anthropic
import openai
import pytest

from sandbox import ProviderServer
from sandbox.limits import TokenLimit
from tests.sandbox.asking import quick_anthropic, quick_openai

HUNDRED = "w" * 400
"""A hundred tokens."""
MESSAGES: Any = [{"role": "user", "content": HUNDRED}]
CHAT = "/v1/chat/completions"


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def post(server: ProviderServer, path: str, body: dict[str, Any]) -> tuple[int, Any]:
    line = http.client.HTTPConnection(server.host, server.port, timeout=5)
    headers = {"authorization": "Bearer k", "x-goog-api-key": "k"}
    line.request("POST", path, json.dumps({"model": "m", **body}), headers)
    answer = line.getresponse()
    value = json.loads(answer.read())
    line.close()
    return answer.status, value


def chat(server: ProviderServer, most: int) -> tuple[int, str]:
    """Ask with a hundred tokens for an answer of `most`: the status, and which limit refused."""
    status, answer = post(server, CHAT, {"messages": MESSAGES, "max_tokens": most})
    return status, answer.get("error", {}).get("type", "")


def test_the_bucket_fills_again_evenly() -> None:
    clock = Clock()
    limit = TokenLimit(10_000, 60, clock)
    limit.take("openai", 8554)
    assert limit.wait("openai", 3082) == pytest.approx(9.816, abs=0.001)  # what OpenAI told in such a case
    assert limit.wait("anthropic", 10_000) == 0

    clock.now += 9.816

    assert limit.wait("openai", 3082) == pytest.approx(0, abs=0.001)
    clock.now += 1000
    assert limit.wait("openai", 10_000) == 0
    assert limit.wait("openai", 10_001) == math.inf
    assert TokenLimit(None, 60).wait("openai", 10**9) == 0


@pytest.mark.parametrize(
    ("path", "body", "passing"),
    [
        (CHAT, {"messages": MESSAGES, "max_completion_tokens": 400}, 2),  # 100 and the 400 asked for
        (CHAT, {"messages": MESSAGES, "max_tokens": 400}, 2),
        ("/v1/responses", {"input": HUNDRED, "max_output_tokens": 400}, 2),
        ("/v1/messages", {"messages": MESSAGES, "max_tokens": 400}, 5),  # 100 and the 100 written
        ("/v1beta/models/m:generateContent", {"contents": [{"parts": [{"text": HUNDRED}]}]}, 10),  # 100
    ],
    ids=["chat", "chat of others", "responses", "messages", "gemini"],
)
def test_tokens_count_as_their_provider_counts(path: str, body: dict[str, Any], passing: int) -> None:
    with ProviderServer(tokens_a_minute=1000, minute=600) as server:
        server.enqueue(*[HUNDRED] * passing)
        assert [post(server, path, body)[0] for _ in range(passing + 2)] == [200] * passing + [429] * 2


def test_a_refusal_names_tokens_and_passes() -> None:
    with (
        ProviderServer(tokens_a_minute=1000, minute=0.5) as server,
        quick_openai(server) as client,
        quick_anthropic(server) as other,
    ):
        server.enqueue(HUNDRED * 10, HUNDRED * 10)
        client.chat.completions.create(model="m", messages=MESSAGES, max_tokens=900)
        with pytest.raises(openai.RateLimitError) as chat:
            client.chat.completions.create(model="m", messages=MESSAGES, max_tokens=400)
        other.messages.create(model="m", messages=MESSAGES, max_tokens=1000)
        with pytest.raises(anthropic.RateLimitError) as message:
            other.messages.create(model="m", messages=MESSAGES, max_tokens=1000)
        assert (chat.value.type, chat.value.code) == ("tokens", "rate_limit_exceeded")
        assert "tokens per minute" in str(message.value)
        waits = [float(error.value.response.headers["retry-after"]) for error in (chat, message)]
        assert 0 < waits[0] <= 0.25
        time.sleep(waits[0] + 0.01)
        client.chat.completions.create(model="m", messages=MESSAGES, max_tokens=400)
        assert server.counts["outcome"]["refused"] == 2


def test_more_than_there_ever_is_is_refused_without_a_time() -> None:
    with ProviderServer(tokens_a_minute=1000) as server, quick_openai(server) as client:
        with pytest.raises(openai.RateLimitError) as error:
            client.chat.completions.create(model="m", messages=MESSAGES, max_tokens=901)
        assert "retry-after" not in error.value.response.headers


def test_what_tokens_refuse_is_no_request() -> None:
    with ProviderServer(requests_a_minute=2, tokens_a_minute=1000) as server:
        asked = [chat(server, most) for most in (700, 700, 700, 0, 0)]
    assert asked == [(200, ""), (429, "tokens"), (429, "tokens"), (200, ""), (429, "requests")]


def test_what_requests_refuse_takes_no_tokens() -> None:
    with ProviderServer(requests_a_minute=1, tokens_a_minute=1000, minute=0.5) as server:
        asked = [chat(server, 900) for _ in range(5)]
        time.sleep(0.51)
        asked.append(chat(server, 900))
    assert asked == [(200, ""), *[(429, "requests")] * 4, (200, "")]
