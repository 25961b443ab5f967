"""The chunks a PNG consists of, walked without reading what is in them."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from pressroom.media.pictures.source import Source

_FIRST = 8
_AROUND = 12
"""Bytes of a chunk in addition to its data: length, name, checksum."""

_MOST = 100_000
"""Chunks; the pixels of 50 MB come in 6,000 of the usual 8 kB."""


def chunks(source: Source) -> Iterator[tuple[bytes, int, int]]:
    """Name, offset of the data, and its length in bytes, of every chunk up to the last one.

    Raises:
        ValueError: one reaches beyond the file, or the last is missing.
    """
    at = _FIRST
    with source.open() as file:
        for _ in range(_MOST):
            file.seek(at)
            start = file.read(8)
            if len(start) < 8:
                raise ValueError("it ends too early")
            length, name = struct.unpack(">I4s", start)
            if at + _AROUND + length > source.size:
                raise ValueError("it ends too early")
            yield name, at + 8, length
            if name == b"IEND":
                return
            at += _AROUND + length
    raise ValueError(f"more than {_MOST:,} chunks")


def check_chunks(source: Source) -> None:
    """Checks that the file holds all its chunks. Raises ValueError if it does not."""
    for _ in chunks(source):
        pass


def exif_block(source: Source) -> bytes | None:
    """The chunk that says how the camera was held; it may come after the pixels."""
    for name, offset, length in chunks(source):
        if name == b"eXIf":
            with source.open() as file:
                file.seek(offset)
                return file.read(length)
    return None
