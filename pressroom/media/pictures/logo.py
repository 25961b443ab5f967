"""A logo on a picture: in a corner, in the middle or in tiles, the light or the dark one, whichever is seen better.

Opacity and edges are mixed in sRGB's own values, as browsers and layout programs do, so that a logo looks here as it
does there; scaling and turning weigh colours by their alpha, so that edges get no fringe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PIL import Image
from pydantic import Field

from pressroom.errors import WrongInput
from pressroom.media.pictures import logo_places as places
from pressroom.media.pictures.logo_contrast import LEAST, contrast, plate, plate_for, plate_room
from pressroom.media.pictures.logo_opening import Logo
from pressroom.media.pictures.subject import Focus, find_subject
from pressroom.media.pictures.values import Box
from pressroom.model.base import Frozen

Place = Literal["auto", "lower_right", "lower_left", "upper_right", "upper_left", "centre", "tiled"]

_SAMPLE = 512
"""Longest side, in pixels, of the copy that is looked at for a calm corner."""

_TINY = 16
"""A logo whose longer side is below so many pixels can't be made out."""

_SOFT = 1.15
"""Enlarged by more than this a logo looks soft."""


class LogoOptions(Frozen):
    """Where a logo goes, and how."""

    place: Place = Field(default="auto", description="A corner, the calmest of them (auto), the centre, or tiled.")
    scale: float = Field(default=0.18, ge=0.03, le=1, description="Longer side, as share of the picture's shorter.")
    opacity: float | None = Field(default=None, gt=0, le=1, description="Default: 1, and 0.2 when tiled.")
    margin: float = Field(default=0.04, ge=0, le=0.4, description="To the edges, as share of the picture's shorter.")
    angle: float = Field(default=30, ge=-90, le=90, description="Degrees tiles are turned, against the clock.")
    plate: bool = Field(default=False, description="Lay a soft plate under a logo that would hardly be seen.")

    @property
    def shown(self) -> float:
        """The opacity that is used."""
        return self.opacity or (0.2 if self.place == "tiled" else 1.0)


@dataclass(frozen=True)
class Placed:
    """image: a new picture of the same size, RGBA if the one given is, RGB otherwise. box: where the logo is, the
    whole picture when tiled. chosen: which of the logos, from 0. contrast: that of the logo as it is seen, without its
    plate.
    """

    image: Image.Image
    box: Box
    chosen: int
    contrast: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Ready:
    """A logo scaled, turned and faded. layer: RGBA, of the size of `box`."""

    layer: Image.Image
    box: Box
    contrast: float
    notes: tuple[str, ...]


def place_logo(
    image: Image.Image, logos: Sequence[Logo], options: LogoOptions | None = None, *, focus: Focus | None = None
) -> Placed:
    """`image` (upright, in sRGB) with the one of `logos` on it that has more contrast to what lies under it.

    focus: where the subject of this very picture is, if that is known (of a crop: `Focus.within`); it is looked for
    where it is needed otherwise.

    Raises:
        WrongInput: no logo was given, or with its margins it is larger than the picture.
    """
    chosen = options or LogoOptions()
    if not logos:
        raise WrongInput("There is no logo to put on.", hint="Give one, or two: a dark and a light one.")
    ground = _flat(image)
    known = focus or (find_subject(_small(ground)) if chosen.place == "auto" else None)
    ready = [_ready(ground, logo, chosen, known) for logo in logos]
    which = max(range(len(ready)), key=lambda number: round(ready[number].contrast, 3))
    best = ready[which]
    notes = (*best.notes, *_of_place(ground, best, chosen, known))
    return Placed(_composed(image, best, chosen), best.box, which, best.contrast, notes)


def _ready(ground: Image.Image, logo: Logo, options: LogoOptions, focus: Focus | None) -> _Ready:
    size = places.size_on(ground.size, logo.image.size, options.scale)
    margin = places.margin_on(ground.size, options.margin)
    places.check_fits(ground.size, size, 0 if options.place == "tiled" else margin)
    scaled = _faded(logo.image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0), options.shown)
    if options.place == "tiled":
        layer, box = _tiles(ground.size, scaled, options.angle), Box(0, 0, *ground.size)
    else:
        layer, box = scaled, _box(ground, size, margin, options.place, focus)
    return _Ready(layer, box, contrast(ground.crop(box), layer), (*logo.notes, *_of_size(logo.image, size)))


def _box(ground: Image.Image, size: tuple[int, int], margin: int, place: Place, focus: Focus | None) -> Box:
    if place == "centre":
        return places.centre_box(ground.size, size)
    boxes = {corner: places.corner_box(corner, ground.size, size, margin) for corner in places.CORNERS}
    if place in boxes:
        return boxes[place]
    assert focus is not None
    return boxes[places.calmest(ground, focus, boxes)]


def _tiles(picture: tuple[int, int], logo: Image.Image, angle: float) -> Image.Image:
    turned = logo.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    layer = Image.new("RGBA", picture)
    for corner in places.tile_corners(picture, turned.size):
        layer.paste(turned, corner)  # tiles never overlap, and nothing lies under them yet
    return layer


def _composed(image: Image.Image, ready: _Ready, options: LogoOptions) -> Image.Image:
    made = image.convert("RGBA")
    if options.plate and ready.contrast < LEAST and options.place != "tiled":
        under = plate(ready.layer.size, plate_for(ready.layer))
        room = plate_room(ready.layer.size)
        _over(made, under, (ready.box.left - room, ready.box.upper - room))
    _over(made, ready.layer, (ready.box.left, ready.box.upper))
    return made if image.mode == "RGBA" else made.convert("RGB")


def _over(made: Image.Image, layer: Image.Image, corner: tuple[int, int]) -> None:
    """In place; what reaches over the picture's edge is left out."""
    source = (max(0, -corner[0]), max(0, -corner[1]))
    made.alpha_composite(layer, (max(0, corner[0]), max(0, corner[1])), source)


def _of_size(logo: Image.Image, size: tuple[int, int]) -> list[str]:
    notes = []
    if max(size) < _TINY:
        notes.append(f"The logo is only {size[0]} x {size[1]} pixels on this picture.")
    if max(size) > _SOFT * max(logo.size):
        notes.append(f"The logo was enlarged {max(size) / max(logo.size):.2f} times: it looks soft.")
    return notes


def _of_place(ground: Image.Image, ready: _Ready, options: LogoOptions, focus: Focus | None) -> list[str]:
    notes = []
    if ready.contrast < LEAST and options.place != "tiled":  # tiles are meant to be faint
        helped = "a plate was laid under it" if options.plate else "a plate under it would help"
        notes.append(f"The logo has a contrast of {ready.contrast:.1f}:1 there, below {LEAST:g}:1; {helped}.")
    if focus and options.place != "tiled" and any(places.faces_covered(focus, ground.size, ready.box)):
        notes.append("The logo covers a part of a face.")
    return notes


def _faded(logo: Image.Image, opacity: float) -> Image.Image:
    if opacity < 1:
        logo.putalpha(logo.getchannel("A").point(lambda value: value * opacity))
    return logo


def _flat(image: Image.Image) -> Image.Image:
    """`image` as it looks on white."""
    if image.mode != "RGBA":
        return image.convert("RGB")
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")


def _small(image: Image.Image) -> Image.Image:
    small = image.copy()
    small.thumbnail((_SAMPLE, _SAMPLE), Image.Resampling.BOX)
    return small
