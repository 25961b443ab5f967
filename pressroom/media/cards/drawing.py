"""Drawing a card: the words cleaned, fonts and colours chosen, a composition painted, the brand set at the foot."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image

from pressroom.errors import CannotCompose
from pressroom.media.cards import faces as fonts
from pressroom.media.cards.branding import SEEN, Branding, branding
from pressroom.media.cards.canvas import Canvas, Placed
from pressroom.media.cards.colours import RGB, contrast, palette
from pressroom.media.cards.compositions import COMPOSITIONS
from pressroom.media.cards.frame import Box, Frame, frame
from pressroom.media.cards.page import Page
from pressroom.media.cards.words import prepared
from pressroom.model.images import Brand, CardText

SMALLEST_SIDE, LARGEST_SIDE = 300, 4096
"""Pixels."""


@dataclass(frozen=True)
class Drawn:
    """A card: an RGB picture; what had to be changed to make it; and every line of text with the place it took."""

    image: Image.Image
    notes: tuple[str, ...] = ()
    texts: tuple[Placed, ...] = ()


def draw(
    card: CardText, *, width: int, height: int, brand: Brand | None = None, variant: int = 0, captioned: bool = False
) -> Drawn:
    """The card in `width` x `height` pixels; variants 0 and 1 are composed differently, further ones repeat them.

    captioned: its lower part stays free for a film's captions.

    Raises CannotCompose when there are no words, no font for them, or no room even for a few.
    """
    brand = brand or Brand()
    if min(width, height) < SMALLEST_SIDE or max(width, height) > LARGEST_SIDE:
        raise CannotCompose(
            f"A card of {width} x {height} pixels can't be drawn.",
            hint=f"Each side must have {SMALLEST_SIDE} to {LARGEST_SIDE} pixels.",
        )
    words, faces, notes = prepared(card, brand)
    choices = COMPOSITIONS[words.template]
    composition = choices[variant % len(choices)]
    mirrored = fonts.is_right_to_left(words.language)
    measures = frame(width, height, mirrored=mirrored, captioned=captioned)
    colours = palette(brand, composition.ground, written=composition.written)
    share = composition.foot_share(measures)
    foot = branding(brand, measures, measures.safe.width * share, colours.muted, words.language)
    canvas = Canvas(width, height, colours.ground, mirrored=mirrored)
    page = Page(canvas, measures, colours, faces, words, _room(measures, foot))
    composition.compose(page)
    foot.draw(canvas, measures.safe, *_foot_colours(page), align=composition.foot)
    told = dict.fromkeys((*notes, *faces.notes, *colours.notes, *foot.notes, *page.notes))
    return Drawn(canvas.image, tuple(told), tuple(canvas.texts))


def png(card: CardText, *, width: int, height: int, brand: Brand | None = None, variant: int = 0) -> bytes:
    """The card as a PNG file; the same words, size, brand and variant give the same bytes. Raises as `draw` does."""
    file = io.BytesIO()
    draw(card, width=width, height=height, brand=brand, variant=variant).image.save(file, "PNG", compress_level=4)
    return file.getvalue()


def _foot_colours(page: Page) -> tuple[RGB, RGB, RGB]:
    """Of the brand's name, its mark, and what is under them."""
    colours = page.palette
    if page.foot_on_fill:
        return colours.on_fill, colours.on_fill, colours.fill
    mark = colours.fill if contrast(colours.fill, colours.ground) >= SEEN else colours.ink
    return colours.muted, mark, colours.ground


def _room(measures: Frame, foot: Branding) -> Box:
    safe = measures.safe
    bottom = safe.bottom - (foot.height + measures.space(4) if foot.height else 0)
    if measures.corner is not None:
        bottom = min(bottom, measures.corner.top)
    return Box(safe.left, safe.top, safe.right, bottom)
