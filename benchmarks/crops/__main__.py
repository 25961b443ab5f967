"""`python -m benchmarks.crops`: the share of the subject that each way to crop keeps, shape by shape."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.crops.methods import Boxes, Method, all_methods, best_possible
from benchmarks.crops.pictures import SHAPES, Picture, ideal, kept, overlap, photographs, scenes
from benchmarks.shared.machine import describe
from pressroom.media.pictures.subject import Box

LOST = 0.5
"""A crop that shows less than this of the subject has lost it."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crops")
    parser.add_argument("--photos", type=Path, help="the folder of the photographs that photos.toml labels")
    parser.add_argument("--quick", action="store_true", help="the held-out half only")
    asked, _ = parser.parse_known_args()
    print(describe(["numpy", "pillow"]))
    methods = all_methods()
    for held_out in (True,) if asked.quick else (False, True):
        half = "held out" if held_out else "in view while tuning"
        _compare(f"rendered scenes {half}", scenes(held_out=held_out), methods)
        if asked.photos and (found := photographs(asked.photos, held_out=held_out)):
            _compare(f"photographs {half}", found, methods)


def _compare(title: str, pictures: Sequence[Picture], methods: dict[str, Method]) -> None:
    print(f"\n{len(pictures)} {title}: share of the subject kept; its mean, crops that lose it; overlap with the ideal")
    shapes = "".join(f"{name:>8}" for name in SHAPES)
    print(f"  {'':<24}{shapes}{'mean':>8}{'lost':>7} |{shapes}{'mean':>8}{'ms':>7}")
    for name, method in {"best possible": best_possible, **methods}.items():
        start = time.perf_counter()
        boxes = method(pictures)
        each = (time.perf_counter() - start) * 1000 / len(pictures)
        print(f"  {name:<24}{_figures(pictures, boxes)}{each:>7.0f}", flush=True)


def _figures(pictures: Sequence[Picture], boxes: Boxes) -> str:
    shown = _table(pictures, boxes, lambda one, box, _: kept(box, one.subject))
    near = _table(pictures, boxes, lambda one, box, aspect: overlap(box, ideal(one.image.size, aspect, one.subject)))
    lost = statistics.mean(value < LOST for row in shown for value in row)
    return f"{_means(shown)}{lost:>7.1%} |{_means(near)}"


def _table(
    pictures: Sequence[Picture], boxes: Boxes, value: Callable[[Picture, Box, float], float]
) -> list[list[float]]:
    return [
        [value(one, box, aspect) for box, aspect in zip(row, SHAPES.values(), strict=True)]
        for one, row in zip(pictures, boxes, strict=True)
    ]


def _means(table: list[list[float]]) -> str:
    columns = [statistics.mean(column) for column in zip(*table, strict=True)]
    return "".join(f"{value:>8.3f}" for value in (*columns, statistics.mean(columns)))


if __name__ == "__main__":
    main()
