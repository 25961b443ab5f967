"""Headline cards: the title as large as it can be, perhaps a sentence under it."""

from __future__ import annotations

import math

from pressroom.media.cards.colours import RGB, mix
from pressroom.media.cards.column import Block, Column, fit, largest
from pressroom.media.cards.frame import Box
from pressroom.media.cards.page import Page

TITLE_STEPS = 8
"""Steps the title may shrink to leave room for the shapes before it takes their room."""


def orbit(page: Page) -> None:
    """A sun and its orbits at the upper right, the words at the lower left; on tall cards the sun is at the foot."""
    palette, frame, room = page.palette, page.frame, page.room
    page.canvas.gradient(mix(palette.ground, palette.surface, 0.6), palette.shade)
    if frame.landscape:
        column = fit(_blocks(page), room.width * (0.66 if frame.thumbnail else 0.6), room.height, page.faces, frame)
        _sun(page, frame.width * 0.93, frame.height * 0.3, min(frame.height * 0.32, frame.width * 0.2))
        page.place(column, room.left, room.top + (room.height - column.height) / 2)
        return
    column = _beside_shapes(page)
    top = room.bottom - column.height
    free = top - frame.space(4)
    if frame.tall:
        _sun(page, frame.width * 0.78, frame.height * 0.95, frame.width * 0.16)
    elif free > 16 * frame.unit:
        _sun(page, frame.width * 0.74, free * 0.42, min(free * 0.36, frame.width * 0.25))
    page.place(column, room.left, room.top + (room.height - column.height) * 0.3 if frame.tall else top)


def tiles(page: Page) -> None:
    """Quarter circles laid as tiles: above the words, beside them on wide cards, at the foot of tall ones."""
    frame, room = page.frame, page.room
    if frame.landscape:
        side = frame.height / 3
        panel = Box(frame.width - 2 * side, 0, frame.width, frame.height)
        column = fit(_blocks(page), panel.left - room.left - frame.space(3), room.height, page.faces, frame)
        _lay(page, panel, side)
        page.place(column, room.left, room.top + (room.height - column.height) / 2)
        return
    column = _beside_shapes(page)
    if frame.tall:
        side, rows = _grid(frame.width, frame.height - frame.safe.bottom - frame.space(3))
        _lay(page, Box(0, frame.height - rows * side, frame.width, frame.height), side)
        page.place(column, room.left, room.top + (room.height - column.height) * 0.3)
        return
    side, rows = _grid(frame.width, room.bottom - column.height - frame.space(4))
    _lay(page, Box(0, 0, frame.width, rows * side), side)
    top = max(room.top, rows * side + frame.space(3))
    page.place(column, room.left, top + max(0.0, room.bottom - column.height - top) / 2)


def _blocks(page: Page) -> list[Block]:
    """On a thumbnail, two centimetres wide, the title alone."""
    card, frame = page.card, page.frame
    bold = 2 if frame.thumbnail else 0
    found = [Block(card.title, page.style("display", 15 + bold, 2, rank=1, leading=1.08))]
    if card.text and not frame.thumbnail:
        style = page.style("text", 4, 0, colour=page.palette.muted, pace=0.35, rank=2)
        found.append(Block(card.text, style, before=frame.space(3)))
    return found


def _beside_shapes(page: Page) -> Column:
    """The words in two thirds of the height where they stay large in it, else in all of it."""
    room, blocks = page.room, _blocks(page)
    small = largest(blocks, room.width, room.height * 0.62, page.faces, page.frame, steps=TITLE_STEPS)
    return small or fit(blocks, room.width, room.height, page.faces, page.frame)


def _sun(page: Page, x: float, y: float, radius: float) -> None:
    palette, canvas, unit = page.palette, page.canvas, page.frame.unit
    orbit_colour = mix(palette.ground, palette.ink, 0.2)
    for times in (1.32, 1.66, 2.04):
        canvas.disc(x, y, radius * times, orbit_colour, line=max(1.5, 0.16 * unit))
    canvas.disc(x, y, radius, palette.fill)
    angle = math.radians(page.dice.choice((118, 132, 146, 205)))
    far = radius * 1.66
    canvas.disc(x + far * math.cos(angle), y + far * math.sin(angle), radius * 0.13, palette.ink)


def _grid(width: float, height: float) -> tuple[float, int]:
    """Side and rows of the squares that, filling the width, come nearest to this height without passing it."""
    options = [
        (width / across, rows) for across in (3, 4, 5, 6, 7) for rows in (1, 2, 3) if rows * width / across <= height
    ]
    return max(options, key=lambda option: (round(option[0] * option[1], 3), option[1] == 2), default=(0.0, 0))


def _lay(page: Page, panel: Box, side: float) -> None:
    """Every other tile stands on a strong colour, so that no two shapes of one colour run into a blot."""
    if side <= 0:
        return
    dice, palette = page.dice, page.palette
    soft = mix(palette.ground, palette.ink, 0.12)
    for row in range(round(panel.height / side)):
        for place in range(round(panel.width / side)):
            left, top = panel.left + place * side, panel.top + row * side
            box = Box(round(left), round(top), round(left + side), round(top + side))
            shape, other = dice.sample((palette.ink, palette.fill), 2)
            page.canvas.rectangle(box, soft if (row + place) % 2 else other)
            _tile(page, box, shape, dice.randrange(6))


def _tile(page: Page, box: Box, colour: RGB, kind: int) -> None:
    """Kinds 0 to 3: a quarter disc about a corner; 4: a disc; 5: two half discs."""
    side = box.width
    if kind < 4:
        corner = (box.left if kind % 2 else box.right, box.top if kind < 2 else box.bottom)
        page.canvas.disc(*corner, side, colour, within=box)
    elif kind == 4:
        page.canvas.disc((box.left + box.right) / 2, (box.top + box.bottom) / 2, side * 0.32, colour, within=box)
    else:
        for x in (box.left, (box.left + box.right) / 2):
            page.canvas.disc(
                x, (box.top + box.bottom) / 2, side / 2, colour, within=Box(x, box.top, x + side / 2, box.bottom)
            )
