"""The base class of all values that tasks and programs exchange, and the type of a hashtag."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


def check_hashtag(tag: str) -> str:
    """The hashtag itself. Raises ValueError for one without a letter, which no platform takes."""
    if not any(char.isalpha() for char in tag):
        raise ValueError(f"{tag!r} can't be a hashtag: it has no letter")
    return tag


Hashtag = Annotated[str, AfterValidator(check_hashtag)]
"""A hashtag that a caller asks for, with or without its #."""


class Frozen(BaseModel):
    """A value: immutable, compared by content, refusing fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
