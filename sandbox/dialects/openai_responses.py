"""POST /v1/responses: OpenAI's newer way of asking for text."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from pressroom.model import Answer, Finish
from sandbox.asks import Ask, text_ask, whole_number
from sandbox.dialects.openai_chat import said_by
from sandbox.dialects.shared.declare import Dialect, require
from sandbox.dialects.shared.openai import OPENAI
from sandbox.dialects.shared.sources import links_in, searches
from sandbox.replies import Options


def _read(body: Mapping[str, Any]) -> Ask:
    require(body, model=str, input=object)
    asked = body["input"]
    messages = [{"role": "user", "content": asked}] if isinstance(asked, str) else asked
    own = [{"role": "system", "content": body.get("instructions") or ""}]
    return text_ask(
        body,
        system=said_by(own + messages, "system", "developer").strip(),
        prompt=said_by(messages, "user"),
        schema=((body.get("text") or {}).get("format") or {}).get("schema"),
        max_output_tokens=whole_number(body, "max_output_tokens"),
    )


def _write(ask: Ask, answer: Answer, options: Options) -> dict[str, Any]:
    cut = answer.finish is Finish.LENGTH
    now = int(time.time())
    status = "incomplete" if cut else "completed"
    return {
        "id": f"resp_{answer.request_id}",
        "object": "response",
        "created_at": now,
        "completed_at": None if cut else now,
        "status": status,
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
        "instructions": ask.body.get("instructions"),
        "max_output_tokens": ask.body.get("max_output_tokens"),
        "metadata": {},
        "model": answer.model,
        "output": [*_searches(ask, answer), _message(ask, answer, status)],
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "temperature": ask.body.get("temperature", 1.0),
        "text": ask.body.get("text") or {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": _usage(answer),
    }


def _searches(ask: Ask, answer: Answer) -> list[dict[str, Any]]:
    action = {"type": "search", "query": "sandbox", "queries": ["sandbox"]}
    call = {"id": f"ws_{answer.request_id}", "type": "web_search_call", "status": "completed", "action": action}
    return [call] if searches(ask) else []


def _message(ask: Ask, answer: Answer, status: str) -> dict[str, Any]:
    if answer.finish is Finish.REFUSAL:
        content: dict[str, Any] = {"type": "refusal", "refusal": answer.text}
    else:
        cited = _annotations(ask, answer.text)
        content = {"type": "output_text", "text": answer.text, "annotations": cited, "logprobs": []}
    return {
        "id": f"msg_{answer.request_id}",
        "type": "message",
        "role": "assistant",
        "status": status,
        "content": [content],
    }


def _annotations(ask: Ask, text: str) -> list[dict[str, Any]]:
    """Of a search: every link that stands in the text."""
    return [
        {"type": "url_citation", "start_index": start, "end_index": end, "url": link.url, "title": link.title}
        for start, end, link in (links_in(text) if searches(ask) else ())
    ]


def _usage(answer: Answer) -> dict[str, Any]:
    usage = answer.usage
    return {
        "input_tokens": usage.input_tokens,
        "input_tokens_details": {"cached_tokens": usage.cached_tokens, "cache_write_tokens": 0},
        "output_tokens": usage.output_tokens,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": usage.input_tokens + usage.output_tokens,
    }


DIALECT = Dialect(name="openai_responses", family=OPENAI, path="/responses", read=_read, write=_write)
