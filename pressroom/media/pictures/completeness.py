"""Checks that a picture is complete, as cheaply as its kind allows and before anything is paid for it."""

from __future__ import annotations

from PIL.ImageFile import ImageFile

from pressroom.media.pictures.chunks import check_chunks
from pressroom.media.pictures.headers import Limits, check_scans, header, reading
from pressroom.media.pictures.kinds import Kind
from pressroom.media.pictures.source import Source

_START_OF_SCAN, _END = b"\xff\xda", b"\xff\xd9"

_TILED = ("TIFF", "BMP", "GIF")
"""Kinds without a checksum or an end mark: they are decoded to find out, since large ones are rare."""

_TILE_TAGS = (322, 323)
"""Width and height of a TIFF's tiles."""


def check_complete(source: Source, kind: Kind, image: ImageFile, shown: str, limits: Limits) -> None:
    """Damage inside a JPEG, WebP, AVIF or HEIC that is whole shows only when its pixels are decoded.

    Raises:
        InvalidImageFormat: cut off, or damaged.
    """
    if kind.name == "JPEG":
        _check_jpeg(source, kind, image, shown, limits)
    elif kind.name == "PNG":
        with reading(kind, shown):
            check_chunks(source)
    elif kind.name in _TILED:
        with reading(kind, shown), header(source, kind, shown, limits) as fresh:
            _check_tiles(image, limits)
            fresh.load()


def _check_jpeg(source: Source, kind: Kind, image: ImageFile, shown: str, limits: Limits) -> None:
    if image.info.get("progressive"):
        check_scans(source, shown)
    with source.open() as file:
        data = file.read()
    if data.rfind(_END) > data.rfind(_START_OF_SCAN):
        return
    with reading(kind, shown), header(source, kind, shown, limits) as small:  # some writers omit the end mark alone
        small.draft(None, (small.width // 8, small.height // 8))
        small.load()


def _check_tiles(image: ImageFile, limits: Limits) -> None:
    tags = getattr(image, "tag_v2", {})
    wide, high = (int(tags.get(tag, 0)) for tag in _TILE_TAGS)
    if wide * high > limits.most_pixels:
        raise ValueError(f"tiles of {wide} x {high} pixels")
