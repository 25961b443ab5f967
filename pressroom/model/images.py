"""Pictures: whose colours they wear, what stands on a card, what an image provider is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator

from pressroom.model.base import Frozen

Colour = str
"""`#rrggbb`."""

HEX = r"^#[0-9a-fA-F]{6}$"


class AssetKind(StrEnum):
    """The kinds of files that are made for a subject, or attached to a draft."""

    PICTURE = "picture"
    FILM = "film"
    SOUND = "sound"
    DOCUMENT = "document"
    CAPTIONS = "captions"


class Brand(Frozen):
    """How a workspace looks. Colours that would not be readable on each other are adjusted where they are used."""

    name: str = Field(default="", description="Set small on cards; nothing when empty.")
    background: Colour = Field(default="#14213d", pattern=HEX)
    text: Colour = Field(default="#ffffff", pattern=HEX)
    accent: Colour = Field(default="#fca311", pattern=HEX)
    font: Path | None = Field(default=None, description="A TrueType or OpenType file; default: the one shipped.")
    logo: Path | None = Field(default=None, description="A picture with alpha; set in a corner of cards.")


Template = Literal["headline", "quote", "number", "list"]


class CardText(Frozen):
    """The text on a typographic card.

    headline: `title` and perhaps `text`; quote: `text` and `attribution`; number: `number` large, `text` to explain
    it; list: `title` and `items`. A template leaves out the fields it does not use.
    """

    template: Template
    title: str = ""
    text: str = ""
    number: str = ""
    items: tuple[str, ...] = ()
    attribution: str = ""
    language: str = "en"


class ImageIdea(Frozen):
    """A text provider's idea of what a picture for a document should show."""

    prompt: str = Field(description="What the picture shows, in English, at most 120 words; no words are to be in it.")
    alt_text: str = Field(
        description="One sentence, in the document's language, for those who can't see it; at most 200 characters."
    )

    @field_validator("prompt", "alt_text")
    @classmethod
    def _says_something(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("it is empty")
        return value


@dataclass(frozen=True)
class ImageRequest:
    """One request for a picture.

    purpose: `thumbnail`, or the platform it is for. width, height: pixels wanted in the end; a provider that makes
    other sizes makes the nearest that covers it. card: drawn where no model makes the picture, by `draw`, which takes
    the number of a composition and gives a Pillow image and notes. captioned: captions will stand on its lower part,
    which a card leaves free. `prompt_hash` is the hash of the prompt files the words were made with.
    """

    purpose: str
    prompt: str
    width: int
    height: int
    card: CardText
    style: str = "photographic"
    quality: Literal["low", "medium", "high"] = "medium"
    brand: Brand = field(default_factory=Brand)
    prompt_hash: str = ""
    variant: int = 0
    captioned: bool = False
    draw: Callable[[ImageRequest, int], tuple[Any, tuple[str, ...]]] | None = field(default=None, compare=False)
