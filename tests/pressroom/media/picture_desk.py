"""What the tests of pictures ask, and of whom: one bakery, of accounts at the provider server."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from typing import Any

from PIL import Image, ImageDraw
from pydantic import SecretStr
from sqlmodel import col, select

from pressroom.calls.chain import Chain, RetryPolicy, chain_of
from pressroom.calls.ledger import Ledger
from pressroom.calls.providers import Account
from pressroom.model import CardText, ImageRequest
from pressroom.store.tables import ProviderCall
from sandbox import ProviderServer, Reply

MODELS = {"openai": "gpt-image-2", "stability": "core", "offline": "cards-1"}

REQUEST = ImageRequest(
    purpose="linkedin",
    prompt="A notebook next to a till, flour on the counter, early light.",
    width=1200,
    height=627,
    card=CardText(template="headline", title="Why our bakery stopped guessing"),
)


def request(**changes: Any) -> ImageRequest:
    return replace(REQUEST, **changes)


def account(name: str, server: ProviderServer, **changes: Any) -> Account:
    address = {"openai": server.openai_url, "stability": server.stability_url}.get(name)
    known = {"api_key": SecretStr("k"), "base_url": address, "model": MODELS[name], "timeout": 20.0}
    return Account(name=name, provider=name, **{**known, **changes})


def chain(server: ProviderServer, *names: str, **changes: Any) -> Chain:
    policy = RetryPolicy(**{"sleep": lambda seconds: None, "backoff": 0.0, **changes})
    return chain_of([account(name, server) for name in names], policy, kind="image")


def asked(server: ProviderServer) -> list[str]:
    return [record.dialect.partition("_")[0] for record in server.history]


def rows(ledger: Ledger) -> list[ProviderCall]:
    with ledger.database.read() as session:
        return list(session.exec(select(ProviderCall).order_by(col(ProviderCall.created_at))).all())


def scripted(data: bytes) -> Reply:
    """The next picture is `data`, whatever it is."""
    return Reply(text=base64.b64encode(data).decode(), purposes=("image",))


def picture(width: int, height: int, *, spot: tuple[float, float] = (0.5, 0.5), mode: str = "RGB") -> Image.Image:
    """A smooth ground with a busy spot at that share of its width and height."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    draw, size = ImageDraw.Draw(image), min(width, height) // 8
    x, y = round(width * spot[0]), round(height * spot[1])
    for ring in range(size, 0, -max(1, size // 8)):
        draw.ellipse((x - ring, y - ring, x + ring, y + ring), fill=(255, 0, ring * 7 % 256))
    return image.convert(mode)


def png(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
