"""What the provider server answers when the web is searched, held to the SDKs' own models."""

from __future__ import annotations

import anthropic
import openai
from openai.types.responses import Response

from sandbox import ProviderServer
from tests.pressroom.writing.mentions.search_desk import ANSWER


def test_a_response_with_sources(server: ProviderServer) -> None:
    server.enqueue(ANSWER)
    client = openai.OpenAI(base_url=server.openai_url, api_key=server.key, max_retries=0)
    with client:
        raw = client.responses.with_raw_response.create(model="m", input="Who?", tools=[{"type": "web_search"}])
    response = Response.model_validate_json(raw.text, strict=True)
    call, message = response.output
    assert (call.type, message.type) == ("web_search_call", "message")
    (part,) = message.content
    assert part.type == "output_text" and part.text == ANSWER
    first = part.annotations[0]
    assert first.type == "url_citation" and first.url == "https://www.instagram.com/nasa/"
    assert ANSWER[first.start_index : first.end_index].strip().startswith("[NASA (@nasa)")


def test_a_message_with_sources(server: ProviderServer) -> None:
    server.enqueue(ANSWER)
    client = anthropic.Anthropic(base_url=server.anthropic_url, api_key=server.key, max_retries=0)
    with client:
        message = client.messages.create(
            model="m",
            max_tokens=100,
            messages=[{"role": "user", "content": "Who?"}],
            tools=[{"type": "web_search_20250305", "name": "web_search"}],
        )
    strict = anthropic.types.Message.model_validate_json(message.model_dump_json(), strict=True)
    assert [block.type for block in strict.content] == ["server_tool_use", "web_search_tool_result", *["text"] * 3]
    block = strict.content[2]
    assert block.type == "text" and block.citations is not None
    (source,) = block.citations
    assert source.type == "web_search_result_location" and source.url == "https://www.instagram.com/nasa/"
    assert strict.usage.server_tool_use is not None and strict.usage.server_tool_use.web_search_requests == 1


def test_without_the_tool_a_link_is_a_link(server: ProviderServer) -> None:
    server.enqueue(ANSWER)
    client = openai.OpenAI(base_url=server.openai_url, api_key=server.key, max_retries=0)
    with client:
        response = client.responses.create(model="m", input="Who?")
    assert [item.type for item in response.output] == ["message"]
    assert response.output_text == ANSWER
