"""The accounts an image chain is made of, and how their pictures look, from the environment."""

from __future__ import annotations

from pydantic import SecretStr

from pressroom.calls.vendors import Account
from pressroom.errors import Misconfigured
from pressroom.model import Brand
from pressroom.settings import Settings

KNOWN = ("openai", "stability", "offline")


def image_account_from_settings(name: str, source: Settings) -> Account:
    """The account called `name` in an image chain.

    Raises:
        Misconfigured: the name is unknown, or its key is not set.
    """
    if name == "openai":
        key, url, model = source.openai_api_key, source.openai_base_url, source.openai_image_model
        return _keyed(name, key, url, model, source.openai_images_per_minute, source.image_timeout)
    if name == "stability":
        key, url, model = source.stability_api_key, source.stability_base_url, source.stability_image_model
        return _keyed(name, key, url, model, source.stability_images_per_minute, source.image_timeout)
    if name == "offline":
        return Account(name=name, provider=name, model="cards-1", timeout=source.image_timeout)
    raise Misconfigured(
        f"The image chain names {name!r}, which is not configured.", hint=f"Choose from: {', '.join(KNOWN)}."
    )


def image_chain_names(source: Settings) -> tuple[str, ...]:
    """The chain as set, else every account whose key is there, in the order they are known, then `offline`."""
    keys = {"openai": source.openai_api_key, "stability": source.stability_api_key}
    keyed = (name for name, key in keys.items() if key and key.get_secret_value())
    return source.image_chain or (*keyed, "offline")


def brand_from_settings(source: Settings) -> Brand:
    """How the workspace looks."""
    return Brand(
        name=source.brand_name,
        background=source.brand_background,
        text=source.brand_text,
        accent=source.brand_accent,
        font=source.brand_font,
        logo=source.brand_logo,
    )


def _keyed(
    name: str, key: SecretStr | None, base_url: str | None, model: str, a_minute: int, timeout: float
) -> Account:
    if key is None or not key.get_secret_value():
        raise Misconfigured(
            f"The image chain names {name}, but its key is not set.", hint=f"Set {name.upper()}_API_KEY."
        )
    return Account(
        name=name,
        provider=name,
        api_key=key,
        base_url=base_url or None,
        model=model,
        timeout=timeout,
        requests_a_minute=a_minute,
    )
