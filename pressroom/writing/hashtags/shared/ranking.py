"""The numbers of the ranking: `ranking.toml`, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from pydantic import Field

from pressroom.model.base import Frozen
from pressroom.writing.hashtags.shared.declare import Band


class Crowded(Frozen):
    penalty: float = Field(gt=0, le=1)


class Ranking(Frozen):
    """The content of `ranking.toml`; the comments there explain each number."""

    least_score: float
    kept_by_any_niche: float = Field(ge=0, le=1)
    relevance: float = Field(ge=0, lt=1)
    sources: Mapping[str, float]
    bands: Mapping[Band, float]
    crowded: Crowded

    def of_source(self, name: str) -> float:
        return self.sources.get(name, self.sources["web"])


@lru_cache(maxsize=1)
def ranking() -> Ranking:
    return Ranking.model_validate(
        tomllib.loads(files("pressroom.writing.hashtags").joinpath("ranking.toml").read_text("utf-8"))
    )
