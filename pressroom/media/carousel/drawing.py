"""The pages of a carousel as pictures of one size: by the card templates, numbered, with the brand at the foot."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image

from pressroom.media.cards.drawing import draw
from pressroom.model.carousels import Carousel, CarouselPage
from pressroom.model.images import Brand, CardText

SIZE = (1080, 1350)
"""Pixels: 4:5, the tallest that feeds show whole."""

QUALITY = 92


@dataclass(frozen=True)
class Drawn:
    """One page: an RGB picture, and its words for those who can't see it."""

    image: Image.Image
    text: str


def draw_pages(carousel: Carousel, brand: Brand, size: tuple[int, int] = SIZE) -> tuple[list[Drawn], tuple[str, ...]]:
    """Every page, and notes on what had to be changed for it.

    Raises:
        CannotCompose: a page has no words that can be drawn.
    """
    count, pages, notes = len(carousel.pages), [], [*carousel.notes]
    for number, page in enumerate(carousel.pages, start=1):
        named = brand.model_copy(update={"name": " · ".join(filter(None, (brand.name, f"{number}/{count}")))})
        made = draw(_card(page, carousel.language), width=size[0], height=size[1], brand=named)
        pages.append(Drawn(made.image, page.text))
        notes += [f"Page {number}: {note}" for note in made.notes]
    return pages, tuple(dict.fromkeys(notes))


def jpegs(pages: list[Drawn]) -> list[bytes]:
    """The pages as files, all of one size, colours at full resolution."""
    return [_jpeg(page.image) for page in pages]


def _jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=QUALITY, subsampling=0, optimize=True)
    return file.getvalue()


def _card(page: CarouselPage, language: str) -> CardText:
    if len(page.lines) > 1:
        return CardText(template="list", title=page.title, items=page.lines, language=language)
    return CardText(template="headline", title=page.title, text="".join(page.lines), language=language)
