"""A film's file: what its head says of it, and the parts of it that may tell where and by whom it was taken.

Read as ISO 14496-12 has it (MP4, and QuickTime, which it came from): boxes of a size, a type and a content.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pressroom.errors import SourceUnreadable

HEAD = 12
"""Bytes at the start of a file that say whether it is of this kind."""

PICTURES = (b"heic", b"heix", b"heif", b"mif1", b"msf1", b"avif", b"avis", b"jxl ")
"""Brands of pictures, whose files are built in the same way."""

HOLDERS = (b"moov", b"trak", b"mdia")
TELLING = (b"udta", b"meta", b"uuid")
"""Boxes with the place, the device, the time and the names of a film; no player needs them."""

MOST_BOXES = 10_000
QUARTER = 0x10000
"""1.0 in the numbers of a track's head."""


class Box(NamedTuple):
    """A part of a file. start: of its head; inner, end: of its content; all in bytes from the file's start."""

    kind: bytes
    start: int
    inner: int
    end: int


@dataclass
class Film:
    """The head of a film. telling: where boxes begin that say where and by whom it was taken."""

    media_type: str
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    telling: list[int] = field(default_factory=list)


def is_film(head: bytes) -> bool:
    """True when a file that begins with these 12 bytes is an MP4 or QuickTime film, as far as they tell."""
    return head[4:8] == b"ftyp" and head[8:12] not in PICTURES


def read_film(path: Path, *, name: str) -> Film:
    """Size in pixels, upright, and length of the film at `path`. name: what it is called in messages.

    Raises:
        SourceUnreadable: it is no MP4 or QuickTime film, it is cut off, or it has no picture or no length.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
        if not is_film(head):
            raise SourceUnreadable(f"{name} is not an MP4 or MOV film.", hint="Save it as an MP4 with H.264.")
        found = Film("video/quicktime" if head[8:12] == b"qt  " else "video/mp4")
        try:
            _fill(file, found, path.stat().st_size)
        except (struct.error, IndexError):
            raise _broken(name) from None
    if not (found.width and found.height and found.seconds):
        raise _broken(name)
    return found


def top_boxes(path: Path) -> tuple[bytes, ...]:
    """The types of the boxes at the top of the file at `path`, in order; as far as they can be read."""
    found = []
    with path.open("rb") as file:
        try:
            for box in _boxes(file, 0, path.stat().st_size):
                found.append(box.kind)
        except (struct.error, IndexError):
            pass
    return tuple(found)


def without_origin(path: Path, film: Film) -> None:
    """Empty the boxes of the file at `path` that tell where it comes from; all others stay where they are."""
    with path.open("r+b") as file:
        for start in film.telling:
            box = next(_boxes(file, start, path.stat().st_size))
            file.seek(start + 4)
            file.write(b"free")
            file.seek(box.inner)
            file.write(bytes(box.end - box.inner))


def _broken(name: str) -> SourceUnreadable:
    return SourceUnreadable(
        f"{name} is a film without a picture or a length, or it is cut off.", hint="Save it again as an MP4."
    )


def _fill(file: BinaryIO, film: Film, size: int) -> None:
    scale, length, boxes = 1, 0, [*_boxes(file, 0, size)]
    count = 0
    while boxes:
        box, count = boxes.pop(), count + 1
        if count > MOST_BOXES:
            raise IndexError
        if box.kind in TELLING:
            film.telling.append(box.start)
        elif box.kind in HOLDERS:
            boxes += _boxes(file, box.inner, box.end)
        elif box.kind == b"mvhd":
            scale, length = _length(_content(file, box))
        elif box.kind == b"tkhd":
            width, height = _size(_content(file, box))
            film.width, film.height = max(film.width, width), max(film.height, height)
    film.seconds = round(length / scale, 3)


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    while start + 8 <= end:
        file.seek(start)
        size, kind = struct.unpack(">I4s", file.read(8))
        inner = start + 8
        if size == 1:
            (size,), inner = struct.unpack(">Q", file.read(8)), start + 16
        size = size or end - start
        if size < inner - start or start + size > end:
            raise IndexError
        yield Box(kind, start, inner, start + size)
        start += size


def _content(file: BinaryIO, box: Box) -> bytes:
    file.seek(box.inner)
    return file.read(min(box.end - box.inner, 128))


def _length(head: bytes) -> tuple[int, int]:
    """Units of time in a second, and how many of them the film lasts."""
    scale, length = struct.unpack_from(">IQ", head, 20) if head[0] else struct.unpack_from(">II", head, 12)
    if not scale:
        raise IndexError
    return scale, length


def _size(head: bytes) -> tuple[int, int]:
    """Pixels of a track as it is shown; 0 x 0 of a sound."""
    matrix = 52 if head[0] else 40
    upright, _, _, _, _ = struct.unpack_from(">5i", head, matrix)
    width, height = (side // QUARTER for side in struct.unpack_from(">II", head, matrix + 36))
    return (width, height) if upright else (height, width)
