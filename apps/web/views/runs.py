"""Runs: what was made and when, one with its progress, drafts, failures and costs, and the files it left."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Form, Query
from fastapi.responses import Response

from apps.desk import work
from apps.web import run_pages, store_files
from apps.web.asking import ask, ask_again
from apps.web.naming import KINDS, run_titles
from apps.web.page import Page, PageDep
from apps.web.routing import page_router
from apps.web.today import by_idea
from pressroom.errors import NotFound, WrongInput
from pressroom.model import JobStatus, RetryRequest, RunStatus
from pressroom.model.workflows import OPTIMIZE
from pressroom.people.permissions import Action
from pressroom.review.listing import ContentFilter, list_content
from pressroom.store import assets, jobs, runs
from pressroom.store.paging import LONGEST_PAGE
from pressroom.store.progress import progress_of
from pressroom.store.tables import Run

router = page_router(prefix="/runs")

AWAITED = (JobStatus.WAITING, JobStatus.UNREACHED)
"""Of jobs that have come to no run yet."""


@router.get("")
def listed(page: PageDep, kind: Annotated[str, Query(max_length=32)] = "", cursor: str | None = None) -> Response:
    """Runs, newest first, below what was asked for and has not begun."""
    if kind not in dict(run_pages.TABS):
        raise WrongInput(f"There are no runs of the kind {kind[:32]!r}.")
    found, following = runs.page_of_runs(page.database, page.caller.workspace_id, kind=kind or None, cursor=cursor)
    values: dict[str, Any] = {
        "next_cursor": following,
        "states": run_pages.states_of(page.database, found),
        "awaited": () if cursor else _awaited(page),
        "kind": kind,
        "tabs": [(f"/runs?kind={name}" if name else "/runs", title, None) for name, title in run_pages.TABS],
        "titles": run_titles(page.database, found),
        "kinds": KINDS,
        "triggers": run_pages.TRIGGERS,
    }
    return page.show("runs/list.html", found=found, **values)


@router.get("/{run_id}")
def run(page: PageDep, run_id: str, cursor: str | None = None) -> Response:
    """One run, followed while it is being made."""
    found = _run(page, run_id)
    drafts = list_content(page.database, ContentFilter(run=found.id), cursor, LONGEST_PAGE)
    files, job = runs.files_of(page.database, found), run_pages.job_of(page.database, found)
    values: dict[str, Any] = {
        "title": run_titles(page.database, [found])[found.id],
        "kind": KINDS.get(found.kind, found.kind),
        "triggers": run_pages.TRIGGERS,
        "counts": run_pages.states_of(page.database, [found]).get(found.id, {}),
        "ideas": list(by_idea(drafts.items)),
        "next_cursor": drafts.next_cursor,
        "pictures": assets.assets_of(page.database, found.id, found.variant),
        "calls": run_pages.calls_of(page.database, found.id),
        "failed_calls": run_pages.failed_calls(page.database, found.id),
        "briefs": [kind for kind in run_pages.BRIEFS if f"brief.{kind}" in files],
        "docs": run_pages.DOCS if run_pages.DOCS in files else "",
        "job": job,
        "retry_label": "Retry missing drafts"
        if found.failures or not run_pages.is_unjudged(found)
        else "Run the quality check",
        "can_retry": run_pages.can_retry(found, job) and page.may(Action.START_WORK),
        **_live(page, found),
    }
    return page.show("runs/run.html", run=found, **values)


@router.get("/{run_id}/live")
def live(page: PageDep, run_id: str, seen: int = -1) -> Response:
    """How far a run is. The page loads the drafts again when there are more than `seen`, and itself at the end."""
    found = _run(page, run_id)
    shown = _live(page, found)
    response = page.part("runs/live.html", run=found, **shown)
    if found.status != RunStatus.RUNNING:
        response.headers["HX-Trigger"] = "run-ended"
    elif shown["progress"].done != seen:
        response.headers["HX-Trigger"] = "drafts-written"
    return response


@router.post("/{run_id}/retry")
def retry(page: PageDep, run_id: str, key: Annotated[str, Form(max_length=64)]) -> Response:
    """Make what the run lacks, and only that. The same form sent twice starts it once."""
    page.check(Action.START_WORK)
    found = _run(page, run_id)
    job = run_pages.job_of(page.database, found)
    if not run_pages.can_retry(found, job):
        raise WrongInput("Nothing is missing in this run.")
    said = "Retrying the missing drafts."
    if found.kind == OPTIMIZE.kind and job is not None:
        return ask_again(page, job.id, said)
    title = f"Missing drafts: {run_titles(page.database, [found])[found.id]}"
    return ask(page, RetryRequest(run=found.id), key=key, title=title, said=said)


@router.get("/{run_id}/files/{path:path}")
def file(page: PageDep, run_id: str, path: str, save: bool = False) -> Response:
    """A file that the run left: its brief, its Data Docs, a picture."""
    found = _run(page, run_id)
    artifact = runs.files_of(page.database, found).get(path)
    if artifact is None:
        raise NotFound("This run has no such file.")
    return store_files.artifact(page, artifact, save=save)


def _run(page: Page, run_id: str) -> Run:
    return runs.run_of(page.database, page.caller.workspace_id, run_id)


def _live(page: Page, found: Run) -> dict[str, Any]:
    is_running = found.status == RunStatus.RUNNING
    return {"progress": progress_of(page.database, found) if is_running else None}


def _awaited(page: Page) -> list[Any]:
    known, _ = jobs.list_jobs(page.database, page.caller.workspace_id, statuses=AWAITED)
    return [job for job in work.refresh_all(page.desk, page.database, known) if job.status in AWAITED]
