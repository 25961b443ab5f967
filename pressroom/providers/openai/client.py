"""All requests through OpenAI's SDK share one client an account, and the meaning of its failures."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from pressroom.calls.clients import address_of, key_of, late
from pressroom.calls.failures import failure_of
from pressroom.calls.providers import Account
from pressroom.calls.refusals import Refusal, refusal_of
from pressroom.errors import BrokenAnswer, ConnectionBroken

if TYPE_CHECKING:
    from openai import OpenAI

T = TypeVar("T")


def sent(account: Account, send: Callable[[], T], model: str) -> T:
    """Returns `send()`.

    Raises:
        Passing, Lasting: what the SDK's exception means.
    """
    outcome = tried(account, send)
    if isinstance(outcome, Refusal):
        raise failure_of(account, outcome, model)
    return outcome


def tried(account: Account, send: Callable[[], T]) -> T | Refusal:
    """Returns `send()`, or what the endpoint says instead of an answer.

    Raises:
        ProviderTimeout, ConnectionBroken, BrokenAnswer: it said nothing that can be read.
    """
    import openai

    try:
        return send()
    except openai.APITimeoutError:
        raise late(account) from None
    except openai.APIConnectionError:
        raise ConnectionBroken(f"The connection to {account.name} broke.") from None
    except openai.APIStatusError as error:
        return refusal_of(error.status_code, error.response.text, error.response.headers)
    except (openai.APIResponseValidationError, ValueError, AttributeError, TypeError):
        raise BrokenAnswer(f"{account.name} answered something that is not its own format.") from None


@lru_cache(maxsize=32)
def client_of(account: Account) -> OpenAI:
    """One client an account: it holds the connections, and takes 50 ms to make."""
    from openai import DefaultHttpxClient, OpenAI

    from pressroom.calls.deadline_client import TotalTimeout

    class Client(TotalTimeout, DefaultHttpxClient):
        """The SDK's own, with a time-out for the whole call."""

    return OpenAI(
        api_key=key_of(account),
        base_url=address_of(account),
        timeout=account.timeout,
        max_retries=0,
        http_client=Client(timeout=account.timeout),
    )
