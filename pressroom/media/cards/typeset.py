"""One text set in lines: its size, its line breaks, and how high it stands."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import ImageFont

from pressroom.media.cards.breaking import Piece, balanced, hyphenated, line, pieces
from pressroom.media.cards.colours import RGB
from pressroom.media.cards.faces import Faces, Role
from pressroom.media.cards.glyphs import Face, font

REFERENCE = 128
"""Pixels at which words are measured once; their width grows in proportion, for nothing is hinted."""

DESCENT: dict[Role, float] = {"text": 0.2}
"""Space below the last baseline, in sizes, even if no letter descends, so that list items are evenly spaced."""

WIDE_LEADING = 1.14
"""Wide characters fill their square, so their lines need more air."""


@dataclass(frozen=True)
class Style:
    """How a text is set. `largest`, `smallest`: steps of the frame's type scale. `leading`: line to line, in sizes.

    `pace`: steps it shrinks while the column's leading text shrinks by one. `lines`: at most so many. `rank`: what is
    too long is cut in the texts of highest rank first, never in one of rank 0.
    """

    role: Role
    largest: int
    smallest: int
    leading: float
    colour: RGB
    lines: int = 40
    pace: float = 1.0
    rank: int = 1


@dataclass(frozen=True)
class Setting:
    """Lines at a size, in pixels. `rise`: from the top to the first baseline; `fall`: from the last to the bottom."""

    style: Style
    lines: tuple[str, ...]
    size: int
    leading: float
    rise: float
    fall: float
    roughest: float = 0.0
    """The highest price of a line's end: above 0.5, somewhere a word without spaces is torn."""

    @property
    def height(self) -> float:
        return self.rise + self.leading * (len(self.lines) - 1) + self.fall


def set_text(
    text: str, style: Style, size: int, width: float, faces: Faces, *, height: float = math.inf, hyphenate: int = 0
) -> Setting | None:
    """`text` in the fewest, evenest lines at most `width` pixels long.

    None when a word is longer, lines are too many, or they can't but be higher than `height`. `hyphenate`: 0 not at
    all, 1 overlong words at a syllable, 2 anywhere if nothing else helps.
    """
    face = faces.by_role[style.role]
    run = _pieces(text, face, size, width, hyphenate)
    scale = size / REFERENCE
    hyphen = _width(face, "-") * scale
    stops = balanced(
        [_width(face, piece.text) * scale for piece in run],
        [_width(face, piece.gap) * scale if piece.gap else 0.0 for piece in run],
        [hyphen if piece.end else 0.0 for piece in run],
        [piece.price for piece in run],
        width,
    )
    if stops is None or len(stops) > style.lines or (len(stops) - 1) * style.leading * size > height:
        return None
    lines = tuple(line(run[start:stop]) for start, stop in zip([0, *stops], stops, strict=False))
    roughest = max((run[stop - 1].price for stop in stops[:-1]), default=0.0)
    return _measured(lines, style, size, width, font(face, size), roughest)


def _pieces(text: str, face: Face, size: int, width: float, hyphenate: int) -> list[Piece]:
    run = pieces(text)
    room = width * REFERENCE / size
    if hyphenate:
        run = [small for piece in run for small in (hyphenated(piece) if _width(face, piece.text) > room else [piece])]
    if hyphenate > 1:
        run = [small for piece in run for small in (_anywhere(piece) if _width(face, piece.text) > room else [piece])]
    return run


def _anywhere(piece: Piece) -> list[Piece]:
    """A piece without any syllable, such as an address, letter by letter."""
    return [Piece(char, price=0.1) for char in piece.text[:-1]] + [Piece(piece.text[-1], piece.gap, piece.end)]


def _measured(
    lines: tuple[str, ...], style: Style, size: int, width: float, face: ImageFont.FreeTypeFont, roughest: float
) -> Setting | None:
    """The lines with a leading at which the ink of one never touches the next."""
    inks = [face.getbbox(one, anchor="ls") for one in lines]
    if max(ink[2] for ink in inks) > width * 1.01 + 1:
        return None
    wide = any(char >= "\u2e80" for one in lines for char in one)
    leading = style.leading * size * (WIDE_LEADING if wide else 1.0)
    meeting = [above[3] - below[1] for above, below in itertools.pairwise(inks)]
    leading = max([leading, *(depth + 0.05 * size for depth in meeting)])
    capital = -face.getbbox("国" if wide else "H", anchor="ls")[1]
    return Setting(
        style,
        lines,
        size,
        round(leading),
        max(capital, -inks[0][1]),
        max(DESCENT.get(style.role, 0.0) * size, inks[-1][3]),
        roughest,
    )


@lru_cache(maxsize=16384)
def _width(face: Face, text: str) -> float:
    return font(face, REFERENCE).getlength(text)


def widest(setting: Setting, faces: Faces) -> float:
    """Pixels of the longest line."""
    return max(_width(faces.by_role[setting.style.role], one) for one in setting.lines) * setting.size / REFERENCE


def fitting(text: str, style: Style, sizes: Sequence[int], width: float, faces: Faces) -> Setting | None:
    """`text` on one line at the first of these sizes at which it fits."""
    settings = (set_text(text, style, size, width, faces) for size in sizes)
    return next((setting for setting in settings if setting is not None and len(setting.lines) == 1), None)
