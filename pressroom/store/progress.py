"""How far a run is, counted from what it has left so far: true for every process, and after a crash."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, func, select

from pressroom.model import OptimizePlan
from pressroom.model.base import Frozen
from pressroom.store.database import Database
from pressroom.store.tables import Artifact, Asset, Content, Run, utc_now

RESULTS = "/results.json"
"""How the key of a finished picture's results ends."""


class RunProgress(Frozen):
    """Things done of those expected. `seconds_left`: about how long the rest takes; None before the first is done.
    `platform`: the one that a picture is being written up for."""

    done: int = 0
    expected: int = 0
    seconds_left: float | None = None
    platform: str | None = None

    @property
    def percent(self) -> int:
        """0 to 99: what is left to do after the last thing, such as the brief, is counted nowhere."""
        return min(99, 100 * self.done // self.expected) if self.expected else 0


def progress_of(database: Database, run: Run) -> RunProgress:
    """How far `run` is: drafts and pictures of its present variant; of optimised pictures, cuts and texts."""
    with database.read() as session:
        done = min(_done(session, run), expected := run.plan.expected())
    spent = (utc_now() - run.started_at).total_seconds()
    return RunProgress(
        done=done,
        expected=expected,
        seconds_left=round(spent / done * (expected - done), 1) if done else None,
        platform=run.platform,
    )


def _done(session: Session, run: Run) -> int:
    pictures = _count(session, Asset.run_id == run.id, Asset.variant == run.variant)
    if isinstance(run.plan, OptimizePlan):
        finished = _count(session, Artifact.run_id == run.id, col(Artifact.key).endswith(RESULTS))
        return pictures + finished * len(run.plan.platforms)
    return pictures + _count(session, Content.run_id == run.id, Content.variant == run.variant)


def _count(session: Session, owned: Any, which: Any) -> int:
    return session.exec(select(func.count()).where(owned, which)).one()
