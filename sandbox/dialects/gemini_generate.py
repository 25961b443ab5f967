"""POST /v1beta/models/MODEL:generateContent: Google Gemini's way of asking for text, with grounding by its search."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pressroom.model import Answer, Finish
from sandbox.asks import Ask, text_ask, text_of, whole_number
from sandbox.dialects.shared.declare import Dialect, Trouble, require
from sandbox.dialects.shared.gemini import GEMINI
from sandbox.dialects.shared.shown import shown
from sandbox.dialects.shared.sources import Line, lines_of, links, searches
from sandbox.faults import Fault
from sandbox.replies import Options
from sandbox.wire import Request

REASONS = {Finish.STOP: "STOP", Finish.LENGTH: "MAX_TOKENS", Finish.REFUSAL: "SAFETY"}

REDIRECT = "https://vertexaisearch.cloud.google.com/grounding-api-redirect/"
"""Gemini names no page by its own address."""


def _parse(request: Request) -> dict[str, Any]:
    """The body, and the model that stands in the path."""
    body = json.loads(request.body)
    if not isinstance(body, dict):
        raise ValueError("no JSON object")
    return {**body, "model": request.path.rpartition("/")[2].partition(":")[0]}


def _read(body: Mapping[str, Any]) -> Ask:
    require(body, contents=list)
    config = body.get("generationConfig") or {}
    schema = config.get("responseJsonSchema")
    if schema is not None and config.get("responseMimeType") != "application/json":
        raise Trouble(Fault.BAD_REQUEST, "A response schema needs the response MIME type application/json.")
    parts = [part for content in body["contents"] for part in content["parts"]]
    return text_ask(
        body,
        system=text_of((body.get("systemInstruction") or {}).get("parts")),
        prompt=text_of(parts),
        schema=schema,
        pictures=tuple(
            shown(part["inlineData"]["mimeType"], part["inlineData"]["data"]) for part in parts if "inlineData" in part
        ),
        max_output_tokens=whole_number(config, "maxOutputTokens"),
    )


def _write(ask: Ask, answer: Answer, options: Options) -> dict[str, Any]:
    lines = lines_of(answer.text) if searches(ask) else []
    text = "".join(line.text for line in lines) if lines else answer.text
    candidate: dict[str, Any] = {
        "content": {"role": "model", "parts": [{"text": text}]} if text else {"role": "model"},
        "finishReason": REASONS[answer.finish],
        "index": 0,
    }
    if answer.finish is Finish.REFUSAL:
        del candidate["content"]
    if links(lines):
        candidate["groundingMetadata"] = _grounding(lines)
    return {
        "candidates": [candidate],
        "usageMetadata": _usage(answer),
        "modelVersion": answer.model,
        "responseId": f"req_{answer.request_id}",
    }


def _grounding(lines: list[Line]) -> dict[str, Any]:
    """Segments are counted in bytes."""
    chunks: list[dict[str, Any]] = []
    supports, at = [], 0
    for line in lines:
        end = at + len(line.text.encode())
        numbers = list(range(len(chunks), len(chunks) + len(line.links)))
        for link in line.links:
            hashed = hashlib.sha256(link.url.encode()).hexdigest()
            chunks.append({"web": {"uri": REDIRECT + hashed, "title": urlsplit(link.url).netloc}})
        if numbers:
            segment = {"startIndex": at, "endIndex": end, "text": line.text.rstrip()}
            supports.append({"segment": segment, "groundingChunkIndices": numbers})
        at = end
    return {"webSearchQueries": ["sandbox"], "groundingChunks": chunks, "groundingSupports": supports}


def _usage(answer: Answer) -> dict[str, Any]:
    usage = answer.usage
    return {
        "promptTokenCount": usage.input_tokens,
        "candidatesTokenCount": usage.output_tokens,
        "totalTokenCount": usage.input_tokens + usage.output_tokens,
        "cachedContentTokenCount": usage.cached_tokens,
    }


DIALECT = Dialect(
    name="gemini_generate",
    family=GEMINI,
    path="/v1beta/models/{model}:generateContent",
    read=_read,
    write=_write,
    parse=_parse,
)
