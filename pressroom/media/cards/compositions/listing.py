"""List cards: a title and three to five short points."""

from __future__ import annotations

from pressroom.media.cards.colours import mix
from pressroom.media.cards.column import Block, Column, fit, largest
from pressroom.media.cards.frame import Box
from pressroom.media.cards.glyphs import ink
from pressroom.media.cards.page import Page
from pressroom.media.cards.typeset import Setting

SHARES = (0.36, 0.3, 0.24, 0.19)
"""Of the height, for the title: the first at which the points below it stand well."""

WELL_READ = 3
"""Steps the points may shrink before the title does."""

DISC = 0.62
"""Radius of a numeral's disc, in sizes of its point."""


def numerals(page: Page) -> None:
    """Title above (beside, on wide cards), points with numerals in the accent colour and fine lines between."""
    palette, frame, room = page.palette, page.frame, page.room
    page.canvas.gradient(mix(palette.ground, palette.surface, 0.6), palette.shade)
    if frame.landscape:
        middle = room.left + room.width * 0.42
        title = fit([_title(page)], middle - room.left - frame.space(4), room.height, page.faces, frame)
        points = Box(middle, room.top, room.right, page.beside_foot.bottom)
    else:
        title = _above(page, _title(page), frame.space(4), discs=False)
        points = Box(room.left, room.top + title.height + frame.space(4), room.right, room.bottom)
    page.place(title, room.left, room.top)
    _points(page, points, discs=False)


def panel(page: Page) -> None:
    """The title on a panel of the accent colour, the points on the paper beside or under it."""
    palette, frame, room = page.palette, page.frame, page.room
    block, pad = _title(page, on_fill=True), frame.space(4)
    if frame.landscape:
        edge = round(frame.width * 0.4)
        title = fit([block], edge - room.left - frame.space(3), room.height, page.faces, frame)
        box, points = Box(0, 0, edge, frame.height), Box(edge + pad, room.top, room.right, page.beside_foot.bottom)
    else:
        title = _above(page, block, 2 * pad, discs=True)
        edge = round(room.top + title.height + pad)
        box, points = Box(0, 0, frame.width, edge), Box(room.left, edge + pad, room.right, room.bottom)
    page.canvas.rectangle(box, palette.fill)
    if frame.tall:  # what the platform covers need not be empty
        page.canvas.disc(frame.width, frame.height, frame.width * 0.36, palette.fill)
    page.foot_on_fill = frame.landscape
    page.place(title, room.left, room.top)
    _points(page, points, discs=True)


def _above(page: Page, block: Block, between: float, *, discs: bool) -> Column:
    """The title as large as it leaves the points room to be whole and well read."""
    room, blocks = page.room, _blocks(page, discs=discs)
    for share in SHARES:
        title = largest([block], room.width, room.height * share, page.faces, page.frame)
        left = room.height - between - (title.height if title else 0)
        if title and largest(blocks, room.width, left, page.faces, page.frame, steps=WELL_READ):
            return title
    return fit([block], room.width, room.height * SHARES[1], page.faces, page.frame)


def _title(page: Page, *, on_fill: bool = False) -> Block:
    colour = page.palette.on_fill if on_fill else page.palette.ink
    size = 8 if page.frame.tall else 9 if page.frame.landscape else 10
    return Block(page.card.title, page.style("display", size, 2, colour=colour, rank=1))


def _blocks(page: Page, *, discs: bool) -> list[Block]:
    frame = page.frame
    style = page.style("text", 4 if frame.tall else 5, 0, rank=2, leading=1.28)
    indent = 11 * frame.unit if discs else frame.space(4)
    between = 6 * frame.unit if discs else frame.space(3)
    return [Block(item, style, before=between, indent=indent) for item in page.card.items]


def _points(page: Page, box: Box, *, discs: bool) -> None:
    """The points spread over the height, numbered, with fine lines between; no more air than a large space."""
    frame, blocks = page.frame, _blocks(page, discs=discs)
    indent, between = blocks[0].indent, blocks[0].before
    column = fit(blocks, box.width, box.height, page.faces, frame)
    air = _air(column, box, frame.space(4))
    for index, (setting, top) in enumerate(zip(column.settings, column.tops, strict=True)):
        y = box.top + top + index * air
        if index:
            over = max(0.0, DISC * setting.size - setting.rise / 2) if discs else 0.0
            _hairline(page, box, y - (between + air + over) / 2)
        _numeral(page, str(index + 1), box.left, y + setting.rise, setting, disc=discs)
        page.set(setting, box.left + indent, y)
    page.notes += column.notes


def _hairline(page: Page, box: Box, y: float) -> None:
    colour = mix(page.palette.ground, page.palette.ink, 0.22)
    page.canvas.rectangle(Box(box.left, y, box.right, y + max(1.0, 0.14 * page.frame.unit)), colour)


def _numeral(page: Page, numeral: str, x: float, baseline: float, beside: Setting, *, disc: bool) -> None:
    """On the baseline of its point's first line; in a disc about the middle of that line's capitals."""
    palette, canvas = page.palette, page.canvas
    if not disc:
        canvas.text(numeral, x, baseline, page.faces.font("display", beside.size), palette.accent)
        return
    font = page.faces.font("display", round(beside.size * 0.74))
    left, top, right, bottom = ink(numeral, font)
    radius, middle = DISC * beside.size, baseline - beside.rise / 2
    canvas.disc(x + radius, middle, radius, palette.fill)
    canvas.text(numeral, x + radius - (left + right) / 2, middle - (top + bottom) / 2, font, palette.on_fill)


def _air(column: Column, box: Box, most: float) -> float:
    gaps = len(column.settings) - 1
    return min(most, (box.height - column.height) / gaps) if gaps else 0.0
