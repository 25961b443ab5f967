"""`python -m benchmarks.startup`: wall time of commands from start to end."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.shared import figures, machine
from benchmarks.shared.figures import Figure
from benchmarks.shared.processes import timed

PRESSROOM = (sys.executable, "-m", "apps.cli.main")
HELPS = 7
PACKAGES = ("prefect", "typer")
NEXT_DAY = "2030-01-02"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.startup", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the help three times, the daily run once")
    given = parser.parse_args()
    print(machine.describe(PACKAGES))
    print(figures.HEADER)
    found = []
    with tempfile.TemporaryDirectory(prefix="pressroom-bench-") as folder:
        for figure in _measure(Path(folder), quick=given.quick):
            figures.show([figure])
            found.append(figure)
    print(f"\n{machine.load()}\n{figures.summary(found)}")
    return 0


def _measure(folder: Path, *, quick: bool) -> Iterator[Figure]:
    helps = [timed([*PRESSROOM, "--help"], env={}, folder=folder)[0] for _ in range(3 if quick else HELPS)]
    yield figures.middle("pressroom --help", helps, goal=0.5)
    yield _daily("pressroom daily, offline: fresh folder, fresh Prefect", folder, goal=20)
    if quick:
        return
    yield _daily("pressroom daily, offline: the same day again", folder)
    yield _daily("pressroom daily, offline: another day", folder, "--date", NEXT_DAY)


def _daily(name: str, folder: Path, *options: str, goal: float | None = None) -> Figure:
    """A run that starts and ends a Prefect server of its own, as it does when none is up."""
    command = [*PRESSROOM, "daily", "--chain", "offline", "--json", *options]
    seconds, said = timed(command, env={}, folder=folder)
    report = json.loads(said)
    return Figure(name, seconds, goal=goal, note=f"{report['drafts']} drafts, {report['seconds']:.2f} s by its report")


if __name__ == "__main__":
    sys.exit(main())
