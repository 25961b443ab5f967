"""The accounts a chain is made of, from the environment."""

from __future__ import annotations

from pydantic import SecretStr

from pressroom.calls.declare import Account
from pressroom.errors import Misconfigured
from pressroom.settings import Settings


def account_from_settings(name: str, source: Settings) -> Account:
    """The account called `name` in a chain: openai, anthropic, gemini, offline, or an endpoint of `source.endpoints`.

    An endpoint may be called gemini too; it is meant where there is one.

    Raises:
        Misconfigured: the name is unknown, or its key is not set.
    """
    if name == "openai":
        return _keyed(
            name,
            source.openai_api_key,
            source.openai_base_url,
            source.openai_model,
            source.openai_ideas_model,
            (source.openai_requests_per_minute, source.openai_tokens_per_minute),
            source.timeout,
        )
    if name == "anthropic":
        return _keyed(
            name,
            source.anthropic_api_key,
            source.anthropic_base_url,
            source.anthropic_model,
            source.anthropic_ideas_model,
            (source.anthropic_requests_per_minute, source.anthropic_tokens_per_minute),
            source.timeout,
        )
    if name == "gemini" and name not in source.endpoints:
        return _keyed(
            name,
            source.gemini_api_key,
            source.gemini_base_url,
            source.gemini_model,
            source.gemini_ideas_model,
            (source.gemini_requests_per_minute, source.gemini_tokens_per_minute),
            source.timeout,
        )
    if name == "offline":
        return Account(name=name, provider="offline", model="offline-1", timeout=source.timeout)
    if name in source.endpoints:
        endpoint = source.endpoints[name]
        return Account(
            name=name,
            provider="compatible",
            api_key=endpoint.api_key,
            base_url=endpoint.base_url,
            model=endpoint.model,
            timeout=source.timeout,
            requests_a_minute=endpoint.requests_per_minute,
            tokens_a_minute=endpoint.tokens_per_minute,
        )
    known = ", ".join(["gemini", "openai", "anthropic", "offline", *source.endpoints])
    raise Misconfigured(
        f"The chain names {name!r}, which is not configured.",
        hint=f"Choose from: {known}; or set PRESSROOM_ENDPOINTS__{name.upper()}__BASE_URL and __MODEL.",
    )


def _keyed(
    name: str,
    key: SecretStr | None,
    base_url: str | None,
    model: str,
    ideas_model: str,
    limits: tuple[int, int],
    timeout: float,
) -> Account:
    """`limits`: requests and tokens a minute."""
    if key is None or not key.get_secret_value():
        raise Misconfigured(f"The chain names {name}, but its key is not set.", hint=f"Set {name.upper()}_API_KEY.")
    return Account(
        name=name,
        provider=name,
        api_key=key,
        base_url=base_url or None,
        model=model,
        ideas_model=ideas_model,
        timeout=timeout,
        requests_a_minute=limits[0],
        tokens_a_minute=limits[1],
    )
