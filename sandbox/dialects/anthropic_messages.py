"""POST /v1/messages: Anthropic's way of asking for text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pressroom.model import Answer, Finish
from sandbox.asks import Ask, text_ask, text_of
from sandbox.dialects.openai_chat import parts_of, said_by
from sandbox.dialects.shared.anthropic import ANTHROPIC
from sandbox.dialects.shared.declare import Dialect, require
from sandbox.dialects.shared.shown import shown
from sandbox.dialects.shared.sources import Link, lines_of, links, searches
from sandbox.replies import Options

REASONS = {Finish.STOP: "end_turn", Finish.LENGTH: "max_tokens", Finish.REFUSAL: "refusal"}


SEALED = "c2FuZGJveA=="
"""Stands for the encrypted content that Anthropic sends with each page."""


def _read(body: Mapping[str, Any]) -> Ask:
    require(body, model=str, max_tokens=int, messages=list)
    wanted = (body.get("output_config") or {}).get("format") or {}
    return text_ask(
        body,
        system=text_of(body.get("system")),
        prompt=said_by(body["messages"], "user"),
        schema=wanted.get("schema"),
        pictures=tuple(
            shown(part["source"]["media_type"], part["source"]["data"])
            for part in parts_of(body["messages"])
            if part["type"] == "image"
        ),
        max_output_tokens=body["max_tokens"],
    )


def _write(ask: Ask, answer: Answer, options: Options) -> dict[str, Any]:
    refused = answer.finish is Finish.REFUSAL
    # A refusal and an empty answer come without any block, not with an empty one.
    said = [] if refused or not answer.text else [{"type": "text", "text": answer.text, "citations": None}]
    searched = searches(ask)
    if searched and said:
        said = _found(answer)
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
        "usage": _usage(answer, searched=searched),
    }


def _found(answer: Answer) -> list[dict[str, Any]]:
    """The blocks of a search: the search, its results, and text with the sources of each line."""
    lines, call = lines_of(answer.text), f"srvtoolu_{answer.request_id}"
    results = [_source(link, "web_search_result", encrypted_content=SEALED, page_age=None) for link in links(lines)]
    blocks: list[dict[str, Any]] = [
        {"type": "server_tool_use", "id": call, "name": "web_search", "input": {"query": "sandbox"}},
        {"type": "web_search_tool_result", "tool_use_id": call, "content": results},
    ]
    for line in lines:
        cited = [
            _source(link, "web_search_result_location", encrypted_index=SEALED, cited_text=link.title)
            for link in line.links
        ]
        blocks.append({"type": "text", "text": line.text, "citations": cited or None})
    return blocks


def _source(link: Link, kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "url": link.url, "title": link.title, **more}


def _usage(answer: Answer, *, searched: bool) -> dict[str, Any]:
    """Anthropic's `input_tokens` leave out what came from the cache."""
    usage = answer.usage
    return {
        "input_tokens": usage.input_tokens - usage.cached_tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": usage.cached_tokens,
        "output_tokens": usage.output_tokens,
        "server_tool_use": {"web_search_requests": 1, "web_fetch_requests": 0} if searched else None,
        "service_tier": "standard",
    }


DIALECT = Dialect(name="anthropic_messages", family=ANTHROPIC, path="/messages", read=_read, write=_write)
