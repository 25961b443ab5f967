"""Stopping a run, wherever it is being made."""

from __future__ import annotations

import os
import signal
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelling

from pressroom.errors import WrongInput
from pressroom.model import RunStatus
from pressroom.store import runs
from pressroom.store.database import Database
from pressroom.store.missing import check_running
from pressroom.store.owners import clock, is_gone, process_here
from pressroom.store.tables import Run


def cancel(database: Database, run: Run, *, server_is_up: bool) -> str:
    """Stop the process that makes `run`; say what was done. What is stored stays; the same request resumes it.

    Raises:
        WrongInput: no process makes it, or that one can't be reached.
    """
    check_running(run)
    with database.read() as session:
        now = clock(session)
    if run.lease_owner is None or is_gone(run.lease_owner, run.lease_expires_at, now):
        runs.close_run(database, run.id, RunStatus.CANCELLED, error="Cancelled; its process had died.", force=True)
        return "Its process was dead already; the run is cancelled."
    if server_is_up and run.flow_run_id and _cancelled_by_prefect(UUID(run.flow_run_id)):
        return "Prefect was asked to cancel its flow run."
    pid = process_here(run.lease_owner)
    if pid is None:
        raise WrongInput(f"Run {run.id[:8]} is made on another machine: {run.lease_owner}.", hint="Cancel it there.")
    os.kill(pid, signal.SIGINT)
    return f"Process {pid} was asked to stop."


def _cancelled_by_prefect(flow_run_id: UUID) -> bool:
    """Cancels only a deployment's flow run: its runner ends the process. A command's flow run has no runner."""
    with get_client(sync_client=True) as client:
        try:
            if client.read_flow_run(flow_run_id).deployment_id is None:
                return False
        except ObjectNotFound:
            return False
        client.set_flow_run_state(flow_run_id, Cancelling())
        return True
