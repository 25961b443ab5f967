"""Requests of a person or a program to repair a run."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from pydantic import Field, model_validator

from pressroom.model.base import Frozen
from pressroom.model.forms import Request, Table, setting
from pressroom.model.requests import DailyRequest

WORKSPACE = r"^[a-z0-9][a-z0-9-]{0,62}$"
LONGEST_BACKFILL = 366
"""Days one backfill may span."""


class RetryRequest(Request):
    """The run whose failed parts to make again."""

    usual: ClassVar[Table] = {"workspace": setting("workspace")}
    examples: ClassVar[Table] = {"run": ["latest", "2026-11-20", "3f9a"]}

    run: str = Field(
        default="latest", max_length=64, description="The run's id or its first digits, its date, or `latest`."
    )
    workspace: str | None = Field(default=None, pattern=WORKSPACE, description="Workspace it belongs to.")


class RedoRequest(Request):
    """The draft to write again, and the reason."""

    usual: ClassVar[Table] = {"workspace": setting("workspace")}
    examples: ClassVar[Table] = {"content": ["1e14"], "note": ["Shorter, and without the statistics."]}

    content: str = Field(min_length=1, max_length=32, description="The draft's id or its first digits.")
    note: str = Field(default="", max_length=2000, description="What the reviewer wants to be different.")
    suggest: bool = Field(
        default=False, description="Keep the new text as a suggestion beside the draft's own, until a user takes it."
    )
    workspace: str | None = Field(default=None, pattern=WORKSPACE, description="Workspace it belongs to.")


class BackfillRequest(Request):
    """The past days to make, each as its own run."""

    usual: ClassVar[Table] = {"daily": dict}
    examples: ClassVar[Table] = {"first": ["2026-11-01"], "last": ["2026-11-07"]}

    first: dt.date = Field(description="First day.")
    last: dt.date = Field(description="Last day, included.")
    at_once: int = Field(default=2, ge=1, le=10, description="How many days are made at the same time.")
    daily: DailyRequest = Field(default=DailyRequest(), description="What each day's run should make.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError("the last day is before the first")
        if (self.last - self.first).days >= LONGEST_BACKFILL:
            raise ValueError(f"a backfill spans {LONGEST_BACKFILL} days at most")
        return self

    @property
    def days(self) -> tuple[dt.date, ...]:
        span = (self.last - self.first).days + 1
        return tuple(self.first + dt.timedelta(days=offset) for offset in range(span))


class BackfilledDay(Frozen):
    """The outcome for one day."""

    date: dt.date
    status: str = Field(description="The run's status, or the state of its flow run when it left no report.")
    run_id: str | None = None
    error: str | None = None


class BackfillReport(Frozen):
    days: tuple[BackfilledDay, ...]
