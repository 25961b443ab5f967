"""`python -m benchmarks.scale`: 5, 100 and 1,000 ideas x 3 formats, calls of 1.0 s, 100 at a time."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from benchmarks.daily.langgraph_env import langgraph_python
from benchmarks.daily.side_by_side import peer
from benchmarks.daily.site import FORMATS, LATENCY, PLAIN, Site
from benchmarks.shared import figures, machine, servers
from benchmarks.shared.figures import Figure

SIZES, QUICK = (5, 100, 1000), (5, 100)
WIDE = 100
IDEAS_A_CALL = 100
GOALS = {1000: (1.10, 300.0)}
"""By ideas: most times the ideal, most megabytes."""
NO_GOALS = (None, None)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="without 1,000 ideas")
    parser.add_argument("--only", type=int, choices=SIZES, metavar="IDEAS", help="one size")
    parser.add_argument(
        "--latency", type=float, default=LATENCY, metavar="SECONDS", help="of a call; goals hold for 1.0"
    )
    given = parser.parse_args()
    if given.latency <= 0:
        parser.error("--latency takes seconds, more than 0: the figures are shares of it")
    print(machine.describe(("prefect", "openai", "sqlalchemy")))
    with (
        tempfile.TemporaryDirectory(prefix="pressroom-scale-") as folder,
        servers.provider("--made-up-ideas") as provider,
        servers.prefect_api(Path(folder)) as api_url,
    ):
        site = Site(Path(folder), api_url, provider)
        site.run(1)
        print(figures.HEADER)
        for ideas in _sizes(given):
            print(machine.load())
            figures.show(list(_figures(site, ideas, given.latency)))
    print(machine.load())
    return 0


def _sizes(given: argparse.Namespace) -> tuple[int, ...]:
    if given.only:
        return (given.only,)
    return QUICK if given.quick else SIZES


def _figures(site: Site, ideas: int, latency: float) -> Iterator[Figure]:
    before = _task_runs(site.api_url)
    ran = site.run(ideas, chain=PLAIN, at_once=WIDE, latency=latency)
    best = latency * _calls(ideas, IDEAS_A_CALL)
    goals = GOALS.get(ideas, NO_GOALS) if latency == LATENCY else NO_GOALS
    name = f"{ideas} x {len(FORMATS)}"
    yield Figure(
        f"{name}: last draft stored, over the ideal {best:g} s", ran.times.kept / best, "x", goals[0], digits=3
    )
    yield Figure(f"{name}: peak memory of the flow's process", ran.peak, "MB", goals[1], digits=0)
    yield Figure(f"{name}: from the last draft stored to the closing", ran.times.closed - ran.times.kept)
    yield Figure(f"{name}: Prefect shows all drafts, after the flow's end", _shown(site, before, ideas, ran.ended_at))
    yield from _peers(site, ideas, name, latency)


def _peers(site: Site, ideas: int, name: str, latency: float) -> Iterator[Figure]:
    """The others' figures; they ask for all ideas in one call, so that their ideal at 1,000 is nine calls shorter."""
    best = latency * _calls(ideas, ideas)
    programs = {"asyncio": sys.executable, "langgraph": langgraph_python()}
    for who, python in programs.items():
        if python:
            theirs = peer(site, who, str(python), ideas, WIDE, latency)
            yield Figure(
                f"{name}, {who}: last draft stored, over the ideal {best:g} s", theirs.stored / best, "x", digits=3
            )
            yield Figure(f"{name}, {who}: peak memory", theirs.peak, "MB", digits=0)


def _calls(ideas: int, a_call: int) -> int:
    """Calls no run can make fewer of, one after the other: those for ideas, then the drafts in waves of 100."""
    return -(-ideas // a_call) + -(-ideas * len(FORMATS) // WIDE)


def _shown(site: Site, before: int, ideas: int, ended_at: float) -> float:
    """Seconds from the flow's end until the server has every draft's task run as ended."""
    while _task_runs(site.api_url) - before < ideas * len(FORMATS):
        if time.time() - ended_at > 120:
            return float("inf")
        time.sleep(0.2)
    return max(0.0, time.time() - ended_at)


def _task_runs(api_url: str) -> int:
    body = {"task_runs": {"name": {"like_": "linkedin_post"}, "state": {"type": {"any_": ["COMPLETED"]}}}}
    found = 0
    for form in FORMATS:
        body["task_runs"]["name"] = {"like_": f"{form}:"}
        request = urllib.request.Request(
            f"{api_url}/task_runs/count", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            found += int(json.load(answer))
    return found


if __name__ == "__main__":
    sys.exit(main())
