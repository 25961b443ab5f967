"""Offline: draws the request's card; no model, no network, no cost."""

from __future__ import annotations

import hashlib
import io
import zlib
from pathlib import Path

from pressroom.images.makers.shared.declare import Maker, Order, Picture
from pressroom.model import ImageRequest
from pressroom.providers import Account


class OfflineImages:
    """Draws typographic cards."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def make(self, request: ImageRequest) -> Picture:
        from pressroom.images.cards import draw

        drawn = draw(
            request.card, width=request.width, height=request.height, brand=request.brand, variant=_composition(request)
        )
        png = io.BytesIO()
        drawn.image.save(png, "PNG", compress_level=4)  # it is fitted, and saved smaller, afterwards
        return Picture(
            data=png.getvalue(),
            media_type="image/png",
            model=self.account.model,
            drawn=True,
            notes=tuple(drawn.notes),
        )


def _composition(request: ImageRequest) -> int:
    """Which of a template's compositions: the cards of one document should not all look alike."""
    return request.variant + zlib.crc32(request.purpose.encode())


def _hash(path: Path | None) -> str:
    """Of the file's content: another logo under the same name makes another card."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path else ""
    except OSError:  # the card is drawn without it, and says so
        return ""


def _order(account: Account, request: ImageRequest) -> Order:
    identity = {
        "card": request.card.model_dump(mode="json"),
        "brand": request.brand.model_dump(mode="json"),
        "files": [_hash(request.brand.font), _hash(request.brand.logo)],
        "composition": _composition(request),
        "size": f"{request.width}x{request.height}",
    }
    return Order(identity, request.width, request.height)


MAKER = Maker(name="offline", paid=False, order=_order, build=OfflineImages)
