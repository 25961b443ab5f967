"""A card's words made ready: cleaned, bounded, in fonts that have all their letters."""

from __future__ import annotations

from collections.abc import Callable

from pressroom.errors import CannotCompose
from pressroom.media.cards import faces
from pressroom.media.cards.cutting import shorter
from pressroom.media.cards.wording import clean, quotes, unquoted
from pressroom.model.images import Brand, CardText

MOST_CHARACTERS = 1200
"""Of one text: more than the largest card has room for."""


def prepared(card: CardText, brand: Brand) -> tuple[CardText, faces.Faces, tuple[str, ...]]:
    """The card as it will be set, its fonts, and notes on what was cut.

    Raises CannotCompose when nothing is left to show, or no font has its letters.
    """
    notes: list[str] = []

    def ready(text: str) -> str:
        text = clean(text, card.language)
        if len(text) <= MOST_CHARACTERS:
            return text
        notes.append(f"Cut after {MOST_CHARACTERS:,} characters: “{text[:60]}…”.")
        return shorter(text[:MOST_CHARACTERS])[0]

    words = _each(card.model_copy(update={"text": unquoted(card.text)} if card.template == "quote" else {}), ready)
    fonts = faces.choose(_shown(words), language=words.language, brand_font=brand.font)
    table = str.maketrans(dict.fromkeys(fonts.dropped, ""))
    words = _each(words, lambda text: clean(text.translate(table), card.language)) if fonts.dropped else words
    _require(words)
    return words, fonts, tuple(notes)


def _each(card: CardText, change: Callable[[str], str]) -> CardText:
    changed: dict[str, object] = {
        name: change(getattr(card, name)) for name in ("title", "text", "number", "attribution")
    }
    return card.model_copy(update={**changed, "items": tuple(item for item in map(change, card.items) if item)})


def _shown(card: CardText) -> str:
    """Every character that can come to stand on the card."""
    match card.template:
        case "headline":
            own = card.title + card.text
        case "quote":
            own = (
                (card.text or card.title)
                + card.attribution
                + "".join(quotes(card.language))
                + "—" * bool(card.attribution)
            )
        case "number":
            own = card.number + (card.text or card.title) + card.attribution
        case "list":
            own = card.title + "".join(card.items) + "0123456789"
    return own + "…-"


def _require(card: CardText) -> None:
    needed = {
        "headline": card.title,
        "quote": card.text or card.title,
        "number": card.number,
        "list": card.title and card.items,
    }
    if not needed[card.template]:
        raise CannotCompose(
            f"A {card.template} card needs {'a title and points' if card.template == 'list' else 'words'} to show.",
            hint="Emoji and control characters don't count.",
        )
