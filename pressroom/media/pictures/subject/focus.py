"""Where a picture's subject is: what every crop of it, and the place of a logo, are chosen by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float]
"""Left, upper, right, lower, in pixels."""

Share = tuple[float, float, float, float]
"""Left, upper, right, lower, each from 0 to 1 of the picture's width or height."""

Map = NDArray[np.float32]
"""One number a cell, rows by columns, laid over the whole picture."""

Found = Literal["given", "faces", "saliency", "nothing"]


@dataclass(frozen=True, eq=False)
class Focus:
    """The parts of a picture that stand out, in shares of it, so that it holds for every size of the same picture.

    saliency: how much each cell stands out; all cells sum to 1, or all are 0 when nothing does. faces: boxes of faces,
    the largest first. point: x and y of the subject's middle; with `found` "given", the caller's own; the picture's
    middle when nothing was found.
    """

    saliency: Map
    faces: tuple[Share, ...]
    point: tuple[float, float]
    found: Found

    def within(self, part: Share) -> Focus:
        """The same seen from a part of the picture, such as a crop of it: what lies outside is gone."""
        left, upper, right, lower = part
        rows, columns = self.saliency.shape
        kept = self.saliency[_cells(rows, upper, lower), _cells(columns, left, right)]
        total = float(kept.sum())
        inside = (_seen_from(part, face) for face in self.faces)
        x, y, *_ = _seen_from(part, (*self.point, *self.point))
        return Focus(
            saliency=kept / total if total > 0 else np.zeros_like(kept),
            faces=tuple(face for face in inside if face[2] > face[0] and face[3] > face[1]),
            point=(x, y),
            found=self.found,
        )


def _cells(count: int, begin: float, end: float) -> slice:
    first = min(count - 1, round(begin * count))
    return slice(first, max(first + 1, round(end * count)))


def _seen_from(part: Share, box: Share) -> Share:
    left, upper, right, lower = part
    wide, high = right - left, lower - upper
    moved = ((box[0] - left) / wide, (box[1] - upper) / high, (box[2] - left) / wide, (box[3] - upper) / high)
    first, second, third, fourth = (min(1.0, max(0.0, edge)) for edge in moved)
    return first, second, third, fourth
