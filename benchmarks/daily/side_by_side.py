"""Equal work beside each other: Pressroom, plain asyncio, and LangGraph.

All three make the same 1 + ideas x formats calls with the same SDK, schemas and limit, and store each draft in
SQLite as it arrives. Pressroom also checks, moderates, records and lays out, and shows it all in Prefect.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.daily import requests_file
from benchmarks.daily.cases import IDEAS, MANY, USUAL, WIDE, ideal
from benchmarks.daily.langgraph_env import langgraph_python
from benchmarks.daily.site import FORMATS, LATENCY, PLAIN, Site
from benchmarks.shared.figures import Figure
from benchmarks.shared.processes import Broken, measured

MODEL = "gpt-4.1-mini"


@dataclass(frozen=True)
class Result:
    """Seconds from the first step to the last draft stored; to the end of the process; most memory in MB."""

    stored: float
    process: float
    peak: float


def side_by_side(site: Site, runs: int, *, large: bool) -> Iterator[Figure]:
    """For 5 ideas at the usual limit, and for 100 when `large`: each program's figures, then ours over theirs."""
    langgraph = langgraph_python()
    for ideas, at_once, times in ((IDEAS, USUAL, runs), *(((MANY, WIDE, 1),) if large else ())):
        _warm(site, ideas)
        results = {"pressroom": _median([_ours(site, ideas, at_once) for _ in range(times)])}
        programs = {"asyncio": sys.executable, **({"langgraph": str(langgraph)} if langgraph else {})}
        for name, python in programs.items():
            results[name] = _median([peer(site, name, python, ideas, at_once) for _ in range(times)])
        yield from _figures(f"{ideas} x {len(FORMATS)}", results, ideal(ideas, at_once))


def _figures(name: str, results: dict[str, Result], best: float) -> Iterator[Figure]:
    for who, result in results.items():
        yield Figure(f"{name}, {who}: last draft stored, over {best:g} s", result.stored / best, "x", digits=3)
        yield Figure("  peak memory", result.peak, "MB", digits=0)
        yield Figure("  whole process", result.process)
    ours = results["pressroom"]
    for who, theirs in list(results.items())[1:]:
        yield Figure(f"{name}, pressroom over {who}: last draft stored", ours.stored / theirs.stored, "x", digits=3)
        yield Figure("  peak memory", ours.peak / theirs.peak, "x")


def _median(results: list[Result]) -> Result:
    columns = zip(*((one.stored, one.process, one.peak) for one in results), strict=True)
    return Result(*(statistics.median(column) for column in columns))


def _ours(site: Site, ideas: int, at_once: int) -> Result:
    ran = site.run(ideas, chain=PLAIN, at_once=at_once)
    _check(ran.asked, ideas)
    return Result(ran.times.kept, float(ran.said["process_seconds"]), ran.peak)


def peer(site: Site, name: str, python: str, ideas: int, at_once: int, latency: float = LATENCY) -> Result:
    folder = site.fresh()
    file = folder / "requests.json"
    client = {"base_url": site.provider.env["OPENAI_BASE_URL"], "api_key": "sandbox", "max_retries": 0, "timeout": 30.0}
    requests_file.write(file, ideas, MODEL, client)
    site.provider.restart(latency)
    options = [str(file), "--at-once", str(at_once)]
    said = measured(f"benchmarks.daily.peers.with_{name}", *options, env={}, folder=folder, python=python)
    _check(site.provider.asked(), ideas)
    return Result(said["stored"], said["process_seconds"], said["peak_mb"])


def _warm(site: Site, ideas: int) -> None:
    """Have the provider compose its answers once, so that the first to ask doesn't wait longer than the others."""
    peer(site, "asyncio", sys.executable, ideas, USUAL, latency=0)


def _check(asked: dict[str, int], ideas: int) -> None:
    if asked != {"ideas": 1, "draft": ideas * len(FORMATS)}:
        raise Broken(f"the work was not equal: the provider was asked for {asked}")
