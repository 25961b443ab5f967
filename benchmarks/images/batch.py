"""Many pictures in one go, in one way: `python -m benchmarks.images.batch WAY FOLDER COUNT`, which says JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path

from benchmarks.images.jobs import PLATFORMS
from benchmarks.shared.processes import peak_megabytes
from pressroom.media.pictures.intake import take_in_path
from pressroom.media.pictures.values import Wanted
from pressroom.media.pictures.variants import variants
from pressroom.platforms import image_size_for

CORES = os.cpu_count() or 1
Told = tuple[int, int, float]
"""Process, variants made, its most memory in MB by then."""


def one(path: str, threads: int) -> Told:
    taken = take_in_path(Path(path))
    wanted = [Wanted(name, *image_size_for(name, *taken.size)) for name in PLATFORMS]
    return os.getpid(), len(variants(taken, wanted, threads=threads)), peak_megabytes()


def threads(paths: list[str]) -> Iterator[Told]:
    """Pictures side by side on threads, each picture's variants one after the other."""
    with ThreadPoolExecutor(CORES) as pool:
        yield from pool.map(one, paths, cycle([1]))


def processes(paths: list[str]) -> Iterator[Told]:
    """The same on processes."""
    with ProcessPoolExecutor(CORES) as pool:
        yield from pool.map(one, paths, cycle([1]))


def inside(paths: list[str]) -> Iterator[Told]:
    """One picture after the other, its variants side by side on threads."""
    return map(one, paths, cycle([CORES]))


WAYS = {"threads": threads, "processes": processes, "inside": inside}


def main(way: str, folder: str, count: str) -> None:
    """`early_mb`, `late_mb`: most memory after a quarter of the pictures and at the end, all processes together."""
    files = sorted(str(path) for path in Path(folder).glob("batch-*.jpg"))
    paths = list(islice(cycle(files), int(count)))
    started, used = time.perf_counter(), sum(os.times()[:4])
    made, peaks, early = 0, {}, 0.0
    for at, (process, variants_made, peak) in enumerate(WAYS[way](paths), 1):
        made, peaks[process] = made + variants_made, peak
        if at == max(1, len(paths) // 4):
            early = sum(peaks.values())
    seconds, late = time.perf_counter() - started, sum(peaks.values())
    cores = (sum(os.times()[:4]) - used) / seconds
    print(json.dumps({"seconds": seconds, "made": made, "cores": cores, "early_mb": early, "late_mb": late}))


if __name__ == "__main__":
    main(*sys.argv[1:])
