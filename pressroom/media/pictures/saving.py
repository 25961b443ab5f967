"""A variant as a file: the same bytes for the same pixels, no larger than wanted where its format can do that."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, features

from pressroom.errors import WrongInput
from pressroom.media.pictures.goals import Goal, encoder_options, goal_for
from pressroom.media.pictures.likeness import likeness
from pressroom.media.pictures.values import Format

LOSSLESS = 100

FEW_COLOURS = 4096
"""A picture of at most so many colours is drawn, not photographed: PNG keeps its edges, and is the smaller one."""

_PLUGINS: dict[Format, str] = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "avif": "AVIF"}

_PALETTE = 256


@dataclass(frozen=True)
class Saved:
    """A file. quality: the encoder's, `LOSSLESS` where nothing was lost. notes: where it differs from the request."""

    data: bytes
    quality: int
    kind: Format
    notes: tuple[str, ...] = ()


def check_format(kind: Format) -> None:
    """Raises WrongInput: the Pillow here can't write it."""
    if kind in ("webp", "avif") and not features.check(kind):
        raise WrongInput(
            f"This Pillow was built without {kind.upper()}, so no such pictures can be written.",
            hint="Choose jpg or png, or install Pillow's own wheel.",
        )


def saved(
    image: Image.Image, *, platform: str, kind: Format, most_bytes: int | None = None, made: bool = False
) -> Saved:
    """`image`, RGB or (not as jpg) RGBA, at the best quality with which it is small enough.

    made: it was made for the post; where it is drawn, a PNG that is small enough comes before `kind`.
    """
    goal = goal_for(platform, kind, most_bytes, made=made)
    if kind == "png":
        return _png(image, goal)
    assert goal is not None
    return (_drawing_file(image, goal) if made else None) or _lossy(image, kind, goal)


def file_of(image: Image.Image, kind: Format, **options: object) -> bytes:
    """`image` as a file. options: of Pillow's `save`."""
    file = io.BytesIO()
    image.save(file, _PLUGINS[kind], **options)
    return file.getvalue()


def _drawing_file(image: Image.Image, goal: Goal) -> Saved | None:
    """A drawing as PNG; None for a photograph, or where the PNG is too large."""
    if not _is_drawing(image):
        return None
    data = file_of(image, "png", **encoder_options("png"))
    return Saved(data, LOSSLESS, "png") if goal.most_bytes is None or len(data) <= goal.most_bytes else None


def _lossy(image: Image.Image, kind: Format, goal: Goal) -> Saved:
    options = _options(image, kind)
    tried: dict[int, bytes] = {}

    def at(quality: int) -> bytes:
        if quality not in tried:
            tried[quality] = file_of(image, kind, quality=quality, **options)
        return tried[quality]

    quality = _smallest_alike(image, goal, at) if goal.most_bytes is None else _best_within(goal, goal.most_bytes, at)
    return Saved(at(quality), quality, kind, _too_large(at(quality), goal))


def _is_drawing(image: Image.Image) -> bool:
    return image.getcolors(FEW_COLOURS) is not None


def _best_within(goal: Goal, most_bytes: int, at: Callable[[int], bytes]) -> int:
    """The highest quality with which the file is small enough; the least when none is."""
    if len(at(goal.most)) <= most_bytes:
        return goal.most
    return _bisected(goal.least, goal.most - 1, lambda quality: len(at(quality)) <= most_bytes, rising=False)


def _smallest_alike(image: Image.Image, goal: Goal, at: Callable[[int], bytes]) -> int:
    """The lowest quality that still looks alike; the most when none does."""
    plain = image.convert("L")

    def alike(quality: int) -> bool:
        with Image.open(io.BytesIO(at(quality))) as again:
            return likeness(plain, again) >= goal.likeness

    return _bisected(goal.least, goal.most, alike, rising=True)


def _bisected(low: int, high: int, holds: Callable[[int], bool], *, rising: bool) -> int:
    """The border of `holds` between `low` and `high`.

    rising: it holds from some number up, and the first of them is sought; else up to some number, and the last.
    """
    while low < high:
        middle = (low + high + (not rising)) // 2
        if holds(middle) == rising:
            low, high = (low, middle) if rising else (low, middle - 1)
        else:
            low, high = (middle + 1, high) if rising else (middle, high)
    return low


def _png(image: Image.Image, goal: Goal | None) -> Saved:
    """Without loss; where that is too large, in 256 colours."""
    options = encoder_options("png")
    data = file_of(image, "png", **options)
    if goal is None or goal.most_bytes is None or len(data) <= goal.most_bytes:
        return Saved(data, LOSSLESS, "png")
    few = image.quantize(_PALETTE, method=Image.Quantize.FASTOCTREE)
    data = file_of(few, "png", **options)
    note = f"Reduced to {_PALETTE} colours to make the PNG smaller; jpg, webp or avif would look better."
    return Saved(data, LOSSLESS, "png", (note, *_too_large(data, goal)))


def _too_large(data: bytes, goal: Goal) -> tuple[str, ...]:
    if goal.most_bytes is None or len(data) <= goal.most_bytes:
        return ()
    return (
        f"The file has {len(data):,} bytes, more than the {goal.most_bytes:,} wished for: no quality made it less.",
    )


def _options(image: Image.Image, kind: Format) -> dict[str, object]:
    """A drawing's coloured edges need every pixel's own colour; a photo's do not, and it takes a third less room."""
    options: dict[str, object] = encoder_options(kind)
    if kind == "jpg":
        options["subsampling"] = 0 if _is_drawing(image) else 2
    return options
