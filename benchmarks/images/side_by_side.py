"""The same variants from the same file by every program, in turns, and how they compare."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.images.jobs import PLATFORMS, Job, Work, write
from benchmarks.images.peers_env import peers_python
from benchmarks.images.quality import Quality, References
from benchmarks.shared.figures import Figure
from benchmarks.shared.processes import measured
from pressroom.media.pictures.goals import goal_for
from pressroom.media.pictures.intake import take_in_path
from pressroom.media.pictures.planning import box_of, plan
from pressroom.media.pictures.taken import Taken, reducing
from pressroom.media.pictures.values import Options, Wanted
from pressroom.platforms import image_size_for

LEAST_FASTER = 4
MOST_SLOWER = 1.2
MOST_DB_LOST = 0.2
MOST_MEGABYTES = 120

OFTENER = 6
"""Runs of the quick programs for one of plain Pillow: the best of many is what a busy machine can still do."""

Said = dict[str, dict[str, Any]]


def side_by_side(source: Path, folder: Path, runs: int, *, rounds: int) -> Iterator[Figure]:
    """Figures of every program, then ours over theirs. The first goal is for the JPEG alone."""
    programs = {"pressroom": sys.executable, "pillow": sys.executable}
    if python := peers_python():
        programs |= {"pyvips": str(python), "opencv": str(python)}
    work = {name: _work(source, folder / f"{source.stem}-{name}") for name in programs}
    said = _measured(work, programs, folder, runs, rounds)
    references = References(work["pressroom"])
    judged = {name: references.judge(one) for name, one in work.items()}
    for name in programs:
        yield from _figures(name, said[name], judged[name])
    yield from _compared(said, judged, jpeg=source.suffix == ".jpg")


def _work(source: Path, out: Path) -> Work:
    out.mkdir()
    taken = take_in_path(source)
    wanted = [Wanted(name, *image_size_for(name, *taken.size)) for name in PLATFORMS]
    plans = [plan(taken.size, one, Options()) for one in wanted]
    jobs = [
        Job(one.platform, one.width, one.height, box_of(taken.size, made, None, Options()))
        for one, made in zip(wanted, plans, strict=True)
    ]
    goal = goal_for("x", "jpg", None)
    assert goal is not None
    shrink = reducing(taken.kind, min(made.scale for made in plans)) if _is_jpeg(taken) else 1
    return Work(str(source), str(out), goal.most, shrink, tuple(jobs))


def _is_jpeg(taken: Taken) -> bool:
    return taken.kind.name == "JPEG"


def _measured(work: dict[str, Work], programs: dict[str, str], folder: Path, runs: int, rounds: int) -> Said:
    """The best of several rounds, in each of which all programs take their turn under the same load."""
    best: Said = {}
    for _ in range(rounds):
        for name, python in programs.items():
            file = folder / f"{name}.json"
            write(work[name], file)
            options = [str(file), "--runs", str(runs if name == "pillow" else runs * OFTENER)]
            said = measured(f"benchmarks.images.peers.with_{name}", *options, env={}, folder=folder, python=python)
            if name not in best or said["seconds"] < best[name]["seconds"]:
                best[name] = said
    return best


def _figures(name: str, said: dict[str, Any], quality: Quality) -> Iterator[Figure]:
    told = f"{said['cpu']:.2f} s of processor; {quality.psnr:.2f} dB, SSIM {quality.ssim:.4f}, {quality.bytes:,} bytes"
    yield Figure(f"{name}: five variants", said["seconds"], digits=3, note=told)
    goal = MOST_MEGABYTES if name == "pressroom" else None
    yield Figure("  peak memory", said["peak_mb"], "MB", goal, f"{said['imported_mb']:.0f} MB of it are imports", 0)


def _compared(said: Said, judged: dict[str, Quality], *, jpeg: bool) -> Iterator[Figure]:
    ours = said["pressroom"]["seconds"]
    faster = said["pillow"]["seconds"] / ours
    least = 1 / LEAST_FASTER if jpeg else None
    yield Figure("pressroom over pillow: seconds", 1 / faster, "x", least, f"{faster:.1f} times as fast", 3)
    lost = judged["pillow"].psnr - judged["pressroom"].psnr
    yield Figure("  quality lost", lost, "dB", MOST_DB_LOST)
    for name in said.keys() - {"pressroom", "pillow"}:
        goal = MOST_SLOWER if name == "pyvips" else None
        yield Figure(f"pressroom over {name}: seconds", ours / said[name]["seconds"], "x", goal)
