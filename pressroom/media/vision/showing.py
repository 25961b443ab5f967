"""A picture as it is sent to a model: small, upright, in sRGB on white, without a word of metadata."""

from __future__ import annotations

from pressroom.media.pictures.saving import file_of
from pressroom.media.pictures.taken import Taken
from pressroom.model.vision import ShownImage

LONGEST_SIDE = 1024
"""Pixels. More is scaled down by the providers themselves, or costs more tokens without being seen better."""

QUALITY = 85


def shown(picture: Taken) -> ShownImage:
    """The picture, at most `LONGEST_SIDE` pixels long, as a JPEG.

    Raises:
        InvalidImageFormat: it is damaged. ImageTooLarge: decoding it would need too much memory.
    """
    small = picture.small(LONGEST_SIDE)
    data = file_of(small, "jpg", quality=QUALITY)
    return ShownImage(data=data, media_type="image/jpeg", width=small.width, height=small.height)
