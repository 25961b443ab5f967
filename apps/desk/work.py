"""Having work done: a job for each request, and one flow run for each job, however often it is asked for.

Nothing long happens here: a job is a row, and a deployment that Prefect is told to run.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from apps.desk.job_progress import Progress, progress
from apps.desk.job_reconciliation import refresh, refresh_all
from apps.desk.job_requests import check_money, check_room, completed
from blocks.orchestrator import PrefectAway
from pressroom.errors import AlreadyThere, MoveRefused, NotFound, WrongInput
from pressroom.model import Caller, JobStatus
from pressroom.model.workflows import workflow_of
from pressroom.sources.readers.shared.tidy import shortened
from pressroom.store import audit, jobs
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job
from pressroom.store.tables import new_id

if TYPE_CHECKING:
    from apps.desk.dependencies import Desk

__all__ = ["Progress", "cancel", "progress", "refresh", "refresh_all", "retry", "start"]

LONGEST_KEY = 128
LONGEST_TITLE, LONGEST_NAME = 200, 100
"""Characters of a job's title, and of its flow run's name; both are cut between two words."""


def start(
    desk: Desk,
    caller: Caller,
    request: BaseModel,
    *,
    idempotency_key: str | None = None,
    title: str = "",
    callback_url: str = "",
    content_id: str | None = None,
    metadata: dict[str, Any] | None = None,
) -> Job:
    """Starts the flow run of a job for `request`; returns the job. The same key returns the same job.

    callback_url: told, signed, when it has ended. metadata: the caller's own, given back with the job.

    Raises:
        WrongInput: it names a source that is not readable here. AlreadyThere: the key was used for another.
        PlanLimit: the plan or the day's money allows no more. PrefectAway: the job is kept, and waits to be asked
        for again.
    """
    database = desk.database.within(caller.workspace_id, caller.user_id or "")
    workflow, key = workflow_of(request), _key(idempotency_key)
    asked = _fingerprint(workflow.kind, request)
    known = jobs.job_by_key(database, caller.workspace_id, key)
    if known is None:
        wanted = completed(desk, database, caller, request)
        check_money(desk, database, caller, wanted)
        known = jobs.open_job(
            database,
            Job(
                workspace_id=caller.workspace_id,
                kind=workflow.kind,
                status=JobStatus.WAITING,
                title=shortened(title, LONGEST_TITLE),
                deployment=workflow.deployment,
                request=wanted.model_dump(mode="json", exclude_none=True),
                meta={"asked": asked, "metadata": metadata or {}},
                idempotency_key=key,
                callback_url=callback_url,
                content_id=content_id or getattr(wanted, "content", None),
                created_by=caller.name,
            ),
            lambda session: check_room(session, caller, wanted),
        )
    if known.meta.get("asked") != asked:
        raise AlreadyThere("This idempotency key was used for something else.", hint="Choose a key for each request.")
    return _launched(desk, database, known)


def cancel(desk: Desk, caller: Caller, job_id: str) -> Job:
    """End a job: at once while it waits, else as soon as its calls under way are back.

    Raises:
        NotFound. MoveRefused: it has ended. PrefectAway: Prefect can't be told to stop it.
    """
    database = desk.database.within(caller.workspace_id, caller.user_id or "")
    job = refresh(desk, database, jobs.get_job(database, caller.workspace_id, job_id))
    if JobStatus(job.status).has_ended:
        raise MoveRefused(f"The job is {job.status}: there is nothing to cancel.")
    _note(database, caller, "job.cancelled", job)
    if job.flow_run_id is None:
        return jobs.settle(database, job.id, JobStatus.CANCELLED)
    try:
        desk.orchestrator.cancel(job.flow_run_id)
    except NotFound:
        return jobs.settle(database, job.id, JobStatus.CANCELLED)
    return refresh(desk, database, job)


def retry(desk: Desk, caller: Caller, job_id: str) -> Job:
    """Begin an ended job again: what it has made stays and costs nothing, what it lacks is made.

    Raises:
        NotFound. MoveRefused: it is complete, or still at it. PrefectAway.
    """
    database = desk.database.within(caller.workspace_id, caller.user_id or "")
    job = refresh(desk, database, jobs.get_job(database, caller.workspace_id, job_id))
    if job.status != JobStatus.UNREACHED:
        again = jobs.reopen(database, job.id)
        if again is None:
            raise MoveRefused(f"The job is {job.status}: there is nothing to begin again.")
        job = again
    _note(database, caller, "job.retried", job)
    return _launched(desk, database, job)


def _launched(desk: Desk, database: Database, job: Job) -> Job:
    """The job, with a flow run. Two that do this at the same time get the same one: Prefect knows it by our key."""
    if job.flow_run_id is not None or job.status not in {JobStatus.WAITING, JobStatus.UNREACHED}:
        return job
    parameters, key = {"request": _request_of(job)}, f"job-{job.id}-{jobs.attempt(job)}"
    try:
        flow_run_id = desk.orchestrator.start(
            job.deployment,
            parameters,
            idempotency_key=key,
            tags=[f"job:{job.id}"],
            name=shortened(job.title, LONGEST_NAME),
        )
    except PrefectAway as away:
        jobs.unreached(database, job.id, away.code, str(away))
        hint = f"{away.hint} The job {job.id} is kept: the same idempotency key, or its retry, starts it."
        raise PrefectAway(away.message, hint=hint) from away
    except WrongInput as refused:
        jobs.settle(database, job.id, JobStatus.FAILED, error_code=refused.code, error=str(refused))
        raise
    told = jobs.told(database, job.id, flow_run_id)
    if told.status == JobStatus.CANCELLED:
        desk.orchestrator.cancel(flow_run_id)
    return told


def _request_of(job: Job) -> dict[str, Any]:
    """Returns the flow's request. Begun again, a run with `refresh` goes on with what is new already."""
    again = job.run_id is not None and "refresh" in job.request
    given = {name: value for name, value in job.request.items() if value is not None}  # Prefect's form has no null
    return {**given, "refresh": False} if again else given


def _key(given: str | None) -> str:
    if given is None:
        return new_id()
    return given if len(given) <= LONGEST_KEY else hashlib.sha256(given.encode()).hexdigest()


def _fingerprint(kind: str, request: BaseModel) -> str:
    """Tells requests apart by what was sent, before anything that depends on the day is filled in."""
    return hashlib.sha256(json.dumps([kind, request.model_dump(mode="json")], sort_keys=True).encode()).hexdigest()


def _note(database: Database, caller: Caller, action: str, job: Job) -> None:
    with database.write() as session:
        audit.note(session, caller, action, subject_kind="job", subject_id=job.id, details={"kind": job.kind})
