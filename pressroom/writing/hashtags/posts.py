"""How each platform puts a post with a picture together (`posts.json`, read once), and how it counts its length."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from pydantic import Field

from pressroom import counting
from pressroom.errors import WrongInput
from pressroom.formats.shared import tags
from pressroom.formats.shared.limits import limit
from pressroom.model.base import Frozen

Measure = Literal["characters", "bytes", "x_weight", "threads_weight", "bluesky_graphemes"]


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", errors="replace"))


def _bluesky(text: str) -> int:
    return counting.graphemes(counting.bluesky_shown(text))


MEASURES: Mapping[Measure, tuple[Callable[[str], int], str]] = {
    "characters": (len, "characters"),
    "bytes": (_bytes, "bytes"),
    "x_weight": (counting.x_length, "characters as X counts them"),
    "threads_weight": (counting.threads_length, "characters as Threads counts them"),
    "bluesky_graphemes": (_bluesky, "characters as Bluesky counts them"),
}
"""How a text is measured, and what the result is called."""


class PostForm(Frozen):
    """One platform's habits."""

    called: str = Field(description="What the platform calls the words beside a picture.")
    limits: dict[str, Measure] = Field(
        description="Its limits by name in `platforms.json`, and how each is measured; the first is the one shown."
    )
    hashtags: Literal["first_comment", "in_post"]
    accounts: str = Field(description="Where accounts are tagged: one sentence.")
    closing: str = Field(description="A sentence in English a plain caption ends with.")

    @property
    def shown(self) -> tuple[str | None, Measure]:
        """The limit that is shown, and how it is measured; characters where there is none."""
        return next(iter(self.limits.items()), (None, "characters"))


@lru_cache(maxsize=1)
def _forms() -> dict[str, PostForm]:
    data = json.loads(files("pressroom.writing.hashtags").joinpath("posts.json").read_text("utf-8"))
    return {platform: PostForm.model_validate(form) for platform, form in data["platforms"].items()}


def known(platform: str) -> bool:
    return platform in _forms()


def post_form(platform: str) -> PostForm:
    """Raises `WrongInput` for a platform nothing is known about."""
    if platform not in _forms():
        raise WrongInput(
            f"There is no platform called {platform!r}.", hint=f"Choose from: {', '.join(sorted(_forms()))}."
        )
    return _forms()[platform]


def unit(platform: str) -> str:
    """What the platform counts a post in, in words."""
    return MEASURES[post_form(platform).shown[1]][1]


def length(platform: str, text: str) -> int:
    """How long `text` is to the platform, in its unit."""
    return MEASURES[post_form(platform).shown[1]][0](text)


def longest(platform: str) -> int | None:
    """The most the platform takes, in its unit; None where no limit is known."""
    name = post_form(platform).shown[0]
    return None if name is None else limit(platform, name)


def fits(platform: str, text: str) -> bool:
    """Whether `text` keeps every limit of the platform."""
    limits = post_form(platform).limits.items()
    return all(MEASURES[measure][0](text) <= limit(platform, name) for name, measure in limits)


def whole_post(platform: str, caption: str, hashtags: Sequence[str]) -> str:
    """What is pasted as the post: the caption, and below it the hashtags where they stand in the post,
    as on a platform nothing is known about."""
    apart = known(platform) and post_form(platform).hashtags == "first_comment"
    return "\n\n".join(part for part in (caption, "" if apart else tags.written(hashtags)) if part)
