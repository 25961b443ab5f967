"""Doing again what failed in a run, and only that."""

from __future__ import annotations

from prefect import flow

from flows.daily import judged, make
from flows.optimize_image import make_of_pictures
from flows.produce_film import judged as film_judged
from flows.produce_film import make_film
from flows.repurpose import make_of_documents
from pressroom.model import FilmPlan, OptimizePlan, RepurposePlan, RetryRequest, RunRef, RunReport
from tasks.repair import reopen_run
from tasks.runner import task_runner
from tasks.runs import attended, tells_its_job

THE_LATEST = RetryRequest()


@flow(name="retry", flow_run_name="retry {request.run}", task_runner=task_runner())
@tells_its_job
def retry(request: RetryRequest = THE_LATEST) -> RunReport:
    """Take up a run as it was asked for, and make the drafts it lacks; those it has are not touched.

    Needs what `daily` needs. Leaves the run's rows and files complete, as far as its providers allow now.
    """
    run = reopen_run(request.run, request.workspace)
    with attended(run):
        report = _report_of(run)
        return film_judged(report) if isinstance(run.plan, FilmPlan) else judged(report)


def _report_of(run: RunRef) -> RunReport:
    match run.plan:
        case RepurposePlan():
            return make_of_documents(run)
        case FilmPlan():
            return make_film(run)
        case OptimizePlan():
            return make_of_pictures(run, run.plan.request)
        case _:
            return make(run)
