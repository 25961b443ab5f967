"""Pictures without a model: the request's card is drawn, or a product picture composed, as the request itself says."""

from __future__ import annotations

import hashlib
import io
import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from pressroom.calls.images import EditRequest, Picture
from pressroom.calls.providers import Account, Kind, Order
from pressroom.errors import CannotCompose
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

    def send(self, request: ImageRequest) -> Picture:
        if request.draw is None:
            raise CannotCompose("The request brings no card to draw.", hint="Put openai or stability into the chain.")
        with _AT_ONCE:
            return _picture(self.account, *request.draw(request, _composition(request)))


class OfflineEdits:
    """Composes product pictures."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def send(self, request: EditRequest) -> Picture:
        _check_edit(self.account, request)
        assert request.compose is not None
        with _AT_ONCE:
            return _picture(self.account, *request.compose(request))


def _picture(account: Account, image: Image.Image, notes: Sequence[str]) -> Picture:
    png = io.BytesIO()
    image.save(png, "PNG", compress_level=4)  # it is fitted, and saved smaller, afterwards
    return Picture(data=png.getvalue(), media_type="image/png", model=account.model, drawn=True, notes=tuple(notes))


def _composition(request: ImageRequest) -> int:
    """Which of a template's compositions: the cards of one document should not all look alike."""
    if request.captioned:  # the first leaves the ground of captions plain; all scenes of a film look alike
        return request.variant
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
        **({"captioned": True} if request.captioned else {}),
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
    if request.compose is None:
        raise CannotCompose(
            f"{account.name} makes no pictures out of others.", hint="Put openai or stability into the image chain."
        )
    if request.composable is not None:
        request.composable(request)


IMAGE = Kind(client=OfflineImages, order=_order)
EDIT = Kind(client=OfflineEdits, order=_edit_order, check=_check_edit)
