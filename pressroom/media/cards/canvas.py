"""The canvas of a card: gradients without bands, shapes with smooth edges, text, pictures with alpha.

Shapes are computed, not supersampled: how much of a pixel a shape covers follows from its distance to the edge.
On a canvas for a right-to-left language everything is mirrored but the letters.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pressroom.media.cards.colours import RGB
from pressroom.media.cards.frame import Box
from pressroom.media.cards.glyphs import ink

# Bayer's 8 x 8 threshold matrix: it spreads what 8 bits can't hold of a gradient, the same on every run.
_FOUR = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]])
_BAYER = 0.9 * ((4 * np.tile(_FOUR, (2, 2)) + np.kron([[0, 2], [3, 1]], np.ones((4, 4)))) / 64 - 0.5).astype(np.float32)

Pixels = NDArray[np.float32]
Distance = Callable[[Pixels, Pixels], Pixels]
"""Pixels from a shape's edge, negative inside, for x across and y down."""


@dataclass(frozen=True)
class Placed:
    """One line of text as it stands on the card. `box`: its ink, in pixels; `size`: of its type, in pixels."""

    text: str
    box: Box
    size: int
    colour: RGB


class Canvas:
    """An RGB picture of `width` x `height` pixels, and the text that was set on it so far."""

    def __init__(self, width: int, height: int, ground: RGB, *, mirrored: bool = False) -> None:
        self.image = Image.new("RGB", (width, height), ground)
        self.texts: list[Placed] = []
        self._pen = ImageDraw.Draw(self.image)
        self._mirrored = mirrored

    def gradient(self, start: RGB, end: RGB, *, across: float = 0.35) -> None:
        """From the upper left to the lower right; `across`: how much of it runs to the right, 0 to 1."""
        width, height = self.image.size
        along = np.linspace(0, across, width, dtype=np.float32)
        along = along[::-1] if self._mirrored else along
        shares = along + np.linspace(0, 1 - across, height, dtype=np.float32)[:, None]
        dither = np.tile(_BAYER, (height // 8 + 1, width // 8 + 1))[:height, :width]
        channels = []
        for a, b in zip(start, end, strict=True):
            channel = shares * np.float32(b - a)
            channel += dither
            channel += np.float32(a + 0.5)
            channels.append(Image.fromarray(channel.clip(0, 255).astype(np.uint8)))
        self.image.paste(Image.merge("RGB", channels))

    def rectangle(self, box: Box, colour: RGB) -> None:
        """Its edges on whole pixels, so that equal lines look equal."""
        box = self._placed(box)
        left, top = round(box.left), round(box.top)
        right, bottom = left + max(1, round(box.width)), top + max(1, round(box.height))
        self._pen.rectangle((left, top, right - 1, bottom - 1), fill=colour)

    def disc(
        self, x: float, y: float, radius: float, colour: RGB, *, line: float = 0, within: Box | None = None
    ) -> None:
        """A disc, or a circle `line` pixels thick; only what lies `within` a box of whole pixels, if one is given."""
        reach = radius + line / 2 + 1
        box = Box(x - reach, y - reach, x + reach, y + reach)
        if within is not None:
            box = Box(
                max(box.left, within.left), max(box.top, within.top),
                min(box.right, within.right), min(box.bottom, within.bottom),
            )  # fmt: skip
        box = self._placed(box)
        x = self._x(x)

        def distance(across: Pixels, down: Pixels) -> Pixels:
            to_edge = np.hypot(across - np.float32(x), down - np.float32(y)) - np.float32(radius)
            return np.asarray(np.abs(to_edge) - line / 2 if line else to_edge, dtype=np.float32)

        self._cover(box, colour, distance)

    def rounded(self, box: Box, radius: float, colour: RGB, *, line: float = 0) -> None:
        """A rectangle with round corners, filled, or `line` pixels thick."""
        box = self._placed(box)
        x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        half_width, half_height = box.width / 2 - radius, box.height / 2 - radius

        def distance(across: Pixels, down: Pixels) -> Pixels:
            dx, dy = np.abs(across - np.float32(x)) - half_width, np.abs(down - np.float32(y)) - half_height
            outside = np.hypot(np.maximum(dx, 0), np.maximum(dy, 0))
            to_edge = outside + np.minimum(np.maximum(dx, dy), 0) - radius
            return np.asarray(np.abs(to_edge + line / 2) - line / 2 if line else to_edge, dtype=np.float32)

        self._cover(Box(box.left - 1, box.top - 1, box.right + 1, box.bottom + 1), colour, distance)

    def text(
        self, line: str, x: float, baseline: float, font: ImageFont.FreeTypeFont, colour: RGB, *, align: str = "start"
    ) -> Placed:
        """Set a line from `x` on, or about it (`centre`); the place its ink took."""
        origin = self._x(x) - font.getlength(line) * (0.5 if align == "centre" else float(self._mirrored))
        left, baseline = round(origin), round(baseline)
        self._pen.text((left, baseline), line, font=font, fill=colour, anchor="ls")
        black = ink(line, font)
        box = Box(left + black[0], baseline + black[1], left + black[2], baseline + black[3])
        placed = Placed(line, box, round(font.size), colour)
        self.texts.append(placed)
        return placed

    def picture(self, picture: Image.Image, x: float, y: float) -> None:
        """An RGBA picture, its upper left corner (right one where mirrored) here."""
        left = self._x(x) - picture.width if self._mirrored else x
        self.image.paste(picture, (round(left), round(y)), picture)

    def _cover(self, box: Box, colour: RGB, distance: Distance) -> None:
        width, height = self.image.size
        left, top = max(0, math.floor(box.left)), max(0, math.floor(box.top))
        right, bottom = min(width, math.ceil(box.right)), min(height, math.ceil(box.bottom))
        if right <= left or bottom <= top:
            return
        across = np.arange(left, right, dtype=np.float32) + np.float32(0.5)
        down = (np.arange(top, bottom, dtype=np.float32) + np.float32(0.5))[:, None]
        share = np.clip(0.5 - distance(across, down), 0, 1)
        self.image.paste(colour, (left, top), Image.fromarray((share * 255).astype(np.uint8)))

    def _x(self, x: float) -> float:
        return self.image.width - x if self._mirrored else x

    def _placed(self, box: Box) -> Box:
        return Box(self._x(box.right), box.top, self._x(box.left), box.bottom) if self._mirrored else box
