"""A picture of any shape and size in the shape of the film, and the gentle motion that keeps it alive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from pressroom.media.film.planes import Planes, planes
from pressroom.media.pictures.colours import flat
from pressroom.media.pictures.drawing import drawn
from pressroom.media.pictures.headers import Limits
from pressroom.media.pictures.intake import take_in_path
from pressroom.media.pictures.levels import Levels
from pressroom.media.pictures.planning import Plan, box_of
from pressroom.media.pictures.subject import find_subject
from pressroom.media.pictures.taken import Taken, reducing
from pressroom.media.pictures.values import Options

ZOOM = 1.08
"""How much larger a picture is at the end of its motion than at its beginning, or the other way round."""

ANY = Limits(least_edge=1, most_bytes=200_000_000)
"""A scene's picture may be of any size that can be held."""

LEFT = 0.45
"""Share of a picture that must be left when it fills the frame; else the whole of it is set on a blurred ground."""

MOST_ENLARGED = 4.0
SEEN = 512
OPTIONS = Options()


def fitted(path: Path, width: int, height: int) -> tuple[Planes, tuple[str, ...]]:
    """The picture at `path`, its subject kept, with room for the motion; and notes for a person.

    Raises:
        SourceUnusable: it is no picture, damaged, or too large to be held.
    """
    image, notes = framed(take_in_path(path, limits=ANY), _even(width * ZOOM), _even(height * ZOOM))
    return planes(image), notes


def framed(taken: Taken, width: int, height: int) -> tuple[Image.Image, tuple[str, ...]]:
    """An RGB picture of `width` x `height` pixels."""
    plan, note = _plan(taken, width, height)
    base = flat(taken.pixels(shrink=max(1.0, plan.scale)), OPTIONS.background)
    focus = None
    if not plan.shows_all_of(taken.size):
        focus = find_subject(_small(base))
    levels = Levels(base, reducing(taken.kind, max(1.0, plan.scale)))
    image = drawn(levels, plan, box_of(taken.size, plan, focus, OPTIONS), sharpen=OPTIONS.sharpen)
    return image.convert("RGB"), note


def moving(picture: Planes, count: int, *, turn: int) -> Iterator[tuple[float, float, float, float]]:
    """The box of each of `count` frames: in for even turns, out for odd ones, as fast in every moment."""
    wide, high = picture.luma.size
    for at in range(count):
        share = at / max(1, count - 1)
        zoom = ZOOM ** (share if turn % 2 == 0 else 1 - share)
        side, tall = wide / zoom, high / zoom
        left, top = (wide - side) / 2, (high - tall) / 2
        yield left, top, left + side, top + tall


def _plan(taken: Taken, width: int, height: int) -> tuple[Plan, tuple[str, ...]]:
    cover = min(taken.width / width, taken.height / height)
    whole = max(taken.width / width, taken.height / height)
    if 1 / cover > MOST_ENLARGED:
        note = f"{taken.shown} has only {taken.width} x {taken.height} pixels, and is blurred in a film."
        return Plan(width, height, max(whole, 1 / MOST_ENLARGED), padded=True), (note,)
    return Plan(width, height, whole if cover / whole < LEFT else cover, padded=cover / whole < LEFT), ()


def _small(image: Image.Image) -> Image.Image:
    small = image.copy()
    small.thumbnail((SEEN, SEEN), Image.Resampling.BOX)
    return small


def _even(length: float) -> int:
    return round(length / 2) * 2
