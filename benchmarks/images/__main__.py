"""`python -m benchmarks.images`: every figure with its goal."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.images.many import many
from benchmarks.images.pictures import made
from benchmarks.images.side_by_side import side_by_side
from benchmarks.shared import figures, machine
from benchmarks.shared.processes import Broken

PACKAGES = ("pillow", "numpy")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.images", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, and 40 pictures instead of 200")
    parser.add_argument("--only", choices=("jpeg", "png", "many"), action="append", help="may be given several times")
    given = parser.parse_args()
    wanted = given.only or ["jpeg", "png", "many"]
    print(machine.describe(PACKAGES))
    found: list[figures.Figure] = []
    with tempfile.TemporaryDirectory(prefix="pressroom-bench-") as name:
        for case in wanted:
            print(f"\n{figures.HEADER}\n[{case}] {machine.load()}")
            try:
                for figure in _case(case, Path(name), quick=given.quick):
                    figures.show([figure])
                    found.append(figure)
            except Broken as broken:
                print(f"[{case}] broken: {broken}")
                return 1
    print(f"\n{machine.load()}\n{figures.summary(found)}")
    return 0


def _case(case: str, folder: Path, *, quick: bool) -> Iterator[figures.Figure]:
    rounds = 1 if quick else 4
    if case == "jpeg":
        return side_by_side(made(folder, "24-megapixels.jpg", 6000, 4000, 7), folder, 2, rounds=rounds)
    if case == "png":
        return side_by_side(made(folder, "12-megapixels.png", 4000, 3000, 8), folder, 2, rounds=rounds)
    return many(folder, 40 if quick else 200)


if __name__ == "__main__":
    sys.exit(main())
