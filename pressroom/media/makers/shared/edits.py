"""A request for a picture that is made out of another one, and how that other one is sent."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pressroom.model import Brand

if TYPE_CHECKING:
    from PIL import Image

    from pressroom.media.pictures.taken import Taken

SENT_EDGE = 1536
"""Pixels of the longer edge of the copy that is sent: what the models themselves make."""

_SENT: dict[str, Any] = {"quality": 95, "subsampling": 0}

_BEHIND = "#ffffff"
"""What is seen through a picture with alpha, and beside one of another shape, in the copy that is sent."""


@dataclass(frozen=True)
class EditRequest:
    """What is to be made of `source`.

    purpose: what the ledger calls it. style: its name. prompt: what a model that reads is told, with the data it needs;
    scene: what is to be around the subject, alone; subject: what the picture shows, in the words of whoever knows.
    changes: `background` when all of the subject stays as it is, `view` when it is shown from another side, nearer, or
    painted. width, height: pixels wanted in the end. ground: colour of a plain ground, `#rrggbb`; "": the brand's.
    """

    purpose: str
    style: str
    prompt: str
    scene: str
    subject: str
    source: Taken
    width: int
    height: int
    changes: Literal["background", "view"] = "background"
    quality: Literal["low", "medium", "high"] = "medium"
    brand: Brand = field(default_factory=Brand)
    ground: str = ""
    prompt_hash: str = ""
    variant: int = 0

    @property
    def identity(self) -> dict[str, Any]:
        """What of the picture that is sent decides the answer: its hash, and how large the copy is."""
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
