"""Products to photograph: drawn, with soft edges, on nothing."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from PIL import Image, ImageDraw

from pressroom.media.pictures.intake import take_in
from pressroom.media.pictures.taken import Taken

FINE = 4
"""Times larger they are drawn, so that their edges are soft."""


@cache
def bottle(width: int = 400, height: int = 600, *, colour: str = "#a03040", behind: str = "") -> Image.Image:
    """A bottle in the middle. behind: colour of the page it was cut out of, some of which is left in its soft edge."""
    mask = Image.new("L", (width * FINE, height * FINE))
    draw = ImageDraw.Draw(mask)
    wide, high = mask.size
    draw.rounded_rectangle((wide * 0.28, high * 0.35, wide * 0.72, high * 0.9), wide * 0.08, fill=255)
    draw.rectangle((wide * 0.43, high * 0.12, wide * 0.57, high * 0.4), fill=255)
    mask = mask.resize((width, height), Image.Resampling.LANCZOS)
    image = Image.new("RGB", (width, height), behind or colour)
    image.paste(colour, (0, 0), mask)
    image.putalpha(mask)
    return image


def file_of(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def taken(image: Image.Image | None = None) -> Taken:
    return take_in(file_of(image)) if image else _usual()


@cache
def _usual() -> Taken:
    return take_in(file_of(bottle()))


@cache
def opaque() -> Taken:
    page = Image.new("RGBA", (400, 600), "white")
    page.alpha_composite(bottle())
    return take_in(file_of(page.convert("RGB")))
