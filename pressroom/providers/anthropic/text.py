"""Anthropic: texts by the messages endpoint with structured output."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from pressroom.calls.clients import is_listed
from pressroom.calls.declare import Account, Provider
from pressroom.calls.failures import from_status
from pressroom.calls.pictures import in_base64, label, pictures_of
from pressroom.calls.token_counts import as_written
from pressroom.errors import BrokenAnswer
from pressroom.model import Answer, TextRequest
from pressroom.providers.anthropic.client import client_of, finish_of, sent, usage_of
from pressroom.providers.anthropic.search import AnthropicSearch

if TYPE_CHECKING:
    from anthropic import APIRequest, APIResponse
    from anthropic import CallNext as Next


class Messages:
    """A client for Anthropic's messages. Temperature is not sent: the endpoint takes none any more.

    The SDK's parsed answer is lost when the model broke off or broke the schema, but it was paid for: a
    middleware keeps each thread's last response body, and that is what is read.
    """

    def __init__(self, account: Account) -> None:
        self.account = account
        self._kept = threading.local()
        self._client = client_of(account, [self._keep])

    def complete(self, request: TextRequest) -> Answer:
        model = self.account.model_for(request.purpose)
        self._kept.body = self._kept.request_id = None  # never take an earlier answer for this one
        with suppress(ValidationError, BrokenAnswer):  # if it arrived, it is an answer; the chain says what is wrong
            sent(self.account, lambda: self._parse(request, model), model)
        return _answer(self.account, self._kept.body, self._kept.request_id)

    def probe(self) -> None:
        """Raises what is wrong with the account: its key, its address, or its model."""
        model = self.account.model
        known = sent(self.account, lambda: [listed.id for listed in self._client.models.list()], model)
        if not is_listed(model, known):
            raise from_status(self.account, HTTPStatus.NOT_FOUND, "", {}, model)

    def _parse(self, request: TextRequest, model: str) -> None:
        self._client.messages.parse(
            model=model,
            max_tokens=request.max_output_tokens,
            system=request.system,
            messages=[{"role": "user", "content": _content(request)}],
            output_format=request.schema,
        )

    def _keep(self, request: APIRequest, call_next: Next) -> APIResponse[Any]:
        response = call_next(request)
        self._kept.body, self._kept.request_id = response.http_response.text, response.request_id
        return response


def _content(request: TextRequest) -> Any:
    """What the user says: the words, and before them the pictures, each with its number."""
    parts: list[dict[str, Any]] = []
    for number, image in enumerate(pictures_of(request), 1):
        source = {"type": "base64", "media_type": image.media_type, "data": in_base64(image)}
        parts += [{"type": "text", "text": label(number)}, {"type": "image", "source": source}]
    return [*parts, {"type": "text", "text": request.prompt}] if parts else request.prompt


def _answer(account: Account, body: str | None, request_id: str | None) -> Answer:
    try:
        message = json.loads(body or "")
        return Answer(
            text="".join(block["text"] for block in message["content"] if block["type"] == "text"),
            finish=finish_of(message),
            usage=usage_of(message.get("usage")),
            model=message.get("model") or "",
            request_id=request_id or "",
        )
    except (ValueError, LookupError, TypeError, AttributeError):  # pydantic's ValidationError is a ValueError
        raise BrokenAnswer(f"{account.name} answered something that is not a message.") from None


PROVIDER = Provider(
    name="anthropic",
    paid=True,
    text=Messages,
    probe=lambda account: Messages(account).probe(),
    sees=True,
    search=AnthropicSearch,
    counted=as_written,
)
