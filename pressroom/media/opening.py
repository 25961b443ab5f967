"""Opens bytes that a client or a provider calls a picture: they are checked by content, and never trusted."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from pressroom.errors import BrokenAnswer

FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
"""The formats that are accepted, with their media types."""

EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}

MOST_BYTES = 50_000_000
MOST_PIXELS = 40_000_000
"""No provider makes more; decoding them takes 120 MB."""


def opened(data: bytes) -> Image.Image:
    """The picture in `data`, wholly decoded and upright; its `format` is kept.

    Raises:
        BrokenAnswer: it is not a picture, or not one that can be used.
    """
    if len(data) > MOST_BYTES:
        raise unusable(f"it has {len(data):,} bytes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit comes before decoding
            image = Image.open(io.BytesIO(data), formats=tuple(FORMATS))
        if image.width * image.height > MOST_PIXELS:
            raise unusable(f"it would be {image.width:,} x {image.height:,} pixels")
        image.load()
        upright = ImageOps.exif_transpose(image)
    except Image.DecompressionBombError:
        raise unusable("it would be far too large") from None
    except UnidentifiedImageError:
        raise unusable("it is no PNG, JPEG or WebP") from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:  # what Pillow raises for damaged files
        raise unusable(f"it is damaged ({error})") from None
    upright.format = image.format
    return upright


def media_type_of(image: Image.Image) -> str:
    """That of an `opened` picture."""
    return FORMATS[image.format or ""]


def unusable(why: str) -> BrokenAnswer:
    return BrokenAnswer(f"The picture that came back can't be used: {why}.")
