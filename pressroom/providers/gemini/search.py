"""Gemini: the web searched by generateContent with grounding, https://ai.google.dev/gemini-api/docs/google-search."""

from __future__ import annotations

from typing import Any

from pressroom.calls.providers import Account, Kind
from pressroom.calls.searching import Citation, Searched, SearchRequest
from pressroom.model import Answer
from pressroom.providers.gemini.client import (
    answer_of,
    broken,
    client_of,
    generate,
    generation_config,
    system_instruction,
    text_of,
)


class GeminiSearch:
    """A client of one account."""

    def __init__(self, account: Account) -> None:
        self.account = account
        client_of(account)

    def send(self, request: SearchRequest) -> Answer:
        model = self.account.model_for(request.purpose)
        body = generate(
            self.account,
            model,
            {
                **system_instruction(request.system),
                "contents": [{"role": "user", "parts": [{"text": request.prompt}]}],
                "tools": [{"googleSearch": {}}],
                "generationConfig": generation_config(model, request.max_output_tokens),
            },
        )
        return answer_of(self.account, body, _searched(self.account, body).model_dump_json())


def _searched(account: Account, body: dict[str, Any]) -> Searched:
    try:
        candidate: dict[str, Any] = next(iter(body.get("candidates") or ()), {})
        grounding = candidate.get("groundingMetadata") or {}
        text = text_of(candidate)
        return Searched(
            text=text,
            citations=tuple(_citations(text, grounding)),
            searches=len(grounding.get("webSearchQueries") or ()),
        )
    except (ValueError, LookupError, TypeError, AttributeError):  # pydantic's ValidationError is a ValueError
        raise broken(account) from None


def _citations(text: str, grounding: dict[str, Any]) -> list[Citation]:
    """A chunk's address leads through Google to the page; its title is the page's host."""
    chunks = [chunk.get("web") or {} for chunk in grounding.get("groundingChunks") or ()]
    whole, found = text.encode("utf-8", "surrogatepass"), []
    for support in grounding.get("groundingSupports") or ():
        segment = support["segment"]
        start, end = (_characters(whole, segment.get(name, 0)) for name in ("startIndex", "endIndex"))
        for chunk in (chunks[number] for number in support.get("groundingChunkIndices") or () if number < len(chunks)):
            if chunk.get("uri"):
                title = chunk.get("title") or ""
                found.append(Citation(start=start, end=end, url=chunk["uri"], title=title, quote=text[start:end]))
    return found


def _characters(whole: bytes, count: int) -> int:
    """Characters in the first `count` bytes, in which Gemini counts."""
    return len(whole[:count].decode("utf-8", "ignore"))


SEARCH = Kind(client=GeminiSearch)
