"""Films: what is asked for, the scenes of a script, all that is put together into one file, and what was made."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from pressroom.model.base import Frozen
from pressroom.model.forms import STYLES, Request, Table, fixed, setting
from pressroom.model.images import Brand, CardText
from pressroom.model.speech import SpokenWord, Timing

MOST_SCENES = 200
"""Scenes that a request may name."""


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


class SceneWish(Frozen):
    """A user's wishes for one scene of a film.

    takes: raised by one to have the scene's picture, or its voice, made again; the others stay as they are.
    """

    scene: int = Field(ge=1, le=MOST_SCENES, description="Its number, from 1.")
    picture: str = Field(default="", max_length=2000, description="A file, a public address or upload:ID to show.")
    clip: str = Field(default="", max_length=2000, description="A clip to show, as upload:ID or a file.")
    caption: str = Field(default="", max_length=2000, description="Caption in place of the spoken words.")
    picture_take: int = Field(default=0, ge=0, le=99, description="How often its picture was asked for again.")
    voice_take: int = Field(default=0, ge=0, le=99, description="How often its voice was asked for again.")

    @model_validator(mode="after")
    def _shows_one(self) -> Self:
        if self.picture and self.clip:
            raise ValueError("a scene shows a picture or a clip, not both")
        return self

    @property
    def visual(self) -> str:
        """The user's own picture or clip; empty where the film makes one."""
        return self.picture or self.clip


class FilmRequest(Request):
    """The request for a film of one draft. The same request is the same film: a repeat pays for nothing."""

    choices: ClassVar[Table] = {"style": STYLES}
    usual: ClassVar[Table] = {
        "tier": setting("films.tier"),
        "style": fixed("photographic"),
        "workspace": setting("workspace"),
    }

    content: Annotated[str, StringConstraints(max_length=32)] = Field(
        default="latest", description="The draft's id or its first digits; `latest`: the newest script."
    )
    tier: Tier | None = Field(
        default=None, description="Who makes pictures and voice: budget is free; default: PRESSROOM_FILMS__TIER."
    )
    voice: str = Field(
        default="", max_length=100, description="A voice by name; default: the usual one for the language."
    )
    shape: Shape | None = Field(default=None, description="Shape of the film; default: that of its format.")
    style: str | None = Field(
        default=None, max_length=64, description="Style of pictures a model makes; default: photographic."
    )
    captions: bool = Field(default=True, description="Burn the captions in; the files with them are made anyway.")
    music: str = Field(default="", max_length=2000, description="A sound file of yours to lay under the voice.")
    scenes: tuple[SceneWish, ...] = Field(
        default=(), max_length=MOST_SCENES, description="Wishes for single scenes: own pictures, captions, other takes."
    )
    workspace: str | None = Field(
        default=None, pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="Workspace to work for; default: `default`."
    )
    trigger: Literal["scheduled", "manual", "api"] | None = Field(
        default=None, description="Who started it; found out when left out."
    )

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        numbers = [one.scene for one in self.scenes]
        if len(set(numbers)) != len(numbers):
            raise ValueError("each scene may be named once")
        return self

    def wish(self, scene: int) -> SceneWish:
        """The wishes for the scene of that number, from 1."""
        return next((one for one in self.scenes if one.scene == scene), SceneWish(scene=scene))

    def with_wish(self, changed: SceneWish) -> FilmRequest:
        """The request with other wishes for one scene; wishes for nothing are left out."""
        others = [one for one in self.scenes if one.scene != changed.scene]
        kept = sorted([*others, changed], key=lambda one: one.scene)
        wishes = tuple(one for one in kept if one != SceneWish(scene=one.scene))
        return self.model_copy(update={"scenes": wishes})

    def redone(self, scene: int, what: Literal["all", "picture", "voice"] = "all") -> FilmRequest:
        """The request with one scene made again."""
        wish = self.wish(scene)
        takes = {
            f"{one}_take": getattr(wish, f"{one}_take") + 1 for one in ("picture", "voice") if what in (one, "all")
        }
        return self.with_wish(wish.model_copy(update=takes))


class FilmFile(Frozen):
    """One file of a film in the artifact store. key: where it lies; sha256: in hex."""

    key: str
    media_type: str
    size: int = Field(ge=0, description="Bytes.")
    sha256: str


class SceneMade(Frozen):
    """One scene as it is in a film. start, seconds: in the film. visual: id of the picture's or clip's asset."""

    scene: int = Field(ge=1)
    label: str = ""
    words: str = ""
    caption: str = ""
    start: float = Field(ge=0)
    seconds: float = Field(ge=0)
    visual: str = ""
    is_card: bool = Field(default=False, description="Drawn, without a model.")
    is_own: bool = Field(default=False, description="The user's own picture or clip.")
    is_clip: bool = False
    notes: tuple[str, ...] = ()


class FilmMade(Frozen):
    """A film that was made, as it is kept in `film.json`. files: by `film`, `srt`, `vtt`, `sheet`, `chapters`."""

    run_id: str
    content_id: str
    script_hash: str = Field(description="Of the draft's body; another one now: the script was changed since.")
    title: str
    shape: Shape
    tier: Tier
    voice: str = ""
    language: str = "en"
    asset_id: str = ""
    seconds: float
    width: int
    height: int
    timing: Timing | None = None
    loudness: float | None = None
    scenes: tuple[SceneMade, ...]
    chapters: tuple[tuple[float, str], ...] = ()
    files: dict[str, FilmFile]
    is_attached: bool = False
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
