"""`python -m benchmarks.publishing`: the engine of publishing beside the bare requests it makes."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx2
from sqlmodel import select

from benchmarks.shared import figures, machine
from benchmarks.shared.figures import Figure
from benchmarks.shared.processes import peak_megabytes
from pressroom import publishers
from pressroom.model.publication_states import PublicationState
from pressroom.store.desk_tables import Outbox
from pressroom.store.publishing_tables import Publication, PublicationAttempt
from sandbox.social.frame.server import SocialServer

try:
    import pytest

    from tests.fixtures.databases import migrate
    from tests.fixtures.press import Press, press_at
except ImportError as error:
    sys.exit(f"This benchmark needs the packages of the tests ({error.name} is missing): `pip install -e .[dev]`.")

AT_ONCE = 10
CALL_SECONDS = 0.02
GOAL_A_SECOND = 10.0
"""Publications; at this rate none may be late by more than a minute."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.publishing", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100 publications instead of 1,000")
    given = parser.parse_args()
    count = 100 if given.quick else 1000
    print(machine.describe(("httpx2", "sqlmodel")))
    print(figures.HEADER, flush=True)
    found: list[Figure] = []
    with (
        tempfile.TemporaryDirectory(prefix="pressroom-bench-") as folder,
        pytest.MonkeyPatch.context() as patch,
        SocialServer() as server,
        press_at(Path(folder), server, patch, migrate(Path(folder) / "migrated.db")) as press,
    ):
        for figure in _measure(press, count):
            figures.show([figure])
            found.append(figure)
    print(f"\n{machine.load()}\n{figures.summary(found)}")
    return 0


def _measure(press: Press, count: int) -> Iterator[Figure]:
    """The figures, each as soon as it is measured."""
    start = time.perf_counter()
    planned = _plan(press, count)
    yield Figure(f"approving and planning {count:,}", time.perf_counter() - start)
    press.server.latency = CALL_SECONDS
    start = time.perf_counter()
    _work(press)
    seconds = time.perf_counter() - start
    with press.database.read() as session:
        rows = [session.get_one(Publication, row) for row in planned]
        calls = len(session.exec(select(PublicationAttempt.id).where(PublicationAttempt.method != "")).all())
    done = [row for row in rows if row.state == PublicationState.PUBLISHED]
    note = f"{len(done)} of {count} published, {calls} calls"
    title = f"seconds a publication, {len(publishers.names())} platforms"
    yield Figure(title, seconds / max(1, len(done)), goal=0.1, note=note)
    late = max(0.0, seconds - count / GOAL_A_SECOND)
    yield Figure("the last one is late by, beyond its turn at 10 a second", late, goal=60.0)
    yield Figure("peak memory", peak_megabytes(), "MB", note="stand-ins included", digits=0)
    bare = _bare(press, calls)
    beside = f"{seconds:.1f} s, bare calls {bare:.1f} s"
    yield Figure("beside the bare calls of the same run", seconds / bare, "x", note=beside)


def _plan(press: Press, count: int) -> list[str]:
    names = publishers.names()
    for name in names:
        press.channel(name, late_minutes=0)
    return [press.ready(names[number % len(names)]).id for number in range(count)]


def _work(press: Press) -> None:
    """As the flow does: claim what is due, a publication a thread, one of a channel at a time."""
    engine = press.engine
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while claimed := engine.claim(AT_ONCE):
            list(pool.map(engine.advance, claimed))
            _wake(press)


def _wake(press: Press) -> None:
    """A platform that processes, or limits, is looked at again at once: its minutes are not what is measured."""
    press.forward(seconds=60)
    with press.database.write() as session:
        soon = press.now() + timedelta(minutes=20)
        for row in session.exec(select(Outbox).where(Outbox.state == "waiting", Outbox.due_at < soon)).all():
            row.due_at = press.now()
            session.add(row)


def _bare(press: Press, calls: int) -> float:
    """The same number of requests without a ledger."""

    def ask(_number: int) -> None:
        with httpx2.Client() as client:
            client.get(f"{press.server.url}/bluesky/api/xrpc/com.atproto.server.getSession")

    start = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(ask, range(calls)))
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
