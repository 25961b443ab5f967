"""Putting everything of a workspace into one file of the artifact store."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from prefect import task
from prefect.runtime import flow_run
from sqlmodel import col, select

from blocks import connections
from pressroom import logs
from pressroom.errors import NotFound
from pressroom.model import JobStatus
from pressroom.model.exports import ExportReport, ExportRequest
from pressroom.settings import settings
from pressroom.store import contents, jobs
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job
from pressroom.store.forgetting import EXPORT
from pressroom.store.tables import Artifact, Workspace, utc_now
from pressroom.store.taking_along import take_along
from tasks.observing import observed
from tasks.retrying import INFRASTRUCTURE

_log = logs.get_logger("pressroom.export")


@task(name="write-export", task_run_name="write-export", **INFRASTRUCTURE)
@observed
def write_export(request: ExportRequest) -> ExportReport:
    """Write the file, and its row among the artifacts, by which it is removed some days later.

    Raises:
        NotFound: there is no such workspace.
    """
    database, store = connections.database(), connections.store()
    home = _workspace(database, request.workspace or settings().workspace)
    day = utc_now().date().isoformat()
    with tempfile.TemporaryDirectory(prefix="pressroom-export-") as folder:
        file = Path(folder) / "export.zip"
        taken = take_along(database, store, home, file, day=day)
        with file.open("rb") as written:
            sha256 = hashlib.file_digest(written, "sha256").hexdigest()
        stored = store.put_file(f"exports/{home.id}/{home.name}-{day}-{sha256[:16]}.zip", file, sha256)
    row = Artifact(workspace_id=home.id, kind=EXPORT, **stored.model_dump())
    contents.record_artifacts(database, [row])
    report = ExportReport(
        workspace=home.name, rows=taken.rows, files=taken.files, missing=taken.missing,
        **stored.model_dump(exclude={"address"}),
    )  # fmt: skip
    _log.info("export.written", workspace=home.name, size=report.size, files=report.files, missing=len(report.missing))
    return report


@task(name="tell-job", task_run_name="tell-job", **INFRASTRUCTURE)
@observed
def tell_job(report: ExportReport) -> None:
    """Note what the export left in the job that asked for it, if one did: its client then hears of it."""
    database = connections.database()
    with database.read() as session:
        waiting = session.exec(select(Job.id).where(col(Job.flow_run_id) == flow_run.id)).all()
    for job_id in waiting:
        jobs.settle(
            database, job_id, JobStatus.COMPLETED, flow_run_id=flow_run.id, outputs=report.model_dump(mode="json")
        )


def _workspace(database: Database, name: str) -> Workspace:
    with database.read() as session:
        row = session.exec(select(Workspace).where(Workspace.name == name)).one_or_none()
    if row is None:
        raise NotFound(f"There is no workspace {name!r}.", hint="`pressroom workspaces` lists them.")
    return row
