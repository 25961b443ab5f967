"""Vendors that are asked over plain HTTP: one client an account, and the meaning of its failures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pressroom.calls.clients import address_of, late
from pressroom.calls.failures import from_status
from pressroom.calls.providers import Account
from pressroom.errors import BrokenAnswer, ConnectionBroken

if TYPE_CHECKING:
    from httpx2 import Response

    from pressroom.calls.deadline_client import TotalTimeout


def client_of(account: Account, address: str, headers: Mapping[str, str]) -> TotalTimeout:
    """A client of the account. address: the vendor's own, where the account has no other."""
    from pressroom.calls.deadline_client import TotalTimeout

    return TotalTimeout(base_url=address_of(account) or address, headers=headers, timeout=account.timeout)


def sent(account: Account, client: TotalTimeout, method: str, path: str, **options: Any) -> Response:
    """The good answer.

    Raises:
        Passing, Lasting: what the failure means.
    """
    import httpx2

    try:
        answer = client.request(method, path, **options)
    except httpx2.TimeoutException:
        raise late(account) from None
    except (httpx2.HTTPError, httpx2.InvalidURL):
        raise ConnectionBroken(f"The connection to {account.name} broke.") from None
    if answer.is_success:
        return answer
    raise from_status(account, answer.status_code, answer.text, answer.headers, account.model)


def object_in(account: Account, answer: Response, thing: str) -> dict[str, Any]:
    """The JSON object of an answer. thing: what it should have been.

    Raises:
        BrokenAnswer: it is something else.
    """
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise BrokenAnswer(f"{account.name} answered something that is not {thing}.")
    return found
