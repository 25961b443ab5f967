"""How far a job is, for a page or a program that waits."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from pressroom.errors import PressroomError
from pressroom.model import JobStatus
from pressroom.model.workflows import on_desk
from pressroom.store import runs
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job
from pressroom.store.progress import RunProgress, progress_of

if TYPE_CHECKING:
    from apps.desk.dependencies import Desk

NOTES: Mapping[str, str] = MappingProxyType(
    {
        "Late": "Waiting for a worker. Start one with `pressroom up` if none runs.",
        "AwaitingConcurrencySlot": "Waiting for another run to end.",
        "Cancelling": "Stopping. Calls under way end first.",
    }
)
"""A state of Prefect's means this to a waiting user."""


class Progress(BaseModel):
    """How far a job is, as of now."""

    percent: int = Field(ge=0, le=100, examples=[40])
    done: int = Field(description="Drafts and pictures that are there.", examples=[6])
    expected: int = Field(description="0 until that is known.", examples=[15])
    seconds_left: float | None = Field(default=None, description="About how long the rest takes.", examples=[42.5])
    doing: list[str] = Field(default=[], description="What it is at.", examples=[["linkedin_post: Bees in cities"]])
    platform: str | None = Field(default=None, description="The platform a picture is written up for just now.")
    note: str = Field(default="", description="Why it is not going on, if it is not.")


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
        note=note,
    )


def _counted(database: Database, job: Job) -> RunProgress:
    """Counts its run; a job that is not its run (it writes one draft of a complete run again) leaves one thing."""
    if not on_desk()[job.kind].is_its_run:
        return RunProgress(done=int(job.status == JobStatus.COMPLETED), expected=1)
    return progress_of(database, runs.get_run(database, job.run_id)) if job.run_id else RunProgress()


def _at_prefect(desk: Desk, job: Job) -> tuple[list[str], str]:
    """Returns what the job does and why it is held up, as far as Prefect answers."""
    if job.flow_run_id is None:
        return [], ""
    try:
        state = desk.orchestrator.states([job.flow_run_id]).get(job.flow_run_id)
        doing = desk.orchestrator.doing(job.flow_run_id) if job.status == JobStatus.RUNNING else []
    except PressroomError as away:
        return [], f"The present step is unknown: {away.message}"
    return doing, NOTES.get(state.name, "") if state else ""
