"""The inputs and results of making variants."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from pressroom.errors import WrongInput

Format = Literal["jpg", "png", "webp", "avif"]

FORMATS: tuple[Format, ...] = get_args(Format)

MEDIA_TYPES: dict[Format, str] = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "avif": "image/avif",
}

EXTENSIONS = {media_type: extension for extension, media_type in MEDIA_TYPES.items()}

KEEPS_ALPHA: tuple[Format, ...] = ("png", "webp", "avif")

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class Box(NamedTuple):
    """A part of a picture, in whole pixels of it."""

    left: int
    upper: int
    right: int
    lower: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.lower - self.upper


@dataclass(frozen=True)
class Wanted:
    """One picture to make, in pixels."""

    platform: str
    width: int
    height: int

    def __post_init__(self) -> None:
        if min(self.width, self.height) < 1:
            raise WrongInput(f"A picture of {self.width} x {self.height} pixels can't be made.")


@dataclass(frozen=True)
class Options:
    """How variants are made.

    most_bytes: of a file; None: what `goals.json` says of the platform. focus: x and y from 0 to 1, instead of
    looking for the subject. finder: name and version of the subject finder, so that another one's pictures get
    other keys. made: the picture was made for the post and is no photograph: it gets more quality, and a drawing
    becomes a PNG where that is small enough. sharpen: 0 to 1, share of a pixel's difference from its neighbours that
    is added to it. most_enlarged: beyond it the whole picture is set on a ground instead. most_megabytes: for pixels;
    decides whether, not what.

    Raises:
        WrongInput: a value that makes no sense.
    """

    format: Format = "jpg"
    most_bytes: int | None = None
    background: str = "#ffffff"
    focus: tuple[float, float] | None = None
    finder: str = ""
    made: bool = False
    sharpen: float = 0.25
    most_enlarged: float = 2.0
    most_megabytes: int = 1000

    def __post_init__(self) -> None:
        checks = {
            f"There is no output format {self.format!r}": self.format in FORMATS,
            f"A file can't have {self.most_bytes} bytes at most": self.most_bytes is None or self.most_bytes > 0,
            f"{self.background!r} is no colour": bool(_COLOUR.fullmatch(self.background)),
            f"The focus {self.focus} is outside the picture": all(0 <= at <= 1 for at in self.focus or ()),
            f"Sharpening by {self.sharpen} makes no sense": 0 <= self.sharpen <= 1,
            f"Enlarging {self.most_enlarged} times at most makes no sense": self.most_enlarged >= 1,
            f"{self.most_megabytes} MB are no room for pixels": self.most_megabytes > 0,
        }
        if wrong := [sentence for sentence, holds in checks.items() if not holds]:
            raise WrongInput(f"{wrong[0]}.", hint=_HINT)


_HINT = (
    f"Formats: {', '.join(FORMATS)}; background as #rrggbb; focus as two numbers from 0 to 1; sharpen from 0 to 1; "
    "most_enlarged from 1 up."
)


@dataclass(frozen=True)
class Variant:
    """A picture ready to post.

    quality: that of the encoder, 100 where nothing is lost. box: the part of the upright source that is shown.
    upscaled: how many times it was enlarged; below 1: reduced. padded: set on a ground, since it is too small.
    notes: sentences about what a person may want to know of it.
    """

    platform: str
    data: bytes
    media_type: str
    width: int
    height: int
    quality: int
    box: Box
    upscaled: float
    padded: bool = False
    notes: tuple[str, ...] = ()

    @property
    def extension(self) -> Format:
        return EXTENSIONS[self.media_type]
