"""Anthropic: texts by the messages endpoint with structured output."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from pressroom.errors import BrokenAnswer, ConnectionBroken
from pressroom.model import Answer, Finish, TextRequest, Usage
from pressroom.providers.shared.clients import address_of, is_listed, key_of, late, tokens
from pressroom.providers.shared.declare import Account, Provider
from pressroom.providers.shared.failures import from_status

if TYPE_CHECKING:
    import httpx2
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
        self._kept.body = self._kept.request_id = None  # never take an earlier answer for this one
        with suppress(ValidationError, BrokenAnswer):  # if it arrived, it is an answer; the chain says what is wrong
            self._sent(lambda: self._parse(request, model), model)
        return _answer(self.account, self._kept.body, self._kept.request_id)

    def probe(self) -> None:
        """Raises what is wrong with the account: its key, its address, or its model."""
        model = self.account.model
        known = self._sent(lambda: [listed.id for listed in self._client.models.list()], model)
        if not is_listed(model, known):
            raise from_status(self.account, HTTPStatus.NOT_FOUND, "", {}, model)

    def _sent(self, send: Callable[[], T], model: str) -> T:
        import anthropic

        try:
            return send()
        except ValidationError:
            raise
        except anthropic.APITimeoutError:
            raise late(self.account) from None
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


def _answer(account: Account, body: str | None, request_id: str | None) -> Answer:
    try:
        message = json.loads(body or "")
        return Answer(
            text="".join(block["text"] for block in message["content"] if block["type"] == "text"),
            finish=_FINISH.get(message.get("stop_reason"), Finish.STOP),
            usage=_usage(message.get("usage")),
            model=message.get("model") or "",
            request_id=request_id or "",
        )
    except (ValueError, LookupError, TypeError, AttributeError):  # pydantic's ValidationError is a ValueError
        raise BrokenAnswer(f"{account.name} answered something that is not a message.") from None


def _usage(usage: Any) -> Usage:
    """Anthropic counts what it read from its cache apart from the other input tokens."""
    cached = tokens(usage, "cache_read_input_tokens")
    return Usage(
        input_tokens=tokens(usage, "input_tokens") + cached + tokens(usage, "cache_creation_input_tokens"),
        output_tokens=tokens(usage, "output_tokens"),
        cached_tokens=cached,
    )


def _client(account: Account, middleware: Callable[[APIRequest, Next], APIResponse[Any]]) -> Anthropic:
    from anthropic import Anthropic

    return Anthropic(
        api_key=key_of(account),
        base_url=address_of(account),
        timeout=account.timeout,
        max_retries=0,
        middleware=[middleware],
        http_client=_lines(account),
    )


@lru_cache(maxsize=32)
def _lines(account: Account) -> httpx2.Client:
    """The connections of an account, which every client of it shares: they take 40 ms to make."""
    from anthropic import DefaultHttpxClient

    from pressroom.providers.shared.deadline_client import TotalTimeout

    class Client(TotalTimeout, DefaultHttpxClient):
        """The SDK's own, with a time-out for the whole call."""

    return Client(timeout=account.timeout)


PROVIDER = Provider(name="anthropic", paid=True, text=Messages, probe=lambda account: Messages(account).probe())
