"""Parameters and bodies of the requests about content: filters, ids, versions, and the texts that change it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from fastapi import Depends, Header, Path
from pydantic import BaseModel, ConfigDict, Field, model_validator

from apps.api.paging import Selection
from apps.desk.dependencies import expected_version
from pressroom.model import State
from pressroom.review import editing, moving
from pressroom.review.listing import ContentFilter

AN_ID, ANOTHER = "9f1b" * 8, "07cd" * 8
HIGHEST = 1_000_000
"""No content has more revisions."""

ContentId = Annotated[str, Path(max_length=64, description="The content's id.", examples=[AN_ID])]
Number = Annotated[int, Path(ge=1, le=HIGHEST, description="1 is what was generated.", examples=[1])]
Note = Annotated[str, Field(max_length=editing.LONGEST_NOTE, examples=["Shorter, and with the date."])]


class ContentQuery(ContentFilter):
    """The filters of a list of content, as an address says them."""

    model_config = ConfigDict(extra="ignore")

    states: tuple[State, ...] = Field(
        default=(), alias="state", description="In this state; given again: in one of them."
    )

    @property
    def filter(self) -> ContentFilter:
        """The filters alone."""
        return ContentFilter.model_construct(**{name: getattr(self, name) for name in ContentFilter.model_fields})


class ContentList(Selection, ContentQuery):
    """The content that is wanted, and the part of its list."""


class ContentExport(ContentQuery):
    """The content that is wanted, and as what."""

    kind: Literal["csv", "json"] = Field(default="csv", alias="as")


async def seen_version(
    if_match: Annotated[
        str | None, Header(alias="If-Match", description="The version that was seen; without it: whatever is there.")
    ] = None,
) -> int | None:
    """The version that a change is based on; None when the caller names no version."""
    return None if if_match is None else await expected_version(if_match)


SeenDep = Annotated[int | None, Depends(seen_version)]


class Edit(BaseModel):
    """A new text: every field of the format."""

    body: dict[str, Any] = Field(
        description="As the content's `body_schema` says.", examples=[{"posts": ["Ask the night shift first. #ops"]}]
    )
    note: Note = ""


class StateChange(BaseModel):
    """The state to move to. `ready` is your approval of exactly this version."""

    state: State = Field(examples=["ready"])
    note: Note = ""
    url: str = Field(default="", max_length=moving.LONGEST_URL, description="Of `published`: address of the post.")


class Bulk(BaseModel):
    """One change to up to 100 pieces of content; each succeeds or fails by itself."""

    action: Literal["move", "delete", "restore"] = "move"
    ids: list[Annotated[str, Field(max_length=64)]] = Field(
        min_length=1, max_length=moving.MOST_AT_ONCE, examples=[[AN_ID, ANOTHER]]
    )
    to: State | None = Field(default=None, description="Of a move: where to.", examples=["reviewed"])
    versions: dict[str, int] = Field(default={}, description="Versions that were seen, by id; others: as they are.")
    note: Note = ""

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if self.action == "move" and self.to is None:
            raise ValueError("say in `to` where they are to be moved")
        return self


class Words(BaseModel):
    """A text to check without saving it."""

    body: dict[str, Any] = Field(examples=[{"posts": ["Ask the night shift first. #ops"]}])


class Reversion(BaseModel):
    """The revision to restore."""

    number: int = Field(ge=1, le=HIGHEST, examples=[1])


class Wish(BaseModel):
    """A note on what to change in the next draft."""

    note: Note = ""
