"""What is Gemini's own: its failures in a body, its reasons to stop, how it is kept from thinking, what it searches."""

from __future__ import annotations

import base64
import json
import math
from typing import Any, Literal

import pytest
from pydantic import Field, SecretStr

from pressroom import errors
from pressroom.calls.accounts import account_from_settings
from pressroom.calls.providers import Account
from pressroom.calls.searching import Searched, SearchRequest
from pressroom.model import Finish, Frozen, Usage
from pressroom.model.vision import ShownImage, VisionRequest
from pressroom.providers.gemini import PROVIDER
from pressroom.providers.gemini.search import GeminiSearch
from pressroom.providers.gemini.text import GenerateContent
from pressroom.settings import Endpoint, Settings
from sandbox import ProviderServer, Reply
from tests.pressroom.providers.chain_desk import NOTE, Note, request

TEXT = {"role": "model", "parts": [{"text": '{"title": "Migrate by day"}'}]}
QUESTION = SearchRequest(purpose="accounts", system="Search.", prompt="Who?", max_output_tokens=100)


def account(server: ProviderServer, **changes: Any) -> Account:
    known = {"api_key": SecretStr("k"), "base_url": server.gemini_url, "model": "gemini-3.5-flash-lite"}
    return Account(name="gemini", provider="gemini", **{**known, **changes})


def body(*, reason: str = "STOP", content: Any = TEXT, **more: Any) -> Reply:
    """An answer as Gemini writes it."""
    candidate = {"finishReason": reason, "index": 0, **({"content": content} if content else {})}
    return Reply(body={"candidates": [candidate], "modelVersion": "gemini-3.5-flash-lite", **more})


def failing(status: int, message: str, *details: dict[str, Any]) -> Reply:
    return Reply(body={"error": {"code": status, "message": message, "details": list(details)}}, status=status)


def config(server: ProviderServer) -> dict[str, Any]:
    found: dict[str, Any] = server.history[-1].body["generationConfig"]
    return found


# What is asked


def test_the_key_is_in_a_header_and_the_model_in_the_path(server: ProviderServer) -> None:
    GenerateContent(account(server, model="models/some-model")).send(request())
    (record,) = server.history
    assert record.path == "/v1beta/models/some-model:generateContent"
    assert "x-goog-api-key" not in record.headers, "the server forgets keys"
    server.configure(accepted_keys=("another",))
    try:
        with pytest.raises(errors.KeyRefused):
            GenerateContent(account(server)).send(request())
    finally:
        server.configure(accepted_keys=None)


@pytest.mark.parametrize(
    ("model", "thinking", "room"),
    [
        ("gemini-2.5-flash", {"thinkingBudget": 0}, 0),
        ("gemini-2.5-flash-lite", {"thinkingBudget": 0}, 0),
        ("gemini-2.5-pro", {"thinkingBudget": 128}, 1024),
        ("gemini-3.5-flash-lite", {"thinkingLevel": "minimal"}, 512),
        ("models/gemini-3.8-flash", {"thinkingLevel": "low"}, 2048),
        ("gemma-4", None, 0),
    ],
)
def test_thinking_does_not_use_up_the_answer(model: str, thinking: Any, room: int, server: ProviderServer) -> None:
    GenerateContent(account(server, model=model)).send(request())
    assert config(server).get("thinkingConfig") == thinking
    assert config(server)["maxOutputTokens"] == 100 + room


def test_a_schema_says_only_what_gemini_knows(server: ProviderServer) -> None:
    class Inner(Frozen):
        default: str = Field(default="so", max_length=9)

    class Odd(Frozen):
        kind: Literal["odd"]
        pattern: str = Field(pattern="^a")
        share: float = Field(ge=0, le=1)
        inner: tuple[Inner, ...] = Field(min_length=1)
        maybe: bool | None

    GenerateContent(account(server)).send(request(schema=Odd))
    schema = config(server)["responseJsonSchema"]
    assert config(server)["responseMimeType"] == "application/json"
    assert list(schema["properties"]) == ["kind", "pattern", "share", "inner", "maybe"]
    assert schema["properties"]["kind"]["enum"] == ["odd"]
    assert (schema["properties"]["share"]["minimum"], schema["properties"]["share"]["maximum"]) == (0, 1)
    assert schema["properties"]["inner"] == {
        "items": {"$ref": "#/$defs/Inner"},
        "minItems": 1,
        "title": "Inner",
        "type": "array",
    }
    assert schema["properties"]["maybe"]["anyOf"] == [{"type": "boolean"}, {"type": "null"}]
    words = json.dumps(schema)
    assert "const" not in words and "maxLength" not in words and '"default": "so"' not in words and "^a" not in words
    assert schema["$defs"]["Inner"]["properties"]["default"] == {"title": "Default", "type": "string"}


def test_no_instruction_is_sent_rather_than_an_empty_one(server: ProviderServer) -> None:
    GenerateContent(account(server)).send(request(system=""))
    assert "systemInstruction" not in server.history[0].body


def test_whatever_stands_in_a_text_can_be_sent(server: ProviderServer) -> None:
    server.enqueue(NOTE)
    answer = GenerateContent(account(server)).send(request(prompt="half a pair: \ud83d"))
    assert Note.model_validate_json(answer.text) == NOTE


def test_a_picture_that_is_none_is_rejected(server: ProviderServer) -> None:
    image = ShownImage(b"no picture", "image/jpeg", 10, 10)
    asked = VisionRequest(**{**request().__dict__, "images": (image,)})
    with pytest.raises(errors.RequestRejected, match="can't be read"):
        GenerateContent(account(server)).send(asked)
    assert base64.b64encode(image.data).decode() in json.dumps(server.history[0].body)


# What comes back


@pytest.mark.parametrize("reason", ["SAFETY", "RECITATION", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "LANGUAGE"])
def test_a_blocked_answer_is_a_refusal(reason: str, server: ProviderServer) -> None:
    server.enqueue(body(reason=reason, content=None))
    answer = GenerateContent(account(server)).send(request())
    assert (answer.finish, answer.text) == (Finish.REFUSAL, f"blocked: {reason}")


def test_a_blocked_question_is_a_refusal(server: ProviderServer) -> None:
    server.enqueue(Reply(body={"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": 7}}))
    answer = GenerateContent(account(server)).send(request())
    assert (answer.finish, answer.text, answer.usage.input_tokens) == (Finish.REFUSAL, "blocked: SAFETY", 7)


def test_thoughts_are_paid_for_and_not_shown(server: ProviderServer) -> None:
    parts = [{"text": "Let me think.", "thought": True}, *TEXT["parts"]]
    used = {"promptTokenCount": 50, "cachedContentTokenCount": 20, "candidatesTokenCount": 8, "thoughtsTokenCount": 30}
    server.enqueue(body(content={"parts": parts}, usageMetadata={**used, "toolUsePromptTokenCount": 5}))
    answer = GenerateContent(account(server)).send(request())
    assert Note.model_validate_json(answer.text) == NOTE
    assert answer.usage == Usage(input_tokens=55, output_tokens=38, cached_tokens=20)


def test_nothing_but_thoughts(server: ProviderServer) -> None:
    server.enqueue(body(reason="MAX_TOKENS", content={"role": "model"}))
    answer = GenerateContent(account(server)).send(request())
    assert (answer.finish, answer.text) == (Finish.LENGTH, "")


# Failures


def test_a_wrong_key_is_told_with_a_400(server: ProviderServer) -> None:
    server.enqueue(failing(400, "API key not valid.", {"reason": "API_KEY_INVALID"}))
    with pytest.raises(errors.KeyRefused, match="refused the key"):
        GenerateContent(account(server)).send(request())


RETRY = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.5s"}


@pytest.mark.parametrize(
    ("details", "seconds"),
    [
        ([RETRY], 34.5),
        ([{"links": []}, RETRY], 34.5),
        ([], None),
        (["odd"], None),
        ([{"retryDelay": "soon"}], None),
        ([{"violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}, RETRY], math.inf),
    ],
)
def test_how_long_to_wait_stands_in_the_body(details: Any, seconds: float | None, server: ProviderServer) -> None:
    server.enqueue(
        failing(429, "You exceeded your current quota, please check your plan and billing details.", *details)
    )
    with pytest.raises(errors.RateLimited) as caught:
        GenerateContent(account(server)).send(request())
    assert caught.value.retry_after == seconds


def test_the_money_is_used_up(server: ProviderServer) -> None:
    server.enqueue(failing(429, "Your prepayment credits are depleted."))
    with pytest.raises(errors.CreditsExhausted):
        GenerateContent(account(server)).send(request())


@pytest.mark.parametrize("wrong", [{"error": "no"}, {"error": None}, [], "gone"])
def test_a_failure_of_another_shape(wrong: Any, server: ProviderServer) -> None:
    server.enqueue(Reply(body=wrong, status=503))
    with pytest.raises(errors.ProviderBusy):
        GenerateContent(account(server)).send(request())


# Grounding


def test_a_source_is_named_for_its_part_of_the_answer(server: ProviderServer) -> None:
    """Gemini counts bytes."""
    text = "Zoë’s café.\nx | esa | Europe."
    start = len(text.partition("\n")[0].encode()) + 1
    grounding = {
        "webSearchQueries": ["esa x account", "esa"],
        "groundingChunks": [{"web": {"uri": "https://g.example/1", "title": "x.com"}}, {"retrievedContext": {}}],
        "groundingSupports": [
            {"segment": {"startIndex": start, "endIndex": len(text.encode())}, "groundingChunkIndices": [0, 1, 7]},
            {"segment": {"endIndex": 5}},
        ],
    }
    candidate = {"content": {"parts": [{"text": text}]}, "finishReason": "STOP", "groundingMetadata": grounding}
    server.enqueue(Reply(body={"candidates": [candidate]}))
    searched = Searched.model_validate_json(GeminiSearch(account(server)).send(QUESTION).text)
    assert (searched.text, searched.searches) == (text, 2)
    (one,) = searched.citations
    assert (one.url, one.title, one.quote) == ("https://g.example/1", "x.com", "x | esa | Europe.")
    assert text[one.start : one.end] == one.quote


def test_a_search_that_is_blocked_is_a_refusal(server: ProviderServer) -> None:
    server.enqueue(body(reason="SAFETY", content=None))
    assert GeminiSearch(account(server)).send(QUESTION).finish is Finish.REFUSAL


# The account


def test_its_account_is_made_of_settings() -> None:
    keyed = Settings(providers={"gemini": {"api_key": "one", "base_url": "http://localhost:1", "model": "gemini-x"}})
    made = account_from_settings("gemini", keyed)
    assert (made.provider, made.model, made.base_url) == ("gemini", "gemini-x", "http://localhost:1")
    assert PROVIDER.offers("vision") and PROVIDER.kind("search").client is GeminiSearch
    with pytest.raises(errors.Misconfigured, match="GEMINI_API_KEY"):
        account_from_settings("gemini", Settings())


def test_an_endpoint_of_that_name_is_meant_where_there_is_one() -> None:
    endpoint = Endpoint(base_url="https://compatible.example/openai", model="gemini-x")
    made = account_from_settings(
        "gemini", Settings(providers={"gemini": {"api_key": "one"}}, endpoints={"gemini": endpoint})
    )
    assert (made.provider, made.base_url) == ("compatible", endpoint.base_url)
