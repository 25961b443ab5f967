"""The shadow of a product: where it touches the ground, or on the floor below it when it floats."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from pressroom.media.photography.styles import Composition

_NEAR, _FOOT = 0.1, 0.025
"""Of the product's height, from its lowest point up: what is near the ground, and what touches it."""

_FLAT = 0.16
"""Height of a shadow for its width, seen from slightly above."""

_FLAT_CORE = 0.065

_CORE = 0.45
"""Softness of the dark core right below the product, as a share of that of the whole shadow."""

_AROUND = 0.62
"""Darkness of the whole shadow, for that of its core."""

Place = tuple[int, int]
"""Left and upper edge of the product in the frame, in pixels."""


def shadow(product: Image.Image, place: Place, size: tuple[int, int], spec: Composition) -> NDArray[np.float32]:
    """How dark it is, 0 to 1, height x width of the frame."""
    if spec.lift:
        level = place[1] + product.height * (1 + spec.lift)
        middle, _ = _reach(product, _NEAR)
        return spec.shadow * _ellipse(
            size, place[0] + middle, level, product.width * 0.8, product.width * spec.softness, _FLAT
        )
    level, soft = place[1] + product.height, max(2.0, product.width * spec.softness)
    middle, wide = _reach(product, _NEAR)
    around = _ellipse(size, place[0] + middle, level - wide * 0.015, wide * 1.12, soft, _FLAT)
    middle, wide = _reach(product, _FOOT)
    core = _ellipse(size, place[0] + middle, level - wide * 0.02, wide * 0.97, soft * _CORE, _FLAT_CORE)
    return np.asarray(spec.shadow * np.maximum(_AROUND * around, core))


def _reach(product: Image.Image, share: float) -> tuple[float, float]:
    """Middle and width, in pixels of the product, of the lowest `share` of its height."""
    alpha = np.asarray(product.getchannel("A"))
    columns = np.flatnonzero((alpha[-max(1, round(product.height * share)) :] >= 128).any(axis=0))
    left, right = (int(columns[0]), int(columns[-1]) + 1) if len(columns) else (0, product.width)
    return (left + right) / 2, right - left


def _ellipse(
    size: tuple[int, int], middle: float, level: float, wide: float, soft: float, flat: float
) -> NDArray[np.float32]:
    """A soft ellipse round a point of the frame, 1 where it is darkest. flat: its height for its width."""
    down, across = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    far = np.hypot((across - middle) / (wide / 2), (down - level) / (wide * flat / 2))
    hard = Image.fromarray(np.where(far <= 1, 255, 0).astype(np.uint8))
    blurred = np.asarray(hard.filter(ImageFilter.GaussianBlur(soft)), dtype=np.float32)
    return blurred / max(1.0, float(blurred.max()))
