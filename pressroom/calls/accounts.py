"""The accounts a chain is made of, from the settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence

from pydantic import SecretStr

from pressroom.calls import providers
from pressroom.calls.providers import Account, Provider
from pressroom.errors import Misconfigured
from pressroom.settings import Endpoint, Settings, VendorSettings

PICTURES = ("image", "edit")

OWN = {"image": "image", "edit": "image", "speech": "speech"}
"""Kinds with a model, a time-out and a limit of their own, and how those settings begin."""

PERMITS = {"image": "images", "speech": "sentences"}
"""How the setting begins that limits them: `images_per_minute`."""

OFFLINE = "offline"


def chain_names(kind: str, source: Settings) -> tuple[str, ...]:
    """The accounts of a chain of `kind`: as set, else those whose key is there, in the order of their vendors.

    `offline` is in it where nothing else is, last of what makes pictures or speaks;
    no account searches without a key.
    """
    chosen: tuple[str, ...] = getattr(source, f"{kind}_chain", ())
    if chosen:
        return chosen
    keyed = tuple(one.name for one in providers.ranked(kind) if _settings(one, source).has_key)
    if kind == "text":
        return (*keyed, *source.endpoints) or (OFFLINE,)
    return (*keyed, OFFLINE) if kind in ("image", "speech") else keyed


def vision_names(text_chain: tuple[str, ...], source: Settings) -> tuple[str, ...]:
    """The accounts that look at pictures: as set, else the text chain's; then `offline`: every picture gets words."""
    names = source.vision_chain or text_chain
    return names if OFFLINE in names else (*names, OFFLINE)


def text_names(asked: Sequence[str] | None, source: Settings) -> tuple[str, ...]:
    """The text providers that were asked for, else those of the settings, each once."""
    return tuple(dict.fromkeys(asked or chain_names("text", source)))


def able_to(kind: str, accounts: Iterable[Account]) -> list[Account]:
    """The accounts whose vendor answers requests of `kind`."""
    return [one for one in accounts if providers.get(one.provider).offers(kind)]


def fingerprint_of(accounts: Iterable[Account]) -> str:
    """Changes with the accounts, addresses and models, never with a key: part of cache keys."""
    told = [account.model_dump(mode="json", exclude={"api_key", "timeout"}) for account in accounts]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def account_from_settings(name: str, source: Settings, kind: str = "text", *, needs_key: bool = True) -> Account:
    """The account called `name` in a chain of `kind`: a vendor's, or an endpoint of `source.endpoints`.

    Where an endpoint bears a vendor's name, the endpoint is meant. needs_key: false where nothing is asked of it.

    Raises:
        Misconfigured: the name is unknown, or its key is not set.
    """
    if name in source.endpoints and kind not in OWN:
        return _of_endpoint(name, source.endpoints[name], source)
    provider = _provider(name, kind, source)
    chosen = _settings(provider, source)
    if needs_key and provider.settings is not None and not chosen.has_key:
        chain = f"{OWN[kind]} chain" if kind in OWN else "chain"
        raise Misconfigured(f"The {chain} names {name}, but its key is not set.", hint=f"Set {name.upper()}_API_KEY.")
    part, permits = (f"{OWN[kind]}_", PERMITS[OWN[kind]]) if kind in OWN else ("", "requests")
    return Account(
        name=name,
        provider=name,
        api_key=chosen.api_key or SecretStr(""),
        base_url=chosen.base_url or None,
        model=getattr(chosen, f"{part}model", "") or provider.models.get(kind, ""),
        ideas_model="" if part else getattr(chosen, "ideas_model", ""),
        timeout=getattr(source, f"{part}timeout"),
        requests_a_minute=getattr(chosen, f"{permits}_per_minute", 0),
        tokens_a_minute=0 if part else getattr(chosen, "tokens_per_minute", 0),
    )


def check_name(name: str, source: Settings, kind: str = "text") -> None:
    """Check that a chain of `kind` may name `name`, with a key or without.

    Raises:
        Misconfigured: no vendor and no endpoint has this name.
    """
    if name not in source.endpoints or kind in OWN:
        _provider(name, kind, source)


def _settings(provider: Provider, source: Settings) -> VendorSettings:
    return source.vendor(provider.name, provider.settings) if provider.settings else _KEYLESS


_KEYLESS = VendorSettings.model_construct(api_key=None, base_url=None)


def _provider(name: str, kind: str, source: Settings) -> Provider:
    """The vendor called `name`; one that answers texts may be named for what its texts can do, too."""
    known = [one for one in providers.REGISTRY if _answers(one, kind)]
    for one in known:
        if one.name == name:
            return one
    endpoints = () if kind in OWN else tuple(source.endpoints)
    names = ", ".join([*(one.name for one in sorted(known, key=lambda one: one.rank.get(kind, 99))), *endpoints])
    chain, hint = ("The chain", f"; or set PRESSROOM_ENDPOINTS__{name.upper()}__BASE_URL and __MODEL")
    if kind in OWN:
        chain, hint = f"The {OWN[kind]} chain", ""
    raise Misconfigured(f"{chain} names {name!r}, which is not configured.", hint=f"Choose from: {names}{hint}.")


def _answers(provider: Provider, kind: str) -> bool:
    nameable = provider.settings is not None or provider.name == OFFLINE  # an endpoint's plug-in is no account
    return nameable and (provider.offers(kind) or (kind not in OWN and provider.offers("text")))


def _of_endpoint(name: str, endpoint: Endpoint, source: Settings) -> Account:
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
