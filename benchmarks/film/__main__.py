"""`python -m benchmarks.film`: one film, each maker in a fresh process."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.film.material import make
from benchmarks.shared.figures import Figure, show, summary
from benchmarks.shared.machine import describe
from benchmarks.shared.peers import python_with
from benchmarks.shared.processes import measured

REALTIME, MEGABYTES = 1.3, 700
"""Goals, on two quiet cores: seconds over the film's length, and peak memory with all child processes."""

PEERS = Path(__file__).parent / "peers" / "requirements.txt"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.film")
    parser.add_argument("--quick", action="store_true", help="once instead of three times")
    parser.add_argument("--moviepy", action="store_true", help="the same film by moviepy, too: takes minutes")
    asked, _ = parser.parse_known_args()
    print(describe(["pillow", "imageio-ffmpeg"]))
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder))
        runs = [
            measured("benchmarks.film.ours", folder, env={}, folder=Path(folder))
            for _ in range(1 if asked.quick else 3)
        ]
        best = min(runs, key=lambda one: float(one["seconds"]))
        figures = _figures("Pressroom", best, REALTIME, MEGABYTES)
        python = python_with("moviepy", "film", PEERS) if asked.moviepy else None
        if python:
            other = measured("benchmarks.film.by_moviepy", folder, env={}, folder=Path(folder), python=str(python))
            figures += _figures("moviepy, without marked words, motion and loudness", other)
        show(figures)
        print(summary(figures))


def _figures(
    name: str, run: dict[str, float], realtime: float | None = None, most: float | None = None
) -> list[Figure]:
    return [
        Figure(f"{name}: seconds over the film's length", run["seconds"] / run["length"], "x", realtime),
        Figure(f"{name}: processor seconds a second of film", run["processor"] / run["length"], "s"),
        Figure(f"{name}: peak memory with children", run["megabytes"], "MB", most, digits=0),
        Figure(f"{name}: size of the file", run["bytes"] / 1e6, "MB"),
    ]


if __name__ == "__main__":
    main()
