"""Ways to crop: each answers with a box for every picture and shape."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.crops import maps, vips_env
from benchmarks.crops.pictures import SHAPES, Picture, ideal
from pressroom.media.pictures.subject import Box, Focus, crop_box, find_subject
from pressroom.media.pictures.subject.focus import Map
from pressroom.media.pictures.subject.maps import in_focus, scaled, unusual, walled_off

SIDE = 512
"""Longest side of the copies that are looked at, as in the product."""

Boxes = list[list[Box]]
"""By picture, then by shape."""

Method = Callable[[Sequence[Picture]], Boxes]
Finder = Callable[[Image.Image], Focus]


def all_methods() -> dict[str, Method]:
    """By name, in the order of the table; those of libvips only where it can be had."""
    found: dict[str, Method] = {"pressroom": partial(_by_focus, find_subject), "centre": _centre}
    if python := vips_env.vips_python():
        for interesting in ("attention", "entropy"):
            found[f"libvips, {interesting}"] = partial(_vips, python, interesting)
    for name, made in MAPS.items():
        found[f"map: {name}"] = partial(_by_focus, partial(_focus_of, made))
    return found


def best_possible(pictures: Sequence[Picture]) -> Boxes:
    """The crops of one who knows where the subject is."""
    return [[ideal(one.image.size, aspect, one.subject) for aspect in SHAPES.values()] for one in pictures]


def _by_focus(finder: Finder, pictures: Sequence[Picture]) -> Boxes:
    boxes = []
    for one in pictures:
        small = one.image.copy()
        small.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
        focus = finder(small)
        boxes.append([crop_box(focus, one.image.size, aspect) for aspect in SHAPES.values()])
    return boxes


def _centre(pictures: Sequence[Picture]) -> Boxes:
    return [[ideal(one.image.size, aspect, (0, 0, *one.image.size)) for aspect in SHAPES.values()] for one in pictures]


def _vips(python: Path, interesting: str, pictures: Sequence[Picture]) -> Boxes:
    with tempfile.TemporaryDirectory() as folder:
        rows: list[vips_env.Row] = []
        for number, one in enumerate(pictures):
            path = Path(folder) / f"{number}.png"
            one.image.save(path, compress_level=1)
            rows += [(str(path), *_whole(one.image.size, aspect)) for aspect in SHAPES.values()]
        corners = vips_env.corners(python, interesting, rows)
    boxes = [(left, upper, left + row[1], upper + row[2]) for row, (left, upper) in zip(rows, corners, strict=True)]
    return [list(boxes[at : at + len(SHAPES)]) for at in range(0, len(boxes), len(SHAPES))]


def _whole(size: tuple[int, int], aspect: float) -> tuple[int, int]:
    width, height = size
    return min(width, round(height * aspect)), min(height, round(width / aspect))


def _focus_of(made: Callable[[Image.Image], Map], image: Image.Image) -> Focus:
    """A map as the focus that the window is chosen by, so that only the map makes a difference."""
    found = scaled(made(image))
    total = float(found.sum())
    if total <= 0:
        return Focus(found, (), (0.5, 0.5), "nothing")
    share = found / total
    middle = [
        float(np.interp(0.5, np.cumsum(one), np.linspace(0, 1, len(one)))) for one in (share.sum(0), share.sum(1))
    ]
    return Focus(share, (), (middle[0], middle[1]), "saliency")


def _three(image: Image.Image) -> list[Map]:
    found = (walled_off(maps.at(image, 96)), in_focus(maps.at(image, 256)), unusual(maps.at(image, 64)))
    shape = (found[0].shape[1], found[0].shape[0])
    return [scaled(np.asarray(Image.fromarray(one).resize(shape, Image.Resampling.BILINEAR))) for one in found]


MAPS: dict[str, Callable[[Image.Image], Map]] = {
    "spectral residual": lambda image: unusual(maps.at(image, 64)),
    "edges": maps.edges,
    "entropy": maps.entropy,
    "frequency-tuned": maps.frequency_tuned,
    "centre-surround": maps.centre_surround,
    "histogram contrast": maps.histogram_contrast,
    "walled off": lambda image: walled_off(maps.at(image, 96)),
    "unlike the edges": maps.unlike_the_edges,
    "in focus": lambda image: in_focus(maps.at(image, 256)),
    "these three, added": lambda image: np.sum(_three(image), axis=0, dtype=np.float32),
}
