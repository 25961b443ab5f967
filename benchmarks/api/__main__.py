"""`python -m benchmarks.api`: lists, details and edits over HTTP at 32 connections, each beside a bare route."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.api import cases, postgres, seed, sites
from benchmarks.api.cases import CASES, Person, Requests
from benchmarks.api.sites import Asked, Site
from benchmarks.shared import figures, machine
from benchmarks.shared.figures import Figure

PACKAGES = ("fastapi", "uvicorn", "sqlalchemy", "psycopg", "pydantic")
WORKSPACES = 100
GOALS = {"list": 3.0}
"""By case: most times the bare route's p95."""
GROWTH = 5.0
"""Goal: most percent of memory that 10,000 requests may add."""

SETTINGS = {
    "PRESSROOM_REQUESTS_PER_MINUTE": "1000000",
    "PRESSROOM_ACCESS_MINUTES": "60",  # longer than all of it takes
    "PRESSROOM_PASSWORD_ROUNDS": "4",
}


@dataclass(frozen=True)
class Extent:
    """Requests: of a block, the blocks of each case, and those that memory is watched over."""

    block: int = 1000
    rounds: int = 5
    watched: int = 10_000


QUICK = Extent(block=300, rounds=2, watched=2000)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.api", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="an eighth of the requests")
    extent = QUICK if parser.parse_args().quick else Extent()
    print(machine.describe(PACKAGES))
    os.environ.update(SETTINGS)  # for the passwords that we make ourselves
    found = []
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="pressroom-api-")))
        server = opened.enter_context(postgres.running())
        tenants = seed.fill(server.conninfo, WORKSPACES)
        desk = opened.enter_context(sites.desk(folder, _settings(folder, postgres.addresses(server))))
        bare = opened.enter_context(sites.bare(folder, postgres.addresses(server)[0]))
        people = [cases.sign_in(desk, tenant) for tenant in tenants]
        print(f"{len(tenants)} workspaces, {len(tenants) * seed.DRAFTS:,} pieces of content; {machine.load()}")
        print(figures.HEADER)
        for figure in _figures(desk, bare, people, extent):
            figures.show([figure])
            found.append(figure)
    print(f"\n{machine.load()}\n{figures.summary(found)}")
    return 0


def _settings(folder: Path, addresses: tuple[str, str]) -> dict[str, str]:
    """The desk's own: signed in as who row-level security binds."""
    operators, desk = addresses
    return {
        **SETTINGS,
        "PRESSROOM_HOME": str(folder / "home"),
        "PREFECT_HOME": str(folder / "prefect"),
        "PRESSROOM_DATABASE_URL": operators,
        "PRESSROOM_DESK_DATABASE_URL": desk,
    }


def _figures(desk: Site, bare: Site, people: Sequence[Person], extent: Extent) -> Iterator[Figure]:
    kinds = {name: Requests(people, ask) for name, ask in CASES.items()}
    beside = Requests(people, cases.bare)
    sites.ask(bare, beside.take(extent.block))
    sites.ask(desk, cases.mixed([*kinds.values()], extent.block))
    yield _memory(desk, [*kinds.values()], extent.watched)
    ours, theirs = {name: Asked() for name in kinds}, Asked()
    for _ in range(extent.rounds):
        for name, kind in kinds.items():
            theirs.add(sites.ask(bare, beside.take(extent.block)))
            ours[name].add(sites.ask(desk, kind.take(extent.block)))
    yield from _times("bare", theirs)
    for name, asked in ours.items():
        yield from _times(name, asked)
        ratio = asked.percentile(0.95) / theirs.percentile(0.95)
        yield Figure(f"{name}: p95 over the bare route's", ratio, "x", GOALS.get(name))
    yield _ceiling(bare, Requests(people, cases.nothing), extent)


def _memory(desk: Site, kinds: Sequence[Requests], watched: int) -> Figure:
    before = desk.megabytes
    sites.ask(desk, cases.mixed(kinds, watched))
    after = desk.megabytes
    name, note = f"memory of the desk, added by {watched:,} requests", f"{before:.1f} to {after:.1f} MB"
    return Figure(name, (after / before - 1) * 100, "%", GROWTH, note)


def _times(name: str, asked: Asked) -> Iterator[Figure]:
    for share in (0.5, 0.95):
        yield Figure(f"{name}: p{share * 100:.0f}", asked.percentile(share), "ms", digits=1)
    note = f"{asked.a_second:.0f} requests/s, {asked.work:.1f} ms of a core each, {asked.size:.1f} kB each"
    yield Figure(f"{name}: p99", asked.percentile(0.99), "ms", note=note, digits=1)


def _ceiling(bare: Site, nothing: Requests, extent: Extent) -> Figure:
    """What the generator gets out of a route that does nothing: it must be far above what is measured with it."""
    asked = sites.ask(bare, nothing.take(2 * extent.block))
    name, note = "generator: of a core, at a route that does nothing", f"{asked.a_second:.0f} requests/s"
    return Figure(name, asked.generator / asked.seconds * 100, "%", note=note, digits=0)


if __name__ == "__main__":
    sys.exit(main())
