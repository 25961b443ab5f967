"""Number cards: a figure as large as the card takes, and the sentence it comes from."""

from __future__ import annotations

from pressroom.media.cards.colours import RGB, mix
from pressroom.media.cards.column import Block, Column, fit, largest
from pressroom.media.cards.frame import Box
from pressroom.media.cards.glyphs import ink
from pressroom.media.cards.page import Page
from pressroom.media.cards.wording import NBSP

SHARES = (0.58, 0.5, 0.42, 0.34)
"""Of the height, for the figure: the first at which what it says still stands well."""

WELL_READ = 7
"""Steps what it says may shrink before the figure does."""


def rings(page: Page) -> None:
    """Faint broad rings behind the figure and its sentence, which stand beside each other on a wide card."""
    palette, frame = page.palette, page.frame
    page.canvas.gradient(palette.ground, palette.shade)
    reach = (frame.width**2 + frame.height**2) ** 0.5
    colour = mix(palette.shade, palette.surface, 0.55)
    for share in (0.34, 0.56, 0.78):
        page.canvas.disc(frame.width, frame.height, reach * share, colour, line=reach * 0.09)
    figure, said = _figure(page, palette.accent), _said(page)
    if frame.landscape and said:
        _beside(page, figure, said)
        return
    _stacked(page, figure, said, frame.space(4))


def ruled(page: Page) -> None:
    """On the accent colour: the figure above a heavy rule, the sentence below it."""
    palette, frame, room = page.palette, page.frame, page.room
    said = _said(page)
    if frame.width > 2.4 * frame.height and said:
        _beside(page, _figure(page, palette.ink), said)
        return
    if frame.tall:  # what the platform covers need not be empty
        page.canvas.disc(frame.width, frame.height, frame.width * 0.4, palette.shade)
    between = frame.space(5) * (0.8 if frame.landscape else 1.2)
    foot = _stacked(page, _figure(page, palette.ink), said, between)
    if said:
        rule, half = foot + between / 2, 0.35 * frame.unit
        page.canvas.rectangle(Box(room.left, rule - half, room.right, rule + half), palette.ink)


def _figure(page: Page, colour: RGB) -> Block:
    style = page.style("display", 22, 1, colour=colour, lines=1, rank=0, leading=1.0)
    return Block(page.card.number.replace(" ", NBSP), style)


def _said(page: Page) -> list[Block]:
    """The text below the figure, and its attribution."""
    palette, frame, card = page.palette, page.frame, page.card
    blocks = []
    if card.text or card.title:
        style = page.style(
            "text", 5 if frame.tall or (frame.landscape and not frame.thumbnail) else 7, 0, rank=2, leading=1.34
        )
        text = (card.text or card.title).replace(card.number, card.number.replace(" ", NBSP))
        blocks.append(Block(text, style))
    if card.attribution:
        style = page.style("text", 1, 0, pace=0.3, rank=1, lines=2, colour=palette.muted)
        blocks.append(Block(card.attribution, style, before=frame.space(3)))
    return blocks


def _stacked(page: Page, figure: Block, said: list[Block], between: float) -> float:
    """The figure as large as it leaves room for what it says below, whole and well to read; its end, in pixels."""
    upper, lower = _divided(page, figure, said, between)
    room = page.room
    height = upper.height + (between + lower.height if lower else 0)
    top = room.top + (room.height - height) * 0.46
    _set_figure(page, upper, top)
    if lower:
        page.place(lower, room.left, top + upper.height + between)
    return top + upper.height


def _divided(page: Page, figure: Block, said: list[Block], between: float) -> tuple[Column, Column | None]:
    room, faces, frame = page.room, page.faces, page.frame
    if not said:
        return fit([figure], room.width, room.height, faces, frame), None
    for share in SHARES:
        upper = largest([figure], room.width, room.height * share, faces, frame)
        left = room.height - between - (upper.height if upper else 0)
        lower = largest(said, room.width, left, faces, frame, steps=3 if frame.thumbnail else WELL_READ)
        if upper and lower:
            return upper, lower
    upper = fit([figure], room.width, room.height * SHARES[-1], faces, frame)
    return upper, fit(said, room.width, room.height - upper.height - between, faces, frame)


def _beside(page: Page, figure: Block, said: list[Block]) -> None:
    frame, room = page.frame, page.room
    left = fit([figure], room.width * 0.5, room.height, page.faces, frame)
    edge = room.left + page.widest(left) + frame.space(4)
    right = fit(said, room.right - edge - frame.space(4), room.height, page.faces, frame)
    middle = (room.top + room.bottom) / 2
    _set_figure(page, left, middle - left.height / 2)
    half = max(left.height, right.height) / 2
    page.canvas.rectangle(
        Box(edge, middle - half, edge + max(2.0, 0.3 * frame.unit), middle + half), page.palette.accent
    )
    page.place(right, edge + frame.space(4), middle - right.height / 2)


def _set_figure(page: Page, column: Column, top: float) -> None:
    """With its ink, not its advance, on the margin: so large, the difference shows."""
    figure = column.settings[0]
    bearing = ink(figure.lines[0], page.faces.font("display", figure.size))[0]
    page.set(figure, page.room.left - bearing, top)
