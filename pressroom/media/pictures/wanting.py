"""The pictures of a document: which ones, in which sizes, and the request for each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from pressroom import formats, platforms
from pressroom.calls.accounts import chain_names
from pressroom.errors import WrongInput
from pressroom.formats import prompts
from pressroom.model import Brand, CardText, ImageRequest, PictureWishes, RepurposeRequest
from pressroom.model.images import ImageIdea
from pressroom.model.optimizing import OptimizeRequest
from pressroom.platforms import image_size_for
from pressroom.settings import Settings, settings

THUMBNAIL = ("thumbnail", 1280, 720)

Shape = tuple[int, int]

SQUARE: Shape = (1, 1)
"""Where a platform takes several shapes and the source has no picture of its own."""


def wanted(platforms: Sequence[str], *, source: Shape = SQUARE) -> tuple[tuple[str, int, int], ...]:
    """One thumbnail, and one picture for each of `platforms` once, in order: purpose, width, height in pixels.

    source: width and height of the document's own picture, whose shape decides where a platform takes several.

    Raises:
        WrongInput: a platform without image sizes.
    """
    return (THUMBNAIL, *((platform, *image_size_for(platform, *source)) for platform in dict.fromkeys(platforms)))


def styles() -> tuple[str, ...]:
    """Names of the styles there are, sorted."""
    return tuple(sorted(_words()["styles"]))


def check_style(style: str) -> str:
    """The style itself.

    Raises:
        WrongInput: no style has that name.
    """
    if style not in styles():
        raise WrongInput(f"There is no image style called {style!r}.", hint=f"Choose from: {', '.join(styles())}.")
    return style


def wanted_formats(request: RepurposeRequest) -> tuple[str, ...]:
    """The formats asked for, else all of them. Raises WrongInput when there is no such format."""
    return formats.resolve(request.formats, formats.names())


def wanted_pictures(request: RepurposeRequest, wanted: Sequence[str]) -> PictureWishes:
    """Plans requested pictures; else one for each picture platform of the formats `wanted`.

    Raises:
        WrongInput: no style has that name.
    """
    chosen = settings()
    theirs = tuple(dict.fromkeys(formats.get(name).platform for name in wanted))
    asked = request.platform_images
    return PictureWishes(
        platforms=tuple(name for name in theirs if name in platforms.names())
        if asked is None
        else tuple(dict.fromkeys(asked)),
        chain=tuple(dict.fromkeys(request.image_chain or chain_names("image", chosen))),
        style=check_style(request.image_style or chosen.image_style),
        quality=chosen.image_quality,
        brand=brand_from_settings(chosen),
    )


def wanted_platforms(request: OptimizeRequest) -> tuple[str, ...]:
    """Lists requested platforms once, else all that take pictures.

    Raises:
        WrongInput: one takes none.
    """
    names = tuple(dict.fromkeys(request.platforms or platforms.names()))
    for name in names:
        image_size_for(name, 1, 1)
    return names


def image_request(
    idea: ImageIdea,
    *,
    purpose: str,
    width: int,
    height: int,
    card: CardText,
    style: str = "photographic",
    quality: Literal["low", "medium", "high"] = "medium",
    brand: Brand | None = None,
    variant: int = 0,
    idea_hash: str = "",
    captioned: bool = False,
) -> ImageRequest:
    """The request for one picture of `idea`, as `wanted` lists it.

    card: drawn where no model is asked. captioned: captions will stand on its lower part. idea_hash: hash of the
    prompt files the idea was asked for with.

    Raises:
        WrongInput: there is no such style.
    """
    look = brand or Brand()
    prompt = prompts.load("image")
    return ImageRequest(
        purpose=purpose,
        prompt=prompt.render(
            idea=idea.prompt,
            style=_words()["styles"][check_style(style)],
            place=_scene(purpose),
            colours=[look.background, look.accent],
        ),
        width=width,
        height=height,
        card=card,
        style=style,
        quality=quality,
        brand=look,
        prompt_hash="+".join(filter(None, (idea_hash, f"image:{prompt.hash}"))),
        variant=variant,
        captioned=captioned,
    )


def brand_from_settings(source: Settings) -> Brand:
    """How the workspace looks."""
    return Brand(
        name=source.brand_name,
        background=source.brand_background,
        text=source.brand_text,
        accent=source.brand_accent,
        font=source.brand_font,
        logo=source.brand_logo,
    )


def _scene(purpose: str) -> str:
    """The look of a picture for that purpose, in a sentence; empty for an unknown platform."""
    known = platforms.find(purpose)
    return str(_words()["thumbnail"]) if purpose == THUMBNAIL[0] else known.words.scene if known else ""


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files("pressroom.media.pictures").joinpath("styles.json").read_text("utf-8"))
    return data
