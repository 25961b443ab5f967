"""A measured peer: its work several times over, the best time, and the most memory after the first time."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.images.jobs import Work, read
from benchmarks.shared.processes import peak_megabytes

Files = dict[str, bytes]


def main(make: Callable[[Work], Files], *, warm: Callable[[], object] = dict) -> None:
    """Print JSON: best `seconds` and `cpu` seconds, `peak_mb` of one time alone, `imported_mb` before it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--runs", type=int, default=1)
    given = parser.parse_args()
    work = read(given.work)
    warm()
    imported = peak_megabytes()
    files, peak, times, cpu = make(work), peak_megabytes(), [], []
    for _ in range(given.runs):
        started, used = time.perf_counter(), time.process_time()
        make(work)
        times.append(time.perf_counter() - started)
        cpu.append(time.process_time() - used)
    for name, data in files.items():
        (Path(work.out) / f"{name}.jpg").write_bytes(data)
    print(json.dumps({"seconds": min(times), "cpu": min(cpu), "peak_mb": peak, "imported_mb": imported}))
