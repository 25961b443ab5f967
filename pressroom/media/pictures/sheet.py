"""A contact sheet: the source with the parts that are shown of it, and every variant, to be looked at by a person."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont

from pressroom.media.pictures.colours import flat
from pressroom.media.pictures.goals import encoder_options
from pressroom.media.pictures.palette import colour_of
from pressroom.media.pictures.saving import file_of
from pressroom.media.pictures.taken import Taken
from pressroom.media.pictures.values import Variant

CELL = 320
"""Pixels of the square each picture is shown in."""

_GAP, _LABEL, _LINE = 20, 48, 20
_PAPER, _INK, _QUIET = "#f4f1ea", "#222222", "#6b6b6b"
_BEHIND = "#ffffff"

Font = ImageFont.FreeTypeFont


def contact_sheet(taken: Taken, variants: Sequence[Variant], *, columns: int = 3) -> Image.Image:
    """An RGB picture: the source first, in it a frame for what each variant shows, then the variants with their labels.

    Raises:
        What `Taken.pixels` does.
    """
    columns = max(1, min(columns, len(variants) + 1))
    rows = math.ceil((len(variants) + 1) / columns)
    step, tall = CELL + _GAP, CELL + _LABEL + _GAP
    sheet = Image.new("RGB", (_GAP + columns * step, _GAP + rows * tall), _PAPER)
    for at, (picture, label) in enumerate([_source(taken, variants), *map(_thumbnail, variants)]):
        corner = (_GAP + at % columns * step, _GAP + at // columns * tall)
        _place(sheet, picture, corner, label, mark=colour_of(at - 1) if at else "")
    return sheet


def sheet_png(sheet: Image.Image) -> bytes:
    return file_of(sheet, "png", **encoder_options("png"))


def label_of(variant: Variant) -> tuple[str, str]:
    """The label of a variant on the sheet: its platform, and its size, bytes and quality."""
    size = f"{variant.width} x {variant.height}"
    return variant.platform, f"{size} · {len(variant.data) / 1000:,.0f} kB · quality {variant.quality}"


def shown_small(variant: Variant, longest: int) -> Image.Image:
    """The variant as RGB, its longer edge `longest` pixels or fewer; what shows through it is white."""
    with Image.open(io.BytesIO(variant.data)) as image:
        image.draft("RGB", (longest, longest))
        small = flat(image.convert("RGBA" if image.has_transparency_data else "RGB"), _BEHIND)
    small.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return small


Cell = tuple[Image.Image, tuple[str, str]]


def _source(taken: Taken, variants: Sequence[Variant]) -> Cell:
    image = taken.small(CELL, background=_BEHIND)
    scale = image.width / taken.width
    draw = ImageDraw.Draw(image)
    for at, variant in enumerate(variants):
        inset = 2 * (at % 3)  # equal boxes would hide each other
        left, upper, right, lower = (edge * scale for edge in variant.box)
        box = (left + inset, upper + inset, max(left + inset, right - 1 - inset), max(upper + inset, lower - 1 - inset))
        draw.rectangle(box, outline=colour_of(at), width=2)
    return image, (taken.name or "source", f"{taken.width} x {taken.height} · {taken.kind.name}")


def _thumbnail(variant: Variant) -> Cell:
    return shown_small(variant, CELL), label_of(variant)


def _place(
    sheet: Image.Image, picture: Image.Image, corner: tuple[int, int], label: tuple[str, str], mark: str
) -> None:
    left, upper = corner
    sheet.paste(picture, (left + (CELL - picture.width) // 2, upper + (CELL - picture.height) // 2))
    draw, below = ImageDraw.Draw(sheet), upper + CELL + 6
    if mark:
        draw.rectangle((left, below + 3, left + 9, below + 12), fill=mark)
    start = left + (16 if mark else 0)
    draw.text((start, below), _cut(label[0], _font(15), CELL - 16), font=_font(15), fill=_INK)
    draw.text((left, below + _LINE), _cut(label[1], _font(12), CELL), font=_font(12), fill=_QUIET)


def _cut(text: str, font: Font, most: int) -> str:
    """As much of `text` as fits into `most` pixels."""
    if font.getlength(text) <= most:
        return text
    while text and font.getlength(text + "…") > most:
        text = text[:-1]
    return text + "…"


@lru_cache(maxsize=4)
def _font(size: int) -> Font:
    file = files("pressroom.media.cards").joinpath("fonts", "Inter-Medium.otf")
    return ImageFont.truetype(io.BytesIO(file.read_bytes()), size)
