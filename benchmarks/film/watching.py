"""Time, processor time and memory of a piece of work and all processes that it starts."""

from __future__ import annotations

import json
import resource
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

POLL = 0.05


def watch(work: Callable[[], float], film: Path) -> None:
    """Do the work, which gives the film's length in seconds, and print its figures as JSON."""
    peak, over = [0], threading.Event()

    def look() -> None:
        while not over.wait(POLL):
            peak[0] = max(peak[0], _held(psutil.Process()))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    started = time.perf_counter()
    length = work()
    seconds = time.perf_counter() - started
    over.set()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    figures = {
        "seconds": seconds,
        "length": length,
        "processor": sum(one.ru_utime + one.ru_stime for one in used),
        "megabytes": peak[0] / 1e6,
        "bytes": film.stat().st_size,
    }
    print(json.dumps(figures))


def _held(process: psutil.Process) -> int:
    total = 0
    for one in (process, *process.children(recursive=True)):
        try:
            total += one.memory_info().rss
        except psutil.Error:
            continue
    return total
