"""Pictures that a model is to look at, taken out of a request as a provider would: decoded, or rejected."""

from __future__ import annotations

import base64
import hashlib
import io

from PIL import Image, UnidentifiedImageError

from sandbox.asks import Picture
from sandbox.dialects.shared.declare import Trouble
from sandbox.faults import Fault

TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}


def shown(media_type: str, data: str) -> Picture:
    """The picture in base64 `data`.

    Raises:
        Trouble: it can't be read, or is of another type than `media_type`.
    """
    try:
        whole = base64.b64decode(data, validate=True)
        with Image.open(io.BytesIO(whole), formats=tuple(TYPES)) as image:
            kind, size = TYPES[str(image.format)], image.size
    except (ValueError, OSError, UnidentifiedImageError):
        raise Trouble(Fault.BAD_REQUEST, "The image can't be read.") from None
    if kind != media_type:
        raise Trouble(Fault.BAD_REQUEST, f"The image is {kind}, not {media_type}.")
    return Picture(hashlib.sha256(whole).hexdigest(), *size)


def in_data_address(url: str) -> Picture:
    """The picture in a data address, the only kind this server fetches. Raises `Trouble` as `shown` does."""
    head, _, data = url.partition(";base64,")
    if not head.startswith("data:"):
        raise Trouble(Fault.BAD_REQUEST, "This server fetches no images.")
    return shown(head.removeprefix("data:"), data)
