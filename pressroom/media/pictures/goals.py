"""How small a file should be, and which qualities are tried for it: `goals.json`, read once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pressroom import platforms
from pressroom.media.pictures.values import Format


@dataclass(frozen=True)
class Goal:
    """most_bytes: None: as small as `likeness` allows. most, least: qualities between which is searched."""

    most_bytes: int | None
    likeness: float
    most: int
    least: int


def goal_for(platform: str, kind: Format, most_bytes: int | None, *, made: bool = False) -> Goal | None:
    """The goal of the search for a quality; None for PNG without a limit, since PNG has no quality to reduce.

    made: of a picture that was made for the post, and no photograph.
    """
    if kind == "png":
        return None if most_bytes is None else Goal(most_bytes, 0.0, 100, 100)
    known = platforms.find(platform)
    usual = known.images.usual_bytes if known else _data()["made"]["usual_bytes"] if made else None
    wanted = usual if most_bytes is None else most_bytes
    return Goal(wanted, _data()["likeness"], **(_data()["made"] if made else _data())["quality"][kind])


def encoder_options(kind: Format) -> dict[str, Any]:
    """Of Pillow's `save`; the same ones give the same bytes."""
    return dict(_data()["encoder"][kind])


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files(__package__).joinpath("goals.json").read_text("utf-8"))
    return data
