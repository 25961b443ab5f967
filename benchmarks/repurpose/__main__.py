"""`python -m benchmarks.repurpose`: a document of 10,000 words in every format, calls of 1.0 s."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, create_engine, select

from benchmarks.shared import figures, machine, servers
from benchmarks.shared.figures import Figure
from benchmarks.shared.processes import measured
from pressroom import formats
from pressroom.platforms import counting
from pressroom.store.tables import ProviderCall, Revision, Run

LATENCY = 1.0
WORDS = 10_000
PROSE = Path(__file__).parents[2] / "tests" / "data" / "prose" / "en_1500.txt"
IDEAL = 2 * LATENCY
"""Seconds no run can beat: the document's parts condensed at once, then every format at once."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.repurpose", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="each case once")
    runs = 1 if parser.parse_args().quick else 3
    print(machine.describe(("prefect", "openai", "pillow")))
    with (
        tempfile.TemporaryDirectory(prefix="pressroom-repurpose-") as folder,
        servers.provider() as provider,
        servers.prefect_api(Path(folder)) as api_url,
    ):
        document = _document(Path(folder))
        print(figures.HEADER)
        for pictures in (False, True):
            ran = [_run(Path(folder) / f"{pictures}-{n}", document, api_url, provider, pictures) for n in range(runs)]
            figures.show(list(_figures(ran, pictures)))
    print(machine.load())
    return 0


def _document(folder: Path) -> Path:
    """Our own prose over and over, each time with other figures, until there are 10,000 words of it."""
    prose, chapters, words = PROSE.read_text("utf-8"), [], 0
    while words < WORDS:
        chapters.append(prose.replace("1", str(len(chapters) + 1)))
        words += counting.words(chapters[-1])
    file = folder / "long.txt"
    file.write_text("\n\n".join(chapters), "utf-8")
    return file


def _run(home: Path, document: Path, api_url: str, provider: servers.Provider, pictures: bool) -> dict[str, Any]:
    home.mkdir()
    provider.restart(LATENCY)
    prefect_home = os.environ.get("PREFECT_HOME") or str(home.parent / "prefect")
    env = {
        **provider.env,
        "PREFECT_API_URL": api_url,
        "PREFECT_HOME": prefect_home,
        "PRESSROOM_HOME": str(home),
        "PRESSROOM_CONCURRENCY": "30",
    }
    options = ["--pictures"] if pictures else []
    said = measured("benchmarks.repurpose.measured", str(document), *options, env=env, folder=home)
    if said["report"]["drafts"] != len(formats.names()):
        raise SystemExit(f"No figures: {said['report']['failures'][:2]}")
    return {**said, **_times(home)}


def _times(home: Path) -> dict[str, float]:
    """Seconds from the run's opening to its last draft and to its closing."""
    engine = create_engine(f"sqlite:///{home / 'pressroom.db'}")
    with Session(engine) as session:
        run = session.exec(select(Run)).one()
        last = session.exec(select(Revision.created_at).order_by(col(Revision.created_at).desc())).first()
        calls = len(session.exec(select(ProviderCall.id).where(ProviderCall.purpose == "condense")).all())
    assert last is not None and run.closed_at is not None
    return {
        "kept": (last - run.started_at).total_seconds(),
        "closed": (run.closed_at - run.started_at).total_seconds(),
        "condensed": calls,
    }


def _figures(ran: list[dict[str, Any]], pictures: bool) -> Iterator[Figure]:
    name = f"{WORDS} words, {len(formats.names())} formats" + (", a card a platform" if pictures else "")
    over = [one["kept"] / IDEAL for one in ran]
    yield figures.middle(f"{name}: last draft stored, over the ideal {IDEAL:g} s", over, "x", digits=3)
    yield figures.middle(
        f"{name}: from the last draft stored to the closing", [one["closed"] - one["kept"] for one in ran]
    )
    yield figures.middle(f"{name}: peak memory of the flow's process", [one["peak_mb"] for one in ran], "MB", digits=0)
    yield Figure(f"{name}: parts that were condensed", ran[0]["condensed"], "", digits=0)


if __name__ == "__main__":
    sys.exit(main())
