"""Collecting trends: what is talked about, merged, scored, and the best of it offered as opportunities."""

from __future__ import annotations

from prefect import flow, unmapped
from prefect.runtime import flow_run

from pressroom.errors import PressroomError
from pressroom.model import RunRef, TrendsPlan, TrendsRequest
from pressroom.model.opportunities import CollectionReport, SourceReport, TrendsReport
from tasks.runner import task_runner
from tasks.runs import attended, open_run, tells_its_job
from tasks.trends import (
    apply_rules,
    close_collection,
    collect_source,
    fix_inputs,
    open_opportunities,
    outcome_of,
    places,
    plan_trends,
    score_topics,
    tell_failing,
)

EVERYTHING_AS_SET = TrendsRequest()


def _name() -> str:
    """`trends DE, US`, or `trends`."""
    request = TrendsRequest.model_validate(flow_run.parameters.get("request") or {})
    return " ".join(["trends", ", ".join(request.regions or ())]).strip()


@flow(name="collect-trends", flow_run_name=_name, task_runner=task_runner())
@tells_its_job
def collect_trends(request: TrendsRequest = EVERYTHING_AS_SET) -> TrendsReport:
    """Collects what is talked about now, from every source that can be reached: topics with scores, opportunities.

    Needs the database and the artifact store; the accounts of the chain for angles and categories, or none; keys for
    the sources that want one. Without a network it names the sources it could not reach and ends well.

    Leaves for each workspace and region one run of kind `trends`: requests with their raw answers (kept 14 days),
    signals with figures, topics, scores, opportunities, and what rules took of them. A slot of six hours is one run: a
    repeat asks sources again whose interval is over, and doubles nothing.
    """
    plans = plan_trends(request)
    alone = len(plans) == 1
    return TrendsReport(collections=tuple(_attempt(plan, request, alone=alone) for plan in plans))


def _attempt(plan: TrendsPlan, request: TrendsRequest, *, alone: bool) -> CollectionReport:
    """One collection; of several, one that fails stops no other."""
    try:
        return collect(plan, request)
    except PressroomError as error:
        if alone:
            raise
        return CollectionReport(
            run_id="", workspace=plan.workspace, region=plan.region, slot=plan.slot, status="failed", error=str(error)
        )


def collect(plan: TrendsPlan, request: TrendsRequest) -> CollectionReport:
    """Collect for one workspace and region, and make of it what there is to make."""
    run = open_run(plan, trigger=request.trigger, refresh=True)
    with attended(run):
        reports = score_topics(run, ask_sources(run, request))
        found = open_opportunities(run)
        taken = apply_rules(run)
        tell_failing(run)
        return close_collection(run, reports, found=found, taken=taken)


def ask_sources(run: RunRef, request: TrendsRequest) -> list[SourceReport]:
    """Every source at the same time; one that fails is named and stops no other."""
    now, asked = fix_inputs(run), places(run, request.sources)
    names, regions = [name for name, _ in asked], [region for _, region in asked]
    futures = collect_source.map(unmapped(run), names, regions, unmapped(now))
    return [outcome_of(future, *place) for future, place in zip(futures, asked, strict=True)]
