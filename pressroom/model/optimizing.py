"""Requests to the image optimiser, and the values that its tasks pass to each other."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from pressroom.model.base import Frozen, Hashtag
from pressroom.model.forms import PLATFORMS, Request, Table, named_by, setting
from pressroom.model.ideas import LANGUAGE
from pressroom.model.requests import Name
from pressroom.model.results import ImageFile, Level, PlatformResult, SuggestedAccount

Format = Literal["jpg", "png", "webp", "avif"]
Place = Literal["auto", "lower_right", "lower_left", "upper_right", "upper_left", "centre", "tiled"]


class LogoWish(Frozen):
    """A logo to be put on every picture."""

    files: tuple[str, ...] = Field(
        default=(),
        max_length=2,
        description="One file, or a dark and a light one: whichever is seen better is used.",
    )
    place: Place = Field(default="auto", description="A corner, the calmest of them (auto), the centre, or tiled.")
    scale: float = Field(default=0.18, ge=0.03, le=1, description="Longer side, as share of the picture's shorter.")
    opacity: float | None = Field(default=None, gt=0, le=1, description="Default: 1, and 0.2 when tiled.")
    margin: float = Field(default=0.04, ge=0, le=0.4, description="To the edges, as share of the picture's shorter.")


class OptimizeRequest(Request):
    """Pictures, and the platforms they are for. Everything left out is taken from the settings and the workspace."""

    choices: ClassVar[Table] = {
        "platforms": PLATFORMS,
        "photo_styles": named_by("pressroom.media.photography.styles:photo_styles"),
    }
    usual: ClassVar[Table] = {"platforms": PLATFORMS, "chain": setting("text_chain"), "workspace": setting("workspace")}
    examples: ClassVar[Table] = {
        "images": [["photo.jpg"]],
        "describe": ["Three oranges on an old table"],
        "language": ["de", "pt-BR"],
        "zone": ["Europe/Berlin"],
    }

    images: tuple[str, ...] = Field(
        min_length=1, max_length=1000, description="Addresses, or paths of files where the run happens."
    )
    platforms: tuple[Name, ...] | None = Field(default=None, description="Platforms to make them for; default: all.")
    describe: str = Field(default="", max_length=2000, description="What they show, in your own words.")
    analyse: bool = Field(default=True, description="Have a model look at them and write the words.")
    format: Format = Field(default="jpg", description="Format of the files.")
    logo: LogoWish = Field(default=LogoWish(), description="A logo to put on every picture.")
    photo_styles: tuple[Name, ...] = Field(default=(), description="Styles of product photography to make.")
    focus: tuple[float, float] | None = Field(
        default=None, description="What must stay in the picture, as shares of its width and height."
    )
    background: str = Field(default="#ffffff", pattern=r"^#[0-9a-fA-F]{6}$", description="Ground of see-through parts.")
    hashtags: tuple[Hashtag, ...] = Field(default=(), max_length=30, description="Hashtags to use, before all others.")
    banned: tuple[str, ...] = Field(default=(), max_length=200, description="Hashtags never to use.")
    language: str | None = Field(default=None, pattern=LANGUAGE, description="Language of the words.")
    zone: str | None = Field(default=None, description="IANA time zone the readers live in.")
    chain: tuple[Name, ...] | None = Field(default=None, min_length=1, description="Text providers in order.")
    workspace: str | None = Field(
        default=None, pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="Workspace to work for; default: `default`."
    )
    timeout: float = Field(default=600, ge=1, le=3600, description="Seconds one picture may take.")
    refresh: bool = Field(default=False, description="Make everything again.")
    trigger: Literal["scheduled", "manual", "api"] | None = Field(
        default=None, description="Who started it; found out when left out."
    )

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not all(image.strip() for image in self.images):
            raise ValueError("an image has no name")
        if self.focus and not all(0 <= at <= 1 for at in self.focus):
            raise ValueError("the focus lies outside the picture")
        return self


class ImageRef(Frozen):
    """One picture of a run, by position from 1. upload: what it was handed in as, `upload:ID`, under this name."""

    id: str
    position: int
    source: str
    upload: str = ""


class Prepared(Frozen):
    """The content of a picture, and the files made of it, before any platform's words are written.

    description: the user's words and what was seen. until: Unix time at which the picture's time is up.
    """

    image: ImageRef
    sha256: str
    width: int
    height: int
    description: str
    alt_text: str
    words: tuple[str, ...] = ()
    is_product: bool | None = None
    product_confidence: float | None = None
    seen_by_model: bool = False
    files: dict[str, ImageFile] = Field(description="By platform.")
    file_notes: dict[str, tuple[str, ...]] = Field(default={}, description="By platform.")
    photographs: tuple[ImageFile, ...] = ()
    notes: tuple[str, ...] = ()
    until: float


class Accounts(Frozen):
    """Accounts to tag by platform. none_because: the reason when there are no accounts."""

    found: dict[str, tuple[SuggestedAccount, ...]] = Field(default_factory=dict)
    none_because: str = ""


class WrittenUp(Frozen):
    """One platform's result, and whether a model wrote its words."""

    result: PlatformResult
    by_model: bool


class OptimizedImage(Frozen):
    """The outcome for one picture. code, reason: why it has no result."""

    source: str
    session_id: str
    level: Level | None = None
    ok: tuple[str, ...] = Field(default=(), description="Platforms that have a picture.")
    failed: tuple[str, ...] = ()
    results: str | None = Field(default=None, description="Address of results.json.")
    contact_sheet: str | None = None
    cost_usd: float = 0.0
    seconds: float = 0.0
    code: str = ""
    reason: str = ""
