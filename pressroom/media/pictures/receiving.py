"""A picture from a provider: trusted no more than an upload, and checked before it is stored and counted as usable."""

from __future__ import annotations

from pressroom.errors import BrokenAnswer, SourceUnusable
from pressroom.media.pictures.frames import is_flat
from pressroom.media.pictures.headers import Limits
from pressroom.media.pictures.intake import take_in
from pressroom.media.pictures.taken import Taken

RECEIVED = Limits(kinds=("PNG", "JPEG", "WebP"), least_edge=1, most_pixels=40_000_000)
"""No provider makes larger pictures; decoding one takes 160 MB."""

ENLARGED = 1.5
"""A picture that must be enlarged by more than this to reach the requested size is too small."""

LEFT = 0.6
"""Share of a picture that must be left when it is cropped to the requested shape."""

_SEEN = 64
"""Pixels of the shorter edge, at least, of the copy in which is looked for anything to see."""


def receive(data: bytes, limits: Limits = RECEIVED) -> Taken:
    """The picture in `data`.

    Raises:
        BrokenAnswer: it is not a picture, or not one that can be used.
    """
    try:
        return take_in(data, name="it", limits=limits)
    except SourceUnusable as error:
        raise _unusable(error.message.rstrip(".")) from None


def check(taken: Taken, width: int, height: int) -> None:
    """Checks that the picture has about `width` x `height` pixels, is whole, and shows something.

    Raises:
        BrokenAnswer: it is too small, of another shape altogether, damaged, or one colour and nothing else.
    """
    scale = max(width / taken.width, height / taken.height)
    sizes = f"{taken.width} x {taken.height} pixels where {width} x {height} were asked for"
    if scale > ENLARGED:
        raise _unusable(f"it is too small, {sizes}")
    if (width * height) / (taken.width * taken.height * scale**2) < LEFT:
        raise _unusable(f"it has another shape, {sizes}")
    try:
        small = taken.pixels(shrink=max(1.0, min(taken.size) / _SEEN))
    except SourceUnusable as error:
        raise _unusable(error.message.rstrip(".")) from None
    if is_flat(small):
        raise _unusable("it is one colour and nothing else")


def _unusable(why: str) -> BrokenAnswer:
    return BrokenAnswer(f"The picture that came back can't be used: {why}.")
