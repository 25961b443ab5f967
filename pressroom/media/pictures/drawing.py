"""A variant's pixels: cut out, scaled, sharpened a little, or set on a ground when there are too few of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from pressroom.media.pictures.levels import Levels
from pressroom.media.pictures.planning import Plan
from pressroom.media.pictures.values import Box

_STRIP = 128
"""Rows that are sharpened at a time: they fit the processor's cache, and little memory is held."""

_STEPS = 16
"""Strengths of sharpening there are; four neighbours and sixteen steps make the 64 that are shifted away."""

_BLUR = 1 / 24
"""Of the ground's width; less shows the picture twice, more is one colour."""

_DIM = 0.8


def drawn(levels: Levels, made: Plan, box: Box, *, sharpen: float) -> Image.Image:
    """`box` of the picture as `made` says."""
    if made.padded:
        return _padded(levels, made, box, sharpen)
    image = levels.resized(box, made.width, made.height)
    return sharpened(image, sharpen) if made.scale > 1 else image


def sharpened(image: Image.Image, share: float) -> Image.Image:
    """`share` of the difference from the mean of its four neighbours is added to each pixel; alpha stays.

    Pillow's own unsharp mask takes ten times as long.
    """
    weight = round(share * _STEPS)
    if not weight:
        return image
    pixels = np.array(image)
    colours = pixels[..., :3]
    above = colours[:1].astype(np.int16)
    for top in range(0, colours.shape[0], _STRIP):
        below = colours[top + _STRIP : top + _STRIP + 1]
        strip = colours[top : top + _STRIP].astype(np.int16)
        tall = np.concatenate((above, strip, below if len(below) else strip[-1:]))
        above = strip[-1:]
        colours[top : top + _STRIP] = _crisp(tall, weight)
    return Image.fromarray(pixels)


def _crisp(tall: NDArray[np.int16], weight: int) -> NDArray[np.uint8]:
    """The rows of `tall` between its first and its last."""
    rows = tall[1:-1]
    difference = rows * 4 - tall[:-2] - tall[2:]
    difference[:, 1:-1] -= rows[:, :-2] + rows[:, 2:]
    difference[:, [0, -1]] -= rows[:, [0, -1]] + rows[:, [min(1, rows.shape[1] - 1), max(0, rows.shape[1] - 2)]]
    difference *= weight  # at most 16 x 1020, which 16 bits hold
    return np.clip(rows + ((difference + 2 * _STEPS) >> 6), 0, 255).astype(np.uint8)


def _padded(levels: Levels, made: Plan, box: Box, sharpen: float) -> Image.Image:
    """The whole picture in the middle of a ground: itself, blurred; or nothing, where it has alpha."""
    width = min(made.width, max(1, round(box.width / made.scale)))
    height = min(made.height, max(1, round(box.height / made.scale)))
    picture = levels.resized(box, width, height)
    if made.scale > 1:
        picture = sharpened(picture, sharpen)
    if picture.mode == "RGBA":
        ground = Image.new("RGBA", (made.width, made.height), (255, 255, 255, 0))
    else:
        ground = _blurred(levels.base, made)
    ground.paste(picture, ((made.width - width) // 2, (made.height - height) // 2))
    return ground


def _blurred(base: Image.Image, made: Plan) -> Image.Image:
    """The blurred ground, drawn at an eighth of the size: the difference can't be seen, and it costs little."""
    small = (max(1, made.width // 8), max(1, made.height // 8))
    shape = made.shape
    width, height = min(base.width, base.height * shape), min(base.height, base.width / shape)
    left, upper = (base.width - width) / 2, (base.height - height) / 2
    ground = base.resize(small, Image.Resampling.BOX, box=(left, upper, left + width, upper + height))
    ground = ground.filter(ImageFilter.GaussianBlur(small[0] * _BLUR)).point(lambda value: value * _DIM)
    return ground.resize((made.width, made.height), Image.Resampling.BICUBIC)
