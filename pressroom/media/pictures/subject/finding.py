"""Finds a picture's subject: the caller's own point, else faces if a finder is given, else what stands out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image

from pressroom.errors import WrongInput
from pressroom.media.pictures.subject.focus import Focus, Found, Map, Share
from pressroom.media.pictures.subject.maps import in_focus, lab, scaled, unusual, walled_off

SubjectFinder = Callable[[Image.Image], Focus]
"""Says where the subject of a small RGB picture is (longest side about 512 px)."""

FaceFinder = Callable[[Image.Image], tuple[Share, ...]]
"""Finds faces in such a picture."""

FINDER = "saliency-1"
"""Changes whenever the same picture may get another subject, so that results of the old version are made again."""

_FINE, _MIDDLE, _COARSE = 256, 96, 64
"""Longest side, in pixels, of the copies that focus, walls and the spectrum are judged on."""

_UNUSUAL = 0.5
"""Exponent of the spectral map, which is the least sure of the three."""

_CENTRAL = 0.5
"""Photographers put subjects towards the middle: a corner counts e^-1 of it, the middle of an edge e^-0.5."""

_LEAST = 0.1
"""Added to each map before they are multiplied, so that one alone can't rule a place out."""

_FAINT = 8.0
"""A picture without a wall this high, in units of L*a*b*, shows nothing: noise and soft gradients stay below."""

_MIDST = (0.5, 0.5)


def find_subject(
    image: Image.Image, *, point: tuple[float, float] | None = None, faces: FaceFinder | None = None
) -> Focus:
    """The subject of `image`; the same answer for the same pixels, in about 25 ms at 512 px.

    point: the subject's middle, x and y from 0 to 1 of the picture; it comes before everything else. faces: finds
    faces; None: faces are not looked for.

    Raises:
        WrongInput: `point` is outside of the picture.
    """
    if point is not None and not all(0 <= part <= 1 for part in point):
        raise WrongInput(
            f"The focal point {point[0]:g}, {point[1]:g} is outside of the picture.",
            hint="Both numbers go from 0 (left, upper) to 1 (right, lower).",
        )
    saliency = saliency_of(image)
    found = _largest_first(faces(image)) if faces else ()
    if point is not None:
        return Focus(saliency, found, point, "given")
    where, middle = _middle(saliency, found)
    return Focus(saliency, found, middle, where)


def saliency_of(image: Image.Image) -> Map:
    """How much each cell of a copy of at most 96 px stands out: all cells sum to 1, or to 0 if nothing does."""
    fine, middle, coarse = (lab(_small(image, side)) for side in (_FINE, _MIDDLE, _COARSE))
    walls = walled_off(middle)
    if float(np.quantile(walls, 0.995)) < _FAINT:
        return np.zeros_like(walls)
    focus, spectrum = (scaled(_fitted(one, walls.shape)) for one in (in_focus(fine), unusual(coarse)))
    product = (scaled(walls) + _LEAST) * (focus + _LEAST) * (spectrum + _LEAST) ** _UNUSUAL * _towards_the_middle(walls)
    standing_out = scaled(product)
    return np.asarray(standing_out / standing_out.sum(), dtype=np.float32)


def _towards_the_middle(values: Map) -> Map:
    down, across = (np.linspace(-1, 1, length, dtype=np.float32) for length in values.shape)
    return np.asarray(np.exp(-_CENTRAL * (down[:, None] ** 2 + across**2)), dtype=np.float32)


def _middle(saliency: Map, faces: tuple[Share, ...]) -> tuple[Found, tuple[float, float]]:
    if faces:
        left, upper, right, lower = faces[0]
        return "faces", ((left + right) / 2, (upper + lower) / 2)
    if not saliency.any():
        return "nothing", _MIDST
    return "saliency", (_median(saliency.sum(axis=0)), _median(saliency.sum(axis=1)))


def _median(profile: Map) -> float:
    """Where, from 0 to 1, as much stands out before as after."""
    half = np.cumsum(profile) / profile.sum()
    return float(np.interp(0.5, [0.0, *half], np.linspace(0, 1, len(half) + 1)))


def _largest_first(faces: tuple[Share, ...]) -> tuple[Share, ...]:
    return tuple(sorted(faces, key=lambda face: (-(face[2] - face[0]) * (face[3] - face[1]), face)))


def _small(image: Image.Image, side: int) -> Image.Image:
    """At most `side` pixels long, at least 3 wide, for which the maps need room; never enlarged otherwise."""
    scale = min(1.0, side / max(image.size))
    size = tuple(max(3, round(length * scale)) for length in image.size)
    return image.convert("RGB").resize((size[0], size[1]), Image.Resampling.BOX)


def _fitted(values: Map, shape: tuple[int, ...]) -> Map:
    """`values` on a grid of `shape`, rows and columns."""
    picture = Image.fromarray(values)
    return np.asarray(picture.resize((shape[1], shape[0]), Image.Resampling.BILINEAR), dtype=np.float32)
