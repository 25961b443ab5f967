"""What the tests of vision show, and to whom: an orange disc on dark blue, to accounts at the provider server."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw
from pydantic import SecretStr
from sqlmodel import col, select

from pressroom.calls.chain import Chain, RetryPolicy, chain_of
from pressroom.calls.ledger import Ledger
from pressroom.calls.providers import Account
from pressroom.media.pictures.headers import Limits
from pressroom.media.pictures.intake import take_in
from pressroom.media.pictures.taken import Taken
from pressroom.store.tables import ProviderCall
from sandbox import ProviderServer

MODELS = {"offline": "pixels-1"}
SEEING = ("openai", "anthropic", "gemini", "compatible")


def account(name: str, server: ProviderServer, **changes: Any) -> Account:
    address = {"anthropic": server.anthropic_url, "gemini": server.gemini_url}.get(name, server.openai_url)
    known = {
        "api_key": SecretStr("k"),
        "base_url": address,
        "model": MODELS.get(name, f"{name}-model"),
        "timeout": 20.0,
    }
    return Account(name=name, provider=name, **{**known, **changes})


def chain(server: ProviderServer, *names: str, **changes: Any) -> Chain:
    policy = RetryPolicy(**{"sleep": lambda seconds: None, "backoff": 0.0, **changes})
    return chain_of([account(name, server) for name in names], policy, kind="vision")


def picture(width: int = 1600, height: int = 900, *, ground: str = "#16284f", disc: str = "#f58220") -> Image.Image:
    image = Image.new("RGB", (width, height), ground)
    size = min(width, height) // 3
    middle = (width // 2 - size, height // 2 - size, width // 2 + size, height // 2 + size)
    ImageDraw.Draw(image).ellipse(middle, fill=disc)
    return image


def filed(image: Image.Image, kind: str = "PNG", **options: Any) -> Taken:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return take_in(file.getvalue(), limits=Limits(least_edge=1))


DISC = filed(picture(1200, 675))
PLATE = filed(picture(450, 800, ground="#fafafa", disc="#d62828"))


def sight(**changes: Any) -> dict[str, Any]:
    """What a model says of the disc."""
    return {
        "description": "An orange disc lies on a dark blue cloth. The light comes from the left.",
        "subjects": ["orange disc", "blue cloth"],
        "is_product": True,
        "confidence": 0.9,
        "product_name": "",
        "product_kind": "flying disc",
        "colours": ["dark blue", "orange"],
        "text_in_image": "",
        "alt_text": "An orange disc on a dark blue cloth.",
        "safety": [],
        **changes,
    }


def said(*sights: dict[str, Any], comparison: str = "") -> dict[str, Any]:
    return {"images": list(sights), "comparison": comparison}


def rows(ledger: Ledger) -> list[ProviderCall]:
    with ledger.database.read() as session:
        return list(session.exec(select(ProviderCall).order_by(col(ProviderCall.created_at))).all())
