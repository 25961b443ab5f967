"""A run's row brings its job up to date; Prefect knows what never came to a run, or died in one.

A job whose run told how it ended needs none of this, and a request for any job looks at it. The thread is for the rest
(refused, crashed, deleted): a callback must be told even without a request. Any number of processes may do it; each end
is noted once.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from apps.desk.background import Background
from apps.desk.dead_runs import end_dead_runs
from blocks.orchestrator import FlowState, Orchestrator, PrefectAway
from pressroom import logs
from pressroom.errors import PressroomError
from pressroom.model import JobStatus
from pressroom.store import jobs, runs
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job
from pressroom.store.tables import Run, utc_now

if TYPE_CHECKING:
    from apps.desk.dependencies import Desk

PAUSE_SECONDS = 15.0
MINUTE = 60.0
"""How often runs are looked for whose process died."""

MOST_AT_ONCE = 200

LOST_AFTER = timedelta(seconds=60)
"""Telling Prefect of a job takes this long at most; after that, its process has died."""

STATES: Mapping[str, JobStatus] = MappingProxyType(
    {
        "SCHEDULED": JobStatus.WAITING,
        "PENDING": JobStatus.WAITING,
        "PAUSED": JobStatus.WAITING,
        "RUNNING": JobStatus.RUNNING,
        "CANCELLING": JobStatus.RUNNING,
        "COMPLETED": JobStatus.COMPLETED,
        "FAILED": JobStatus.FAILED,
        "CRASHED": JobStatus.FAILED,
        "CANCELLED": JobStatus.CANCELLED,
    }
)
_log = logs.get_logger("pressroom.desk")


def refresh(desk: Desk, database: Database, job: Job) -> Job:
    """`job` as it is now. While Prefect is away: as far as our own rows tell."""
    return refresh_all(desk, database, [job])[0]


def refresh_all(desk: Desk, database: Database, found: Sequence[Job]) -> list[Job]:
    """Jobs as they are now, in their order; Prefect is asked once for all of them, if at all."""
    return followed(desk.orchestrator, database, found)


def followed(orchestrator: Orchestrator, database: Database, found: Sequence[Job]) -> list[Job]:
    """Does what `refresh_all` does, without a desk."""
    known = {job.id: _by_our_rows(database, job) for job in found if not JobStatus(job.status).has_ended}
    asked = [job for job in known.values() if job.flow_run_id and not JobStatus(job.status).has_ended]
    with suppress(PrefectAway):
        states = orchestrator.states(job.flow_run_id or "" for job in asked)
        known |= {job.id: _by_prefect(orchestrator, database, job, states.get(job.flow_run_id or "")) for job in asked}
    return [known.get(job.id, job) for job in found]


def _by_our_rows(database: Database, job: Job) -> Job:
    if job.flow_run_id is None:
        if utc_now() - job.updated_at < LOST_AFTER:
            return job
        return jobs.unreached(
            database, job.id, "PREFECT_UNREACHABLE", "Its process ended before it could tell Prefect; ask again."
        )
    run = _run_of(database, job)
    return jobs.settle_by_run(database, job, run) if run else job


def _run_of(database: Database, job: Job) -> Run | None:
    """The run that the job's flow run is at, or was the last to be at."""
    known = runs.get_run(database, job.run_id) if job.run_id else None
    if known is None or known.flow_run_id != job.flow_run_id:
        return runs.run_of_flow_run(database, job.flow_run_id or "")
    return known


def _by_prefect(orchestrator: Orchestrator, database: Database, job: Job, state: FlowState | None) -> Job:
    if state is None:
        return _settle(database, job, JobStatus.FAILED, "FLOW_RUN_GONE", "Its flow run was deleted in Prefect.")
    status = STATES[state.type]
    if status.has_ended:
        closed = _by_our_rows(database, job)  # it may have been closed between the two questions
        if JobStatus(closed.status).has_ended:
            return closed
        return _settle(database, job, status, *_reason(orchestrator, job, state), ended_at=state.end_time)
    if status == job.status:
        return job
    return _settle(database, job, status, "", "", started_at=job.started_at or state.start_time)


def _settle(database: Database, job: Job, status: JobStatus, code: str, reason: str, **values: object) -> Job:
    return jobs.settle(database, job.id, status, flow_run_id=job.flow_run_id, error_code=code, error=reason, **values)


def _reason(orchestrator: Orchestrator, job: Job, state: FlowState) -> tuple[str, str]:
    """Code and sentence of why a flow run ended as it did; the flow itself has told of errors of its own."""
    if state.type == "CRASHED":
        return "RUN_CRASHED", f"Its process died. Begun again, it goes on where it was. {state.message}".strip()
    if state.type == "CANCELLED" and not state.has_begun and orchestrator.served(job.deployment).cancels_new:
        return "AT_LIMIT", "As many as may run at the same time do: Prefect refused it."
    return ("RUN_FAILED", state.message) if state.type == "FAILED" else ("", "")


class Reconciler(Background):
    """Follows open jobs from `start` to `stop`. database: one that sees every workspace."""

    def __init__(self, orchestrator: Orchestrator, database: Database, *, pause: float = PAUSE_SECONDS) -> None:
        self._orchestrator, self._database, self._pause = orchestrator, database, pause
        super().__init__("jobs")

    def _work(self) -> None:
        looked_at = -math.inf
        while not self._ended.wait(self._pause):
            try:
                reconcile(self._orchestrator, self._database)
                if time.monotonic() - looked_at >= MINUTE:
                    looked_at = time.monotonic()
                    end_dead_runs(self._orchestrator, self._database)
            except PressroomError as error:
                _log.warning("jobs.not_followed", code=error.code, reason=str(error))
            except Exception:
                _log.exception("jobs.broken")  # whatever it is: the thread outlives it


def reconcile(orchestrator: Orchestrator, database: Database) -> None:
    """Bring every open job up to date."""
    followed(orchestrator, database, jobs.open_jobs(database, limit=MOST_AT_ONCE))
