"""The kind of a picture, by its first bytes and never by its name: `kinds.json`, read once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pressroom.errors import InvalidImageFormat

HEAD = 64
"""Bytes that are looked at."""

AVIF_BRANDS = (b"avif", b"avis")

_NEXT = "Send a JPEG, PNG, WebP, AVIF, HEIC, TIFF, BMP or GIF picture."


@dataclass(frozen=True)
class Kind:
    """A kind of picture that is taken.

    starts: first bytes in hexadecimal digits, `??` for any. plugin: the class that reads it, `module:name`.
    package: what has to be installed for it; empty: nothing. bytes_per_pixel: most memory while it is decoded.
    """

    name: str
    media_type: str
    starts: tuple[str, ...]
    plugin: str
    bytes_per_pixel: int
    package: str = ""


def kind_of(head: bytes, *, shown: str, among: tuple[str, ...] = ()) -> Kind:
    """The kind of a file that begins with `head`.

    shown: what the file is called in a message. among: names of the kinds that are accepted; empty: every kind.

    Raises:
        InvalidImageFormat: another kind, or no picture.
    """
    if not head:
        raise InvalidImageFormat(f"{shown} is empty (0 bytes).", hint="Choose the file again, or copy it once more.")
    kind = _kind_of(head)
    if kind is None or (among and kind.name not in among):
        found = f"it is {kind.name}" if kind else _looks_like(head)
        expected = f"{', '.join(among[:-1])} or {among[-1]}" if among else "picture that can be read"
        raise InvalidImageFormat(f"{shown} is no {expected}: {found}.", hint=f"Send a {expected}." if among else _NEXT)
    return kind


def _kind_of(head: bytes) -> Kind | None:
    if head[4:8] == b"ftyp" and any(brand in head[8:] for brand in AVIF_BRANDS):
        return kinds()["AVIF"]  # may begin with the brand all still pictures of this container share
    return next((kind for kind in kinds().values() if any(_begins(head, start) for start in kind.starts)), None)


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """Every kind that is taken, by its name."""
    return {
        name: Kind(name=name, **{**entry, "starts": tuple(entry["starts"])}) for name, entry in _data()["taken"].items()
    }


def _looks_like(head: bytes) -> str:
    for name, starts in _data()["others"].items():
        if any(_begins(head.lstrip() or head, start) for start in starts):
            return f"it is {name}"
    if all(byte >= 32 or byte in b"\t\r\n" for byte in head):
        return "it is text"
    return "it begins like none that is known"


def _begins(head: bytes, start: str) -> bool:
    digits = head.hex()
    return len(digits) >= len(start) and all(want in ("?", is_) for want, is_ in zip(start, digits, strict=False))


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files(__package__).joinpath("kinds.json").read_text("utf-8"))
    return data
