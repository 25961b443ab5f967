"""Anthropic: texts by the messages endpoint with structured output."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from pressroom.calls import accepted
from pressroom.calls.accepted import OLD_TOKENS, SCHEMA, Accepted
from pressroom.calls.clients import is_listed
from pressroom.calls.failures import unknown_model
from pressroom.calls.pictures import in_base64, label, pictures_of
from pressroom.calls.providers import Account, Kind
from pressroom.calls.refusals import Refusal, error_in
from pressroom.errors import BrokenAnswer
from pressroom.model import Answer, TextRequest
from pressroom.providers.anthropic.client import client_of, finish_of, sent, tried, usage_of

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

    def send(self, request: TextRequest) -> Answer:
        model = self.account.model_for(request.purpose)
        self._kept.body = self._kept.request_id = None  # never take an earlier answer for this one
        accepted.adapted(
            self.account,
            model,
            lambda known: self._tried(request, model, known),
            asked=request.max_output_tokens,
            usual=OLD_TOKENS,
        )
        answer = _answer(self.account, self._kept.body, self._kept.request_id)
        accepted.learn(self.account, model, answer, request.schema)
        return answer

    def _tried(self, request: TextRequest, model: str, known: Accepted) -> Refusal | bool:
        with suppress(ValidationError, BrokenAnswer):  # if it arrived, it is an answer; the chain says what is wrong
            if isinstance(outcome := tried(self.account, lambda: self._send(request, model, known)), Refusal):
                return outcome
        refusal = error_in(self._kept.body or "", {})
        return True if refusal is None else refusal

    def probe(self) -> None:
        """Raises what is wrong with the account: its key, its address, or its model."""
        model = self.account.model
        known = sent(self.account, lambda: [listed.id for listed in self._client.models.list()], model)
        if not is_listed(model, known):
            raise unknown_model(self.account, model)

    def _send(self, request: TextRequest, model: str, known: Accepted) -> None:
        system, said = known.system(request), request.prompt
        told = {"system": system} if known.takes("system") else {}
        words = said if told else f"{system}\n\n{said}"
        common: dict[str, Any] = {
            "model": model,
            "max_tokens": known.output(request.max_output_tokens),
            "messages": [{"role": "user", "content": _content(request, words)}],
            **told,
        }
        if known.takes(SCHEMA):
            self._client.messages.parse(**common, output_format=request.schema)
        else:
            self._client.messages.create(**common)

    def _keep(self, request: APIRequest, call_next: Next) -> APIResponse[Any]:
        response = call_next(request)
        self._kept.body, self._kept.request_id = response.http_response.text, response.request_id
        return response


def _content(request: TextRequest, words: str) -> Any:
    """Builds the user's message: the pictures, each with its number, then the words."""
    parts: list[dict[str, Any]] = []
    for number, image in enumerate(pictures_of(request), 1):
        source = {"type": "base64", "media_type": image.media_type, "data": in_base64(image)}
        parts += [{"type": "text", "text": label(number)}, {"type": "image", "source": source}]
    return [*parts, {"type": "text", "text": words}] if parts else words


def _answer(account: Account, body: str | None, request_id: str | None) -> Answer:
    try:
        message = json.loads(body or "")
        usage = usage_of(message.get("usage"))
        content: Any = message["content"] or ([] if usage.output_tokens else None)
        return Answer(
            text="".join(block["text"] for block in content if block["type"] == "text"),
            finish=finish_of(message),
            usage=usage,
            model=message.get("model") or "",
            request_id=request_id or "",
        )
    except (ValueError, LookupError, TypeError, AttributeError):  # pydantic's ValidationError is a ValueError
        raise BrokenAnswer(f"{account.name} answered something that is not a message.") from None


TEXT = Kind(client=Messages, probe=lambda account: Messages(account).probe())
