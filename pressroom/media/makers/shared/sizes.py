"""Choosing among the sizes a model makes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

_SNAPSHOT = re.compile(r"-20\d\d-\d\d-\d\d$")


def family(model: str) -> str:
    """The model without the date of its snapshot: they take the same and cost the same."""
    return _SNAPSHOT.sub("", model)


def nearest(sizes: Iterable[tuple[int, int]], width: int, height: int) -> tuple[int, int]:
    """The size whose shape is nearest to that of `width` x `height`: the least is cropped away."""
    shape = math.log(width / height)
    return min(sizes, key=lambda size: abs(math.log(size[0] / size[1]) - shape))


@dataclass(frozen=True)
class AnySize:
    """A model that makes any size within bounds: edges in multiples of `step`, shapes up to `ratio` to 1, in pixels."""

    step: int
    ratio: float
    longest: int
    least: int
    most: int

    def covering(self, width: int, height: int) -> tuple[int, int]:
        """The least size within the bounds that covers `width` x `height`; smaller where the bounds are too low."""
        wide, high = max(width, height / self.ratio), max(height, width / self.ratio)
        grown = max(1.0, math.sqrt(self.least / (wide * high)))
        shrunk = min(1.0, self.longest / (max(wide, high) * grown), math.sqrt(self.most / (wide * high)) / grown)
        rounded = math.ceil if shrunk == 1 else math.floor
        edges = (rounded(edge * grown * shrunk / self.step) * self.step for edge in (wide, high))
        return next(edges), next(edges)
