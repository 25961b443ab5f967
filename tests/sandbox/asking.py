"""The same question through each SDK's own call, and requests as the product makes them."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import anthropic
import openai
from pydantic import BaseModel

from pressroom import formats
from pressroom.model import Assignment, Idea, Preferences, TextRequest
from pressroom.writing.requests import draft_request, ideas_request
from sandbox import ProviderServer

IDEA = Idea(
    title="Why a database migration needs a rehearsal",
    description="A rehearsal on a copy finds the slow step before the night it counts. It costs one afternoon.",
    category="technology",
)


def ideas(count: int = 5, **changes: Any) -> TextRequest:
    settings: dict[str, Any] = {"temperature": 0.8, "max_output_tokens": 1000, "preferences": Preferences()}
    return ideas_request(count=count, day=date(2026, 3, 2), **{**settings, **changes})


def draft(form: str = "linkedin_post") -> TextRequest:
    return draft_request(Assignment(idea=IDEA, format=form))


def violations(body: BaseModel, form: str = "linkedin_post") -> tuple[Any, ...]:
    return formats.get(form).check(body, Assignment(idea=IDEA, format=form))


def _messages(request: TextRequest) -> list[Any]:
    return [{"role": "system", "content": request.system}, {"role": "user", "content": request.prompt}]


def by_chat(client: openai.OpenAI, request: TextRequest) -> Any:
    return client.chat.completions.parse(
        model="gpt-4.1-mini", messages=_messages(request), response_format=request.schema, max_completion_tokens=500
    )


def by_responses(client: openai.OpenAI, request: TextRequest) -> Any:
    return client.responses.parse(
        model="gpt-4.1-mini",
        instructions=request.system,
        input=request.prompt,
        text_format=request.schema,
        max_output_tokens=500,
    )


def by_messages(client: anthropic.Anthropic, request: TextRequest) -> Any:
    return client.messages.parse(
        model="claude-haiku-4-5",
        max_tokens=500,
        system=request.system,
        messages=[{"role": "user", "content": request.prompt}],
        output_format=request.schema,
    )


def until_idle(server: ProviderServer) -> None:
    """Waits, two seconds at most, for the server to notice that its clients have gone."""
    deadline = time.monotonic() + 2
    while server.counts["in_flight"] and time.monotonic() < deadline:
        time.sleep(0.005)


def quick_openai(server: ProviderServer, timeout: float = 10) -> openai.OpenAI:
    return openai.OpenAI(api_key=server.key, base_url=server.openai_url, max_retries=0, timeout=timeout)


def quick_anthropic(server: ProviderServer, timeout: float = 10) -> anthropic.Anthropic:
    return anthropic.Anthropic(api_key=server.key, base_url=server.anthropic_url, max_retries=0, timeout=timeout)
