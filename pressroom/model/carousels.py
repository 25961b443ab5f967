"""Carousels: a post as pages to swipe through."""

from __future__ import annotations

from pressroom.model.base import Frozen

LEAST_PAGES, MOST_PAGES = 5, 10
MOST_LINES = 3
TITLE_CHARACTERS, LINE_CHARACTERS, PAGE_CHARACTERS = 100, 240, 480
"""At most, of a title, of a line, and of all lines of a page: so much stands on a card in letters of a good size."""


class CarouselPage(Frozen):
    """One page: a title, and up to three lines below it; the first page is the cover."""

    title: str
    lines: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join((self.title, *self.lines))


class Carousel(Frozen):
    """The pages of one carousel, in order. notes: what of the post was cut for them."""

    pages: tuple[CarouselPage, ...]
    language: str = "en"
    notes: tuple[str, ...] = ()
