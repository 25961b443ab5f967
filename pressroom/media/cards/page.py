"""A page, the input of a composition: the canvas with its frame, colours and fonts, and the words to set."""

from __future__ import annotations

import random
import zlib
from dataclasses import dataclass, field
from typing import Literal

from pressroom.media.cards.canvas import Canvas
from pressroom.media.cards.colours import RGB, Palette
from pressroom.media.cards.column import Column
from pressroom.media.cards.faces import Faces, Role
from pressroom.media.cards.frame import Box, Frame
from pressroom.media.cards.typeset import Setting, Style, widest
from pressroom.model.images import CardText

Align = Literal["start", "centre"]

LEADING: dict[Role, float] = {"display": 1.1, "text": 1.4, "serif": 1.24, "italic": 1.24}
"""From line to line, in sizes of the type."""


@dataclass
class Page:
    """One card being made. `room`: where the words go, above the brand's line. `notes` grows.

    `foot_on_fill`: the brand's line stands on a shape of the brand's accent.
    """

    canvas: Canvas
    frame: Frame
    palette: Palette
    faces: Faces
    card: CardText
    room: Box
    notes: list[str] = field(default_factory=list)
    foot_on_fill: bool = False

    @property
    def beside_foot(self) -> Box:
        """The room a column right of the brand's line has: down to the edge of what is safe."""
        corner = self.frame.corner
        bottom = corner.top if corner else self.frame.safe.bottom
        return Box(self.room.left, self.room.top, self.room.right, bottom)

    @property
    def dice(self) -> random.Random:
        """The same for the same words: patterns differ from card to card, never from run to run."""
        words = "\n".join((self.card.title, self.card.text, *self.card.items))
        return random.Random(zlib.crc32(words.encode()))  # noqa: S311 - it lays tiles

    def style(
        self, role: Role, largest: int, smallest: int, *, colour: RGB | None = None, leading: float = 0.0,
        lines: int = 40, pace: float = 1.0, rank: int = 1,
    ) -> Style:  # fmt: skip
        """A style with the leading its role reads well with, in ink where nothing else is said."""
        return Style(
            role=role, largest=largest, smallest=smallest, colour=colour or self.palette.ink, lines=lines, pace=pace,
            rank=rank, leading=leading or LEADING[role],
        )  # fmt: skip

    def place(self, column: Column, x: float, y: float, *, align: Align = "start") -> None:
        """Set a column with its upper left corner, or the middle of its upper edge, here."""
        for setting, top in zip(column.settings, column.tops, strict=True):
            self.set(setting, x, y + top, align=align)
        self.notes += column.notes

    def set(self, setting: Setting, x: float, y: float, *, align: Align = "start") -> None:
        font = self.faces.font(setting.style.role, setting.size)
        for index, line in enumerate(setting.lines):
            baseline = y + setting.rise + index * setting.leading
            self.canvas.text(line, x, baseline, font, setting.style.colour, align=align)

    def widest(self, column: Column) -> float:
        """Pixels of the longest line of a column."""
        return max(widest(setting, self.faces) for setting in column.settings)
