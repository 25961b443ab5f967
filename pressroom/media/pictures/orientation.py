"""The orientation of a picture, as its EXIF (or XMP) says."""

from __future__ import annotations

from PIL import ExifTags, Image
from PIL.Image import Transpose
from PIL.ImageFile import ImageFile

from pressroom.media.pictures.chunks import exif_block
from pressroom.media.pictures.kinds import Kind
from pressroom.media.pictures.source import Source

UPRIGHT = 1

_TURNS: dict[int, Transpose] = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}

_LYING = (5, 6, 7, 8)
"""The orientations that exchange width and height."""

_BROKEN = "Its EXIF data is damaged; it was taken to be upright."


def orientation(image: ImageFile, kind: Kind, source: Source) -> tuple[int, str]:
    """1 to 8 as EXIF counts, 1 being upright; and a note, empty when all is well."""
    if kind.name == "TIFF":
        return UPRIGHT, ""  # Pillow turns these while it decodes them, and gives the size they then have
    try:
        said = _said(image, kind, source)
    except Exception:  # whatever strange bytes there make a reader of EXIF raise, the pixels may be sound
        return UPRIGHT, _BROKEN
    if said == UPRIGHT or said in _TURNS:
        return int(said), ""
    return UPRIGHT, f"Its EXIF data gives an orientation there is not ({said!s:.20}); it was taken to be upright."


def upright_size(width: int, height: int, turned: int) -> tuple[int, int]:
    return (height, width) if turned in _LYING else (width, height)


def upright(image: Image.Image, turned: int) -> Image.Image:
    return image.transpose(_TURNS[turned]) if turned in _TURNS else image


def _said(image: ImageFile, kind: Kind, source: Source) -> object:
    if kind.name != "PNG":
        return image.getexif().get(ExifTags.Base.Orientation, UPRIGHT)
    exif = Image.Exif()  # asking a PNG itself would decode it
    block = image.info.get("exif") or exif_block(source)
    if block:
        exif.load(block)
    return exif.get(ExifTags.Base.Orientation, UPRIGHT)
