"""One day of a backfill, as a flow run of a deployment."""

from __future__ import annotations

import datetime as dt
from typing import Any

from prefect import task
from prefect.client.schemas.objects import FlowRun
from prefect.deployments import run_deployment
from prefect.futures import PrefectFuture
from prefect.runtime import flow_run

from blocks import connections
from pressroom.model import BackfilledDay, DailyRequest
from pressroom.store import runs
from tasks.deployed import is_served

DEPLOYMENT = "daily/day"
POLL_SECONDS = 2


def deployment_is_served() -> bool:
    return is_served(DEPLOYMENT)


@task(name="run-day", task_run_name="{day}")
def run_day(request: DailyRequest, day: dt.date) -> BackfilledDay:
    """Have one day made and wait for it. Asked again by the same backfill, it waits for the same flow run."""
    wanted = request.model_copy(update={"date": day})
    made = run_deployment(
        DEPLOYMENT,
        parameters={"request": wanted.model_dump(mode="json", exclude_none=True)},
        idempotency_key=f"{flow_run.id}-{day}",
        poll_interval=POLL_SECONDS,
    )
    assert isinstance(made, FlowRun)
    row = runs.run_of_flow_run(connections.database(), str(made.id))
    if row is not None:
        return BackfilledDay(date=day, status=row.status, run_id=row.id, error=row.error)
    state = made.state
    return BackfilledDay(date=day, status=str(state.name) if state else "unknown", error=state and state.message)


def outcome_of_day(future: PrefectFuture[Any], day: dt.date) -> BackfilledDay:
    """Returns the result of `run_day`, or its failure. Never raises: the other days go on."""
    try:
        brought = future.result(raise_on_failure=False)
    except Exception as error:
        brought = error
    if isinstance(brought, BackfilledDay):
        return brought
    return BackfilledDay(date=day, status="failed", error=str(brought))
