"""How much memory a picture's pixels will take, said before one of them is decoded."""

from __future__ import annotations

from pressroom.errors import ImageTooLarge
from pressroom.media.pictures.kinds import Kind

PROGRESSIVE = 6
"""Bytes a pixel of a progressive JPEG at worst, as measured: all coefficients are held until the last scan is read."""

_WORKING = 8
"""Bytes a pixel of the reduced copy: that in its own colours, and that in sRGB."""


def needed_megabytes(
    kind: Kind, width: int, height: int, *, reduced: int = 1, progressive: bool = False, turned: bool = False
) -> float:
    """Most memory for decoding `width` x `height` pixels.

    reduced: by how much both edges are made smaller, by a JPEG's decoder or at once behind any other. turned: its
    orientation is not upright.
    """
    pixels = width * height
    small = pixels / reduced**2
    decoding = (small if kind.name == "JPEG" else pixels) * kind.bytes_per_pixel
    coefficients = pixels * PROGRESSIVE if progressive else 0
    return (decoding + coefficients + small * (_WORKING + 4 * turned)) / 1e6


def check_memory(megabytes: float, most: float, shown: str) -> None:
    """Raises ImageTooLarge."""
    if megabytes > most:
        raise ImageTooLarge(
            f"{shown} would take about {megabytes:,.0f} MB to decode; {most:,.0f} are allowed.",
            hint="Make it smaller, save it as a JPEG that is not progressive, or allow more megabytes.",
        )
