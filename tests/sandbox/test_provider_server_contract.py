"""The provider server's wire formats, held to the SDKs' own models: lenient and strict."""

from __future__ import annotations

import anthropic
import openai
import pytest
from pydantic import BaseModel

from pressroom.model import IdeaList
from sandbox import Fault, ProviderServer, Reply
from tests.sandbox.asking import by_chat, by_messages, by_responses, draft, ideas

IDEAS = {"ideas": [{"title": "T", "description": "D. E.", "category": "technology"}]}


class Odd(BaseModel):
    """A schema the product does not know."""

    name: str
    size: int
    tags: list[str]
    kind: str | None = None


def test_chat_completion(server: ProviderServer, openai_client: openai.OpenAI) -> None:
    server.enqueue(IDEAS)
    completion = by_chat(openai_client, ideas())
    choice = completion.choices[0]
    assert choice.message.parsed.ideas == IdeaList.model_validate(IDEAS).ideas
    assert choice.finish_reason == "stop"
    assert completion.model == "gpt-4.1-mini"
    assert completion._request_id.startswith("req_sandbox")


def test_response(server: ProviderServer, openai_client: openai.OpenAI) -> None:
    server.enqueue(IDEAS)
    response = by_responses(openai_client, ideas())
    assert response.output_parsed.ideas == IdeaList.model_validate(IDEAS).ideas
    assert response.status == "completed"


def test_message(server: ProviderServer, anthropic_client: anthropic.Anthropic) -> None:
    server.enqueue(IDEAS)
    message = by_messages(anthropic_client, ideas())
    assert message.parsed_output.ideas == IdeaList.model_validate(IDEAS).ideas
    assert message.stop_reason == "end_turn"
    assert message._request_id.startswith("req_sandbox")


def test_usage_is_about_a_quarter_of_the_characters(
    server: ProviderServer, openai_client: openai.OpenAI, anthropic_client: anthropic.Anthropic
) -> None:
    request = draft()
    words, said = len(request.system + request.prompt), server.history
    usages = [
        by_chat(openai_client, request).usage.prompt_tokens,
        by_responses(openai_client, request).usage.input_tokens,
        by_messages(anthropic_client, request).usage.input_tokens,
    ]
    assert said == []
    assert all(abs(usage - words / 4) < 3 for usage in usages)
    output = by_chat(openai_client, request).usage.completion_tokens
    assert output == -(-len(server.history[-1].said) // 4)


def test_a_long_prompt_is_cached_the_second_time(
    server: ProviderServer, openai_client: openai.OpenAI, anthropic_client: anthropic.Anthropic
) -> None:
    request = ideas(exclude=[f"A title that was used on day {day}" for day in range(200)])
    first = by_chat(openai_client, request).usage
    second = by_responses(openai_client, request).usage
    third = by_messages(anthropic_client, request).usage
    assert first.prompt_tokens_details.cached_tokens == 0
    assert second.input_tokens_details.cached_tokens == 1024
    assert third.cache_read_input_tokens == 1024
    assert third.input_tokens + 1024 == first.prompt_tokens


def test_any_other_schema_gets_a_valid_instance(
    openai_client: openai.OpenAI, anthropic_client: anthropic.Anthropic
) -> None:
    chat = openai_client.chat.completions.parse(
        model="m", messages=[{"role": "user", "content": "Hello"}], response_format=Odd
    )
    message = anthropic_client.messages.parse(
        model="m", max_tokens=100, messages=[{"role": "user", "content": "Hello"}], output_format=Odd
    )
    assert isinstance(chat.choices[0].message.parsed, Odd)
    assert isinstance(message.parsed_output, Odd)


def test_moderation(openai_client: openai.OpenAI, server: ProviderServer) -> None:
    server.configure(flagged={"brawl": "violence"})
    result = openai_client.moderations.create(model="omni-moderation-latest", input=["A calm text", "A Brawl!"])
    assert [item.flagged for item in result.results] == [False, True]
    assert result.results[1].categories.violence
    assert server.counts["purpose"] == {"moderation": 1}


def test_models(openai_client: openai.OpenAI, server: ProviderServer) -> None:
    server.configure(known_models=("a", "b"))
    assert [model.id for model in openai_client.models.list()] == ["a", "b"]


def test_refusals(server: ProviderServer, openai_client: openai.OpenAI, anthropic_client: anthropic.Anthropic) -> None:
    server.fail(Fault.REFUSAL)
    choice = by_chat(openai_client, draft()).choices[0]
    assert choice.message.refusal
    assert choice.message.content is None
    content = by_responses(openai_client, draft()).output[0].content[0]
    assert content.type == "refusal"
    message = by_messages(anthropic_client, draft())
    assert message.stop_reason == "refusal"
    assert message.stop_details.type == "refusal"
    assert message.parsed_output is None


def test_truncation(
    server: ProviderServer, openai_client: openai.OpenAI, anthropic_client: anthropic.Anthropic
) -> None:
    server.fail(Fault.TRUNCATED)
    with pytest.raises(openai.LengthFinishReasonError):
        by_chat(openai_client, draft())
    response = openai_client.responses.create(model="m", input=draft().prompt)
    assert response.status == "incomplete"
    assert response.incomplete_details is not None
    assert response.incomplete_details.reason == "max_output_tokens"
    message = anthropic_client.messages.create(
        model="m", max_tokens=9, messages=[{"role": "user", "content": draft().prompt}]
    )
    assert message.stop_reason == "max_tokens"


def test_empty_answers(
    server: ProviderServer, openai_client: openai.OpenAI, anthropic_client: anthropic.Anthropic
) -> None:
    server.fail(Fault.EMPTY)
    assert by_chat(openai_client, draft()).choices[0].message.parsed is None
    assert by_messages(anthropic_client, draft()).content == []


def test_error_bodies_are_the_providers_own(
    server: ProviderServer, openai_client: openai.OpenAI, anthropic_client: anthropic.Anthropic
) -> None:
    from anthropic.types import ErrorResponse

    server.fail(Fault.INSUFFICIENT_QUOTA)
    with pytest.raises(openai.RateLimitError) as openais:
        by_chat(openai_client, draft())
    assert (openais.value.code, openais.value.type) == ("insufficient_quota", "insufficient_quota")
    with pytest.raises(anthropic.PaymentRequiredError) as anthropics:
        by_messages(anthropic_client, draft())
    assert anthropics.value.type == "billing_error"
    assert ErrorResponse.model_validate(anthropics.value.body, strict=True).error.type == "billing_error"


def test_a_body_of_ones_own(server: ProviderServer, openai_client: openai.OpenAI) -> None:
    server.enqueue(Reply(status=418, body={"error": {"message": "teapot"}}, headers={"x-request-id": "r1"}))
    with pytest.raises(openai.APIStatusError) as error:
        by_chat(openai_client, draft())
    assert error.value.status_code == 418
    assert error.value.request_id == "r1"
