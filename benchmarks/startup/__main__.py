"""`python -m benchmarks.startup`: CPU seconds of commands that only look and of typical mistakes; wall time of runs."""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.shared import figures, machine
from benchmarks.shared.figures import Figure
from benchmarks.shared.processes import environment, timed

PRESSROOM = (sys.executable, "-m", "apps.cli.main")
HELPS = 7
PACKAGES = ("prefect", "typer")
NEXT_DAY = "2030-01-02"

LOOKS = ("--help", "--version", "formats", "runs", "show", "brief")
LOOK_GOAL, MISTAKE_GOAL, REPEAT_GOAL = 0.6, 1.0, 1.5
MISTAKES = (
    "repurpose nope.md",
    "optimize nothere.jpg --all",
    "daily --chain gpt",
    "daily --chain openai",
    "daily --format tweet",
    "daily --ideas 0",
    "daily --date tomorrow",
    "redo zzz",
    "retry zzz",
    "repurpose notes.md --voice nobody",
)
TIMES = 3


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
    yield from _of_processor(folder)
    if quick:
        return
    yield _daily("pressroom daily, offline: the same day again", folder)
    yield _daily("pressroom daily, offline: another day", folder, "--date", NEXT_DAY)


def _of_processor(folder: Path) -> Iterator[Figure]:
    """CPU seconds in a folder where a run is finished: the least of a few calls, since a busy machine adds to them."""
    (folder / "notes.md").write_text("We turned it off on a Friday. " * 20)
    repeat = ("daily --chain offline", REPEAT_GOAL)
    table = [*((each, LOOK_GOAL) for each in LOOKS), *((each, MISTAKE_GOAL) for each in MISTAKES), repeat]
    for typed, goal in table:
        seconds = min(_processor_seconds(typed.split(), folder) for _ in range(TIMES))
        yield Figure(f"pressroom {typed}", seconds, "s CPU", goal)


def _processor_seconds(words: list[str], folder: Path) -> float:
    """CPU seconds of the command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*PRESSROOM, *words], cwd=folder, env=environment({}), capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _daily(name: str, folder: Path, *options: str, goal: float | None = None) -> Figure:
    """A run that starts and ends a Prefect server of its own, as it does when none is up."""
    command = [*PRESSROOM, "daily", "--chain", "offline", "--json", *options]
    seconds, said = timed(command, env={}, folder=folder)
    report = json.loads(said)
    return Figure(name, seconds, goal=goal, note=f"{report['drafts']} drafts, {report['seconds']:.2f} s by its report")


if __name__ == "__main__":
    sys.exit(main())
