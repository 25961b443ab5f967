"""Quote cards: a speaker's words in a serif, with the quotation marks of their language."""

from __future__ import annotations

from PIL import ImageFont

from pressroom.media.cards.column import Block, fit
from pressroom.media.cards.faces import Role
from pressroom.media.cards.frame import Box
from pressroom.media.cards.glyphs import ink
from pressroom.media.cards.page import Page
from pressroom.media.cards.wording import NARROW, quoted, quotes

DASH = "—"


def editorial(page: Page) -> None:
    """A large opening mark, the words to the right of it (under it, where the card is not wide), who said them last."""
    palette, frame, room = page.palette, page.frame, page.room
    page.canvas.gradient(palette.ground, palette.shade)
    mark = quotes(page.card.language)[0].strip()
    font = _as_high(page, mark, (8 if frame.landscape else 10) * frame.unit)
    left, top, right, bottom = ink(mark, font)
    aside = right - left + frame.space(3) if frame.landscape else 0.0
    above = 0.0 if frame.landscape else bottom - top + frame.space(4)
    column = fit(_blocks(page, "serif"), room.width - aside, room.height - above, page.faces, frame)
    start = room.top + (room.height - above - column.height) * (0.5 if frame.landscape else 0.4)
    page.canvas.text(mark, room.left - left, start - top, font, palette.accent)
    page.place(column, room.left + aside, start + above)


def framed(page: Page) -> None:
    """All about the middle, in italics, inside a fine line."""
    palette, frame, room = page.palette, page.frame, page.room
    page.canvas.gradient(palette.ground, palette.surface)
    edge = frame.space(3)
    box = Box(edge, edge, frame.width - edge, frame.height - edge)
    if frame.tall:
        page.canvas.disc(frame.width / 2, frame.height * 1.08, frame.width * 0.42, palette.fill)
    else:
        page.canvas.rounded(box, frame.space(1), palette.fill, line=max(2.0, 0.3 * frame.unit))
    inset = frame.space(2)
    column = fit(_blocks(page, "italic", inline=True), room.width - 2 * inset, room.height - inset, page.faces, frame)
    page.place(column, (room.left + room.right) / 2, room.top + (room.height - column.height) / 2, align="centre")


def _as_high(page: Page, mark: str, height: float) -> ImageFont.FreeTypeFont:
    """The serif at the size at which this mark's ink is so high: marks differ much from language to language."""
    _, top, _, bottom = ink(mark, page.faces.font("serif", 200))
    return page.faces.font("serif", round(200 * height / max(1.0, bottom - top)))


def _blocks(page: Page, role: Role, *, inline: bool = False) -> list[Block]:
    text = page.card.text or page.card.title
    text, closing = quoted(text, page.card.language) if inline else (text, "")
    blocks = [Block(text, closing=closing, style=page.style(role, 10 + (2 if page.frame.thumbnail else 0), 1, rank=2))]
    if page.card.attribution:
        style = page.style(
            "text", 4 if page.frame.thumbnail else 2, 0, colour=page.palette.muted, pace=0.3, rank=1, lines=2
        )
        said = page.card.attribution if inline else f"{DASH}{NARROW}{page.card.attribution}"
        blocks.append(Block(said, style, before=page.frame.space(4)))
    return blocks
