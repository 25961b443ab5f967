"""What a person, a schedule or a program asks a flow to do."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from pressroom.model.base import Frozen

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=64)]


class DailyRequest(Frozen):
    """What one daily run should make. Everything left out is taken from the settings."""

    date: dt.date | None = Field(
        default=None, description="Day the run is for; default: today in the workspace's zone."
    )
    ideas: int | None = Field(default=None, ge=1, le=100, description="How many ideas; default 5.")
    formats: tuple[Name, ...] | None = Field(
        default=None,
        min_length=1,
        description="Formats each idea is written in; default: linkedin_post, x_thread, instagram_reel.",
    )
    chain: tuple[Name, ...] | None = Field(
        default=None,
        min_length=1,
        description="Text providers in order, e.g. openai, anthropic, offline; default: PRESSROOM_TEXT_CHAIN.",
    )
    focus: str = Field(default="", max_length=500, description="What today's ideas should be about, if anything.")
    workspace: str | None = Field(
        default=None, pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="Workspace to work for; default: `default`."
    )
    refresh: bool = Field(default=False, description="Write the drafts anew, even where they are there already.")
    trigger: Literal["scheduled", "manual", "api"] | None = Field(
        default=None, description="Who started it; found out when left out."
    )


class BulkRequest(DailyRequest):
    """A daily run of up to 1,000 ideas: asked for in batches, written in shards."""

    ideas: int | None = Field(default=None, ge=1, le=1000, description="How many ideas, up to 1,000.")


class DailyPlan(Frozen):
    """A `DailyRequest` with every default filled in: what the run is known by."""

    day: dt.date
    ideas: int
    formats: tuple[str, ...]
    chain: tuple[str, ...]
    chain_fingerprint: str
    focus: str
    workspace: str
    preferences: dict[str, Any]

    @property
    def run_key(self) -> str:
        """`2026-11-20-` and a hash of the rest: the same inputs on the same day are the same run."""
        inputs = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return f"{self.day.isoformat()}-{hashlib.sha256(inputs.encode()).hexdigest()[:12]}"
