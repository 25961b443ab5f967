"""The measures of one card: its unit, its spaces and sizes (each on one scale), and the area that is safe."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

RATIO = 1.125
"""From one size of type to the next larger (a major second)."""

SMALLEST = 3.0
"""Units of the smallest running text: 32 px of 1080, some 3 mm on a telephone."""

FLOOR = 15
"""Pixels below which nothing is set, however small the card."""


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels, x to the right and y down."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True)
class Frame:
    """`unit`: a hundredth of the side of a square of the same area, in pixels. `safe`: where text may stand.

    `corner`: a part at the lower right that something else will cover, None where nothing does.
    """

    width: int
    height: int
    unit: float
    safe: Box
    corner: Box | None
    thumbnail: bool

    @property
    def landscape(self) -> bool:
        return self.width > 1.3 * self.height

    @property
    def tall(self) -> bool:
        return self.width < 0.6 * self.height

    def space(self, step: int) -> float:
        """Pixels of one of the spaces all distances are taken from: 1, 2, 3, 5, 8, 13 or 21 units."""
        return (1, 2, 3, 5, 8, 13, 21)[step] * self.unit

    def size(self, step: int) -> int:
        """Pixels of a type size: step 0 is the smallest to be read, each further one an eighth larger."""
        return max(FLOOR, round(SMALLEST * RATIO**step * self.unit))


def frame(width: int, height: int, *, mirrored: bool = False, captioned: bool = False) -> Frame:
    """The frame of a card of this size in pixels.

    `mirrored`: x is counted from the right, as on cards in a right-to-left language, though what a platform covers
    stays where it is. `captioned`: a film's captions will stand on its lower part.
    """
    unit = (width * height) ** 0.5 / 100
    spec = next((one for one in _specs(captioned) if _fits(one, width, height)), {})
    margin = 8 * unit if min(width, height) > 40 * unit else 0.16 * min(width, height)
    safe = Box(
        margin,
        max(margin, spec.get("top", 0) * height),
        width - max(margin, spec.get("right", 0) * width),
        height - max(margin, spec.get("bottom", 0) * height),
    )
    if mirrored:
        safe = Box(width - safe.right, safe.top, width - safe.left, safe.bottom)
    corner = None
    if "corner" in spec:
        wide, high = spec["corner"]
        corner = Box(width * (1 - wide), height * (1 - high), width, height)
        if mirrored:  # the brand's line would begin in it
            safe = replace(safe, bottom=min(safe.bottom, corner.top))
            corner = replace(corner, left=0, right=width * wide)
    return Frame(width, height, unit, safe, corner, bool(spec.get("thumbnail")))


def _fits(spec: dict[str, Any], width: int, height: int) -> bool:
    if "size" in spec:
        return bool([width, height] == spec["size"])
    return bool(spec["ratio"][0] <= width / height <= spec["ratio"][1])


@cache
def _specs(captioned: bool) -> list[dict[str, Any]]:
    table = tomllib.loads((files(__package__) / "frames.toml").read_text("utf-8"))
    specs: list[dict[str, Any]] = table["captioned" if captioned else "frame"]
    return specs
