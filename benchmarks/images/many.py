"""200 pictures in one go, in every way there is to use both cores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.images import batch
from benchmarks.images.pictures import made
from benchmarks.shared.figures import Figure
from benchmarks.shared.processes import measured

DIFFERENT = 6
WIDTH, HEIGHT = 4000, 3000
FLAT = 1.15
"""Memory at the end over that after a quarter of the pictures, at most."""


def many(folder: Path, count: int) -> Iterator[Figure]:
    """Figures of every way; the pictures are of 12 megapixels, `DIFFERENT` of them in turns."""
    for seed in range(DIFFERENT):
        made(folder, f"batch-{seed}.jpg", WIDTH, HEIGHT, seed)
    for way in batch.WAYS:
        said = measured("benchmarks.images.batch", way, str(folder), str(count), env={}, folder=folder)
        told = (
            f"{said['made'] / said['seconds']:.1f} variants a second, {said['cores']:.2f} of {batch.CORES} cores busy"
        )
        yield Figure(f"{count} pictures, {way}: each", said["seconds"] / count, digits=3, note=told)
        yield Figure("  memory at the end over a quarter in", said["late_mb"] / said["early_mb"], "x", FLAT)
        yield Figure("  peak memory, all processes", said["late_mb"], "MB", digits=0)
