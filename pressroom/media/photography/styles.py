"""The styles a product can be photographed in, as `styles.toml` declares them."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Literal, Self

from pydantic import Field, TypeAdapter, model_validator

from pressroom.errors import WrongInput
from pressroom.model import Frozen

Share = Annotated[float, Field(ge=0, le=1)]


class Composition(Frozen):
    """How a style is composed from a cut-out; `styles.toml` says what each measure means."""

    share: Annotated[float, Field(gt=0, le=1)]
    centre: Share
    ground: Literal["sweep", "gradient"]
    shade: Share
    lift: Share
    shadow: Share
    softness: Share


class PhotoStyle(Frozen):
    """title: for a person. scene, changes: for a model. needs: `model`, or `cut_out` when `composed` says how."""

    title: str
    scene: str
    changes: Literal["background", "view"]
    needs: Literal["model", "cut_out"]
    composed: Composition | None = None

    @model_validator(mode="after")
    def _says_how(self) -> Self:
        if (self.composed is not None) != (self.needs == "cut_out"):
            raise ValueError("a style that needs no more than a cut-out, and no other, says how it is composed")
        return self


@lru_cache(maxsize=1)
def photo_styles() -> dict[str, PhotoStyle]:
    """Every style by its name, in the order in which they are offered."""
    text = files("pressroom.media.photography").joinpath("styles.toml").read_text("utf-8")
    return TypeAdapter(dict[str, PhotoStyle]).validate_python(tomllib.loads(text))


def photo_style(name: str) -> PhotoStyle:
    """The style called `name`.

    Raises:
        WrongInput: no style has that name.
    """
    if name not in photo_styles():
        raise WrongInput(
            f"There is no product photography style called {name!r}.", hint=f"Choose from: {', '.join(photo_styles())}."
        )
    return photo_styles()[name]
