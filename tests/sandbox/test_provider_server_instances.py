"""The plainest value that fits a schema really fits it."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from sandbox.instances import instance


class Colour(Enum):
    RED = "red"


class Leaf(BaseModel):
    kind: Literal["leaf"]
    colour: Colour
    size: Annotated[int, Field(gt=3)]


class Tree(BaseModel):
    leaves: Annotated[list[Leaf], Field(min_length=3)]
    either: int | str
    maybe: str | None
    day: date
    name: Annotated[str, Field(min_length=40, max_length=44)]
    share: Annotated[float, Field(ge=0.5, le=0.75)]
    good: bool


@pytest.mark.parametrize("kind", [Leaf, Tree])
def test_instance_is_valid(kind: type[BaseModel]) -> None:
    kind.model_validate(instance(kind.model_json_schema()))
