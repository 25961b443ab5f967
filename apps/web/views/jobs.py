"""One job: how far it is, what it left, stopping it and beginning it again."""

from __future__ import annotations

from typing import Any

from fastapi.responses import Response

from apps.desk import work
from apps.web.asking import ask_again
from apps.web.jobs_shown import left_by
from apps.web.page import PageDep
from apps.web.routing import page_router
from pressroom.model import JobStatus
from pressroom.model.workflows import on_desk
from pressroom.people.permissions import Action
from pressroom.store import jobs

router = page_router(prefix="/jobs/{job_id}")


@router.get("")
def job(page: PageDep, job_id: str) -> Response:
    """Where a job is, followed until it ends."""
    found = work.refresh(page.desk, page.database, jobs.get_job(page.database, page.caller.workspace_id, job_id))
    values: dict[str, Any] = {
        "progress": work.progress(page.desk, page.database, found),
        "left": left_by(found),
        "workflow": on_desk()[found.kind],
        "has_ended": JobStatus(found.status).has_ended,
    }
    return page.show("jobs/job.html", job=found, **values)


@router.post("/cancel")
def cancel(page: PageDep, job_id: str) -> Response:
    """Have it stop; what it has made stays."""
    page.check(Action.START_WORK)
    work.cancel(page.desk, page.caller, job_id)
    return page.go(f"/jobs/{job_id}", "Stopping. Drafts that are written stay.")


@router.post("/retry")
def retry(page: PageDep, job_id: str) -> Response:
    """Begin it again where it ended; what is there costs nothing again."""
    page.check(Action.START_WORK)
    return ask_again(page, job_id, "It has begun again.")
