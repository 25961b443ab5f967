"""What an HTTP failure of a provider means: which error of the tree it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pressroom.calls.declare import Account
from pressroom.errors import (
    CreditsExhausted,
    KeyRefused,
    Lasting,
    Passing,
    ProviderBusy,
    RateLimited,
    RequestRejected,
    UnknownModel,
)

_NO_CREDITS = (
    "insufficient_quota",
    "credit balance",
    "billing_not_active",
    "billing_hard_limit",
    "credits are depleted",
)
_NO_CREDITS_BUT_IN_429 = ("billing", "payment")
"""OpenAI's plain rate limit advises to add a payment method on its billing page."""
_MESSAGE_CHARACTERS = 300


def from_status(
    account: Account, status: int, message: str, headers: Mapping[str, str], model: str
) -> Passing | Lasting:
    """The error for an HTTP `status` of 400 or more; `message` is the provider's own, shown without the key."""
    said = _said(account, message)
    if _is_out_of_credits(status, message.lower()):
        return CreditsExhausted(f"{account.name} has no credits left.", hint="Top up the account or change the chain.")
    if status == 429:
        return RateLimited(f"{account.name} asks to slow down.", retry_after=retry_after(headers))
    if status in {401, 403}:
        return KeyRefused(
            f"{account.name} refused the key.", hint=f"Check the key of {account.name}: `pressroom doctor`."
        )
    if status == 404:
        return UnknownModel(
            f"{account.name} does not know the model {model!r}.", hint="Set another model; see .env.example."
        )
    if status in {408, 409} or status >= 500:
        return ProviderBusy(f"{account.name} failed with status {status}.", retry_after=retry_after(headers))
    return RequestRejected(f"{account.name} rejected the request ({status}): {said}")


def _is_out_of_credits(status: int, message: str) -> bool:
    words = _NO_CREDITS if status == 429 else (*_NO_CREDITS, *_NO_CREDITS_BUT_IN_429)
    return status == 402 or (status in {400, 403, 429} and any(word in message for word in words))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that `Retry-After` asks for, given as seconds or as an HTTP date; None without a usable one."""
    value = headers.get("retry-after", "").strip()
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _said(account: Account, message: str) -> str:
    key = account.api_key.get_secret_value().strip()
    line = " ".join(message.replace("\x00", " ").split())  # PostgreSQL keeps no NUL
    return (line.replace(key, "***") if key else line)[:_MESSAGE_CHARACTERS]  # masked first: a cut key is still one
