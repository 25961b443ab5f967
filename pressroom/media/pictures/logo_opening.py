"""A logo's file as pixels with alpha, in sRGB: as little trusted as any picture."""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass

from PIL import Image
from PIL.ImageFile import ImageFile

from pressroom.errors import ImageTooLarge, InvalidImageFormat
from pressroom.media.pictures import colours
from pressroom.media.pictures.frames import has_several
from pressroom.media.pictures.headers import check_bytes, check_scans, reading
from pressroom.media.pictures.kinds import HEAD, Kind, kind_of
from pressroom.media.pictures.memory import needed_megabytes
from pressroom.media.pictures.source import Source, in_memory

MOST_MEGABYTES = 120
"""For a logo's pixels while they are decoded: 10 megapixels of PNG, 4 of WebP."""

VISIBLE = 8
"""Alpha, of 255, from which something counts as part of the logo."""

_DRAWINGS = (b"<svg", b"<?xml", b"<!DOCTYPE svg", b"\xef\xbb\xbf<")


@dataclass(frozen=True)
class Logo:
    """image: RGBA, cut to what can be seen of it. notes: sentences about what a person may want to know of it."""

    image: Image.Image
    notes: tuple[str, ...] = ()


def open_logo(data: bytes, *, name: str = "The logo") -> Logo:
    """The logo in `data`: PNG, WebP, GIF, TIFF, AVIF, JPEG or BMP, told by its content.

    name: what it is called in messages.

    Raises:
        InvalidImageFormat: none of these, damaged, or nothing of it can be seen. ImageTooLarge: more than 50 MB, or
        pixels that need more than 120 MB.
    """
    source = in_memory(data)
    check_bytes(source, name)
    if data.lstrip().startswith(_DRAWINGS):
        raise InvalidImageFormat(f"{name} is a drawing (SVG or XML), which is not taken.", hint=_EXPORT)
    kind = kind_of(data[:HEAD], shown=name)
    if kind.package:
        raise InvalidImageFormat(f"{name} is a {kind.name} picture, which is not taken for logos.", hint=_EXPORT)
    image, notes = _decoded(source, kind, name)
    if not image.has_transparency_data:
        notes = (*notes, f"{name} has no transparency: it is put on as a rectangle.")
    return Logo(_visible(image.convert("RGBA"), name), notes)


_EXPORT = "Export the logo as a PNG with transparency, at least 500 pixels wide."


def _decoded(source: Source, kind: Kind, name: str) -> tuple[Image.Image, tuple[str, ...]]:
    if kind.name == "JPEG":
        check_scans(source, name)
    with reading(kind, name):
        image: ImageFile = pkgutil.resolve_name(kind.plugin)(source.handle())
    with image, reading(kind, name):
        _check_size(image, kind, name)
        look = colours.look(image)
        notes = (*look.notes, *([f"{name} is animated; its first frame is used."] if has_several(image) else []))
        image.load()
        return colours.in_srgb(colours.plain(image), look), notes


def _check_size(image: ImageFile, kind: Kind, name: str) -> None:
    megabytes = needed_megabytes(kind, image.width, image.height)
    if megabytes > MOST_MEGABYTES:
        raise ImageTooLarge(
            f"{name} has {image.width:,} x {image.height:,} pixels, which take about {megabytes:,.0f} MB to decode; "
            f"{MOST_MEGABYTES} are allowed.",
            hint="2,000 pixels are more than enough for a logo.",
        )


def _visible(image: Image.Image, name: str) -> Image.Image:
    """Without the empty space around it, so that margins are what they say."""
    bounds = image.getchannel("A").point(lambda value: 255 if value >= VISIBLE else 0).getbbox()
    if bounds is None:
        raise InvalidImageFormat(f"{name} is wholly transparent.", hint=_EXPORT)
    return image.crop(bounds)
