"""A picture's header, read without its pixels, and whether what it claims is within the limits."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image
from PIL.ImageFile import ImageFile

from pressroom.errors import ImageTooLarge, ImageTooSmall, InvalidImageFormat, PressroomError
from pressroom.media.pictures.kinds import Kind
from pressroom.media.pictures.source import Source

MOST_SCANS = 200
"""Passes over a progressive JPEG: cameras and editors make about ten, and each takes time by itself."""

_SCAN = re.compile(rb"\xff\xda\x00[\x08\x0a\x0c\x0e]")
"""A scan's mark, and its length for one to four colours: a film behind the picture has the mark alone by chance."""


@dataclass(frozen=True)
class Limits:
    """The files that are accepted, by where they come from.

    kinds: by name; empty: every kind. least_edge: pixels. most_megabytes: of memory for decoded pixels.
    """

    kinds: tuple[str, ...] = ()
    least_edge: int = 300
    most_pixels: int = 100_000_000
    most_bytes: int = 50_000_000
    most_megabytes: float = 1000


UPLOADED = Limits()
"""For a user's photograph, which becomes posts."""

_DAMAGED = "Export or download the picture again."


@contextmanager
def reading(kind: Kind, shown: str) -> Iterator[None]:
    """Turns every error of a decoder over a damaged or hostile file into one of our errors.

    Raises:
        InvalidImageFormat: it can't be decoded. ImageTooLarge: it would need more memory than there is.
    """
    try:
        yield
    except PressroomError:
        raise
    except (Image.DecompressionBombError, MemoryError):
        raise ImageTooLarge(f"{shown} unpacks to more than can be held.", hint="Send a smaller picture.") from None
    except Exception as error:  # decoders of eight kinds raise nearly everything over bytes made to confuse them
        said = " ".join(str(error).split())[:120] or type(error).__name__
        raise InvalidImageFormat(f"{shown} is a damaged {kind.name} file ({said}).", hint=_DAMAGED) from None


def header(source: Source, kind: Kind, shown: str, limits: Limits) -> ImageFile:
    """The picture, none of whose pixels is decoded yet, within the limits; a context that closes its file.

    The class that reads it is called directly: `Image.open` warns, process-wide, of what is within our own limit.

    Raises:
        InvalidImageFormat, ImageTooLarge, ImageTooSmall.
    """
    with reading(kind, shown):
        image: ImageFile = _reader(kind, shown)(source.handle())
    try:
        check_size(image.width, image.height, shown, limits)
    except PressroomError:
        image.close()
        raise
    return image


def check_bytes(source: Source, shown: str, limits: Limits) -> None:
    """Raises ImageTooLarge."""
    if source.size > limits.most_bytes:
        raise ImageTooLarge(
            f"{shown} has {source.size / 1e6:.1f} MB; at most {limits.most_bytes // 1_000_000} are taken.",
            hint="Save it as a JPEG, or make it smaller.",
        )


def check_size(width: int, height: int, shown: str, limits: Limits) -> None:
    """Raises ImageTooLarge or ImageTooSmall."""
    least, megapixels = limits.least_edge, limits.most_pixels // 1_000_000
    if width * height > limits.most_pixels:
        raise ImageTooLarge(
            f"{shown} has {width:,} x {height:,} pixels; at most {megapixels} megapixels are taken.",
            hint="Make it smaller.",
        )
    if min(width, height) < least:
        raise ImageTooSmall(
            f"{shown} has {width:,} x {height:,} pixels; at least {least} x {least} are needed.",
            hint="Choose a larger original.",
        )


def check_scans(source: Source, shown: str) -> None:
    """A JPEG of thousands of passes takes minutes to decode. Raises InvalidImageFormat."""
    with source.open() as file:
        scans = len(_SCAN.findall(file.read()))
    if scans > MOST_SCANS:
        raise InvalidImageFormat(f"{shown} has {scans:,} scans; a picture has about ten.", hint=_DAMAGED)


def _reader(kind: Kind, shown: str) -> type[ImageFile]:
    try:
        reader: type[ImageFile] = pkgutil.resolve_name(kind.plugin)
    except ImportError:
        raise InvalidImageFormat(
            f"{shown} is a {kind.name} picture, which needs the package {kind.package} to be read.",
            hint=f"Install it with `pip install {kind.package}`, or send the picture as a JPEG.",
        ) from None
    return reader
