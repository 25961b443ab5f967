"""One picture as the file for one post, made while its user waits: cut to the platform's shape, or whole."""

from __future__ import annotations

from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path

from pressroom.errors import ProcessingTimeout, WrongInput
from pressroom.media.optimize.cutting import SubjectDetector, wanted_of
from pressroom.media.pictures.intake import take_in
from pressroom.media.pictures.taken import Taken
from pressroom.media.pictures.values import Options, Variant, Wanted
from pressroom.media.pictures.variants import variants

LONGEST_WHOLE = 2048
"""Pixels of the longer edge of a picture that is not cut: no platform shows more."""

QUICK_PIXELS = 50_000_000
"""A larger picture, unless a JPEG, takes longer than 2 s to decode: a 48-megapixel PNG takes 1.6 s on one core."""

_detector = lru_cache(maxsize=1)(SubjectDetector.of)


def picture_for_post(
    data: bytes, platform: str, *, name: str, whole: bool, made: bool, until: float, face_model: Path | None = None
) -> Variant:
    """The picture in `data` as a post of `platform` shows it: upright, in sRGB, without metadata.

    whole: not cut, and at most 2048 pixels on its longer edge. made: no photograph. until: on `time.monotonic`'s clock.

    Raises:
        InvalidImageFormat, ImageTooLarge, ImageTooSmall: it can't be used.
        WrongInput: it takes longer than a user waits; the hint says which command to use.
    """
    taken = take_in(data, name=name)
    if taken.kind.name != "JPEG" and taken.width * taken.height > QUICK_PIXELS:
        raise _slow(taken, platform)
    wanted = _whole(taken, platform) if whole else wanted_of(taken, [platform])[0]
    make = partial(variants, taken, [wanted], Options(made=made), until=until)
    try:
        return make(subject=_detector(face_model).find)[0]
    except ProcessingTimeout:
        raise _slow(taken, platform) from None


def part_of(
    data: bytes, platform: str, *, name: str, shape: tuple[int, int], at: tuple[float, float], zoom: float
) -> bytes:
    """The part of a picture that a user chose, as a PNG file in the ratio of `shape`.

    at: where the part lies between left and right, top and bottom, each from 0 to 1. zoom: 1 is the largest such part.

    Raises:
        As `picture_for_post`.
    """
    taken = take_in(data, name=name)
    if taken.width * taken.height > QUICK_PIXELS:
        raise _slow(taken, platform)
    ratio = shape[0] / shape[1]
    width = max(1.0, min(taken.width, taken.height * ratio) / zoom)
    height = max(1.0, min(taken.height, width / ratio))
    left, top = at[0] * (taken.width - width), at[1] * (taken.height - height)
    part = taken.pixels().crop((round(left), round(top), round(left + width), round(top + height)))
    written = BytesIO()
    part.save(written, "PNG", compress_level=1)
    return written.getvalue()


def _whole(taken: Taken, platform: str) -> Wanted:
    by = min(1.0, LONGEST_WHOLE / max(taken.size))
    return Wanted(platform, max(1, round(taken.width * by)), max(1, round(taken.height * by)))


def _slow(taken: Taken, platform: str) -> WrongInput:
    return WrongInput(
        f"{taken.shown} takes too long to be cut now: it has {taken.width * taken.height / 1e6:.0f} megapixels.",
        hint=f"Run `pressroom optimize FILE --platform {platform}`, then attach the picture that it makes; "
        "or attach fewer pictures at a time.",
    )
