"""The result of optimising one picture for platforms: everything `results.json` holds."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, StringConstraints, field_validator, model_validator

from pressroom.model.base import Frozen
from pressroom.settings import ZoneName

_PIECE = r"[A-Za-z0-9_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*"

FileName = Annotated[str, StringConstraints(pattern=rf"^{_PIECE}(/{_PIECE})*$", max_length=200)]
"""A relative path in ASCII without `..`, hidden files or a leading `-`: it can't leave its folder."""

PlatformName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Level(StrEnum):
    """How much of it a model made."""

    FULL_AI = "full_ai"
    TEMPLATES = "templates"
    PLAIN = "plain_processing"

    @property
    def words(self) -> str:
        return {"full_ai": "full AI", "plain_processing": "plain processing"}.get(self.value, self.value)


class PlatformStatus(StrEnum):
    OK = "ok"
    FAILED = "failed"


class ImageFile(Frozen):
    """One picture that was made, beside `results.json`."""

    file: FileName = Field(description="Relative to the folder of results.json.")
    width: int = Field(gt=0, description="Pixels.")
    height: int = Field(gt=0, description="Pixels.")
    media_type: str = Field(pattern=r"^image/[a-z0-9.+-]+$")
    bytes: int = Field(gt=0, description="Size of the file.")
    alt_text: str = Field(default="", description="For those who can't see it.")
    style: str = Field(default="", description="Product photography style, where it is one.")
    url: str = Field(default="", description="Where it was delivered to, if it was.")


class SuggestedAccount(Frozen):
    """An account that may be tagged, and where it was found."""

    name: str = Field(pattern=r"^@?[^\s@#/\\]{1,100}$", description="With or without its @.")
    why: str = Field(description="One sentence.")
    source: str = Field(pattern=r"^https?://\S+$", description="Address of the page that names it.")


class Photography(Frozen):
    """Product photography on one platform."""

    used: bool = False
    styles: tuple[str, ...] = Field(default=(), description="Styles that were made, e.g. `flat_lay`.")


class ResultError(Frozen):
    """Why a platform has no picture."""

    code: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$", description="Stable, meant for programs, e.g. `IMAGE_TOO_SMALL`.")
    message: str = Field(description="One sentence.")
    hint: str = Field(default="", description="The next step.")


class PlatformResult(Frozen):
    """The result for one platform."""

    platform: PlatformName
    status: PlatformStatus
    image: ImageFile | None = Field(default=None, description="There is one exactly when the status is ok.")
    more_images: tuple[ImageFile, ...] = Field(default=(), description="Product photographs, one a style.")
    niches: tuple[str, ...] = Field(default=(), description="The best first.")
    hashtags: tuple[str, ...] = Field(default=(), description="Without `#`, the best first.")
    accounts: tuple[SuggestedAccount, ...] = Field(default=(), description="Accounts to tag.")
    no_accounts_because: str = Field(default="", description="Why there are no accounts.")
    title: str = Field(default="", description="On platforms that ask for one beside the caption.")
    caption: str = Field(default="", description="Without the hashtags.")
    photography: Photography = Photography()
    seconds: Seconds = Field(default=0, description="What it took.")
    notes: tuple[str, ...] = Field(default=(), description="Sentences a person should read before posting.")
    error: ResultError | None = Field(default=None, description="There is one exactly when the status is failed.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        ok = self.status is PlatformStatus.OK
        if ok != (self.image is not None) or ok != (self.error is None):
            raise ValueError("a platform that is ok has an image and no error, one that failed an error and no image")
        if ok and not self.accounts and not self.no_accounts_because.strip():
            raise ValueError("without accounts, no_accounts_because says why")
        return self


class ResultTotals(Frozen):
    """Over all platforms."""

    ok: int = Field(ge=0, description="Platforms that have a picture.")
    failed: int = Field(ge=0, description="Platforms that have none.")
    seconds: Seconds = Field(description="From start to end, by the clock.")
    cost_usd: Seconds = Field(default=0, description="What providers charge for it, in US dollars.")


class Results(Frozen):
    """One picture, optimised for platforms. `kind` and `schema_version` say what a file is and how to read it."""

    kind: Literal["pressroom_image_results"] = "pressroom_image_results"
    schema_version: Literal[1] = 1
    session_id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    user: str = Field(default="", description="Who asked for it, where that is known.")
    workspace: str
    timestamp: AwareDatetime = Field(description="When it was asked for.")
    source: str = Field(description="The picture's path or address, as it was given.")
    description: str = Field(default="", description="What the picture shows: the user's words and a model's.")
    is_product: bool | None = Field(default=None, description="Whether it shows a product; null when no model looked.")
    product_confidence: Share | None = Field(default=None, description="How sure that is, from 0 to 1.")
    level: Level
    zone: ZoneName | None = Field(default=None, description="IANA zone that the readers live in, where that is known.")
    platforms: tuple[PlatformResult, ...] = Field(description="Each platform once, in the order asked for.")
    totals: ResultTotals
    notes: tuple[str, ...] = Field(default=(), description="Sentences about the whole.")

    @field_validator("timestamp")
    @classmethod
    def _of_our_time(cls, value: datetime) -> datetime:
        if not 2000 <= value.year < 9000:  # times to post are counted on from it
            raise ValueError("it lies outside the years 2000 to 8999")
        return value

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        names = [result.platform for result in self.platforms]
        if len(set(names)) != len(names):
            raise ValueError("a platform stands there twice")
        ok = sum(result.status is PlatformStatus.OK for result in self.platforms)
        if (self.totals.ok, self.totals.failed) != (ok, len(names) - ok):
            raise ValueError("the totals differ from the platforms")
        if (self.is_product is None) != (self.product_confidence is None):
            raise ValueError("is_product and product_confidence are known together or not at all")
        return self
