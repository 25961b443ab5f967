"""A picture's bytes, wherever they are, and where an address leads: fetched as safely as any other."""

from __future__ import annotations

import re

from pressroom.errors import SourceForbidden, SourceUnusable
from pressroom.sources.fetching import FetchLimits, fetch, shown
from pressroom.sources.files import FILES_HINT, read_file

LIMITS = FetchLimits()
LOOK = FetchLimits(size=2 * 1024 * 1024, total=10, attempts=1)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.I)


def read_picture(source: str, *, limits: FetchLimits = LIMITS, files: bool = True) -> bytes:
    """Reads a web address or a path, at most `limits.size` bytes.

    files: False where `source` comes over the network, so users can't read this machine's files.

    Raises:
        SourceUnusable: its subclasses say why.
    """
    if _ADDRESS.match(source.strip()):
        return fetch(source.strip(), limits=limits).data
    if not files:
        raise SourceForbidden(
            f"{shown(source)} is no web address.", hint=f"It looks like https://example.com/photo.jpg. {FILES_HINT}"
        )
    return read_file(source, size=limits.size).data


def page_behind(address: str) -> str:
    """Where an address ends up after its redirects; itself where that can't be found out."""
    try:
        return fetch(address, limits=LOOK).address or address
    except SourceUnusable:
        return address
