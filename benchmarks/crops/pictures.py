"""The labelled pictures: rendered scenes, and photographs where somebody has them."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from benchmarks.crops.scenes import rendered
from pressroom.media.pictures.subject import Box

LABELS = Path(__file__).parent / "photos.toml"

SHAPES = {"1:1": 1.0, "4:5": 0.8, "1.91:1": 1.91, "2:3": 2 / 3, "16:9": 16 / 9, "9:16": 9 / 16}
"""What platforms ask for, as width over height."""


@dataclass(frozen=True)
class Picture:
    """subject: its box in pixels of `image`, RGB."""

    name: str
    image: Image.Image
    subject: Box


def scenes(*, held_out: bool) -> list[Picture]:
    """40 rendered scenes; those held out have other grounds and other subjects."""
    return [Picture(f"scene {seed}", *rendered(seed, held_out=held_out)) for seed in range(40)]


def photographs(folder: Path, *, held_out: bool) -> list[Picture]:
    """Those labelled photographs that lie in `folder`: by name, every second one is held out."""
    labels = tomllib.loads(LABELS.read_text("utf-8"))["subjects"]
    half = sorted(labels)[int(held_out) :: 2]
    return [_photograph(folder / name, labels[name]) for name in half if (folder / name).is_file()]


def ideal(size: tuple[int, int], aspect: float, subject: Box) -> Box:
    """The largest crop of a shape with the subject in its middle, as far as the picture reaches."""
    width, height = size
    wide, high = min(width, height * aspect), min(height, width / aspect)
    left = min(max(0.0, (subject[0] + subject[2] - wide) / 2), width - wide)
    upper = min(max(0.0, (subject[1] + subject[3] - high) / 2), height - high)
    return (left, upper, left + wide, upper + high)


def kept(box: Box, subject: Box) -> float:
    """Share of the subject's box that a crop shows."""
    return _shared(box, subject) / _area(subject)


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    both = _shared(one, other)
    return both / (_area(one) + _area(other) - both)


def _photograph(path: Path, percent: Sequence[float]) -> Picture:
    with Image.open(path) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
    across, down = image.width / 100, image.height / 100
    left, upper, right, lower = percent
    return Picture(path.name, image, (left * across, upper * down, right * across, lower * down))


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _shared(one: Box, other: Box) -> float:
    return _area((max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])))
