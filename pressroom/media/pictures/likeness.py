"""How alike two pictures are to the eye: structural similarity of their brightness."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_WINDOW = 8
"""Edge of the squares that are compared, as in Wang, Bovik, Sheikh and Simoncelli (2004), side by side."""

_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2

Numbers = NDArray[np.float32]


def likeness(one: Image.Image, other: Image.Image) -> float:
    """Mean structural similarity of two pictures of one size: 1 when they are equal.

    Over windows of 8 x 8 pixels that do not overlap; a picture smaller than one has none, and counts as equal.
    """
    a, b = _windows(one), _windows(other)
    if not a.size:
        return 1.0
    mean_a, mean_b = a.mean(axis=2), b.mean(axis=2)
    a, b = a - mean_a[..., None], b - mean_b[..., None]
    spread, together = (a * a + b * b).mean(axis=2), (a * b).mean(axis=2)
    light = (2 * mean_a * mean_b + _C1) / (mean_a**2 + mean_b**2 + _C1)
    return float((light * (2 * together + _C2) / (spread + _C2)).mean())


def _windows(image: Image.Image) -> Numbers:
    """Rows of windows by columns of windows by the pixels of each."""
    pixels = np.asarray(image.convert("L"), dtype=np.float32)
    rows, columns = pixels.shape[0] // _WINDOW, pixels.shape[1] // _WINDOW
    whole = pixels[: rows * _WINDOW, : columns * _WINDOW]
    return whole.reshape(rows, _WINDOW, columns, _WINDOW).swapaxes(1, 2).reshape(rows, columns, _WINDOW * _WINDOW)
