"""OpenAI: texts by chat completions with structured output, and its moderation endpoint."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from pressroom.calls.clients import is_listed, tokens
from pressroom.calls.declare import Account, Provider
from pressroom.calls.failures import from_status
from pressroom.calls.pictures import in_base64, label, pictures_of
from pressroom.errors import BrokenAnswer
from pressroom.model import Answer, Finish, TextRequest, Usage
from pressroom.providers.openai.client import client_of, sent
from pressroom.providers.openai.search import OpenAISearch

MODERATION_MODEL = "omni-moderation-latest"


class ChatCompletions:
    """A client for any server that speaks OpenAI's chat completions.

    tokens_parameter: what the server calls the limit of output tokens.
    """

    def __init__(self, account: Account, *, tokens_parameter: str) -> None:
        self.account = account
        self.model = MODERATION_MODEL
        self._tokens_parameter = tokens_parameter
        self._client = client_of(account)

    def complete(self, request: TextRequest) -> Answer:
        model = self.account.model_for(request.purpose)
        limit: dict[str, Any] = {self._tokens_parameter: request.max_output_tokens}
        # The raw response, since the SDK's parsed one is lost when the model broke off or broke the schema; the schema
        # in the extra body, since the SDK walks through one that is a parameter: 2 ms a call.
        raw = sent(
            self.account,
            lambda: self._client.chat.completions.with_raw_response.create(
                model=model,
                messages=[
                    {"role": "system", "content": request.system},
                    {"role": "user", "content": _content(request)},
                ],
                temperature=request.temperature,
                extra_body={"response_format": _response_format(request.schema)},
                **limit,
            ),
            model,
        )
        return _answer(self.account, raw.text, raw.request_id)

    def moderate(self, texts: Sequence[str]) -> Answer:
        result = sent(
            self.account, lambda: self._client.moderations.create(model=self.model, input=list(texts)), self.model
        )
        return Answer(
            text=json.dumps([item.model_dump(mode="json", by_alias=True) for item in result.results]),
            model=result.model,
        )

    def probe(self) -> None:
        """Raises what is wrong with the account: its key, its address, or its model."""
        model = self.account.model
        known = sent(self.account, lambda: [listed.id for listed in self._client.models.list()], model)
        if not is_listed(model, known):
            raise from_status(self.account, HTTPStatus.NOT_FOUND, "", {}, model)


def _content(request: TextRequest) -> Any:
    """What the user says: the words, and before them the pictures, each with its number."""
    parts: list[dict[str, Any]] = []
    for number, image in enumerate(pictures_of(request), 1):
        url = f"data:{image.media_type};base64,{in_base64(image)}"
        parts += [{"type": "text", "text": label(number)}, {"type": "image_url", "image_url": {"url": url}}]
    return [*parts, {"type": "text", "text": request.prompt}] if parts else request.prompt


@lru_cache(maxsize=64)
def _response_format(schema: type[BaseModel]) -> dict[str, Any]:
    """The schema as structured output wants it: strict, which the SDK makes of it for tools as well."""
    from openai import pydantic_function_tool

    strict = pydantic_function_tool(schema)["function"]["parameters"]
    return {"type": "json_schema", "json_schema": {"schema": strict, "name": schema.__name__, "strict": True}}


def _answer(account: Account, body: str, request_id: str | None) -> Answer:
    try:
        completion = json.loads(body)
        choice = completion["choices"][0]
        message = choice["message"]
        return Answer(
            text=message.get("refusal") or message.get("content") or "",
            finish=_finish(choice.get("finish_reason"), message.get("refusal")),
            usage=_usage(completion.get("usage")),
            model=completion.get("model") or "",
            request_id=request_id or "",
        )
    except (ValueError, LookupError, TypeError, AttributeError):  # pydantic's ValidationError is a ValueError
        raise BrokenAnswer(f"{account.name} answered something that is not a chat completion.") from None


def _usage(usage: Any) -> Usage:
    details = usage.get("prompt_tokens_details") if isinstance(usage, dict) else None
    return Usage(
        input_tokens=tokens(usage, "prompt_tokens"),
        output_tokens=tokens(usage, "completion_tokens"),
        cached_tokens=tokens(details, "cached_tokens"),
    )


def _finish(reason: str | None, refusal: str | None) -> Finish:
    if refusal or reason == "content_filter":
        return Finish.REFUSAL
    return Finish.LENGTH if reason == "length" else Finish.STOP


def _build(account: Account) -> ChatCompletions:
    return ChatCompletions(account, tokens_parameter="max_completion_tokens")


PROVIDER = Provider(
    name="openai",
    paid=True,
    text=_build,
    moderation=_build,
    probe=lambda account: _build(account).probe(),
    sees=True,
    search=OpenAISearch,
)
