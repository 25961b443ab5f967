"""POST /v1/chat/completions: what OpenAI and nearly every compatible endpoint speak."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from pressroom.model import Answer, Finish
from sandbox.asks import Ask, text_ask, text_of, whole_number
from sandbox.dialects.shared.declare import Dialect, require
from sandbox.dialects.shared.openai import OPENAI
from sandbox.dialects.shared.shown import in_data_address
from sandbox.replies import Options

REASONS = {Finish.STOP: "stop", Finish.LENGTH: "length", Finish.REFUSAL: "stop"}


def _read(body: Mapping[str, Any]) -> Ask:
    require(body, model=str, messages=list)
    wanted = body.get("response_format") or {}
    return text_ask(
        body,
        system=said_by(body["messages"], "system", "developer"),
        prompt=said_by(body["messages"], "user"),
        schema=(wanted.get("json_schema") or {}).get("schema"),
        pictures=tuple(
            in_data_address(part["image_url"]["url"])
            for part in parts_of(body["messages"])
            if part["type"] == "image_url"
        ),
        max_output_tokens=whole_number(body, "max_completion_tokens", "max_tokens"),
    )


def parts_of(messages: list[Any]) -> list[dict[str, Any]]:
    """The parts of all messages that are made of parts."""
    return [part for message in messages if isinstance(message.get("content"), list) for part in message["content"]]


def said_by(messages: list[Any], *roles: str) -> str:
    """The texts of these roles, one after the other."""
    return "\n\n".join(text_of(message.get("content")) for message in messages if message.get("role") in roles)


def _write(ask: Ask, answer: Answer, options: Options) -> dict[str, Any]:
    refused = answer.finish is Finish.REFUSAL
    message: dict[str, Any] = {
        "role": "assistant",
        "content": None if refused else answer.text,
        "refusal": answer.text if refused else None,
        "annotations": [],
    }
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": REASONS[answer.finish]}
    return {
        "id": f"chatcmpl-{answer.request_id}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": answer.model,
        "choices": [choice],
        "usage": _usage(answer),
        "service_tier": "default",
        "system_fingerprint": "fp_sandbox",
    }


def _usage(answer: Answer) -> dict[str, Any]:
    usage = answer.usage
    return {
        "prompt_tokens": usage.input_tokens,
        "completion_tokens": usage.output_tokens,
        "total_tokens": usage.input_tokens + usage.output_tokens,
        "prompt_tokens_details": {"cached_tokens": usage.cached_tokens, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
    }


DIALECT = Dialect(name="openai_chat", family=OPENAI, path="/chat/completions", read=_read, write=_write)
