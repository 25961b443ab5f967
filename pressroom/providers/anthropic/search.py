"""Anthropic: the web searched by the messages endpoint with its tool `web_search`."""

from __future__ import annotations

import json
from typing import Any

from pressroom.calls.clients import tokens
from pressroom.calls.providers import Account, Kind
from pressroom.calls.searching import MOST_SEARCHES, Citation, Searched, SearchRequest
from pressroom.errors import BrokenAnswer
from pressroom.model import Answer
from pressroom.providers.anthropic.client import client_of, finish_of, sent, usage_of


class AnthropicSearch:
    """A client of one account."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._client = client_of(account)

    def send(self, request: SearchRequest) -> Answer:
        model = self.account.model_for(request.purpose)
        raw = sent(
            self.account,
            lambda: self._client.messages.with_raw_response.create(
                model=model,
                max_tokens=request.max_output_tokens,
                system=request.system,
                messages=[{"role": "user", "content": request.prompt}],
                # The newer versions run code to filter what they find, which costs output tokens.
                tools=[{"type": "web_search_20250305", "name": "web_search", "max_uses": MOST_SEARCHES}],
            ),
            model,
        )
        return _answer(self.account, raw.text(), raw.request_id)


def _answer(account: Account, body: str, request_id: str | None) -> Answer:
    try:
        message = json.loads(body)
        usage = message.get("usage")
        searches = tokens(usage.get("server_tool_use") if isinstance(usage, dict) else None, "web_search_requests")
        return Answer(
            text=_searched(message["content"], searches).model_dump_json(),
            finish=finish_of(message),
            usage=usage_of(usage),
            model=message.get("model") or "",
            request_id=request_id or "",
        )
    except (ValueError, LookupError, TypeError, AttributeError):  # pydantic's ValidationError is a ValueError
        raise BrokenAnswer(f"{account.name} answered something that is not a message.") from None


def _searched(content: list[dict[str, Any]], searches: int) -> Searched:
    """The text blocks in one piece: a sentence is broken into several wherever a source begins or ends."""
    text, citations = "", []
    for block in (block for block in content if block["type"] == "text"):
        start, end = len(text), len(text) + len(block["text"])
        text += block["text"]
        citations += [
            Citation(
                start=start, end=end, url=one["url"], title=one.get("title") or "", quote=one.get("cited_text") or ""
            )
            for one in block.get("citations") or ()
            if one["type"] == "web_search_result_location"
        ]
    return Searched(text=text, citations=tuple(citations), searches=searches)


SEARCH = Kind(client=AnthropicSearch)
