"""Media of a post: pictures, films, sounds and documents that a draft has attached, as publishers read them."""

from __future__ import annotations

from pydantic import Field

from pressroom.model.base import Frozen
from pressroom.model.images import AssetKind

MOST_MEDIA = 35
"""Media that one draft may have: the most that any platform takes in a post."""


class Medium(Frozen):
    """One file that is attached to a draft. key: where it lies in the artifact store.

    `width` and `height`, in pixels, are of kinds that are seen; `seconds` of those that last.
    """

    position: int = Field(ge=0, description="Its place in the post; 0 comes first.")
    kind: AssetKind
    key: str
    sha256: str = Field(description="Of the file, in hex.")
    media_type: str
    name: str = Field(default="", description="Of the file, for messages about it.")
    size: int = Field(ge=0, description="Bytes.")
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    alt_text: str = Field(default="", description="Alternative text, for readers who can't see or hear it.")
    made_by_ai: bool = Field(default=False, description="True when a model made it.")

    @property
    def label(self) -> str:
        """Its name for messages, e.g. `film.mp4`."""
        return self.name or self.key.rpartition("/")[2]
