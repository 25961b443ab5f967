"""Anthropic: texts by the messages endpoint with structured output."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from pressroom.errors import BrokenAnswer, ConnectionBroken, Misconfigured, ProviderTimeout
from pressroom.model import Answer, Finish, TextRequest, Usage
from pressroom.providers.shared.declare import Account, Provider
from pressroom.providers.shared.failures import from_status

if TYPE_CHECKING:
    from anthropic import Anthropic, APIRequest, APIResponse
    from anthropic import CallNext as Next

T = TypeVar("T")

_FINISH = {"max_tokens": Finish.LENGTH, "model_context_window_exceeded": Finish.LENGTH, "refusal": Finish.REFUSAL}


class Messages:
    """A client for Anthropic's messages. Temperature is not sent: the endpoint takes none any more.

    The SDK's parsed answer is lost when the model broke off or broke the schema, but it was paid for: a
    middleware keeps each thread's last response body, and that is what is read.
    """

    def __init__(self, account: Account) -> None:
        self.account = account
        self._kept = threading.local()
        self._client = _client(account, self._keep)

    def complete(self, request: TextRequest) -> Answer:
        model = self.account.model_for(request.purpose)
        with suppress(ValidationError):  # an answer all the same; the chain says what is wrong with it
            self._sent(lambda: self._parse(request, model), model)
        return _answer(self.account, self._kept.body, self._kept.request_id)

    def probe(self) -> None:
        """Raises what is wrong with the account: its key, its address, or its model."""
        model = self.account.model
        known = self._sent(lambda: [listed.id for listed in self._client.models.list()], model)
        if model not in known:
            raise from_status(self.account, HTTPStatus.NOT_FOUND, "", {}, model)

    def _sent(self, send: Callable[[], T], model: str) -> T:
        import anthropic

        try:
            return send()
        except ValidationError:
            raise
        except anthropic.APITimeoutError:
            raise ProviderTimeout(f"{self.account.name} did not answer in {self.account.timeout:g} s.") from None
        except anthropic.APIConnectionError:
            raise ConnectionBroken(f"The connection to {self.account.name} broke.") from None
        except anthropic.APIStatusError as error:
            message = f"{error.message} {error.body}"
            raise from_status(self.account, error.status_code, message, error.response.headers, model) from None
        except (anthropic.APIResponseValidationError, ValueError, AttributeError, TypeError):
            raise BrokenAnswer(f"{self.account.name} answered something that is not a message.") from None

    def _parse(self, request: TextRequest, model: str) -> None:
        self._client.messages.parse(
            model=model,
            max_tokens=request.max_output_tokens,
            system=request.system,
            messages=[{"role": "user", "content": request.prompt}],
            output_format=request.schema,
        )

    def _keep(self, request: APIRequest, call_next: Next) -> APIResponse[Any]:
        response = call_next(request)
        self._kept.body, self._kept.request_id = response.http_response.text, response.request_id
        return response


def _answer(account: Account, body: str, request_id: str | None) -> Answer:
    try:
        message = json.loads(body)
        text = "".join(block["text"] for block in message["content"] if block["type"] == "text")
        usage = message.get("usage") or {}
    except (ValueError, LookupError, TypeError, AttributeError):
        raise BrokenAnswer(f"{account.name} answered something that is not a message.") from None
    cached = usage.get("cache_read_input_tokens") or 0
    return Answer(
        text=text,
        finish=_FINISH.get(message.get("stop_reason"), Finish.STOP),
        usage=Usage(
            # Anthropic counts what it read from its cache apart from the other input tokens.
            input_tokens=(usage.get("input_tokens") or 0) + cached + (usage.get("cache_creation_input_tokens") or 0),
            output_tokens=usage.get("output_tokens") or 0,
            cached_tokens=cached,
        ),
        model=message.get("model") or "",
        request_id=request_id or "",
    )


def _client(account: Account, middleware: Callable[[APIRequest, Next], APIResponse[Any]]) -> Anthropic:
    from anthropic import Anthropic

    key = account.api_key.get_secret_value()
    if not key:
        raise Misconfigured(f"The account {account.name} has no key.", hint="Set ANTHROPIC_API_KEY.")
    return Anthropic(
        api_key=key,
        base_url=account.base_url,
        timeout=account.timeout,
        max_retries=0,
        middleware=[middleware],
    )


PROVIDER = Provider(name="anthropic", paid=True, text=Messages, probe=lambda account: Messages(account).probe())
