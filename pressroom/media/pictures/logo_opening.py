"""A logo's file as pixels with alpha, in sRGB: as little trusted as any picture."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from pressroom.errors import InvalidImageFormat
from pressroom.media.pictures.headers import Limits
from pressroom.media.pictures.intake import take_in
from pressroom.media.pictures.taken import Taken

LOGO = Limits(least_edge=1, most_pixels=20_000_000, most_megabytes=120)
"""The pixels of a PNG of 20 megapixels, or of a WebP of 5, take 120 MB while they are decoded."""

ENOUGH = 2048
"""Pixels of the longer edge, at least, that are left of a larger logo."""

VISIBLE = 8
"""Alpha, of 255, from which something counts as part of the logo."""

_DRAWINGS = (b"<svg", b"<?xml", b"<!DOCTYPE svg", b"\xef\xbb\xbf<")


@dataclass(frozen=True)
class Logo:
    """image: RGBA, cut to what can be seen of it. notes: sentences for a person. media_type: of the file."""

    image: Image.Image
    notes: tuple[str, ...] = ()
    media_type: str = "image/png"


def open_logo(data: bytes, *, name: str = "The logo") -> Logo:
    """The logo in `data`: any kind of picture that is read, by its content.

    name: what it is called in messages.

    Raises:
        InvalidImageFormat: none of these, damaged, or nothing of it can be seen. ImageTooLarge: more than 50 MB, or
        outside of `LOGO`.
    """
    if data.lstrip().startswith(_DRAWINGS):
        raise InvalidImageFormat(f"{name} is a drawing (SVG or XML), which is not taken.", hint=_EXPORT)
    taken = take_in(data, name=name, limits=LOGO)
    image = taken.pixels(shrink=max(1.0, max(taken.size) / ENOUGH))
    return Logo(_visible(image.convert("RGBA"), name), _notes(taken, image), taken.media_type)


_EXPORT = "Export the logo as a PNG with transparency, at least 500 pixels wide."


def _notes(taken: Taken, image: Image.Image) -> tuple[str, ...]:
    if image.mode == "RGBA":
        return taken.notes
    return (*taken.notes, f"{taken.name} has no transparency: it is put on as a rectangle.")


def _visible(image: Image.Image, name: str) -> Image.Image:
    """Without the empty space around it, so that margins are what they say."""
    bounds = image.getchannel("A").point(lambda value: 255 if value >= VISIBLE else 0).getbbox()
    if bounds is None:
        raise InvalidImageFormat(f"{name} is wholly transparent.", hint=_EXPORT)
    return image.crop(bounds)
