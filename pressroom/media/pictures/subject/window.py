"""The largest crop of a shape that keeps a picture's subject whole."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pressroom.errors import WrongInput
from pressroom.media.pictures.subject.focus import Box, Focus
from pressroom.media.pictures.subject.heads import cost_of_faces, with_room

Numbers = NDArray[np.float64]

_STARTS = 257
"""Places that are tried along the side that is cut."""

_CUTTING = 0.12
"""Cost of a crop's edge running through what stands out, where that is as dense as in the picture on average."""

_OFF_CENTRE = 0.1
"""Cost of a crop at the very end of its way."""

_THIRDS = 0.01
"""Worth of having the subject's middle a third into the crop: enough to decide between equals, not more."""


@dataclass(frozen=True)
class _Way:
    """The side along which a crop can slide. start and share: 0 to 1 of that side."""

    across: bool
    share: float

    def box(self, start: float, width: int, height: int) -> Box:
        end = min(1.0, start + self.share)
        if self.across:
            return (start * width, 0.0, end * width, float(height))
        return (0.0, start * height, float(width), end * height)


def crop_box(focus: Focus, source_size: tuple[int, int], aspect: float) -> Box:
    """The part of a picture of `source_size` (width, height) to show where `aspect` (width over height) is wanted.

    It is as large as can be, so it slides along one side only. Along that it keeps the most of what stands out, cuts
    through as little of it as can be, and through no face if there is such a place; a focal point that was given is
    put in its middle, as far as the picture reaches. Where nothing stands out it is the picture's middle.

    Raises:
        WrongInput: the size or the shape is not positive.
    """
    width, height = source_size
    if width < 1 or height < 1 or not (math.isfinite(aspect) and aspect > 0):
        raise WrongInput(f"{width} x {height} pixels can't be cropped to {aspect:g}:1.", hint="Give positive numbers.")
    shape = width / height
    way = _Way(across=aspect < shape, share=min(aspect / shape, shape / aspect))
    return way.box(_start(focus, way), width, height)


def _start(focus: Focus, way: _Way) -> float:
    room = 1 - way.share
    if focus.found == "given":
        return float(np.clip(focus.point[0 if way.across else 1] - way.share / 2, 0, room))
    starts = np.linspace(0, room, _STARTS)
    off = np.abs(starts - room / 2) / max(room / 2, 1e-9)
    score = _worth(focus, way, starts) - _OFF_CENTRE * off
    spans = [with_room(face, across=way.across) for face in focus.faces]
    return float(starts[int(np.argmax(score - cost_of_faces(spans, starts, way.share)))])


def _worth(focus: Focus, way: _Way, starts: Numbers) -> Numbers:
    """The value of a crop from each start: what it keeps, less what its two edges cut, plus some for composition."""
    profile = focus.saliency.sum(axis=0 if way.across else 1, dtype=np.float64)
    cells = len(profile)
    ends = starts + way.share
    sums, borders = np.concatenate(([0.0], np.cumsum(profile))), np.arange(cells + 1) / cells
    kept = np.interp(ends, borders, sums) - np.interp(starts, borders, sums)
    density = np.concatenate(([0.0], profile * cells, [0.0]))  # the picture's own edge cuts nothing
    middles = np.concatenate(([0.0], (np.arange(cells) + 0.5) / cells, [1.0]))
    cut = np.interp(starts, middles, density) + np.interp(ends, middles, density)
    within = (_centre(focus, way) - starts) / way.share
    third = np.exp(-(((np.abs(within - 0.5) - 1 / 6) / 0.08) ** 2))
    stands_out = float(sums[-1] > 0)
    return np.asarray(kept - _CUTTING * way.share * cut + stands_out * _THIRDS * third)


def _centre(focus: Focus, way: _Way) -> float:
    return focus.point[0 if way.across else 1]
