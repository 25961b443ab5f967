"""A picture made to fit a platform: cropped, scaled, sharpened a little, without metadata, saved small."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageFilter

from pressroom.media.opening import opened
from pressroom.media.pictures import colours
from pressroom.media.pictures.cropping import crop_box
from pressroom.media.pictures.encoding import encoded

SOFT = 1.15
"""Enlarged by more than this, a picture looks soft, which is noted."""

_CRISP = ImageFilter.UnsharpMask(radius=0.8, percent=45, threshold=2)


@dataclass(frozen=True)
class Fitted:
    """A file ready to post. notes: sentences about what a person may want to know of it."""

    data: bytes
    media_type: str
    width: int
    height: int
    notes: tuple[str, ...] = ()


def fit(picture: bytes, width: int, height: int, *, background: str = "#ffffff") -> Fitted:
    """`picture` as one of exactly `width` x `height` pixels; what shows through it is `background`.

    Raises:
        BrokenAnswer: the bytes are no picture that can be used.
    """
    image = _rgb(opened(picture), background)
    scale = max(width / image.width, height / image.height)
    fitted = image if image.size == (width, height) else _scaled(image, width, height, scale)
    data, media_type = encoded(fitted)
    notes = (f"Enlarged {scale:.2f} times: the provider makes no larger one.",) if scale > SOFT else ()
    return Fitted(data, media_type, width, height, notes)


def _scaled(image: Image.Image, width: int, height: int, scale: float) -> Image.Image:
    box = crop_box(image, width, height)
    scaled = image.resize((width, height), Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
    return scaled.filter(_CRISP) if scale < 1 else scaled


def _rgb(image: Image.Image, background: str) -> Image.Image:
    """Pixels alone, in sRGB: no profile, no EXIF, no text chunks."""
    return colours.flat(colours.in_srgb(colours.plain(image), colours.look(image)), background)
