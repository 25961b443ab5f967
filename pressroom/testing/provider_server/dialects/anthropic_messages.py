"""POST /v1/messages: Anthropic's way of asking for text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pressroom.model import Answer, Finish
from pressroom.testing.provider_server.asks import Ask, text_ask, text_of
from pressroom.testing.provider_server.dialects.openai_chat import said_by
from pressroom.testing.provider_server.dialects.shared.anthropic import ANTHROPIC
from pressroom.testing.provider_server.dialects.shared.declare import Dialect, require
from pressroom.testing.provider_server.replies import Options

REASONS = {Finish.STOP: "end_turn", Finish.LENGTH: "max_tokens", Finish.REFUSAL: "refusal"}


def _read(body: Mapping[str, Any]) -> Ask:
    require(body, model=str, max_tokens=int, messages=list)
    wanted = (body.get("output_config") or {}).get("format") or {}
    return text_ask(
        body,
        system=text_of(body.get("system")),
        prompt=said_by(body["messages"], "user"),
        schema=wanted.get("schema"),
    )


def _write(ask: Ask, answer: Answer, options: Options) -> dict[str, Any]:
    refused = answer.finish is Finish.REFUSAL
    # A refusal and an empty answer come without any block, not with an empty one.
    said = [] if refused or not answer.text else [{"type": "text", "text": answer.text, "citations": None}]
    details = {"type": "refusal", "category": None, "explanation": answer.text}
    return {
        "id": f"msg_{answer.request_id}",
        "type": "message",
        "role": "assistant",
        "model": answer.model,
        "content": said,
        "stop_reason": REASONS[answer.finish],
        "stop_sequence": None,
        "stop_details": details if refused else None,
        "usage": _usage(answer),
    }


def _usage(answer: Answer) -> dict[str, Any]:
    """Anthropic's `input_tokens` leave out what came from the cache."""
    usage = answer.usage
    return {
        "input_tokens": usage.input_tokens - usage.cached_tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": usage.cached_tokens,
        "output_tokens": usage.output_tokens,
        "service_tier": "standard",
    }


DIALECT = Dialect(name="anthropic_messages", family=ANTHROPIC, path="/messages", read=_read, write=_write)
