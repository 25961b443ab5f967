"""Requests of a person, a schedule or a program to a flow."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from pressroom.model.base import Frozen, Hashtag
from pressroom.model.forms import FORMATS, PLATFORMS, STYLES, Request, Table, fixed, named_by, setting
from pressroom.model.ideas import LANGUAGE
from pressroom.model.images import Brand
from pressroom.model.trends import REGION

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=64)]


class DailyRequest(Request):
    """The request for one daily run. A field that is left out is taken from the settings."""

    choices: ClassVar[Table] = {"formats": FORMATS}
    usual: ClassVar[Table] = {"ideas": setting("ideas"), "formats": setting("formats"), "chain": setting("text_chain"),
             "workspace": setting("workspace")}  # fmt: skip
    examples: ClassVar[Table] = {"focus": ["cloud costs"], "date": ["2026-11-20"]}

    date: dt.date | None = Field(
        default=None, description="Day the run is for; default: today in the workspace's zone."
    )
    ideas: int | None = Field(default=None, ge=1, le=1000, description="How many ideas; default 5.")
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
    opportunities: tuple[Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{4,32}$")], ...] | None = Field(
        default=None,
        max_length=100,
        description="Opportunities to write about, each by its id or the first digits; "
        "default: those that were taken, then the best open ones.",
    )
    workspace: str | None = Field(
        default=None, pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="Workspace to work for; default: `default`."
    )
    refresh: bool = Field(default=False, description="Write the drafts again, even where they are there already.")
    trigger: Literal["scheduled", "manual", "api"] | None = Field(
        default=None, description="Who started it; found out when left out."
    )


class RepurposeRequest(Request):
    """Documents, and what to make of them. Everything left out is taken from the settings and the workspace."""

    choices: ClassVar[Table] = {"formats": FORMATS, "platform_images": PLATFORMS,
               "image_style": STYLES}  # fmt: skip
    usual: ClassVar[Table] = {"formats": FORMATS, "chain": setting("text_chain"), "image_chain": setting("image_chain"),
             "image_style": fixed("photographic"), "workspace": setting("workspace")}  # fmt: skip
    examples: ClassVar[Table] = {
        "sources": [["https://example.com/post"]],
        "tone": ["dry and exact"],
        "audience": ["engineers"],
        "language": ["de", "pt-BR"],
        "hashtags": [["finops"]],
        "voice": ["house"],
    }

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
    refresh: bool = Field(default=False, description="Write the drafts again, even where they are there already.")
    trigger: Literal["scheduled", "manual", "api"] | None = Field(
        default=None, description="Who started it; found out when left out."
    )

    @model_validator(mode="after")
    def _something_to_read(self) -> Self:
        if not any(source.strip() for source in self.sources) and not self.text.strip():
            raise ValueError("name at least one source, or give a text")
        return self


class TrendsRequest(Request):
    """The request for one collection of trends. A field that is left out is taken from the settings."""

    choices: ClassVar[Table] = {"sources": named_by("pressroom.sources.trends:SOURCES.names")}
    usual: ClassVar[Table] = {"chain": setting("text_chain"), "workspace": setting("workspace")}
    examples: ClassVar[Table] = {"regions": [["DE", "US"]]}

    regions: tuple[Annotated[str, StringConstraints(pattern=REGION)], ...] | None = Field(
        default=None, min_length=1, max_length=20, description="Countries as ISO 3166-1 alpha-2, e.g. DE, US."
    )
    sources: tuple[Name, ...] | None = Field(
        default=None, min_length=1, description="Sources to ask now, by name; default: all that are on."
    )
    chain: tuple[Name, ...] | None = Field(
        default=None, min_length=1, description="Text providers in order; default: PRESSROOM_TEXT_CHAIN."
    )
    example: bool = Field(default=False, description="Collect the recorded example day, without a network.")
    every_workspace: bool = Field(default=False, description="For all workspaces, each with its own regions.")
    workspace: str | None = Field(
        default=None, pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="Workspace to work for; default: `default`."
    )
    trigger: Literal["scheduled", "manual", "api"] | None = Field(
        default=None, description="Who started it; found out when left out."
    )


class PictureWishes(Frozen):
    """The pictures that a document gets, and how they look."""

    platforms: tuple[str, ...] = ()
    chain: tuple[str, ...] = ()
    style: str = "photographic"
    quality: Literal["low", "medium", "high"] = "medium"
    brand: Brand = Brand()
