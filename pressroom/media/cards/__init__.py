"""Typographic cards: a headline, a quotation, a figure or a list, drawn in a brand's look without any model."""

from __future__ import annotations

from pressroom.media.cards.choosing import card_for
from pressroom.media.cards.drawing import Drawn, draw, png

__all__ = ["Drawn", "card_for", "draw", "png"]
