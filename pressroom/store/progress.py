"""How far a run is, counted from what it has left so far: true for every process, and after a crash."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, func, select

from pressroom.model.base import Frozen
from pressroom.store.database import Database
from pressroom.store.tables import Artifact, Content, ImageRow, Run, utc_now

RESULTS = "/results.json"
"""How the key of a finished picture's results ends."""


class RunProgress(Frozen):
    """Things done of those expected. `seconds_left`: about how long the rest takes; None before the first is done."""

    done: int = 0
    expected: int = 0
    seconds_left: float | None = None

    @property
    def percent(self) -> int:
        """0 to 99: what is left to do after the last thing, such as the brief, is counted nowhere."""
        return min(99, 100 * self.done // self.expected) if self.expected else 0


def progress_of(database: Database, run: Run) -> RunProgress:
    """How far `run` is: drafts and pictures of its present variant; of optimised pictures, cuts and texts."""
    with database.read() as session:
        done = min(_done(session, run), expected := _expected(run))
    spent = (utc_now() - run.started_at).total_seconds()
    return RunProgress(
        done=done, expected=expected, seconds_left=round(spent / done * (expected - done), 1) if done else None
    )


def _expected(run: Run) -> int:
    asked = run.request
    if "wish" in asked:
        return 2 * int(asked["ideas"]) * len(asked["platforms"])
    documents = len(asked.get("documents", ()))
    platforms = len((asked.get("pictures") or {}).get("platforms", ()))
    pictures = documents * (1 + platforms) if platforms else 0
    return int(asked.get("ideas", documents)) * len(asked.get("formats", ())) + pictures


def _done(session: Session, run: Run) -> int:
    pictures = _count(session, ImageRow.run_id == run.id, ImageRow.variant == run.variant)
    if "wish" in run.request:
        finished = _count(session, Artifact.run_id == run.id, col(Artifact.key).endswith(RESULTS))
        return pictures + finished * len(run.request["platforms"])
    return pictures + _count(session, Content.run_id == run.id, Content.variant == run.variant)


def _count(session: Session, owned: Any, which: Any) -> int:
    return session.exec(select(func.count()).where(owned, which)).one()
