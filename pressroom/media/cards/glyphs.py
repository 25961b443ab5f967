"""Finds the characters a font file can draw, by drawing them: one that gives the font's "missing" box is missing.

Pillow has no access to a font's character map; drawing one character at 24 px takes some 20 microseconds.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from PIL import Image, ImageDraw, ImageFont

Face = tuple[str, int]
"""A font file and the number of the font in it (0 but in collections)."""

_NOWHERE = "\U0010fffe"
"""A code point that is no character, so that no font has it."""

_INVISIBLE = frozenset(("Zs", "Zl", "Zp", "Cc", "Cf"))


@lru_cache(maxsize=512)
def font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    """The font at this size in pixels. Raises OSError for a file that is no font."""
    return ImageFont.truetype(face[0], size, index=face[1])


def missing(face: Face, text: str) -> tuple[str, ...]:
    """The characters of `text` this font has no shape for, each once, in order."""
    return tuple(char for char in dict.fromkeys(text) if not _has(face, char))


def ink(text: str, face: ImageFont.FreeTypeFont) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the ink, from the start of the baseline. Pillow's own box reaches further."""
    mask, (x, y) = face.getmask2(text, "L", anchor="ls")
    left, top, right, bottom = mask.getbbox() or (0, 0, 0, 0)
    return left + x, top + y, right + x, bottom + y


@lru_cache(maxsize=16384)
def _has(face: Face, char: str) -> bool:
    if unicodedata.category(char) in _INVISIBLE or unicodedata.combining(char):
        return True
    drawn = _drawn(face, char)
    return drawn != _unknown(face) and any(drawn)


@cache
def _unknown(face: Face) -> bytes:
    return _drawn(face, _NOWHERE)


def _drawn(face: Face, char: str) -> bytes:
    plain = _plain(face)
    image = Image.new("L", (48, 48))
    ImageDraw.Draw(image).text((12, 34), char, font=plain, fill=255, anchor="ls")
    return image.tobytes()


@cache
def _plain(face: Face) -> ImageFont.FreeTypeFont:
    """Without a shaping engine, which would put substitutes for what is missing."""
    return ImageFont.truetype(face[0], 24, index=face[1], layout_engine=ImageFont.Layout.BASIC)
