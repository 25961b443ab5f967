"""A product cut out of its picture: by the picture's own transparency, else by removing the background."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from pressroom.errors import CannotCompose
from pressroom.media.photography.removing import EDGE, check_removal, without_background
from pressroom.media.photography.shape import SEEN, Shape, shape_of
from pressroom.media.pictures.taken import Taken

REMOVED = "The background was removed by a model: look at the product's edges."

_MARGIN = 0.01
"""Of the picture, left around what is cut out, so that no soft edge is cut off."""


@dataclass(frozen=True)
class CutOut:
    """image: RGBA, hardly larger than the product. notes: sentences for a reviewer."""

    image: Image.Image
    notes: tuple[str, ...] = ()


def check_cut_out(picture: Taken) -> None:
    """Raises `CannotCompose` when no product can be cut out of `picture` here."""
    flaw = _own_shape(picture).flaw
    if not flaw:
        return
    try:
        check_removal()
    except CannotCompose as error:
        raise CannotCompose(f"The product can't be cut out: {flaw}. {error.message}", hint=error.hint) from None


def cut_out(picture: Taken, width: int, height: int) -> CutOut:
    """The product in `picture`, with enough pixels to fill `width` x `height` where it has them.

    Raises:
        CannotCompose: it can't be cut out.
    """
    shape = _own_shape(picture)
    if not shape.flaw:
        return CutOut(_cropped(picture.pixels(shrink=_shrink(picture, shape, width, height)), shape))
    check_cut_out(picture)
    cut = without_background(picture.small(EDGE))
    shape = shape_of(cut.getchannel("A"))
    if shape.flaw:
        raise CannotCompose(
            f"The product can't be cut out: with its background removed, {shape.flaw}.",
            hint="Give a PNG or WebP whose background is transparent.",
        )
    return CutOut(_cropped(cut, shape), (REMOVED,))


def _own_shape(picture: Taken) -> Shape:
    if not picture.has_alpha:
        return Shape(flaw="it has no transparent background")
    pixels = picture.pixels(shrink=max(1.0, max(picture.size) / SEEN / 2))
    if pixels.mode != "RGBA":  # all of it was opaque
        return Shape(flaw="it has no transparent background")
    return shape_of(pixels.getchannel("A"))


def _shrink(picture: Taken, shape: Shape, width: int, height: int) -> float:
    left, upper, right, lower = shape.bounds
    across, down = (right - left) * picture.width / width, (lower - upper) * picture.height / height
    return max(1.0, max(across, down) / 2)


def _cropped(image: Image.Image, shape: Shape) -> Image.Image:
    left, upper, right, lower = shape.bounds
    box = (
        max(0, int((left - _MARGIN) * image.width)),
        max(0, int((upper - _MARGIN) * image.height)),
        min(image.width, int((right + _MARGIN) * image.width) + 1),
        min(image.height, int((lower + _MARGIN) * image.height) + 1),
    )
    near = image.crop(box)
    return near.crop(near.getchannel("A").point(lambda alpha: 255 if alpha > 2 else 0).getbbox())
