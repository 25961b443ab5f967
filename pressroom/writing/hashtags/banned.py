"""Hashtags that platforms are known to restrict: `banned.json`, read once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pressroom.writing.hashtags.shared.words import key


@lru_cache(maxsize=1)
def table() -> Mapping[str, Any]:
    """`as_of`, `source`, and `groups` of tags with `why`; a group without `platforms` is about all of them."""
    data: dict[str, Any] = json.loads(files("pressroom.writing.hashtags").joinpath("banned.json").read_text("utf-8"))
    return data


@lru_cache(maxsize=32)
def banned_on(platform: str) -> Mapping[str, str]:
    """Keys of the hashtags restricted on `platform`, each with why."""
    return {
        key(tag): group["why"]
        for group in reversed(table()["groups"])  # what holds everywhere is the better reason
        if not group["platforms"] or platform in group["platforms"]
        for tag in group["tags"]
    }
