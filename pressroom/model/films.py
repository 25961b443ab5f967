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


class Shape(StrEnum):
    """The shape of a film: upright for reels, wide for YouTube, the others for feeds."""

    VERTICAL = "9:16"
    WIDE = "16:9"
    SQUARE = "1:1"
    PORTRAIT = "4:5"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return {"9:16": (1080, 1920), "16:9": (1920, 1080), "1:1": (1080, 1080), "4:5": (1080, 1350)}[self.value]


class Section(Frozen):
    """One section of a script: the words that are spoken in it. chapter: opens a chapter that the film lists."""

    label: str = ""
    words: str = ""
    chapter: bool = False


class Script(Frozen):
    """A draft of a script, as a film is made of it.

    shows: suggestions for pictures, in the order of the film; lines: short words for its cards, in that order too.
    closing: the call to action on its last card. shape: the film's usual one.
    """

    title: str
    sections: tuple[Section, ...]
    shows: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    closing: str = ""
    shape: Shape = Shape.VERTICAL


class Scene(Frozen):
    """One scene of a storyboard, before anything is made for it.

    label: the section of the script it belongs to, e.g. `Hook`. words: spoken, as written; empty: shown in silence.
    shows: a suggestion for its picture, in words; may be empty. card: drawn where no picture is made.
    """

    position: int = Field(ge=0)
    label: str = ""
    words: str = ""
    shows: str = ""
    card: CardText


class Chapter(Frozen):
    """A chapter of a film: its title, and the position of the scene that it begins with."""

    title: str
    scene: int = Field(ge=0)


class Storyboard(Frozen):
    """The scenes of one script, in order, and the card that ends the film; `style` is one for all pictures."""

    title: str
    language: str = "en"
    style: str = "photographic"
    scenes: tuple[Scene, ...]
    closing: CardText | None = None
    chapters: tuple[Chapter, ...] = ()


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


class Probe(Frozen):
    """The facts about a film's file that platforms have limits for; None: unknown, or there is no such stream.

    codec, sound_codec: as ffmpeg names them, e.g. `h264`, `aac`. fps: frames a second. kbits, sound_kbits: thousands of
    bits a second. starts_fast: its head is before its pictures, so that it plays while it loads.
    """

    seconds: float
    size: int
    width: int
    height: int
    codec: str | None = None
    profile: str | None = None
    pixels: str | None = None
    colours: str | None = None
    limited: bool | None = None
    fps: float | None = None
    kbits: int | None = None
    sound_codec: str | None = None
    sound_rate: int | None = None
    channels: int | None = None
    sound_kbits: int | None = None
    starts_fast: bool | None = None
