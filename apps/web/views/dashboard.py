"""Today: what waits for a person, today's content, and a new run."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import uuid4

from fastapi import Form
from fastapi.responses import Response
from pydantic import ValidationError

from apps.desk import configuring, work
from apps.web.jobs_shown import left_by
from apps.web.page import Page, PageDep
from apps.web.routing import page_router
from apps.web.today import overview
from pressroom import formats
from pressroom.errors import PressroomError, WrongInput
from pressroom.model import DailyRequest, JobStatus
from pressroom.people.permissions import Action
from pressroom.store import jobs

router = page_router()


@router.get("/")
def today(page: PageDep) -> Response:
    """The first page: what waits, and today's content."""
    now = datetime.now(page.zone)
    schedule, _ = configuring.schedule_of(page.desk, page.database, page.caller)
    found = overview(page.database, page.caller.workspace_id, schedule, now)
    return page.show("today.html", found=found, today=now.date(), wishes=_wishes(page), error=None)


@router.get("/start")
def start_form(page: PageDep) -> Response:
    """The form that starts a run, as a page of its own."""
    page.check(Action.START_WORK)
    return page.show("start.html", wishes=_wishes(page), error=None)


@router.post("/start")
def start(
    page: PageDep,
    key: Annotated[str, Form(max_length=64)],
    ideas: Annotated[str, Form(max_length=8)] = "",
    focus: Annotated[str, Form()] = "",
    chosen: Annotated[list[str], Form(alias="formats")] = [],  # noqa: B006 (FastAPI copies it)
    refresh: Annotated[bool, Form()] = False,
) -> Response:
    """Have a daily run made. The same form sent twice starts one."""
    page.check(Action.START_WORK)
    sent = {"ideas": ideas or None, "focus": focus.strip(), "formats": chosen or None, "refresh": refresh}
    try:
        request = _request(sent)
        title = f"Daily run{f': {request.focus}' if request.focus else ''}"
        work.start(page.desk, page.caller, request, idempotency_key=f"page-{key}", title=title)
    except PressroomError as error:
        wishes = {**_wishes(page), **sent, "formats": chosen, "ideas": ideas, "key": key}
        return page.show("start.html", status=422, wishes=wishes, error=error)
    return page.go("/", "Run queued. Its progress shows here.")


@router.get("/work/{job_id}")
def progress(page: PageDep, job_id: str, at_home: bool = False) -> Response:
    """How far a job is, for the page that waits for it. at_home: that is the job's own."""
    job = jobs.get_job(page.database, page.caller.workspace_id, job_id)
    job = work.refresh(page.desk, page.database, job)
    how_far = work.progress(page.desk, page.database, job)
    response = page.part("parts/work.html", job=job, progress=how_far, at_home=at_home, left=left_by(job))
    if JobStatus(job.status).has_ended:
        response.headers["HX-Trigger"] = "work-ended"
    return response


def _wishes(page: Page) -> dict[str, Any]:
    """Values that fill in the form at first: those of a run with default settings."""
    settings = page.desk.settings
    return {"key": uuid4().hex, "ideas": settings.ideas, "focus": "", "formats": settings.formats, "refresh": False}


def _request(sent: dict[str, Any]) -> DailyRequest:
    try:
        request = DailyRequest.model_validate(sent)
    except ValidationError as error:
        first = error.errors()[0]
        raise WrongInput(f"{str(first['loc'][0]).capitalize()}: {first['msg']}.") from None
    for name in request.formats or ():
        formats.get(name)
    return request
