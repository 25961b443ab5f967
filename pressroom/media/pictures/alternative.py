"""Alternative texts: a picture in words, for readers who can't see it."""

from __future__ import annotations

from pressroom.model import CardText
from pressroom.model.images import ImageIdea

LONGEST = 420
"""Characters; the shortest limit of the platforms that take alternative texts from a program."""


def alt_text(*, drawn: bool, idea: ImageIdea, card: CardText) -> str:
    """For a card what stands on it, for any other picture what the idea says it shows."""
    text = f"Card: {_on(card)}" if drawn else idea.alt_text
    return _shortened(" ".join(text.split()))


def _on(card: CardText) -> str:
    match card.template:
        case "headline":
            parts = [card.title, card.text]
        case "quote":
            parts = [f"“{card.text}”" if card.text else "", card.attribution]
        case "number":
            parts = [card.number, card.text]
        case "list":
            parts = [card.title, *card.items]
    sentences = [part.strip() for part in parts if part.strip()]
    return " ".join(one if one[-1] in ".!?…:”。！？" else f"{one}." for one in sentences)


def _shortened(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return text[: LONGEST - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
