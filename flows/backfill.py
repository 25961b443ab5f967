"""Making past days, each as its own run."""

from __future__ import annotations

from prefect import flow
from prefect.futures import PrefectFuture

from flows.daily import daily
from pressroom.errors import PressroomError
from pressroom.model import BackfilledDay, BackfillReport, BackfillRequest
from tasks.backfill import deployment_is_served, outcome_of_day, run_day
from tasks.progress import announce


@flow(name="backfill", flow_run_name="backfill {request.first} to {request.last}")
def backfill(request: BackfillRequest) -> BackfillReport:
    """Make every day of a range, each its own run; a day that fails stops no other.

    Needs what `daily` needs. Where the deployment `daily/day` is served, each day is a flow run of it, at most
    `at_once` at the same time; otherwise the days are made here, one after the other. Days that are complete
    already cost nothing. Leaves one run a day.
    """
    days = _by_deployment(request) if deployment_is_served() else _here(request)
    return BackfillReport(days=tuple(days))


def _by_deployment(request: BackfillRequest) -> list[BackfilledDay]:
    futures: list[PrefectFuture[BackfilledDay]] = []
    for position, day in enumerate(request.days):
        announce(f"Making {day}, day", position + 1, len(request.days))
        if position >= request.at_once:
            futures[position - request.at_once].wait()
        futures.append(run_day.submit(request.daily, day))
    return [outcome_of_day(future, day) for future, day in zip(futures, request.days, strict=True)]


def _here(request: BackfillRequest) -> list[BackfilledDay]:
    outcomes = []
    for position, day in enumerate(request.days, 1):
        announce(f"Making {day}, day", position, len(request.days))
        try:
            report = daily(request.daily.model_copy(update={"date": day}))
            outcomes.append(BackfilledDay(date=day, status=report.status, run_id=report.run_id))
        except PressroomError as error:
            outcomes.append(BackfilledDay(date=day, status="failed", error=str(error)))
    return outcomes
