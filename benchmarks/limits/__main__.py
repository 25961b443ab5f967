"""`python -m benchmarks.limits`: our limiters beside retrying and beside one `rate_limit` of Prefect's a call."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.limits.calls import KINDS
from benchmarks.limits.load import Case, Load, measure
from benchmarks.shared import figures, machine, servers
from benchmarks.shared.figures import Figure

PACKAGES = ("prefect",)
UNUSED, REFUSED = 10.0, 1.0
"""Goals, in percent."""
SHORT = Load(limit=60, window=6.0, seconds=30.0)
TOKENS = tuple(Load(limit=60_000, window=6.0, seconds=30.0, kind=f"{who} tokens") for who in ("openai", "anthropic"))
MINUTE = Load(limit=600, window=60.0, seconds=180.0)
BESIDE = {"retry": "no limiter, retry after a 429", "rate_limit": "Prefect's rate_limit, one a call"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.limits", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the shared limiter only, beside nothing")
    parser.add_argument("--long", action="store_true", help="with a real minute too: 8 minutes more")
    parser.add_argument("--only", choices=KINDS, help="calls of this kind alone")
    given = parser.parse_args()
    print(machine.describe(PACKAGES))
    print(figures.HEADER)
    found = []
    with (
        tempfile.TemporaryDirectory(prefix="pressroom-bench-") as folder,
        servers.provider() as provider,
        servers.prefect_api(Path(folder)) as api_url,
    ):
        loads = (SHORT, *TOKENS, MINUTE) if given.long else (SHORT, *TOKENS)
        for load in (one for one in loads if given.only in (None, one.kind)):
            for figure in _figures(load, provider.env, api_url, alone=given.quick):
                figures.show([figure])
                found.append(figure)
    print(f"\n{machine.load()}\n{figures.summary(found)}")
    return 0


def _figures(load: Load, env: dict[str, str], api_url: str, *, alone: bool) -> Iterator[Figure]:
    for processes in (1, 4):
        ways = ["in-process"] if processes == 1 and load is not MINUTE else []
        cases = {way: measure(load, way, processes, env, api_url) for way in [*ways, "shared"]}
        for way, case in cases.items():
            threads = f"{processes} x {load.threads(processes)} threads"
            yield from _judged(f"{load.kind}, {way}, {threads}, {load.window:g} s", case)
        for way, words in BESIDE.items() if load is SHORT and not alone else ():
            yield from _beside(words, measure(load, way, processes, env, api_url), cases["shared"])


def _judged(name: str, case: Case) -> Iterator[Figure]:
    note = f"{case.answered} answered, {case.refused} refused"
    yield Figure(f"{name}: allowed rate left unused", 100 - case.used, "%", UNUSED, note)
    yield Figure(f"{name}: calls refused", case.refused_share, "%", REFUSED)


def _beside(words: str, case: Case, ours: Case) -> Iterator[Figure]:
    used = f"{case.used:.0f} % used: {case.used / ours.used:.2f} of shared"
    yield Figure(f"  {words}: allowed rate left unused", 100 - case.used, "%", note=used)
    yield Figure(f"  {words}: calls refused", case.refused_share, "%", note=f"{case.refused} refused")


if __name__ == "__main__":
    sys.exit(main())
