"""Several texts under each other, fitted together: all shrink in step, so that what leads goes on leading."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pressroom.errors import CannotCompose
from pressroom.media.cards.cutting import shorter
from pressroom.media.cards.faces import Faces
from pressroom.media.cards.frame import Frame
from pressroom.media.cards.typeset import Setting, Style, set_text

STEPS = 24
"""More than the scale has."""

HYPHENS_FROM = 9
"""Steps down from the largest size at which an overlong word is hyphenated rather than made smaller still."""

MOST_LINES = 12
"""Of one text at its smallest size."""

ROUGH, PATIENCE = 0.5, 5
"""Price of a line's end above which smaller sizes are tried, and how many."""


@dataclass(frozen=True)
class Block:
    """One text of a column, with what closes it even when it is cut.

    `before`: pixels below the block above it; nothing for the first. `indent`: pixels from the column's left.
    """

    text: str
    style: Style
    before: float = 0.0
    indent: float = 0.0
    closing: str = ""

    @property
    def words(self) -> str:
        """All that is set: the text, however short it was cut, and the mark that closes it."""
        return self.text + self.closing


@dataclass(frozen=True)
class Column:
    """Blocks as they were set, with the top of each in pixels from the column's own top."""

    settings: tuple[Setting, ...]
    tops: tuple[float, ...]
    height: float
    notes: tuple[str, ...] = ()


def fit(blocks: Sequence[Block], width: float, height: float, faces: Faces, frame: Frame) -> Column:
    """The largest setting that fits; at the smallest sizes texts are cut, which `notes` tells.

    Raises CannotCompose when not even a few words of each fit.
    """
    found = largest(blocks, width, height, faces, frame)
    return found if found is not None else _cut(list(blocks), width, height, faces, frame)


def largest(
    blocks: Sequence[Block], width: float, height: float, faces: Faces, frame: Frame, *, steps: int = STEPS
) -> Column | None:
    """The largest setting that fits within `steps` of the styles' largest sizes; None where nothing does.

    One that tears a Japanese word gives way to one a little smaller that tears none.
    """
    found, last = None, steps
    for step in range(steps):
        if step >= last:
            break
        hyphenate = 2 if step == STEPS - 1 else int(step >= HYPHENS_FROM)
        column = _at(blocks, step, width, height, faces, frame, hyphenate)
        if column is None or column.height > height:
            continue
        if all(setting.roughest <= ROUGH for setting in column.settings):
            return column
        if found is None:
            found, last = column, min(steps, step + PATIENCE)
    return found


def _at(
    blocks: Sequence[Block], step: int, width: float, height: float, faces: Faces, frame: Frame, hyphenate: int
) -> Column | None:
    settings: list[Setting] = []
    for block in blocks:
        style = block.style
        size = frame.size(max(style.smallest, style.largest - round(step * style.pace)))
        setting = set_text(block.words, style, size, width - block.indent, faces, height=height, hyphenate=hyphenate)
        if setting is None:
            return None
        settings.append(setting)
    tops, at = [], 0.0
    for index, (block, setting) in enumerate(zip(blocks, settings, strict=True)):
        at += block.before if index else 0.0
        tops.append(at)
        at += setting.height
    return Column(tuple(settings), tuple(tops), at)


def _cut(blocks: list[Block], width: float, height: float, faces: Faces, frame: Frame) -> Column:
    """At the smallest sizes, line by line less of the texts that matter least; then without the last of them."""
    whole = [block.text for block in blocks]
    blocks = [
        _trimmed(block, block.style.lines, width, faces, frame) if block.style.rank else block for block in blocks
    ]

    def fits() -> Column | None:
        column = _at(blocks, STEPS, width, height, faces, frame, 2)
        return column if column is not None and column.height <= height else None

    for rank in sorted({block.style.rank for block in blocks} - {0}, reverse=True):
        group = [index for index, block in enumerate(blocks) if block.style.rank == rank]
        for lines in range(MOST_LINES, 0, -1):
            for index in group:
                blocks[index] = _trimmed(blocks[index], lines, width, faces, frame)
            column = fits()
            if column is not None:
                return replace(column, notes=_cuts(whole, blocks, frame))
    while len(blocks) > 1 and blocks[-1].style.rank > 1:
        blocks.pop()
        column = fits()
        if column is not None:
            return replace(column, notes=_cuts(whole, blocks, frame))
    raise CannotCompose(
        f"The words of the card don't fit {frame.width} x {frame.height} pixels.",
        hint="Use fewer words or a larger card.",
    )


def _trimmed(block: Block, lines: int, width: float, faces: Faces, frame: Frame) -> Block:
    """The block with the longest form of its text that takes so many lines at its smallest size."""

    style = replace(block.style, lines=min(lines, block.style.lines))

    def too_long(text: str) -> bool:
        words, size = text + block.closing, frame.size(style.smallest)
        return set_text(words, style, size, width - block.indent, faces, hyphenate=2) is None

    if not too_long(block.text):
        return block
    forms = sorted(shorter(block.text), key=len)
    found = bisect.bisect_left(forms, True, key=too_long)
    return replace(block, text=forms[max(0, found - 1)]) if forms else block


def _cuts(whole: Sequence[str], blocks: Sequence[Block], frame: Frame) -> tuple[str, ...]:
    """Notes for a person on every text that was cut or left out for want of room."""
    size = f"for want of room at {frame.width} x {frame.height}"
    kept = [block.text for block in blocks]
    cut = [f"Cut {size}: “{text}” became “{now}”." for text, now in zip(whole, kept, strict=False) if text != now]
    return (*cut, *(f"Left out {size}: “{text}”." for text in whole[len(kept) :]))
