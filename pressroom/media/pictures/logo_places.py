"""Where on a picture a logo goes: its size, the corners, the calmest of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
from PIL import Image

from pressroom.errors import LogoTooLarge
from pressroom.media.pictures.logo_contrast import luminance
from pressroom.media.pictures.subject import Focus
from pressroom.media.pictures.values import Box

Corner = Literal["lower_right", "lower_left", "upper_right", "upper_left"]

CORNERS: tuple[Corner, ...] = ("lower_right", "lower_left", "upper_right", "upper_left")
"""The first is taken where all are equal."""

_GAP = 0.7
"""Of a tile's size, between it and the next."""

_FACE = 100.0
"""Cost of covering a face whole: more than anything else a corner can cost."""

_BUSY = 0.5
"""Cost of the greatest unrest there can be under a logo, beside that of covering all that stands out (1)."""


def size_on(picture: tuple[int, int], logo: tuple[int, int], scale: float) -> tuple[int, int]:
    """The logo's size in pixels: its longer side is `scale` of the picture's shorter one."""
    factor = scale * min(picture) / max(logo)
    return max(1, round(logo[0] * factor)), max(1, round(logo[1] * factor))


def margin_on(picture: tuple[int, int], margin: float) -> int:
    return round(margin * min(picture))


def check_fits(picture: tuple[int, int], size: tuple[int, int], margin: int) -> None:
    """Raises LogoTooLarge: a logo of `size` with its margins is larger than the picture."""
    if size[0] + 2 * margin > picture[0] or size[1] + 2 * margin > picture[1]:
        raise LogoTooLarge(
            f"The logo would be larger than the picture: {size[0]} x {size[1]} pixels and a margin of {margin} "
            f"on {picture[0]} x {picture[1]}.",
            hint="Give a smaller scale or margin.",
        )


def corner_box(corner: Corner, picture: tuple[int, int], size: tuple[int, int], margin: int) -> Box:
    left = margin if corner.endswith("left") else picture[0] - margin - size[0]
    upper = margin if corner.startswith("upper") else picture[1] - margin - size[1]
    return Box(left, upper, left + size[0], upper + size[1])


def centre_box(picture: tuple[int, int], size: tuple[int, int]) -> Box:
    left, upper = (picture[0] - size[0]) // 2, (picture[1] - size[1]) // 2
    return Box(left, upper, left + size[0], upper + size[1])


def calmest(image: Image.Image, focus: Focus, boxes: dict[Corner, Box]) -> Corner:
    """The calmest corner, without a face if there is such a corner."""
    cost = {
        corner: covered(focus, image.size, box)
        + _BUSY * float(luminance(image.crop(box)).std())
        + _FACE * sum(faces_covered(focus, image.size, box))
        for corner, box in boxes.items()
    }
    return min(CORNERS, key=lambda corner: round(cost[corner], 4))


def covered(focus: Focus, picture: tuple[int, int], box: Box) -> float:
    """How much of what stands out lies under `box`, 0 to 1."""
    rows, columns = focus.saliency.shape
    across = _shares(columns, box.left / picture[0], box.right / picture[0])
    down = _shares(rows, box.upper / picture[1], box.lower / picture[1])
    return float(down @ focus.saliency @ across)


def faces_covered(focus: Focus, picture: tuple[int, int], box: Box) -> list[float]:
    """Of every face: how much of it lies under `box`, 0 to 1."""
    found = []
    for left, upper, right, lower in focus.faces:
        wide = min(box.right / picture[0], right) - max(box.left / picture[0], left)
        high = min(box.lower / picture[1], lower) - max(box.upper / picture[1], upper)
        area = (right - left) * (lower - upper)
        found.append(max(0.0, wide) * max(0.0, high) / area if area > 0 else 0.0)
    return found


def tile_corners(picture: tuple[int, int], tile: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Left and upper edge of every tile: rows, each second one moved by half a step, beginning outside."""
    step = (max(1, round(tile[0] * (1 + _GAP))), max(1, round(tile[1] * (1 + _GAP))))
    for row, upper in enumerate(range(-tile[1] // 2, picture[1], step[1])):
        first = -tile[0] // 2 - (step[0] // 2 if row % 2 else 0)
        for left in range(first, picture[0], step[0]):
            yield left, upper


def _shares(cells: int, begin: float, end: float) -> np.ndarray:
    """How much of each cell lies between `begin` and `end`, both from 0 to 1 of all cells."""
    edges = np.arange(cells + 1) / cells
    return np.asarray(np.clip(np.minimum(edges[1:], end) - np.maximum(edges[:-1], begin), 0, None) * cells)
