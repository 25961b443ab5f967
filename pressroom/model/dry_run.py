"""A dry run: exactly what would be sent to one channel, what the platform makes of it, and what it costs."""

from __future__ import annotations

import datetime as dt

from pydantic import Field, computed_field

from pressroom.model.base import Frozen
from pressroom.model.publishing import Certainty, PartKind, Problem


class PartShown(Frozen):
    """One post, or the first comment, as it is sent. limit: None where the platform names none for such a part."""

    kind: PartKind
    text: str = Field(description="The words exactly as they are sent: escaped where the platform wants that.")
    count: int = Field(description="As the platform counts.")
    limit: int | None
    unit: str = Field(examples=["characters"])
    links: tuple[str, ...] = ()
    cut_after: str = Field(
        default="", description="The last words that were left if nothing were escaped; empty where nothing is cut."
    )


class FileMeasure(Frozen):
    """One figure of a file, and what the platform takes."""

    name: str = Field(examples=["bytes"])
    found: str = Field(examples=["1,204,331"])
    limit: str = Field(examples=["at most 5,000,000"])
    fits: bool


class FileShown(Frozen):
    """A file of the post against the platform's limits."""

    position: int
    name: str
    media_type: str
    alt_text: str
    measures: tuple[FileMeasure, ...]


class DryRun(Frozen):
    """Everything that is known before a draft is sent to a channel. Nothing was sent, planned or changed for it."""

    content_id: str
    channel_id: str
    channel: str = Field(description="The account's name.", examples=["ada.example.com"])
    platform: str
    planned_wall: str = Field(
        description="Clock time in `zone`; empty where it has none.", examples=["2026-12-01T09:00"]
    )
    zone: str
    planned_at: dt.datetime | None
    note: str = Field(default="", description="On a clock time that does not exist, or exists twice, on that day.")
    title: str = ""
    link: str = ""
    tags: str = ""
    language: str
    parts: tuple[PartShown, ...]
    files: tuple[FileShown, ...]
    links: tuple[str, ...]
    cost_microusd: int = Field(description="The platform's price, in millionths of a dollar.")
    cost: str = Field(examples=["$0.200. A post with a link costs $0.200 on X, one without costs $0.015."])
    first_comment: str = Field(description="Whether it is sent, stays with the draft, or is not there.")
    disclosure: str = Field(description="How readers learn that AI made it.")
    quota: str = Field(description="What is left of the platform's quota, or why that is not known.")
    sign_in: str = Field(description="Until when the channel's sign-in holds.")
    certainty: Certainty = Field(description="How surely the platform tells afterwards if it is public.")
    proof: str = Field(description="What that rests on.")
    problems: tuple[Problem, ...] = Field(description="All that keeps it from the platform, and all warnings.")

    @computed_field(description="True when nothing keeps it from being planned.")  # type: ignore[prop-decorator]
    @property
    def ready(self) -> bool:
        return not any(problem.blocking for problem in self.problems)
