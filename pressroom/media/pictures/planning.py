"""Plans a variant: the part of the picture it shows, and its scale."""

from __future__ import annotations

from dataclasses import dataclass

from pressroom.media.pictures.subject import Focus, crop_box
from pressroom.media.pictures.values import Box, Options, Wanted

MIDDLE = (0.5, 0.5)

Size = tuple[int, int]


@dataclass(frozen=True)
class Plan:
    """How one variant is made. scale: pixels of the source for one of the variant, below 1 where it is enlarged."""

    width: int
    height: int
    scale: float
    padded: bool

    @property
    def shape(self) -> float:
        return self.width / self.height

    def shows_all_of(self, size: Size) -> bool:
        """True when nothing of a source of `size` is cut away."""
        return self.padded or self.width * size[1] == self.height * size[0]


def plan(size: Size, wanted: Wanted, options: Options) -> Plan:
    """For a source of `size`. Where cropping would enlarge too much, the whole picture is shown, enlarged less."""
    scale = min(size[0] / wanted.width, size[1] / wanted.height)
    padded = 1 / scale > options.most_enlarged
    if padded:
        scale = max(size[0] / wanted.width, size[1] / wanted.height, 1 / options.most_enlarged)
    return Plan(wanted.width, wanted.height, scale, padded)


def box_of(size: Size, made: Plan, focus: Focus | None, options: Options) -> Box:
    """The part of the source that is shown: by the caller's own point, by its subject, or the middle."""
    if made.padded:
        return Box(0, 0, *size)
    if options.focus is None and focus is not None:
        return _whole_pixels(crop_box(focus, size, made.shape), size)
    return _whole_pixels(_around(options.focus or MIDDLE, size, made.shape), size)


def _around(point: tuple[float, float], size: Size, shape: float) -> tuple[float, float, float, float]:
    """The largest part of `shape` with `point` as near to its middle as the picture's edges let it."""
    width, height = min(size[0], size[1] * shape), min(size[1], size[0] / shape)
    left = min(max(0.0, point[0] * size[0] - width / 2), size[0] - width)
    upper = min(max(0.0, point[1] * size[1] - height / 2), size[1] - height)
    return left, upper, left + width, upper + height


def _whole_pixels(box: tuple[float, float, float, float], size: Size) -> Box:
    width, height = max(1, round(box[2] - box[0])), max(1, round(box[3] - box[1]))
    left, upper = min(round(box[0]), size[0] - width), min(round(box[1]), size[1] - height)
    return Box(left, upper, left + width, upper + height)
