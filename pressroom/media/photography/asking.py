"""Builds the request for a picture of a product in one style."""

from __future__ import annotations

from typing import Literal

from pressroom.calls.images import EditRequest
from pressroom.errors import WrongInput
from pressroom.formats import prompts
from pressroom.media.photography.styles import photo_style
from pressroom.media.pictures.taken import Taken
from pressroom.model import Brand
from pressroom.writing.requests import with_data

PURPOSE = "photography"

DESCRIBED = 600
"""Characters of a description that are sent: more is about something else than what the product looks like."""

EDGES = (64, 4096)
"""Pixels an edge may have, at least and at most."""


def photo_request(
    picture: Taken,
    style: str,
    *,
    description: str = "",
    width: int,
    height: int,
    brand: Brand | None = None,
    ground: str = "",
    quality: Literal["low", "medium", "high"] = "medium",
    variant: int = 0,
) -> EditRequest:
    """The request for `picture`'s product in `style`, `width` x `height` pixels.

    ground: `#rrggbb` behind it where it is composed; "": the brand's background.

    Raises:
        WrongInput: an unknown style, or an edge outside of `EDGES`.
    """
    spec, look = photo_style(style), brand or Brand()
    if not all(EDGES[0] <= edge <= EDGES[1] for edge in (width, height)):
        raise WrongInput(
            f"A product picture of {width} x {height} pixels can't be made.",
            hint=f"Edges have {EDGES[0]} to {EDGES[1]} pixels.",
        )
    words, subject = prompts.load(PURPOSE), " ".join(description.split())[:DESCRIBED]
    colours = [ground or look.background, look.accent]
    return EditRequest(
        purpose=PURPOSE,
        style=style,
        prompt=with_data(words.render(scene=spec.scene, colours=colours), {"description": subject}),
        scene=spec.scene,
        subject=subject,
        source=picture,
        width=width,
        height=height,
        changes=spec.changes,
        quality=quality,
        brand=look,
        ground=ground,
        prompt_hash=f"{PURPOSE}:{words.hash}",
        variant=variant,
    )
