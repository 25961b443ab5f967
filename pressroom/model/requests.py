"""What a person, a schedule or a program asks a flow to do."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from pressroom.model.base import Frozen, Hashtag
from pressroom.model.ideas import LANGUAGE
from pressroom.model.images import Brand

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


class RepurposeRequest(Frozen):
    """Documents, and what to make of them. Everything left out is taken from the settings and the workspace."""

    sources: tuple[str, ...] = Field(
        default=(), max_length=100, description="Addresses of pages or feeds, or paths of files where the run happens."
    )
    text: str = Field(default="", max_length=5_000_000, description="A document's own words, instead of a source.")
    title: str = Field(default="", max_length=300, description="Its title, where the document names none or another.")
    formats: tuple[Name, ...] | None = Field(
        default=None, min_length=1, description="Formats each document is written in; default: all there are."
    )
    platform_images: tuple[Name, ...] | None = Field(
        default=None, description="Platforms that get a picture; default: those of the formats. Empty: no pictures."
    )
    tone: str | None = Field(default=None, max_length=300, description="How it should sound.")
    audience: str | None = Field(default=None, max_length=300, description="Who reads it.")
    hashtags: tuple[Hashtag, ...] = Field(default=(), max_length=30, description="Hashtags to use wherever they fit.")
    language: str | None = Field(
        default=None,
        pattern=LANGUAGE,
        description="BCP 47 tag of the language to write in; default: each document's own.",
    )
    voice: Name | None = Field(default=None, description="A brand voice of the workspace, by name.")
    chain: tuple[Name, ...] | None = Field(
        default=None, min_length=1, description="Text providers in order; default: PRESSROOM_TEXT_CHAIN."
    )
    image_chain: tuple[Name, ...] | None = Field(
        default=None, min_length=1, description="Image providers in order; default: PRESSROOM_IMAGE_CHAIN."
    )
    image_style: Name | None = Field(default=None, description="Style of the pictures; default: photographic.")
    workspace: str | None = Field(
        default=None, pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="Workspace to work for; default: `default`."
    )
    refresh: bool = Field(default=False, description="Write the drafts anew, even where they are there already.")
    trigger: Literal["scheduled", "manual", "api"] | None = Field(
        default=None, description="Who started it; found out when left out."
    )

    @model_validator(mode="after")
    def _something_to_read(self) -> Self:
        if not any(source.strip() for source in self.sources) and not self.text.strip():
            raise ValueError("name at least one source, or give a text")
        return self


class PictureWishes(Frozen):
    """Which pictures a document gets, and how they look."""

    platforms: tuple[str, ...] = ()
    chain: tuple[str, ...] = ()
    style: str = "photographic"
    quality: Literal["low", "medium", "high"] = "medium"
    brand: Brand = Brand()


class RepurposePlan(Frozen):
    """A `RepurposeRequest` with its documents read and every default filled in: what the run is known by."""

    documents: tuple[str, ...] = Field(description="Hashes of what was read, in order.")
    unread: tuple[str, ...] = Field(default=(), description="Sources that could not be read.")
    formats: tuple[str, ...]
    chain: tuple[str, ...]
    chain_fingerprint: str
    pictures: PictureWishes
    pictures_fingerprint: str
    own_language: bool = Field(description="Whether each document is written up in its own language.")
    workspace: str
    preferences: dict[str, Any]

    @property
    def run_key(self) -> str:
        """`doc-` and a hash of it all: the same words and wishes are the same run, on any day."""
        return f"doc-{_hash(self)}"


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
        return f"{self.day.isoformat()}-{_hash(self)[:12]}"


def _hash(plan: Frozen) -> str:
    inputs = json.dumps(plan.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(inputs.encode()).hexdigest()[:24]
