"""Asking for work from a form: on to the job, whether or not Prefect could be told of it yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from apps.desk import work
from blocks.orchestrator import PrefectAway
from pressroom.store import jobs

if TYPE_CHECKING:
    from pydantic import BaseModel

    from apps.web.page import Page

LONGEST_KEY, LONGEST_TITLE = 64, 100


def ask(page: Page, request: BaseModel, *, key: str, title: str, said: str) -> Response:
    """Have `request` done, and show its job; the same `key` has it done once. said: when it is on its way.

    While Prefect is away the job is kept, and its page has a button that tries again: what was typed and handed in is
    not asked for a second time.
    """
    key = f"page-{key[:LONGEST_KEY]}"
    try:
        job = work.start(page.desk, page.caller, request, idempotency_key=key, title=title[:LONGEST_TITLE])
    except PrefectAway:
        kept = jobs.job_by_key(page.database, page.caller.workspace_id, key)
        if kept is None:
            raise
        return page.go(f"/jobs/{kept.id}")
    return page.go(f"/jobs/{job.id}", said)


def ask_again(page: Page, job_id: str, said: str) -> Response:
    """Begin a job again where it ended, and show it; what is there costs nothing again."""
    try:
        work.retry(page.desk, page.caller, job_id)
    except PrefectAway as away:
        return page.go(f"/jobs/{job_id}", away.message, "bad")
    return page.go(f"/jobs/{job_id}", said)
