"""Where a job is: its run's row says it best; what never came to a run, or died in one, Prefect knows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from blocks.orchestrator import FlowState, Orchestrator, PrefectAway
from pressroom import errors
from pressroom.errors import PressroomError
from pressroom.model import JobKind, JobStatus
from pressroom.store import jobs, runs
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job
from pressroom.store.progress import RunProgress, progress_of
from pressroom.store.tables import Run, utc_now

if TYPE_CHECKING:
    from apps.desk.dependencies import Desk

LOST_AFTER = timedelta(seconds=60)
"""How long telling Prefect of a job may take; after that, whoever was at it has died."""

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
NOTES: Mapping[str, str] = MappingProxyType(
    {
        "Late": "Nobody has taken it up yet: `pressroom up`, or a worker, has to be running.",
        "AwaitingConcurrencySlot": "It waits for others to end: as many as may run at the same time do.",
        "Cancelling": "It is being stopped; calls under way are waited for.",
    }
)
"""What a state of Prefect's means to somebody who waits."""

_RAISED = re.compile(r"exception: (?:[\w.]*\.)?(\w+): (.*)", re.S)


class Progress(BaseModel):
    """How far a job is, as of now."""

    percent: int = Field(ge=0, le=100, examples=[40])
    done: int = Field(description="Drafts and pictures that are there.", examples=[6])
    expected: int = Field(description="0 until that is known.", examples=[15])
    seconds_left: float | None = Field(default=None, description="About how long the rest takes.", examples=[42.5])
    doing: list[str] = Field(default=[], description="What it is at.", examples=[["linkedin_post: Bees in cities"]])
    platform: str | None = Field(default=None, description="The platform a picture is written up for just now.")
    note: str = Field(default="", description="Why it is not going on, if it is not.")


def refresh(desk: Desk, database: Database, job: Job) -> Job:
    """`job` as it is now. While Prefect is away: as far as our own rows tell."""
    return refresh_all(desk, database, [job])[0]


def refresh_all(desk: Desk, database: Database, found: Sequence[Job]) -> list[Job]:
    """Jobs as they are now, in their order; Prefect is asked once for all of them, if at all."""
    return followed(desk.orchestrator, database, found)


def followed(orchestrator: Orchestrator, database: Database, found: Sequence[Job]) -> list[Job]:
    """What `refresh_all` does, for whoever has no desk."""
    known = {job.id: _by_our_rows(database, job) for job in found if not JobStatus(job.status).has_ended}
    asked = [job for job in known.values() if job.flow_run_id and not JobStatus(job.status).has_ended]
    with suppress(PrefectAway):
        states = orchestrator.states(job.flow_run_id or "" for job in asked)
        known |= {job.id: _by_prefect(database, job, states.get(job.flow_run_id or "")) for job in asked}
    return [known.get(job.id, job) for job in found]


def progress(desk: Desk, database: Database, job: Job) -> Progress:
    """How far `job` is, which `refresh` has brought up to date."""
    counts = _counted(database, job)
    if JobStatus(job.status).has_ended:
        percent = 100 if job.status in {JobStatus.COMPLETED, JobStatus.PARTIAL} else counts.percent
        return Progress(percent=percent, done=counts.done, expected=counts.expected)
    doing, note = _at_prefect(desk, job)
    return Progress(
        **counts.model_dump(),
        percent=counts.percent,
        doing=doing,
        platform=_platform(job, doing),
        note=note,
    )


def _counted(database: Database, job: Job) -> RunProgress:
    """Of its run, which for a draft written anew is an earlier one that has all its drafts: there one is expected."""
    if job.kind == JobKind.REDO:
        return RunProgress(done=int(job.status == JobStatus.COMPLETED), expected=1)
    return progress_of(database, runs.get_run(database, job.run_id)) if job.run_id else RunProgress()


def _by_our_rows(database: Database, job: Job) -> Job:
    if job.flow_run_id is None:
        if utc_now() - job.updated_at < LOST_AFTER:
            return job
        return jobs.unreached(database, job.id, "PREFECT_UNREACHABLE", "Nobody lived to tell Prefect of it; ask again.")
    run = _run_of(database, job)
    return jobs.settle_by_run(database, job, run) if run else job


def _run_of(database: Database, job: Job) -> Run | None:
    """The run that the job's flow run is at, or was the last to be at."""
    known = runs.get_run(database, job.run_id) if job.run_id else None
    if known is None or known.flow_run_id != job.flow_run_id:
        return runs.run_of_flow_run(database, job.flow_run_id or "")
    return known


def _by_prefect(database: Database, job: Job, state: FlowState | None) -> Job:
    if state is None:
        return _settle(database, job, JobStatus.FAILED, "FLOW_RUN_GONE", "Its flow run was deleted in Prefect.")
    status = STATES[state.type]
    if status.has_ended:
        closed = _by_our_rows(database, job)  # it may have been closed between the two questions
        if JobStatus(closed.status).has_ended:
            return closed
        return _settle(database, job, status, *_reason(state), ended_at=state.end_time)
    if status == job.status:
        return job
    return _settle(database, job, status, "", "", started_at=job.started_at or state.start_time)


def _settle(database: Database, job: Job, status: JobStatus, code: str, reason: str, **values: object) -> Job:
    return jobs.settle(database, job.id, status, flow_run_id=job.flow_run_id, error_code=code, error=reason, **values)


def _reason(state: FlowState) -> tuple[str, str]:
    """Code and sentence of why a flow run ended as it did."""
    if state.type == "COMPLETED":
        return "", ""
    if state.type == "CRASHED":
        return "RUN_CRASHED", f"Its process died. Begun again, it goes on where it was. {state.message}".strip()
    if state.type == "CANCELLED":
        refused = "concurrency limit" in state.message
        return ("AT_LIMIT", "As many as may run at the same time do: Prefect refused it.") if refused else ("", "")
    if raised := _RAISED.search(state.message):
        kind = getattr(errors, raised[1], PressroomError)
        return kind.code, raised[2].strip()
    return "RUN_FAILED", state.message


def _at_prefect(desk: Desk, job: Job) -> tuple[list[str], str]:
    """What the job is at, and why it is not going on, as far as Prefect can be asked."""
    if job.flow_run_id is None:
        return [], ""
    try:
        state = desk.orchestrator.states([job.flow_run_id]).get(job.flow_run_id)
        doing = desk.orchestrator.doing(job.flow_run_id) if job.status == JobStatus.RUNNING else []
    except PressroomError as away:
        return [], f"What it is at can't be told: {away.message}"
    return doing, NOTES.get(state.name, "") if state else ""


def _platform(job: Job, doing: Sequence[str]) -> str | None:
    """Tasks that write up a picture are called `PLATFORM: PICTURE`."""
    if job.kind != JobKind.OPTIMIZE:
        return None
    asked = [name.partition(": ")[0] for name in doing]
    known = {*(job.request.get("platforms") or ()), *_platforms()}
    return next((name for name in asked if name in known), None)


def _platforms() -> Sequence[str]:
    from pressroom import platforms

    return platforms.names()
