"""OpenAI: the web searched by the Responses API with its tool `web_search`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pressroom.calls.clients import tokens
from pressroom.calls.providers import Account, Kind
from pressroom.calls.searching import MOST_SEARCHES, Citation, Searched, SearchRequest
from pressroom.errors import BrokenAnswer
from pressroom.model import Answer, Finish, Usage
from pressroom.providers.openai.client import client_of, sent


class OpenAISearch:
    """A client of one account."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._client = client_of(account)

    def send(self, request: SearchRequest) -> Answer:
        model = self.account.model_for(request.purpose)
        raw = sent(
            self.account,
            lambda: self._client.responses.with_raw_response.create(
                model=model,
                instructions=request.system,
                input=request.prompt,
                tools=[{"type": "web_search"}],
                max_tool_calls=MOST_SEARCHES,
                max_output_tokens=request.max_output_tokens,
                store=False,
            ),
            model,
        )
        return _answer(self.account, raw.text, raw.request_id)


def _answer(account: Account, body: str, request_id: str | None) -> Answer:
    try:
        response = json.loads(body)
        parts = [part for item in response["output"] if item["type"] == "message" for part in item["content"]]
        refusals = [part["refusal"] for part in parts if part["type"] == "refusal"]
        return Answer(
            text=refusals[0] if refusals else _searched(response["output"], parts).model_dump_json(),
            finish=_finish(response.get("incomplete_details"), refused=bool(refusals)),
            usage=_usage(response.get("usage")),
            model=response.get("model") or "",
            request_id=request_id or "",
        )
    except (ValueError, LookupError, TypeError, AttributeError):  # pydantic's ValidationError is a ValueError
        raise BrokenAnswer(f"{account.name} answered something that is not a response.") from None


def _searched(output: list[Mapping[str, Any]], parts: list[Mapping[str, Any]]) -> Searched:
    text, citations = "", []
    for part in (part for part in parts if part["type"] == "output_text"):
        citations += [
            Citation(
                start=len(text) + one["start_index"],
                end=len(text) + one["end_index"],
                url=one["url"],
                title=one.get("title") or "",
            )
            for one in part.get("annotations") or ()
            if one["type"] == "url_citation"
        ]
        text += part["text"] + "\n"
    calls = sum(item["type"] == "web_search_call" for item in output)
    return Searched(text=text, citations=tuple(citations), searches=calls)


def _finish(incomplete: Any, *, refused: bool) -> Finish:
    reason = incomplete.get("reason") if isinstance(incomplete, Mapping) else None
    if refused or reason == "content_filter":
        return Finish.REFUSAL
    return Finish.LENGTH if reason else Finish.STOP


def _usage(usage: Any) -> Usage:
    details = usage.get("input_tokens_details") if isinstance(usage, Mapping) else None
    return Usage(
        input_tokens=tokens(usage, "input_tokens"),
        output_tokens=tokens(usage, "output_tokens"),
        cached_tokens=tokens(details, "cached_tokens"),
    )


SEARCH = Kind(client=OpenAISearch)
