"""All requests through Anthropic's SDK share this code: the client, its failures, what it used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from pressroom.calls.clients import address_of, key_of, late, tokens
from pressroom.calls.failures import failure_of
from pressroom.calls.providers import Account
from pressroom.calls.refusals import Refusal, refusal_of
from pressroom.errors import BrokenAnswer, ConnectionBroken
from pressroom.model import Finish, Usage

if TYPE_CHECKING:
    import httpx2
    from anthropic import Anthropic, APIRequest, APIResponse
    from anthropic import CallNext as Next

T = TypeVar("T")

_FINISH = {"max_tokens": Finish.LENGTH, "model_context_window_exceeded": Finish.LENGTH, "refusal": Finish.REFUSAL}


def sent(account: Account, send: Callable[[], T], model: str) -> T:
    """Returns `send()`.

    Raises:
        Passing, Lasting: what the SDK's exception means. ValidationError: the answer breaks the schema asked for.
    """
    outcome = tried(account, send)
    if isinstance(outcome, Refusal):
        raise failure_of(account, outcome, model)
    return outcome


def tried(account: Account, send: Callable[[], T]) -> T | Refusal:
    """Returns `send()`, or what the endpoint says instead of an answer.

    Raises:
        ProviderTimeout, ConnectionBroken, BrokenAnswer: it said nothing that can be read. ValidationError: the answer
            breaks the schema asked for.
    """
    import anthropic

    try:
        return send()
    except ValidationError:
        raise
    except anthropic.APITimeoutError:
        raise late(account) from None
    except anthropic.APIConnectionError:
        raise ConnectionBroken(f"The connection to {account.name} broke.") from None
    except anthropic.APIStatusError as error:
        return refusal_of(error.status_code, error.response.text, error.response.headers)
    except (anthropic.APIResponseValidationError, ValueError, AttributeError, TypeError):
        raise BrokenAnswer(f"{account.name} answered something that is not a message.") from None


def finish_of(message: Any) -> Finish:
    return _FINISH.get(message.get("stop_reason"), Finish.STOP)


def usage_of(usage: Any) -> Usage:
    """Anthropic counts what it read from its cache apart from the other input tokens."""
    cached = tokens(usage, "cache_read_input_tokens")
    return Usage(
        input_tokens=tokens(usage, "input_tokens") + cached + tokens(usage, "cache_creation_input_tokens"),
        output_tokens=tokens(usage, "output_tokens"),
        cached_tokens=cached,
    )


def client_of(account: Account, middleware: Sequence[Callable[[APIRequest, Next], APIResponse[Any]]] = ()) -> Anthropic:
    from anthropic import Anthropic

    return Anthropic(
        api_key=key_of(account),
        base_url=address_of(account),
        timeout=account.timeout,
        max_retries=0,
        middleware=list(middleware),
        http_client=_lines(account),
    )


@lru_cache(maxsize=32)
def _lines(account: Account) -> httpx2.Client:
    """The connections of an account, which every client of it shares: they take 40 ms to make."""
    from anthropic import DefaultHttpxClient

    from pressroom.calls.deadline_client import TotalTimeout

    class Client(TotalTimeout, DefaultHttpxClient):
        """The SDK's own, with a time-out for the whole call."""

    return Client(timeout=account.timeout)
