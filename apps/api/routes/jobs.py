"""Jobs: their status, progress and outputs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from apps.api.asking import ACCEPTED, AN_ID, accepted
from apps.api.paging import Selection, answer, page_answer
from apps.api.shown_jobs import JobDetail, JobView, Kind, job_detail, job_view
from apps.desk import work
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, requires
from apps.desk.problems import responses
from pressroom.model import JobStatus
from pressroom.people.permissions import Action
from pressroom.store import jobs
from pressroom.store.paging import Page

router = APIRouter(prefix="/jobs", tags=["jobs"], dependencies=[requires(Action.READ)])

STARTS = requires(Action.START_WORK)
JobId = Annotated[str, Path(max_length=64, description="The job's id.", examples=[AN_ID])]


class JobQuery(Selection):
    """The jobs that are wanted, and the part of their list."""

    kind: list[Kind] | None = Field(default=None, description="Of this kind; given again: of one of them.")
    status: list[JobStatus] | None = Field(default=None, description="As last known.")


@router.get("", response_model=Page[JobView], responses=responses(304))
def list_jobs(
    request: Request, desk: DeskDep, database: DbDep, caller: CallerDep, wanted: Annotated[JobQuery, Query()]
) -> Response:
    """Jobs, newest first."""
    found, following = jobs.list_jobs(
        database,
        caller.workspace_id,
        kinds=wanted.kind or (),
        statuses=wanted.status or (),
        cursor=wanted.cursor,
        limit=wanted.limit,
    )
    shown = [job_view(job) for job in work.refresh_all(desk, database, found)]
    return page_answer(request, Page(items=shown, next_cursor=following), JobView, wanted.fields)


@router.get("/{job_id}", response_model=JobDetail, responses=responses(304))
def get_job(request: Request, job_id: JobId, desk: DeskDep, database: DbDep, caller: CallerDep) -> Response:
    """One job as it is now, with its progress and outputs."""
    job = work.refresh(desk, database, jobs.get_job(database, caller.workspace_id, job_id))
    return answer(request, job_detail(desk, database, job))


@router.post("/{job_id}/cancel", dependencies=[STARTS], **ACCEPTED)
def cancel_job(job_id: JobId, desk: DeskDep, caller: CallerDep) -> Response:
    """Cancel the job. Its outputs so far stay; calls under way are finished first."""
    return accepted(work.cancel(desk, caller, job_id))


@router.post("/{job_id}/retry", dependencies=[STARTS], **ACCEPTED)
def retry_job(job_id: JobId, desk: DeskDep, caller: CallerDep) -> Response:
    """Run the job again after it ended incomplete. Parts that exist already cost nothing again."""
    return accepted(work.retry(desk, caller, job_id))
