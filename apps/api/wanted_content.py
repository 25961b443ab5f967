"""What routes about content are asked with: filters, ids, versions, and the bodies of requests."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, Self

from fastapi import Depends, Header, Path, Query
from pydantic import BaseModel, Field, model_validator

from apps.api.dependencies import expected_version
from pressroom.model import State
from pressroom.review import editing, listing, moving
from pressroom.review.listing import ContentFilter

AN_ID, ANOTHER = "9f1b" * 8, "07cd" * 8
HIGHEST = 1_000_000
"""No content has more revisions."""

ContentId = Annotated[str, Path(max_length=64, description="The content's id.", examples=[AN_ID])]
Number = Annotated[int, Path(ge=1, le=HIGHEST, description="1 is what was generated.", examples=[1])]
Note = Annotated[str, Field(max_length=editing.LONGEST_NOTE, examples=["Shorter, and with the date."])]


async def wanted_content(
    date_from: Annotated[dt.date | None, Query(description="Of runs on this day or later.")] = None,
    date_to: Annotated[dt.date | None, Query(description="Of runs on this day or earlier.")] = None,
    state: Annotated[list[State] | None, Query(description="In this state; given again: in one of them.")] = None,
    platform: Annotated[str | None, Query(max_length=32, examples=["linkedin"])] = None,
    format: Annotated[str | None, Query(max_length=64, examples=["linkedin_post"])] = None,  # noqa: A002 (its name)
    category: Annotated[str | None, Query(max_length=200, description="The idea's topic.")] = None,
    text: Annotated[
        str | None, Query(max_length=listing.LONGEST_SEARCH, description="Stands in its text or its idea's title.")
    ] = None,
    run: Annotated[str | None, Query(max_length=32, description="Id of its run.")] = None,
    idea: Annotated[str | None, Query(max_length=32, description="Id of its idea.")] = None,
    flagged: Annotated[bool | None, Query(description="With, or without, something a person should look at.")] = None,
    deleted: Annotated[bool, Query(description="Deleted content, instead of all other.")] = False,
) -> ContentFilter:
    """The filters of a list of content, from the address."""
    return ContentFilter(
        date_from=date_from, date_to=date_to, states=tuple(state or ()), platform=platform, format=format,
        category=category, text=text, run=run, idea=idea, flagged=flagged, deleted=deleted,
    )  # fmt: skip


async def seen_version(
    if_match: Annotated[
        str | None, Header(alias="If-Match", description="The version that was seen; without it: whatever is there.")
    ] = None,
) -> int | None:
    """The version a change was made to, where a caller may leave that open."""
    return None if if_match is None else await expected_version(if_match)


FilterDep = Annotated[ContentFilter, Depends(wanted_content)]
SeenDep = Annotated[int | None, Depends(seen_version)]


class Edit(BaseModel):
    """New words: every field of the format."""

    body: dict[str, Any] = Field(
        description="As the content's `body_schema` says.", examples=[{"posts": ["Ask the night shift first. #ops"]}]
    )
    note: Note = ""


class StateChange(BaseModel):
    """Where to. `ready` is your approval of exactly this version."""

    state: State = Field(examples=["ready"])
    note: Note = ""


class Bulk(BaseModel):
    """One change of up to 100 pieces of content, each by itself."""

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
    """Words to be checked; nothing is kept."""

    body: dict[str, Any] = Field(examples=[{"posts": ["Ask the night shift first. #ops"]}])


class Reversion(BaseModel):
    """Which wording to put back."""

    number: int = Field(ge=1, le=HIGHEST, examples=[1])


class Wish(BaseModel):
    """What should be different about the next draft."""

    note: Note = ""
