"""Platform limits as data: `platforms.json`, read once."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any


@lru_cache(maxsize=1)
def platforms() -> dict[str, Any]:
    """The whole table: `hashtags` (min, max) and `image_sizes` [(width, height) in pixels] by platform."""
    data: dict[str, Any] = json.loads(files("pressroom.formats").joinpath("platforms.json").read_text("utf-8"))
    return data


def hashtag_range(platform: str) -> tuple[int, int]:
    """How many hashtags a post on `platform` carries: (least, most)."""
    least, most = platforms()["hashtags"][platform]
    return int(least), int(most)
