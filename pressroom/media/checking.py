"""Checks that a picture from a provider can be used."""

from __future__ import annotations

import numpy as np
from PIL import Image

from pressroom.media.opening import unusable

SMALLEST = 1.5
"""A picture that must be enlarged by more than this to reach the requested size is too small."""

KEPT_LEAST = 0.6
"""Share of a picture that must be left when it is cropped to the requested shape."""

FLAT = 6
"""A picture whose every channel stays within so many of 256 levels shows nothing."""

_SAMPLE = 64


def check(image: Image.Image, width: int, height: int) -> None:
    """Checks that `image`, decoded, has about `width` x `height` pixels and shows something.

    Raises:
        BrokenAnswer: it is too small, of another shape altogether, or one colour and nothing else.
    """
    scale = max(width / image.width, height / image.height)
    shown = f"{image.width} x {image.height} pixels where {width} x {height} were asked for"
    if scale > SMALLEST:
        raise unusable(f"it is too small, {shown}")
    if (width * height) / (image.width * image.height * scale**2) < KEPT_LEAST:
        raise unusable(f"it has another shape, {shown}")
    if _is_flat(image):
        raise unusable("it is one colour and nothing else")


def _is_flat(image: Image.Image) -> bool:
    sample = np.asarray(image.convert("RGBA").resize((_SAMPLE, _SAMPLE), Image.Resampling.BOX), dtype=int)
    colours, alpha = sample[..., :3], sample[..., 3]
    return bool(alpha.max() == 0 or np.ptp(colours, axis=(0, 1)).max() < FLAT)
