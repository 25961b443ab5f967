"""Typographic cards: a headline, a quotation, a figure or a list, drawn in a brand's look without any model."""

from __future__ import annotations

from pressroom.images.cards.choosing import card_for
from pressroom.images.cards.drawing import Drawn, draw, png

__all__ = ["Drawn", "card_for", "draw", "png"]
