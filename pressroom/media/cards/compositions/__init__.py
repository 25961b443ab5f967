"""The ways a card can be composed: two for each template, each on its own ground."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pressroom.media.cards.colours import LARGE, NORMAL, Ground
from pressroom.media.cards.compositions import headline, listing, number, quote
from pressroom.media.cards.frame import Frame
from pressroom.media.cards.page import Align, Page
from pressroom.model.images import Template


@dataclass(frozen=True)
class Composition:
    """`compose` paints all of a page but the brand's line; that stands at the foot, aligned so.

    `written`: the contrast needed for what is written in the accent colour, 0 where nothing is.
    """

    ground: Ground
    compose: Callable[[Page], None]
    foot: Align = "start"
    written: float = 0.0

    def foot_share(self, frame: Frame) -> float:
        """How much of the width the brand's line may take: on a wide list, points stand beside it."""
        return 0.32 if self.compose in (listing.numerals, listing.panel) and frame.landscape else 0.6


COMPOSITIONS: dict[Template, tuple[Composition, ...]] = {
    "headline": (Composition("dark", headline.orbit), Composition("light", headline.tiles)),
    "quote": (Composition("dark", quote.editorial, written=LARGE), Composition("light", quote.framed, "centre")),
    "number": (Composition("dark", number.rings, written=LARGE), Composition("accent", number.ruled)),
    "list": (Composition("dark", listing.numerals, written=NORMAL), Composition("light", listing.panel)),
}
