"""Chooses the part of a picture to show where it has to be cropped."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

Box = tuple[float, float, float, float]
"""Left, upper, right, lower, in pixels."""

_SAMPLE = 192
"""Pixels of the longer edge of the copy that is looked at."""

_TO_THE_MIDDLE = 0.15
"""How much of a window's detail being off centre may cost it."""


def crop_box(image: Image.Image, width: int, height: int) -> Box:
    """The largest part of `image` with the shape of `width` x `height`, where the most is to be seen.

    The middle third of the picture stays in it, as far as it fits: that is where subjects stand.
    """
    scale = min(image.width / width, image.height / height)
    wide, high = min(image.width, width * scale), min(image.height, height * scale)
    columns, rows = _detail(image)
    left = _start(columns, wide / image.width) * image.width
    upper = _start(rows, high / image.height) * image.height
    return (left, upper, min(image.width, left + wide), min(image.height, upper + high))


def _detail(image: Image.Image) -> tuple[np.ndarray, np.ndarray]:
    """How much there is to see in each column and each row of a small copy."""
    small = image.convert("L")
    small.thumbnail((_SAMPLE, _SAMPLE), Image.Resampling.BILINEAR)
    edges = np.asarray(small.filter(ImageFilter.FIND_EDGES), dtype=np.float64)
    edges[[0, -1], :] = 0  # the filter leaves the outermost pixels as they were
    edges[:, [0, -1]] = 0
    return edges.sum(axis=0), edges.sum(axis=1)


def _start(profile: np.ndarray, share: float) -> float:
    """Where along the edge, from 0 to 1, a window of `share` of it begins."""
    if share >= 1:
        return 0.0
    centre = (1 - share) / 2
    room = min(centre, max(0.0, share / 2 - 1 / 6))  # how far it may move with the middle third inside
    starts = np.linspace(centre - room, centre + room, 41)
    seen = np.concatenate(([0.0], np.cumsum(profile)))
    edges = np.arange(len(seen)) / len(profile)
    inside = np.interp(starts + share, edges, seen) - np.interp(starts, edges, seen)
    cost = _TO_THE_MIDDLE * np.abs(starts - centre) / max(centre, 1e-9)
    return float(starts[int(np.argmax(inside / max(seen[-1], 1e-9) - cost))])
