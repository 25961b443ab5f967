"""The edges of what was cut out: freed from what is left there of the old background, scaled without fringes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

_OPAQUE = 250
_REACH = 2.0
"""Pixels, as the radius of a blur, from which a half-transparent edge takes its colour."""
_NEAR_CLEAR = 3
"""Pixels within which an edge has something transparent: glass and gauze inside stay as they are."""
_MARGIN = 8
_KNOWN = 0.02
"""Share of opaque neighbours below which nothing is known of the edge's own colour."""


def scaled(product: Image.Image, width: int, height: int) -> Image.Image:
    """`product`, RGBA, as `width` x `height`; Pillow scales colours by their alpha, so that hidden ones don't show."""
    return cleaned(product.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0))


def cleaned(product: Image.Image) -> Image.Image:
    """Half-transparent pixels of the outline take the colour of the opaque ones beside them.

    An edge that was cut out of a white page holds some of the white, which shows as a halo on any other ground.
    """
    pixels = np.pad(np.asarray(product), ((_MARGIN, _MARGIN), (_MARGIN, _MARGIN), (0, 0)))
    alpha = pixels[..., 3]
    solid = (alpha >= _OPAQUE).astype(np.float32)
    weight = _blurred(solid)
    outline = (alpha > 0) & (solid == 0) & _near_clear(alpha) & (weight > _KNOWN)
    for channel in range(3):
        colour = pixels[..., channel]
        near = _blurred(colour * solid) / np.maximum(weight, _KNOWN)
        colour[outline] = np.clip(near[outline] + 0.5, 0, 255).astype(np.uint8)
    return Image.fromarray(pixels[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN])


def _near_clear(alpha: NDArray[np.uint8]) -> NDArray[np.bool_]:
    least = Image.fromarray(alpha).filter(ImageFilter.MinFilter(2 * _NEAR_CLEAR + 1))
    return np.asarray(np.asarray(least) == 0)


def _blurred(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """By a Gaussian; Pillow blurs no floats."""
    reach = 2 * round(_REACH)
    kernel = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * _REACH**2))
    kernel /= kernel.sum()
    for axis in (0, 1):
        done = np.zeros_like(values)
        for step, weight in zip(range(-reach, reach + 1), kernel, strict=True):
            done += np.float32(weight) * np.roll(values, step, axis)  # the margin keeps the ends apart
        values = done
    return values
