"""The ground behind a product: one colour from which it stands out, lit as paper in a studio is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from pressroom.media.cards.colours import RGB, contrast, hexed, mix, parse, readable
from pressroom.media.photography.styles import Composition

STANDS_OUT = 1.7
"""Contrast (WCAG 2.2) between the product's rim and the ground below which one runs into the other."""

_SEEN, _BAND = 200, 7
"""Pixels of the copy in which the rim is looked at, and of the window that finds it: a band of three pixels."""

_LIGHT_AT = (0.5, 0.42)
"""Where the ground is lightest, as shares of its width and height: the lamp is above the product."""

_FARTHEST = 0.85
"""From there to where it is darkest, at most, as a share of the height."""

_NOISE = 0.7
"""Levels by which a pixel may be off: without them, a slow gradient shows bands."""


def ground_colour(product: Image.Image, asked: str) -> tuple[RGB, str]:
    """The colour behind `product` (RGBA): `asked`, or the nearest in lightness from which its rim stands out.

    Also a sentence about it where it is another one.
    """
    rim, colour = rim_colour(product), parse(asked)
    if contrast(rim, colour) >= STANDS_OUT:
        return colour, ""
    found = readable(colour, (rim,), STANDS_OUT)
    return found, f"The product would not stand out from {asked}: the ground is {hexed(found)}."


def rim_colour(product: Image.Image) -> RGB:
    """The mean colour of the band along the product's outline."""
    small = product.copy()
    small.thumbnail((_SEEN, _SEEN), Image.Resampling.BOX)
    solid = small.getchannel("A").point(lambda value: 255 if value >= 128 else 0)
    inner = solid.filter(ImageFilter.MinFilter(_BAND))
    edge = np.asarray(solid) > np.asarray(inner)
    chosen = edge if edge.any() else np.ones_like(edge)  # a box that fills its bounds has no outline inside them
    red, green, blue = (round(float(value)) for value in np.asarray(small)[chosen][:, :3].mean(axis=0))
    return red, green, blue


def ground(colour: RGB, width: int, height: int, spec: Composition) -> NDArray[np.float32]:
    """Levels of red, green and blue, 0 to 255, height x width x 3, around `colour`."""
    down, across = np.linspace(0, 1, height, dtype=np.float32)[:, None], np.linspace(0, 1, width, dtype=np.float32)
    if spec.ground == "gradient":
        far = down + 0 * across
    else:
        far = np.hypot((across - _LIGHT_AT[0]) * min(1.0, width / height), (down - _LIGHT_AT[1])) / _FARTHEST
    dark = (far * far * (3 - 2 * far))[..., None]  # without a corner at either end, which would show as a line
    lightest, darkest = mix(colour, (255, 255, 255), spec.shade / 2), mix(colour, (0, 0, 0), spec.shade / 2)
    levels = np.asarray(lightest) * (1 - dark) + np.asarray(darkest) * dark
    chance = np.random.default_rng(width * height)
    return np.asarray(levels + chance.uniform(-_NOISE, _NOISE, (height, width, 1)), dtype=np.float32)
