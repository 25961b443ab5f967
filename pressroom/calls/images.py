"""Pictures at a vendor: the one that came back, a request for one that is made out of another, and sizes."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pressroom.model import Brand, Finish, Usage

if TYPE_CHECKING:
    from PIL import Image

SENT_EDGE = 1536
"""Pixels of the longer edge of the copy that is sent: what the models themselves make."""

_SENT: dict[str, Any] = {"quality": 95, "subsampling": 0}

_BEHIND = "#ffffff"
"""The copy that is sent has this colour behind alpha, and beside a picture of another shape."""


@dataclass(frozen=True)
class Picture:
    """The picture a vendor gave, before it is checked.

    finish: REFUSAL when it was paid for and withheld or blurred. drawn: it shows the request's card and not what the
    prompt says. usage: tokens, where the provider counts in them.
    """

    data: bytes
    media_type: str
    model: str
    request_id: str = ""
    usage: Usage = field(default_factory=Usage)
    finish: Finish = Finish.STOP
    drawn: bool = False
    notes: tuple[str, ...] = ()


class Photo(Protocol):
    """A picture that another one is made of."""

    @property
    def sha256(self) -> str: ...

    def small(self, longest: int, *, background: str) -> Image.Image:
        """A copy whose longer edge has at most `longest` pixels; `background` is behind what is transparent."""
        ...


@dataclass(frozen=True)
class EditRequest:
    """A request to edit `source`.

    purpose: what the ledger calls it. style: its name. prompt: what a model that reads is told, with the data it needs;
    scene: what is to be around the subject, alone; subject: what the picture shows, in the caller's words.
    changes: `background` when all of the subject stays as it is, `view` when it is shown from another side, nearer, or
    painted. width, height: pixels wanted in the end. ground: colour of a plain ground, `#rrggbb`; "": the brand's.
    compose: puts it together without a model, from the cut-out; raises `CannotCompose` where that can't be. composable:
    raises the same before anything is done.
    """

    purpose: str
    style: str
    prompt: str
    scene: str
    subject: str
    source: Photo
    width: int
    height: int
    changes: Literal["background", "view"] = "background"
    quality: Literal["low", "medium", "high"] = "medium"
    brand: Brand = field(default_factory=Brand)
    ground: str = ""
    prompt_hash: str = ""
    variant: int = 0
    compose: Callable[[EditRequest], tuple[Image.Image, tuple[str, ...]]] | None = field(default=None, compare=False)
    composable: Callable[[EditRequest], None] | None = field(default=None, compare=False)

    @property
    def identity(self) -> dict[str, Any]:
        """Of the picture, its hash and the size of the copy that is sent decide the answer."""
        return {"source": self.source.sha256, "sent": SENT_EDGE}


def copy_of(request: EditRequest) -> bytes:
    """The picture as a JPEG of at most `SENT_EDGE` pixels: a tenth of what PNG takes."""
    return _jpeg(request.source.small(SENT_EDGE, background=_BEHIND))


def copy_in_shape(request: EditRequest, width: int, height: int) -> bytes:
    """A JPEG of exactly `width` x `height` pixels with all of the picture in its middle, for what answers alike."""
    from PIL import Image

    picture = request.source.small(max(width, height), background=_BEHIND)
    picture.thumbnail((width, height), Image.Resampling.LANCZOS)
    canvas = Image.new("RGB", (width, height), _BEHIND)
    canvas.paste(picture, ((width - picture.width) // 2, (height - picture.height) // 2))
    return _jpeg(canvas)


def _jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", **_SENT)
    return file.getvalue()


_SNAPSHOT = re.compile(r"-20\d\d-\d\d-\d\d$")


def family(model: str) -> str:
    """The model without the date of its snapshot: they take the same and cost the same."""
    return _SNAPSHOT.sub("", model)


def nearest(sizes: Iterable[tuple[int, int]], width: int, height: int) -> tuple[int, int]:
    """The size whose shape is nearest to that of `width` x `height`: the least is cropped away."""
    shape = math.log(width / height)
    return min(sizes, key=lambda size: abs(math.log(size[0] / size[1]) - shape))


@dataclass(frozen=True)
class AnySize:
    """A model that makes any size within bounds: edges in multiples of `step`, shapes up to `ratio` to 1, in pixels."""

    step: int
    ratio: float
    longest: int
    least: int
    most: int

    def covering(self, width: int, height: int) -> tuple[int, int]:
        """The least size within the bounds that covers `width` x `height`; smaller where the bounds are too low."""
        wide, high = max(width, height / self.ratio), max(height, width / self.ratio)
        grown = max(1.0, math.sqrt(self.least / (wide * high)))
        shrunk = min(1.0, self.longest / (max(wide, high) * grown), math.sqrt(self.most / (wide * high)) / grown)
        rounded = math.ceil if shrunk == 1 else math.floor
        edges = (rounded(edge * grown * shrunk / self.step) * self.step for edge in (wide, high))
        return next(edges), next(edges)
