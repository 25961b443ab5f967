"""Jobs on pages: the address of a job's result, and the job that is rewriting a draft now."""

from __future__ import annotations

from collections.abc import Sequence

from pressroom.model import JobStatus
from pressroom.model.workflows import REDO, on_desk
from pressroom.store import jobs
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job
from pressroom.store.paging import LONGEST_PAGE

UNDER_WAY = (JobStatus.WAITING, JobStatus.RUNNING)


def left_by(job: Job) -> str:
    """Address of what it left; empty when it left nothing that has a page."""
    if job.content_id:
        return f"/content/{job.content_id}"
    if job.run_id is None:
        return ""
    return on_desk()[job.kind].page.format(run_id=job.run_id, content_id=job.content_id)


def rewriting(database: Database, workspace_id: str, content_id: str) -> Job | None:
    """The job under way that rewrites this content, if there is one."""
    return next((job for job in rewrites_under_way(database, workspace_id) if job.content_id == content_id), None)


def rewrites_under_way(database: Database, workspace_id: str) -> Sequence[Job]:
    """The jobs under way that rewrite drafts, the latest first."""
    return jobs.list_jobs(database, workspace_id, kinds=(REDO.kind,), statuses=UNDER_WAY, limit=LONGEST_PAGE)[0]
