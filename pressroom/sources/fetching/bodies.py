"""The body of an answer, counted while it comes in, as sent and as unpacked."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from pressroom.errors import SourceTooLarge, SourceUnreadable
from pressroom.sources.fetching.answers import MayPass
from pressroom.sources.fetching.limits import MEGABYTE

ACCEPTED = "gzip, deflate"
_PLAIN = frozenset({"", "identity"})
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
_EITHER = 32 + zlib.MAX_WBITS  # zlib tells gzip from zlib by the header
_RAW = -zlib.MAX_WBITS  # what some servers mean by `deflate`
_GZIP = b"\x1f\x8b"


def read(stream: Iterable[bytes], *, encoding: str, declared: str, size: int, address: str) -> bytes:
    """The whole body, unpacked; at most `size` bytes are ever held. `declared`: its Content-Length.

    Raises:
        SourceTooLarge: there is more, packed or not. SourceUnreadable: packed in a way we did not ask for.
    """
    encoding = encoding.strip().lower()
    if encoding not in _PLAIN | _PACKED:
        raise SourceUnreadable(
            f"{address} came packed as {encoding[:40]!r}, which was not asked for.",
            hint="Save the page, give the file.",
        )
    if declared.isdecimal() and int(declared[:20]) > size:
        raise too_large(address, size)
    counted = _counted(stream, size, address)
    if encoding in _PACKED:
        return b"".join(_unpacked(counted, size, address))
    return b"".join(counted)


def too_large(name: str, size: int) -> SourceTooLarge:
    return SourceTooLarge(
        f"{name} is larger than {size / MEGABYTE:.3g} MB.", hint="Give a smaller file, or paste the part that matters."
    )


def _counted(stream: Iterable[bytes], size: int, address: str) -> Iterator[bytes]:
    room = size
    for chunk in stream:
        room -= len(chunk)
        if room < 0:
            raise too_large(address, size)
        yield chunk


def _unpacked(chunks: Iterable[bytes], size: int, address: str) -> Iterator[bytes]:
    unpacker = _Unpacker()
    room = size
    try:
        for chunk in chunks:
            for piece in unpacker.feed(chunk, room + 1):
                room -= len(piece)
                if room < 0:
                    raise too_large(address, size)
                yield piece
    except zlib.error as error:
        raise SourceUnreadable(f"{address} came damaged: it can't be unpacked.", hint="Try again later.") from error
    if unpacker.is_inside:
        raise MayPass(f"{address} broke off before its end.", hint="Try again later.")


class _Unpacker:
    """gzip (several members too), zlib and raw deflate, never more than asked for at a time."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(_EITHER)
        self._begun = False

    @property
    def is_inside(self) -> bool:
        """True when more is due."""
        return self._begun and not self._inflate.eof

    def feed(self, data: bytes, most: int) -> Iterator[bytes]:
        """Pieces of what `data` unpacks to, the first of them cut at `most` bytes."""
        while data:
            if self._inflate.eof:
                if not data.startswith(_GZIP):
                    return  # padding after the end
                self._inflate = zlib.decompressobj(_EITHER)
            yield self._inflated(data, most)
            data = self._inflate.unconsumed_tail or self._inflate.unused_data

    def _inflated(self, data: bytes, most: int) -> bytes:
        first, self._begun = not self._begun, True
        try:
            return self._inflate.decompress(data, most)
        except zlib.error:
            if not first:
                raise
            self._inflate = zlib.decompressobj(_RAW)
            return self._inflate.decompress(data, most)
