"""Values of working at what is due: the request of the flow, and what became of each row."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from pydantic import Field

from pressroom.model.base import Frozen
from pressroom.model.forms import Request, Table, setting


class PublishRequest(Request):
    """How the publications that are due are worked at."""

    usual: ClassVar[Table] = {"at_once": setting("publish_concurrency")}

    at_once: int | None = Field(
        default=None,
        ge=1,
        le=100,
        description="Publications worked on at the same time; default: PRESSROOM_PUBLISH_CONCURRENCY.",
    )


class Advance(Frozen):
    """How far one publication got. state: its own then; empty when it is gone, another worker has it, or it raised."""

    publication_id: str
    state: str
    error: str = ""


class PublishReport(Frozen):
    """The rows that were worked at, in the order in which they ended."""

    rows: tuple[Advance, ...] = ()

    @property
    def failed(self) -> tuple[Advance, ...]:
        """Rows that raised an error of ours; what a platform refuses is no such error."""
        return tuple(row for row in self.rows if row.error)


class Overdue(Frozen):
    """Rows that ought to have been worked at. since: the earliest moment one of them was due. error: one of theirs."""

    count: int = 0
    since: dt.datetime | None = None
    error: str = ""

    def __str__(self) -> str:
        since = f", the oldest since {self.since:%Y-%m-%d %H:%M} UTC" if self.since else ""
        verb = "publication is" if self.count == 1 else "publications are"
        return f"{self.count} {verb} due and not worked on{since}." + (
            f" The last error: {self.error}" if self.error else ""
        )
