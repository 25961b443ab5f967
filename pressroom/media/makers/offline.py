"""Offline: draws the request's card, and composes product pictures; no model, no network, no cost."""

from __future__ import annotations

import hashlib
import io
import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from pressroom.calls.vendors import Account
from pressroom.media.makers.shared.declare import Editor, Maker, Order, Picture
from pressroom.media.makers.shared.edits import EditRequest
from pressroom.model import ImageRequest

if TYPE_CHECKING:
    from PIL import Image

COMPOSING = 1
"""Changes when product pictures are composed in another way, so that none of the old ones is found for a new one."""


_AT_ONCE = BoundedSemaphore(os.cpu_count() or 1)
"""A card takes 50 MB while it is drawn, and a processor: more at once than there are of them gain nothing."""


class OfflineImages:
    """Draws typographic cards."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def make(self, request: ImageRequest) -> Picture:
        from pressroom.media.cards import draw

        size = {"width": request.width, "height": request.height}
        with _AT_ONCE:
            drawn = draw(request.card, **size, brand=request.brand, variant=_composition(request))
            return self._picture(drawn.image, drawn.notes)

    def edit(self, request: EditRequest) -> Picture:
        from pressroom.media.photography.composing import composed

        with _AT_ONCE:
            return self._picture(*composed(request))

    def _picture(self, image: Image.Image, notes: Sequence[str]) -> Picture:
        png = io.BytesIO()
        image.save(png, "PNG", compress_level=4)  # it is fitted, and saved smaller, afterwards
        return Picture(
            data=png.getvalue(), media_type="image/png", model=self.account.model, drawn=True, notes=tuple(notes)
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


def _edit_order(account: Account, request: EditRequest) -> Order:
    identity = {
        **request.identity,
        "style": request.style,
        "ground": request.ground or request.brand.background,
        "size": f"{request.width}x{request.height}",
        "composing": COMPOSING,
    }
    return Order(identity, request.width, request.height)


def _check_edit(account: Account, request: EditRequest) -> None:
    from pressroom.media.photography.composing import check_composable

    check_composable(request)


MAKER = Maker(
    name="offline",
    paid=False,
    order=_order,
    build=OfflineImages,
    editor=Editor(order=_edit_order, build=OfflineImages, check=_check_edit),
)
