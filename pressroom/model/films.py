"""Films: the scenes of a script, and all that is put together into one file."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import Field

from pressroom.model.base import Frozen
from pressroom.model.images import Brand, CardText
from pressroom.model.speech import SpokenWord, Timing


class Tier(StrEnum):
    """How much a film may cost: it picks the chains for pictures and speech."""

    BUDGET = "budget"
    BALANCED = "balanced"
    PREMIUM = "premium"


class Scene(Frozen):
    """One scene of a storyboard, before anything is made for it.

    label: the section of the script it belongs to, e.g. `Hook`. words: spoken, as written; empty: shown in silence.
    shows: a suggestion for its picture, in words; empty: there is none. card: drawn where no picture is made.
    """

    position: int = Field(ge=0)
    label: str = ""
    words: str = ""
    shows: str = ""
    card: CardText


class Storyboard(Frozen):
    """The scenes of one script, in order, and the card that ends the film; `style` is one for all pictures."""

    title: str
    language: str = "en"
    style: str = "photographic"
    scenes: tuple[Scene, ...]
    closing: CardText | None = None


@dataclass(frozen=True)
class Shot:
    """One scene as it is rendered.

    visual: a picture or a clip of any size and rate. sound: a WAV file of its words; None: it is silent. words: times
    in seconds of `sound`. timing: how well they are known. least_seconds: how long it is shown at least; a spoken one
    lasts as long as its voice.
    """

    visual: Path
    kind: Literal["picture", "clip"] = "picture"
    sound: Path | None = None
    words: tuple[SpokenWord, ...] = ()
    timing: Timing | None = None
    least_seconds: float = 1.5


@dataclass(frozen=True)
class Reel:
    """All that one film is made of. width, height: pixels, both even. safe: the box for captions, as left, top, right
    and bottom in pixels of the frame. closing: a picture shown last for `closing_seconds`. music: laid under the voice.
    """

    shots: tuple[Shot, ...]
    width: int
    height: int
    safe: tuple[int, int, int, int]
    language: str = "en"
    fps: int = 30
    captions: bool = True
    closing: Path | None = None
    closing_seconds: float = 2.5
    music: Path | None = None
    brand: Brand = field(default_factory=Brand)


class CaptionLine(Frozen):
    """One block of captions: `text` as it is read, `start` and `end` in seconds of the film."""

    text: str
    start: float
    end: float


class Rendered(Frozen):
    """A film that was made. scenes: when each shot begins, in seconds. timing: the least known of its shots' words."""

    seconds: float
    width: int
    height: int
    size: int
    sha256: str
    scenes: tuple[float, ...]
    captions: tuple[CaptionLine, ...] = ()
    timing: Timing | None = None
    loudness: float | None = Field(default=None, description="Measured, in LUFS; None for a silent film.")
    notes: tuple[str, ...] = ()
