"""Jobs requested at the desk: opened once for each key, and ended once, with an event in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlmodel import Session, col, select

from pressroom.model import JobStatus, RunStatus, workflows
from pressroom.store import events
from pressroom.store.database import Database, insert_unless_there
from pressroom.store.desk_tables import Job
from pressroom.store.own_rows import own_row
from pressroom.store.paging import PAGE, read_page
from pressroom.store.tables import Run, utc_now

NATURAL_KEY = ("workspace_id", "idempotency_key")

OPEN = tuple(status for status in JobStatus if not status.has_ended)

_OF_RUN: Mapping[str, JobStatus] = MappingProxyType(
    {
        RunStatus.RUNNING: JobStatus.RUNNING,
        RunStatus.COMPLETED: JobStatus.COMPLETED,
        RunStatus.PARTIAL: JobStatus.PARTIAL,
        RunStatus.FAILED: JobStatus.FAILED,
        RunStatus.CANCELLED: JobStatus.CANCELLED,
    }
)


def open_job(database: Database, wanted: Job, check: Callable[[Session], None]) -> Job:
    """`wanted`, kept; or the job that was opened with the same key before.

    check: raises what forbids a further job, within the transaction that adds it.
    """
    with database.write() as session:
        same = (Job.workspace_id == wanted.workspace_id, Job.idempotency_key == wanted.idempotency_key)
        known = session.exec(select(Job).where(*same)).one_or_none()
        if known is not None:
            return known
        check(session)
        if insert_unless_there(session, wanted, NATURAL_KEY):
            return wanted
        return session.exec(select(Job).where(*same)).one()  # another process was quicker


def job_by_key(database: Database, workspace_id: str, key: str) -> Job | None:
    with database.read() as session:
        same = (Job.workspace_id == workspace_id, Job.idempotency_key == key)
        return session.exec(select(Job).where(*same)).one_or_none()


def get_job(database: Database, workspace_id: str, job_id: str) -> Job:
    """Raises NotFound, also for another workspace's."""
    return own_row(database, Job, workspace_id, job_id, "job")


def list_jobs(
    database: Database,
    workspace_id: str,
    *,
    kinds: Sequence[str] = (),
    statuses: Sequence[JobStatus] = (),
    cursor: str | None = None,
    limit: int = PAGE,
) -> tuple[Sequence[Job], str | None]:
    """Jobs, newest first, and where the next page begins."""
    query = select(Job).where(Job.workspace_id == workspace_id)
    if kinds:
        query = query.where(col(Job.kind).in_(kinds))
    if statuses:
        query = query.where(col(Job.status).in_(statuses))
    with database.read() as session:
        return read_page(session, query, Job, cursor=cursor, limit=limit)


def open_jobs(database: Database, *, limit: int) -> Sequence[Job]:
    """Jobs that have not ended, oldest first."""
    with database.read() as session:
        query = select(Job).where(col(Job.status).in_(OPEN)).order_by(col(Job.created_at))
        return session.exec(query.limit(limit)).all()


def told(database: Database, job_id: str, flow_run_id: str) -> Job:
    """Note the flow run that does a job. One that was cancelled meanwhile stays so: its flow run has to be, too."""
    with database.write() as session:
        row = _locked(session, job_id)
        first, row.flow_run_id = row.flow_run_id is None, flow_run_id
        if row.status == JobStatus.UNREACHED:
            _set(row, status=JobStatus.WAITING, ended_at=None, error_code="", error="")
        if first and row.status == JobStatus.WAITING:
            events.emit(session, row.workspace_id, "job.started", _facts(row))
        session.add(row)
        return row


def unreached(database: Database, job_id: str, code: str, reason: str) -> Job:
    """Note that Prefect could not be told of a job, unless another request for it got through meanwhile."""
    with database.write() as session:
        row = _locked(session, job_id)
        if row.flow_run_id is None and row.status == JobStatus.WAITING:
            _set(row, status=JobStatus.UNREACHED, error_code=code, error=reason)
            session.add(row)
        return row


def reopen(database: Database, job_id: str) -> Job | None:
    """Start an ended job again, with its attempt raised by one. None: another process has already started it again."""
    with database.write() as session:
        row = _locked(session, job_id)
        if row.status == JobStatus.COMPLETED or not JobStatus(row.status).has_ended:
            return None
        begun = {"flow_run_id": None, "started_at": None, "ended_at": None, "outputs": None}
        meta = {**row.meta, "attempt": attempt(row) + 1}
        _set(row, status=JobStatus.WAITING, error_code="", error="", meta=meta, **begun)
        session.add(row)
        return row


def attempt(job: Job) -> int:
    """How often the job has been begun again, from 0."""
    return int(job.meta.get("attempt", 0))


def settle(database: Database, job_id: str, status: JobStatus, **values: Any) -> Job:
    """Record the state of a job. An ended job stays as it is; the call that ends it emits the event.

    values: further columns; `flow_run_id` names the flow run that reports this state.
    """
    known_from = values.pop("flow_run_id", None)
    with database.write() as session:
        row = _locked(session, job_id)
        if JobStatus(row.status).has_ended or known_from not in {None, row.flow_run_id}:
            return row
        _set(row, status=status, **values)
        if status.has_ended:
            row.ended_at = row.ended_at or utc_now()
            events.emit(session, row.workspace_id, f"job.{status}", _facts(row))
        session.add(row)
        return row


def settle_by_run(database: Database, job: Job, run: Run) -> Job:
    """Note where a job is, as its run's row says. The row speaks for it as long as the job's flow run is at it."""
    is_its_run = job.kind in {
        each.kind for each in workflows.WORKFLOWS if each.is_its_run
    }  # others may fail in a good run
    status = _OF_RUN[run.status] if is_its_run else JobStatus.RUNNING
    values: dict[str, Any] = {"run_id": run.id, "started_at": run.started_at}
    if status.has_ended:
        reason, code = _why(run) if status is not JobStatus.COMPLETED else ("", "")
        outputs = {"run_id": run.id, **(run.totals or {})}
        values |= {"ended_at": run.closed_at, "outputs": outputs, "error": reason, "error_code": code}
    if status == job.status and job.run_id == run.id:
        return job
    return settle(database, job.id, status, flow_run_id=run.flow_run_id, **values)


def follow_run(database: Database, run: Run) -> None:
    """Does what `settle_by_run` does for a flow that knows its flow run but not the job (if there is one)."""
    for job in _jobs_of(database, run.flow_run_id):
        settle_by_run(database, job, run)


def fail_job_of(database: Database, flow_run_id: str | None, code: str, reason: str) -> None:
    """Note why a flow run ended, in the job that it was started for (if there is one that has not ended)."""
    for job in _jobs_of(database, flow_run_id):
        settle(database, job.id, JobStatus.FAILED, flow_run_id=flow_run_id, error_code=code, error=reason)


def _jobs_of(database: Database, flow_run_id: str | None) -> Sequence[Job]:
    if flow_run_id is None:
        return []
    with database.read() as session:
        return session.exec(select(Job).where(Job.flow_run_id == flow_run_id)).all()


def _why(run: Run) -> tuple[str, str]:
    """The first reason a run has for not being complete, and its code."""
    if run.error or not run.failures:
        return run.error or "", run.error_code or ("RUN_FAILED" if run.error else "")
    first = run.failures[0]
    return str(first["reason"]), str(first["code"])


def _locked(session: Session, job_id: str) -> Job:
    return session.exec(select(Job).where(Job.id == job_id).with_for_update()).one()


def _set(row: Job, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = utc_now()


def _facts(row: Job) -> dict[str, Any]:
    """The facts about a job that its event carries."""
    about = {name: getattr(row, name) for name in ("kind", "status", "run_id", "content_id", "outputs")}
    return {"job_id": row.id, **about, "code": row.error_code, "error": row.error}
