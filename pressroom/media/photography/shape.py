"""Finds the one thing that an alpha channel cuts out, and where it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SEEN = 192
"""Pixels of the longer edge of the alpha channel that is judged."""

SOLID = 128
"""Alpha from which a pixel belongs to the product; below `CLEAR` it can't be seen."""
CLEAR = 16

FREE = 0.9
"""Share of the outermost pixels that must be clear: a product that runs out of the picture can't be set anywhere."""

LEAST, MOST = 0.01, 0.92
"""Share of the picture that may be solid."""

WHOLE = 0.85
"""Share of what is solid that must hang together, gaps of up to `GAP` of the longer edge left aside."""
GAP = 0.04
STEP = 4
"""Pixels by which a piece is grown at a time; what is no further apart than that is one piece."""

Bounds = tuple[float, float, float, float]
"""Left, upper, right, lower, as shares of the picture's width and height."""


@dataclass(frozen=True)
class Shape:
    """flaw: why the alpha channel is no cut-out, as the end of a sentence; "" when it is one."""

    bounds: Bounds = (0.0, 0.0, 1.0, 1.0)
    flaw: str = ""


def shape_of(alpha: Image.Image) -> Shape:
    """The shape that `alpha`, an L picture, cuts out."""
    small = alpha.copy()
    small.thumbnail((SEEN, SEEN), Image.Resampling.BOX)
    seen = np.asarray(small)
    solid = seen >= SOLID
    if flaw := _flaw(seen, solid):
        return Shape(flaw=flaw)
    columns, rows = np.flatnonzero((seen >= CLEAR).any(axis=0)), np.flatnonzero((seen >= CLEAR).any(axis=1))
    high, wide = seen.shape
    return Shape((columns[0] / wide, rows[0] / high, (columns[-1] + 1) / wide, (rows[-1] + 1) / high))


def _flaw(seen: NDArray[np.uint8], solid: NDArray[np.bool_]) -> str:
    ring = np.concatenate((seen[0], seen[-1], seen[1:-1, 0], seen[1:-1, -1]))
    checks = {
        "nearly all of it is transparent": solid.mean() >= LEAST,
        "it has no transparent background": solid.mean() <= MOST,
        "what it shows runs out of the picture": (ring < CLEAR).mean() >= FREE,
        "it shows several things": _hangs_together(solid),
    }
    return next((flaw for flaw, holds in checks.items() if not holds), "")


def _hangs_together(solid: NDArray[np.bool_]) -> bool:
    """True when one piece is most of it. Pieces are grown one after the other until the rest can't be the most."""
    if not solid.any():
        return False
    left = _spread(solid, round(max(solid.shape) * GAP / 2))
    total, rest = solid.sum(), 1.0
    while rest > 1 - WHOLE:
        piece = _grown(left)
        share = (solid & piece).sum() / total
        if share >= WHOLE:
            return True
        left, rest = left & ~piece, rest - share
    return False


def _grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The piece of `mask` that holds its first pixel."""
    piece = np.zeros_like(mask)
    piece[tuple(np.argwhere(mask)[0])] = True
    while True:
        grown = _spread(piece, STEP) & mask
        if (grown == piece).all():
            return piece
        piece = grown


def _spread(mask: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    """`mask` and every pixel up to `by` columns and rows away from it."""
    for _ in ("rows", "columns"):
        padded = np.pad(mask, ((by, by), (0, 0)))
        mask = reduce(np.logical_or, (padded[start : start + len(mask)] for start in range(2 * by + 1))).T
    return mask
