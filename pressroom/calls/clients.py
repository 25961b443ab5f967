"""Common parts of clients built on an SDK: a key and an address checked before use, and careful reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from pressroom.calls import deadline
from pressroom.calls.providers import Account
from pressroom.errors import Misconfigured, ProviderTimeout


def key_of(account: Account) -> str:
    """The account's key, without the line break that pasting adds.

    Raises:
        Misconfigured: it is missing, or no HTTP header could carry it.
    """
    key = account.api_key.get_secret_value().strip()
    hint = f"Set {account.name.upper()}_API_KEY, or the account's block."
    if not key:
        raise Misconfigured(f"The account {account.name} has no key.", hint=hint)
    if not (key.isascii() and key.isprintable()):
        raise Misconfigured(f"The key of the account {account.name} holds characters no key has.", hint=hint)
    return key


def address_of(account: Account) -> str | None:
    """The account's own address; None where the SDK's default is meant.

    Raises:
        Misconfigured: it is no web address; which one it is isn't said, since it may hold a password.
    """
    if account.base_url is None or _is_web(account.base_url):
        return account.base_url
    raise Misconfigured(
        f"The address of the account {account.name} is not a web address.",
        hint="It looks like https://host/v1 or http://localhost:11434/v1.",
    )


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def late(account: Account) -> ProviderTimeout:
    """The error for a call that took too long, which its task's deadline may have cut short."""
    if deadline.is_over():
        message = f"{account.name} did not answer before the task's deadline."
        return ProviderTimeout(message, hint="Give it longer: PRESSROOM_TASK_DEADLINE.")
    return ProviderTimeout(f"{account.name} did not answer in {account.timeout:g} s.")


def is_listed(model: str, listed: Iterable[str]) -> bool:
    """True when a provider lists `model` under one of its names.

    Anthropic lists `claude-haiku-4-5-20251001` for `claude-haiku-4-5`, Gemini `models/NAME`, Ollama `NAME:latest`.
    """
    names = {name.removeprefix("models/") for name in listed}
    return model in names or any(name.startswith((f"{model}-20", f"{model}:")) for name in names)


def tokens(usage: Any, name: str) -> int:
    """A count of a usage report; 0 where the report is missing or says something else: the answer is worth more."""
    count = usage.get(name) if isinstance(usage, Mapping) else None
    return count if isinstance(count, int) and count > 0 else 0
