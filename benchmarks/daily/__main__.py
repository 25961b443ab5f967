"""`python -m benchmarks.daily`: every figure with its goal."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from benchmarks.daily import cases
from benchmarks.daily.side_by_side import side_by_side
from benchmarks.daily.site import Site
from benchmarks.shared import figures, machine, servers
from benchmarks.shared.processes import Broken

PACKAGES = ("prefect", "openai", "anthropic", "pydantic", "sqlalchemy")
BROKE = " broke"
CASES = ("usual", "large", "slow", "repeat", "others")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.daily", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="each case once, and no calls of 10 s")
    parser.add_argument("--runs", type=int, help="runs a case; default 3, of the largest 1")
    parser.add_argument("--only", choices=CASES, action="append", help="this case; may be given several times")
    given = parser.parse_args()
    print(machine.describe(PACKAGES))
    with (
        tempfile.TemporaryDirectory(prefix="pressroom-bench-") as folder,
        servers.provider() as provider,
        servers.prefect_api(Path(folder)) as api_url,
    ):
        found = _measure(Site(Path(folder), api_url, provider), given)
    print(f"\n{machine.load()}\n{figures.summary(found)}")
    return int(any(figure.name.endswith(BROKE) for figure in found))


def _measure(site: Site, given: argparse.Namespace) -> list[figures.Figure]:
    wanted = given.only or [name for name in CASES if not (given.quick and name == "slow")]
    runs = given.runs or (1 if given.quick else 3)
    print(f"Prefect at {site.api_url}; one small run first, so that no figure holds the server's own first time")
    try:
        site.run(1)
    except Broken as broken:
        raise SystemExit(f"No figures: the small run broke: {broken}") from None
    todo = {
        "usual": lambda: cases.usual_day(site, runs),
        "large": lambda: cases.large_day(site, given.runs or 1),
        "slow": lambda: cases.slow_calls(site),
        "repeat": lambda: cases.same_day_again(site, runs),
        "others": lambda: side_by_side(site, runs, large=not given.quick),
    }
    return [figure for name in wanted for figure in _told(name, todo[name]())]


def _told(name: str, found: Iterable[figures.Figure]) -> Iterable[figures.Figure]:
    """Print figures as they come; a case that breaks is told, stops no other, and counts as a figure of its own."""
    print(f"\n{figures.HEADER}\n[{name}] {machine.load()}")
    try:
        for figure in found:
            figures.show([figure])
            yield figure
    except Broken as broken:
        print(f"[{name}] broken: {broken}")
        yield figures.Figure(f"{name}{BROKE}", 1, "", 0)


if __name__ == "__main__":
    sys.exit(main())
