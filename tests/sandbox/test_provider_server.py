"""The provider server itself: scripts, counts, keys, limits, latency, life and death."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import openai
import pytest

from pressroom import formats
from pressroom.calls import providers
from pressroom.errors import Misconfigured
from sandbox import Fault, ProviderServer, Reply
from tests.sandbox.asking import (
    by_chat,
    by_messages,
    draft,
    ideas,
    quick_anthropic,
    quick_openai,
    until_idle,
    violations,
)

OFFLINE = "offline" in providers.REGISTRY.names


def call(server: ProviderServer, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    line = http.client.HTTPConnection(server.host, server.port, timeout=5)
    line.request(method, path, None if body is None else json.dumps(body), {"authorization": "Bearer k"})
    answer = line.getresponse()
    value = json.loads(answer.read())
    line.close()
    return answer.status, value


@pytest.mark.skipif(not OFFLINE, reason="the offline engine is not here")
def test_ideas_are_as_many_as_asked_distinct_and_fresh(server: ProviderServer) -> None:
    with quick_openai(server) as client, quick_anthropic(server) as other:
        first = [idea.title for idea in by_chat(client, ideas(5)).choices[0].message.parsed.ideas]
        second = [idea.title for idea in by_messages(other, ideas(7, exclude=first)).parsed_output.ideas]
    assert (len(set(first)), len(set(second))) == (5, 7)
    assert not set(first) & set(second)


@pytest.mark.skipif(not OFFLINE, reason="the offline engine is not here")
@pytest.mark.parametrize("form", formats.names())
def test_drafts_pass_their_formats_rules(server: ProviderServer, form: str) -> None:
    with quick_openai(server) as client:
        body = by_chat(client, draft(form)).choices[0].message.parsed
    assert violations(body, form) == ()


def test_history_knows_everything_but_secrets(server: ProviderServer) -> None:
    with quick_openai(server) as client:
        by_chat(client, draft())
    with quick_anthropic(server) as other:
        by_messages(other, ideas())
    first, second = server.history
    assert (first.dialect, first.path, first.purpose) == ("openai_chat", "/v1/chat/completions", "draft")
    assert (first.format, first.model, first.status) == ("linkedin_post", "gpt-4.1-mini", 200)
    assert second.body["max_tokens"] == 500
    assert server.key not in json.dumps([record.as_dict() for record in server.history])
    assert server.counts["dialect"] == {"openai_chat": 1, "anthropic_messages": 1}


def test_paths_work_with_and_without_the_version(server: ProviderServer) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
    for path in ("/chat/completions", "/v1/chat/completions", "/openai/v1/chat/completions"):
        assert call(server, "POST", path, body)[0] == 200
    assert call(server, "POST", "/v1/nothing", body)[0] == 404


@pytest.mark.parametrize("body", [[], {"model": "m"}, {"model": "m", "messages": ["x"]}, {"messages": []}], ids=str)
def test_what_a_provider_would_reject_is_rejected(server: ProviderServer, body: Any) -> None:
    status, answer = call(server, "POST", "/v1/chat/completions", body)
    assert status == 400
    assert answer["error"]["type"] == "invalid_request_error"
    assert server.history[-1].outcome == "refused"


def test_keys_and_models_can_be_limited() -> None:
    with ProviderServer(accepted_keys=("good",), known_models=("gpt-4.1-mini",)) as server:
        assert server.env["OPENAI_API_KEY"] == "good"
        with quick_openai(server) as client:
            by_chat(client, draft())
            with pytest.raises(openai.NotFoundError) as unknown:
                client.chat.completions.create(model="other", messages=[])
            assert unknown.value.code == "model_not_found"
            with pytest.raises(openai.AuthenticationError):
                by_chat(client.with_options(api_key="bad"), draft())


def test_the_rate_limit_is_enforced_and_passes() -> None:
    with ProviderServer(requests_a_minute=2, minute=0.5) as server, quick_openai(server) as client:
        by_chat(client, draft())
        by_chat(client, draft())
        with pytest.raises(openai.RateLimitError) as error:
            by_chat(client, draft())
        wait = float(error.value.response.headers["retry-after"])
        assert 0 < wait <= 0.5
        client.moderations.create(input="not counted")
        time.sleep(wait + 0.01)
        by_chat(client, draft())
        assert server.counts["status"] == {"200": 4, "429": 1}
        assert server.counts["outcome"]["refused"] == 1


def test_latency_is_of_texts_only_and_shared_by_concurrent_ones() -> None:
    with ProviderServer(latency=0.3) as server, quick_openai(server) as client:
        began = time.perf_counter()
        client.moderations.create(input="x")
        assert time.perf_counter() - began < 0.25
        with ThreadPoolExecutor(20) as pool:
            began = time.perf_counter()
            list(pool.map(lambda _: by_chat(client, draft()), range(20)))
            took = time.perf_counter() - began
        assert 0.3 <= took < 1.5
        assert server.counts["peak"] >= 10


def test_leaving_is_quick_while_requests_hang(server: ProviderServer) -> None:
    with ProviderServer() as hanging:
        hanging.fail(Fault.HANG)
        with quick_openai(hanging) as client:
            errors: list[BaseException] = []

            def ask() -> None:
                try:
                    by_chat(client, draft())
                except openai.APIConnectionError as error:
                    errors.append(error)

            thread = threading.Thread(target=ask)
            thread.start()
            while not hanging.history:
                time.sleep(0.01)
            began = time.perf_counter()
            hanging.__exit__()
            thread.join(5)
    assert time.perf_counter() - began < 1
    assert len(errors) == 1


def test_a_client_that_gives_up_is_noticed() -> None:
    with ProviderServer(latency=30) as server:
        with quick_openai(server, timeout=0.1) as client, pytest.raises(openai.APITimeoutError):
            by_chat(client, draft())
        until_idle(server)
        assert server.counts["outcome"] == {"client_gone": 1}
        assert server.history[0].status == 0


def test_a_taken_port_is_told(server: ProviderServer) -> None:
    with pytest.raises(Misconfigured, match=str(server.port)), ProviderServer(port=server.port):
        pass


def test_it_is_scripted_and_read_over_http(server: ProviderServer) -> None:
    assert call(server, "GET", "/__sandbox/health") == (200, {"status": "ok"})
    script = {
        "replies": [{"text": "Said.", "purposes": ["other"]}],
        "faults": [{"fault": "conflict", "nth": [2]}],
        "options": {"latency": 0.01},
    }
    assert call(server, "POST", "/__sandbox/script", script) == (200, {"status": "ok", "waiting": 1})
    body = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
    _, answer = call(server, "POST", "/v1/chat/completions", body)
    assert answer["choices"][0]["message"]["content"] == "Said."
    assert [call(server, "POST", "/v1/chat/completions", body)[0] for _ in range(3)] == [200, 409, 200]
    assert call(server, "GET", "/__sandbox/counts")[1]["status"] == {"200": 3, "409": 1}
    history = call(server, "GET", "/__sandbox/history?last=1")[1]
    assert [record["number"] for record in history] == [4]
    assert call(server, "POST", "/__sandbox/reset")[0] == 200
    assert server.counts["total"] == 0


@pytest.mark.parametrize(
    "script", [{"faults": [{"fault": "none"}]}, {"options": {"latency": -1}}, {"surprise": 1}], ids=str
)
def test_a_wrong_script_is_refused_whole(server: ProviderServer, script: Any) -> None:
    status, answer = call(server, "POST", "/__sandbox/script", {"replies": [{"text": "x"}], **script})
    assert status == 400
    assert answer["error"]
    assert server.waiting == 0


def test_chunked_split_and_broken_requests(server: ProviderServer) -> None:
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": "Hello"}]}).encode()
    head = b"POST /v1/chat/completions HTTP/1.1\r\nAuthorization: Bearer k\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunks = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (20, body[:20], len(body) - 20, body[20:])
    with socket.create_connection((server.host, server.port), timeout=5) as line:
        for part in (head[:30], head[30:] + chunks[:9], chunks[9:]):
            line.sendall(part)
            time.sleep(0.01)
        assert line.recv(65536).startswith(b"HTTP/1.1 200 OK")
        line.sendall(b"nonsense\r\n\r\n")
        assert line.recv(65536).startswith(b"HTTP/1.1 400")


def test_a_prompt_asked_again_is_counted_and_scripts_take_models(server: ProviderServer) -> None:
    example = formats.get("linkedin_post").body.model_validate(
        {"hook": "H", "insights": ["I"], "takeaway": "T", "hashtags": ["a"]}
    )
    server.enqueue(example, Reply(data=example.model_dump(), seconds=0.05))
    with quick_openai(server) as client:
        assert by_chat(client, draft()).choices[0].message.parsed == example
        assert by_chat(client, draft()).choices[0].message.parsed == example
    assert server.counts["outcome"] == {"scripted": 2}
