"""Hashtags that platforms are known to restrict: `banned.json` for all of them, each platform's own from its file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pressroom import platforms
from pressroom.writing.hashtags.shared.words import key


@lru_cache(maxsize=1)
def table() -> Mapping[str, Any]:
    """`as_of`, `source`, and `groups` of tags with `why` that hold on each platform."""
    data: dict[str, Any] = json.loads(files("pressroom.writing.hashtags").joinpath("banned.json").read_text("utf-8"))
    return data


@lru_cache(maxsize=32)
def banned_on(platform: str) -> Mapping[str, str]:
    """Keys of the hashtags restricted on `platform`, each with why; a reason that holds everywhere comes first."""
    known = platforms.find(platform)
    own = {key(tag): group.why for group in (known.hashtags.restricted if known else ()) for tag in group.tags}
    return own | {key(tag): group["why"] for group in reversed(table()["groups"]) for tag in group["tags"]}
