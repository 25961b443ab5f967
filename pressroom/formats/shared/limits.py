"""Platform limits as data: `platforms.json`, read once."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pressroom.errors import WrongInput


@lru_cache(maxsize=1)
def platforms() -> dict[str, Any]:
    """The whole table by platform: `hashtags` (min, max), `limits`, `image_sizes` [(width, height) in pixels]."""
    data: dict[str, Any] = json.loads(files("pressroom.formats").joinpath("platforms.json").read_text("utf-8"))
    return data


def of_platform(platform: str) -> dict[str, Any]:
    """Every entry of the table that concerns `platform`."""
    return {kind: table[platform] for kind, table in platforms().items() if platform in table and kind != "as_of"}


def hashtag_range(platform: str) -> tuple[int, int]:
    """How many hashtags a post on `platform` carries: (least, most)."""
    least, most = platforms()["hashtags"][platform]
    return int(least), int(most)


def limit(platform: str, name: str) -> int:
    """One number of the platform, e.g. `limit("x", "post_weight")`; its unit ends its name."""
    return int(platforms()["limits"][platform][name])


def image_size_for(platform: str, width: int, height: int) -> tuple[int, int]:
    """The size (width, height) in pixels, of those `platform` takes, whose shape is nearest to the source's own.

    Nearest by the ratio of the two shapes, so that twice as wide is as far off as twice as high.

    Raises:
        WrongInput: the platform has no image sizes, or the source has no area.
    """
    sizes = platforms()["image_sizes"]
    if platform not in sizes:
        raise WrongInput(
            f"No image sizes are known for {platform!r}.", hint=f"Choose from: {', '.join(sorted(sizes))}."
        )
    if width <= 0 or height <= 0:
        raise WrongInput(f"An image of {width}x{height} pixels has no shape.")
    shape = math.log(width / height)
    nearest = min(sizes[platform], key=lambda size: abs(math.log(size[0] / size[1]) - shape))
    return int(nearest[0]), int(nearest[1])
