"""How well a logo is seen on what lies under it, and what helps when it is not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

LEAST = 3.0
"""Contrast asked of shapes that carry meaning (WCAG 2.2, success criterion 1.4.11)."""

_PLATE = 0.72
"""Opacity of a plate."""

_ROOM = 0.12
"""Of a logo's shorter side: how far its plate reaches beyond it, softly."""

_SAMPLE = 320
"""Longest side, in pixels, of what contrast is measured on: more takes memory and tells nothing."""

Numbers = NDArray[np.float64]

_LINEAR = np.array([v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in np.arange(256) / 255])


def luminance(image: Image.Image) -> Numbers:
    """Relative luminance of every pixel, 0 (black) to 1 (white), by WCAG 2.2."""
    return np.asarray(_LINEAR[np.asarray(image.convert("RGB"))] @ (0.2126, 0.7152, 0.0722))


def contrast(under: Image.Image, logo: Image.Image) -> float:
    """Contrast ratio, 1 to 21, of a logo (RGBA) on what lies under it (of the same size, RGB), as it is seen.

    The geometric mean over its pixels, each counting by its alpha, of what is seen there against what was there.
    """
    shrink = min(1.0, _SAMPLE / max(logo.size))
    size = (max(1, round(logo.width * shrink)), max(1, round(logo.height * shrink)))
    under, logo = (one.resize(size, Image.Resampling.BOX) for one in (under, logo))
    alpha = np.asarray(logo.getchannel("A"), dtype=np.float64) / 255
    seen = luminance(Image.alpha_composite(under.convert("RGBA"), logo)) + 0.05
    ratio = np.abs(np.log(seen / (luminance(under) + 0.05)))
    return float(np.exp((alpha * ratio).sum() / max(float(alpha.sum()), 1e-9)))


def plate_for(logo: Image.Image) -> tuple[int, int, int]:
    """White or black, whichever a logo (RGBA) is better seen on."""
    alpha = np.asarray(logo.getchannel("A"), dtype=np.float64)
    mean = float((luminance(logo) * alpha).sum() / max(float(alpha.sum()), 1e-9))
    return (255, 255, 255) if 1.05 / (mean + 0.05) >= (mean + 0.05) / 0.05 else (0, 0, 0)


def plate_room(size: tuple[int, int]) -> int:
    """Pixels a plate reaches beyond a logo of `size` on every side."""
    return max(2, round(_ROOM * min(size)))


def plate(size: tuple[int, int], colour: tuple[int, int, int]) -> Image.Image:
    """RGBA: a plate with soft edges behind a logo of `size`, larger than it by `plate_room` on every side."""
    room = plate_room(size)
    whole = (size[0] + 2 * room, size[1] + 2 * room)
    shape = Image.new("L", whole)
    inner = (room // 3, room // 3, whole[0] - 1 - room // 3, whole[1] - 1 - room // 3)
    ImageDraw.Draw(shape).rounded_rectangle(inner, room, fill=round(255 * _PLATE))
    soft = Image.new("RGBA", whole, colour)
    soft.putalpha(shape.filter(ImageFilter.GaussianBlur(room / 4)))
    return soft
