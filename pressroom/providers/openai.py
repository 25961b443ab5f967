"""OpenAI: texts by chat completions with structured output, and its moderation endpoint."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from pressroom.errors import BrokenAnswer, ConnectionBroken
from pressroom.model import Answer, Finish, TextRequest, Usage
from pressroom.providers.shared.clients import address_of, is_listed, key_of, late, tokens
from pressroom.providers.shared.declare import Account, Provider
from pressroom.providers.shared.failures import from_status

if TYPE_CHECKING:
    from openai import OpenAI

T = TypeVar("T")

MODERATION_MODEL = "omni-moderation-latest"


class ChatCompletions:
    """A client for any server that speaks OpenAI's chat completions.

    tokens_parameter: what the server calls the limit of output tokens.
    """

    def __init__(self, account: Account, *, tokens_parameter: str) -> None:
        self.account = account
        self.model = MODERATION_MODEL
        self._tokens_parameter = tokens_parameter
        self._client = _client(account)

    def complete(self, request: TextRequest) -> Answer:
        model = self.account.model_for(request.purpose)
        limit: dict[str, Any] = {self._tokens_parameter: request.max_output_tokens}
        # The raw response, since the SDK's parsed one is lost when the model broke off or broke the schema; the schema
        # in the extra body, since the SDK walks through one that is a parameter: 2 ms a call.
        raw = self._sent(
            lambda: self._client.chat.completions.with_raw_response.create(
                model=model,
                messages=[{"role": "system", "content": request.system}, {"role": "user", "content": request.prompt}],
                temperature=request.temperature,
                extra_body={"response_format": _response_format(request.schema)},
                **limit,
            ),
            model,
        )
        return _answer(self.account, raw.text, raw.request_id)

    def moderate(self, texts: Sequence[str]) -> Answer:
        result = self._sent(lambda: self._client.moderations.create(model=self.model, input=list(texts)), self.model)
        return Answer(
            text=json.dumps([item.model_dump(mode="json", by_alias=True) for item in result.results]),
            model=result.model,
        )

    def probe(self) -> None:
        """Raises what is wrong with the account: its key, its address, or its model."""
        model = self.account.model
        known = self._sent(lambda: [listed.id for listed in self._client.models.list()], model)
        if not is_listed(model, known):
            raise from_status(self.account, HTTPStatus.NOT_FOUND, "", {}, model)

    def _sent(self, send: Callable[[], T], model: str) -> T:
        import openai

        try:
            return send()
        except openai.APITimeoutError:
            raise late(self.account) from None
        except openai.APIConnectionError:
            raise ConnectionBroken(f"The connection to {self.account.name} broke.") from None
        except openai.APIStatusError as error:
            message = f"{error.code or ''} {error.message}".strip()
            raise from_status(self.account, error.status_code, message, error.response.headers, model) from None
        except (openai.APIResponseValidationError, ValueError, AttributeError, TypeError):
            raise BrokenAnswer(f"{self.account.name} answered something that is not its own format.") from None


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


@lru_cache(maxsize=32)
def _client(account: Account) -> OpenAI:
    """One client an account: it holds the connections, and takes 50 ms to make."""
    from openai import DefaultHttpxClient, OpenAI

    from pressroom.providers.shared.deadline_client import TotalTimeout

    class Client(TotalTimeout, DefaultHttpxClient):
        """The SDK's own, with a time-out for the whole call."""

    return OpenAI(
        api_key=key_of(account),
        base_url=address_of(account),
        timeout=account.timeout,
        max_retries=0,
        http_client=Client(timeout=account.timeout),
    )


def _build(account: Account) -> ChatCompletions:
    return ChatCompletions(account, tokens_parameter="max_completion_tokens")


PROVIDER = Provider(
    name="openai", paid=True, text=_build, moderation=_build, probe=lambda account: _build(account).probe()
)
