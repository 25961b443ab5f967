"""Rewrites to a wish, in review mode: asked for, followed, taken or dismissed."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from apps.desk import rewriting, work
from apps.web.page import Page, PageDep
from apps.web.routing import page_router
from apps.web.views.review import answer_card
from pressroom.model import JobStatus
from pressroom.people.permissions import Action
from pressroom.review import reading, suggesting
from pressroom.store import jobs

router = page_router(prefix="/review/drafts/{content_id}/suggestions")


@router.post("")
def ask(
    page: PageDep,
    content_id: str,
    key: Annotated[str, Form(max_length=64)],
    wish: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Start a rewrite; the same form sent twice starts one."""
    page.check(Action.START_WORK)
    job = rewriting.rewrite(
        page.desk, page.database, page.caller, content_id, wish, suggest=True, key=f"page-{key}"
    )  # fmt: skip
    return _part(page, content_id, job.id)


@router.get("")
def follow(page: PageDep, content_id: str, job: str) -> Response:
    """The suggestion once its job has ended; until then how it is."""
    return _part(page, content_id, job)


@router.post("/{suggestion_id}")
def decide(
    page: PageDep,
    content_id: str,
    suggestion_id: str,
    act: Annotated[str, Form(pattern="^(take|dismiss|restore)$")],
    version: Annotated[int, Form()],
) -> Response:
    """Take the suggestion as the draft's text, dismiss it, or take that back; the card as it is then."""
    page.check(Action.EDIT_CONTENT)
    if act == "take":
        suggesting.take(page.database, page.caller, content_id, suggestion_id, version=version)
    else:
        suggesting.dismiss(page.database, page.caller, content_id, suggestion_id, again=act == "restore")
    return answer_card(page, content_id)


def _part(page: Page, content_id: str, job_id: str) -> Response:
    job = work.refresh(page.desk, page.database, jobs.get_job(page.database, page.caller.workspace_id, job_id))
    found = suggesting.open_for(page.database, [content_id]).get(content_id)
    under_way = None if JobStatus(job.status).has_ended else job
    failed = job.error if job.status == JobStatus.FAILED else ""
    detail = reading.get_content(page.database, page.caller, content_id)
    card = {"detail": detail, "suggestion": None if under_way else found, "job": under_way, "failed": failed}
    return page.part("review/suggestion.html", card=card)
