"""The declaration of a source of hashtags, its request, and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol, runtime_checkable

from pydantic import Field

from pressroom.model.base import Frozen

Band = Literal["broad", "mid", "niche"]
"""How general a hashtag is: `broad` is used by everyone, `niche` by a few people."""


class Niche(Frozen):
    """A subject that has hashtags of its own, found in the description of a picture."""

    name: str = Field(description="As in the lexicon, e.g. `small_business`.")
    score: float = Field(gt=0, le=1, description="1 for the one that was found best.")
    because: tuple[str, ...] = Field(description="The words it was told by.")

    @property
    def title(self) -> str:
        return self.name.replace("_", " ")


class Query(Frozen):
    """A request to a source: hashtags for a post on `platform` about this picture."""

    platform: str
    description: str = Field(default="", description="What the picture shows, in sentences.")
    words: tuple[str, ...] = Field(default=(), description="The user's own words, the weightiest first.")
    niches: tuple[Niche, ...] = ()
    language: str = Field(default="en", description="BCP 47 tag of the language the post is in.")

    @property
    def about(self) -> str:
        """All that was said about the picture."""
        return " ".join((self.description, *self.words))


class Candidate(Frozen):
    """A hashtag that a source proposes. Malformed and banned ones are sorted out later."""

    tag: str = Field(description="With or without its `#`.")
    weight: float = Field(default=0.5, ge=0, le=1, allow_inf_nan=False, description="How sure its source is.")
    source: str = Field(description="The name of the source.")
    band: Band | None = Field(default=None, description="How general it is, where the source knows.")
    last_resort: bool = Field(default=False, description="Taken only to reach a platform's least number.")


class Chosen(Frozen):
    """The hashtags of one post, best first, the caller's own before all others."""

    tags: tuple[str, ...] = Field(description="Without `#`.")
    from_sources: dict[str, tuple[str, ...]] = Field(
        description="Of each tag, the sources that proposed it; `caller` for the caller's own."
    )
    notes: tuple[str, ...] = Field(default=(), description="Sentences: what was left out or is missing, and why.")


@runtime_checkable
class HashtagSource(Protocol):
    """Anything that proposes hashtags. One that raises is skipped and named; it keeps its own time limit."""

    @property
    def name(self) -> str:
        """Short and stable, e.g. `lexicon`; sources with a weight of their own stand in `ranking.toml`."""
        ...

    def candidates(self, query: Query) -> Sequence[Candidate]: ...
