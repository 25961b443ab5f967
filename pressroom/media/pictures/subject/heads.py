"""Faces in a crop: kept whole, with room over the head, as far as the crop reaches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pressroom.media.pictures.subject.focus import Share

Numbers = NDArray[np.float64]

Span = tuple[float, float, float, float]
"""Along one side: where the face begins and ends, and where the room that it should have does, from 0 to 1."""

_OVER, _UNDER, _BESIDE = 0.6, 0.3, 0.25
"""Room a face should have, in its own heights and widths: detectors leave out hair, and a chin wants a neck."""

_CUT, _LOST, _ROOM = 100.0, 10.0, 0.5
"""Cost of cutting through a face, of leaving one out, of its room missing: each outweighs all below it."""


def with_room(face: Share, *, across: bool) -> Span:
    """The span of `face` along the picture's width (`across`) or height."""
    left, upper, right, lower = face
    if across:
        room = _BESIDE * (right - left)
        return left, right, left - room, right + room
    high = lower - upper
    return upper, lower, upper - _OVER * high, lower + _UNDER * high


def cost_of_faces(spans: Sequence[Span], starts: Numbers, share: float) -> Numbers:
    """For a crop of `share` from each of `starts`: what it does to the faces, by their size."""
    cost = np.zeros_like(starts)
    whole = sum(end - begin for begin, end, *_ in spans)
    for begin, end, first, last in spans:
        weight = (end - begin) / whole
        inside = _overlap(begin, end, starts, share)
        cut = (inside < 1 - 1e-9) & (inside > 1e-9) if end - begin <= share else np.zeros_like(starts, dtype=bool)
        missing = 1 - _overlap(max(0.0, first), min(1.0, last), starts, share)
        cost += weight * (_CUT * cut * (1 - 0.5 * inside) + _LOST * (1 - inside) + _ROOM * missing)
    return cost


def _overlap(begin: float, end: float, starts: Numbers, share: float) -> Numbers:
    """How much of a span, 0 to 1, each crop shows."""
    shown = np.minimum(starts + share, end) - np.maximum(starts, begin)
    return np.asarray(np.clip(shown, 0, None) / max(end - begin, 1e-9))
