"""Everything of a workspace in one file: having it made, and fetching it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import Field
from starlette.responses import Response, StreamingResponse

from apps.api.asking import ACCEPTED, AN_ID, Around, AskingDep
from apps.api.paging import PartDep, page_answer
from apps.api.shown_jobs import API, JobView, job_view
from apps.desk import work
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, requires
from apps.desk.problems import responses
from apps.desk.sending import send
from pressroom.errors import NotFound
from pressroom.model.exports import ExportRequest
from pressroom.model.workflows import EXPORT
from pressroom.people.permissions import Action
from pressroom.store import jobs
from pressroom.store.artifacts import NoArtifact
from pressroom.store.desk_tables import Job
from pressroom.store.paging import Page

router = APIRouter(prefix="/exports", tags=["workspaces"], dependencies=[requires(Action.MANAGE_WORKSPACE)])

ZIP: dict[int | str, dict[str, Any]] = {200: {"description": "The file.", "content": {"application/zip": {}}}}
JobId = Annotated[str, Path(max_length=64, description="Id of the job that made it.", examples=[AN_ID])]


class ExportView(JobView):
    """A job that makes an export. `href`, `size`: of its file, once it exists; the file is kept for a week."""

    href: str = Field(default="", examples=[f"/api/v1/exports/{AN_ID}/file"])
    size: int = Field(default=0, description="Bytes.")


@router.post("", **ACCEPTED)
def export_workspace(wanted: Around, asking: AskingDep) -> Response:
    """Export the workspace as one zip file: rows as JSON lines, and every file."""
    return asking.start(ExportRequest(), wanted, title="Everything of the workspace")


@router.get("", response_model=Page[ExportView], responses=responses(304))
def list_exports(request: Request, desk: DeskDep, database: DbDep, caller: CallerDep, part: PartDep) -> Response:
    """List the exports, newest first."""
    found, following = jobs.list_jobs(
        database, caller.workspace_id, kinds=[EXPORT.kind], cursor=part.cursor, limit=part.limit
    )
    shown = [_view(job) for job in work.refresh_all(desk, database, found)]
    return page_answer(request, Page(items=shown, next_cursor=following), ExportView)


@router.get("/{job_id}/file", response_class=StreamingResponse, responses=ZIP)
def fetch_export(desk: DeskDep, database: DbDep, caller: CallerDep, job_id: JobId) -> Response:
    """Download the zip file."""
    job = jobs.get_job(database, caller.workspace_id, job_id)
    if job.kind != EXPORT.kind or not (made := job.outputs):
        raise NotFound("This export has no file yet.", hint="Wait until its job is completed.")
    name = str(made["key"]).rpartition("/")[2]
    try:
        return send(desk.store, made["key"], "application/zip", name=name, sha256=made["sha256"])
    except NoArtifact:
        raise NotFound("This export is deleted: exports are kept for 7 days.", hint="Start another.") from None


def _view(job: Job) -> ExportView:
    made = job.outputs or {}
    href = f"{API}/exports/{job.id}/file" if made else ""
    return ExportView(**job_view(job).model_dump(), href=href, size=made.get("size", 0))
