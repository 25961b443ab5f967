"""Collecting trends: the plans, each source, topics with scores, opportunities, rules, and replays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture

from blocks import connections
from pressroom import logs
from pressroom.calls.accounts import OFFLINE, text_names
from pressroom.calls.chain import Chain
from pressroom.media.planning import SOURCE
from pressroom.model import Failure, Preferences, RunRef, RunStatus, TrendsPlan, TrendsRequest
from pressroom.model.opportunities import CollectionReport, SourceReport
from pressroom.model.trends import RawAnswer, TrendWishes
from pressroom.settings import TrendSettings, settings
from pressroom.sources import trends as sources
from pressroom.sources.trends import Asking, TrendSource
from pressroom.store import opportunities, runs, trends
from pressroom.store.tables import Workspace, utc_now
from pressroom.store.voices import with_voice
from pressroom.store.workspaces import day_bounds, living_workspaces, workspace
from pressroom.writing.opportunities.collecting import Collector
from pressroom.writing.opportunities.collection import Collection
from pressroom.writing.opportunities.inputs import slot_of, weights_of
from tasks.books import books_of
from tasks.failures import reason_of
from tasks.observing import observed
from tasks.plans import home_of, today
from tasks.progress import announce
from tasks.retrying import INFRASTRUCTURE, tried_twice

EXAMPLE_REGION = "US"
FAILING = timedelta(days=1)
"""How long a source fails until people are told."""

_log = logs.get_logger("pressroom.trends")


@task(name="plan", task_run_name="plan", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def plan_trends(request: TrendsRequest) -> list[TrendsPlan]:
    """A plan for each workspace and region, with every default filled in.

    Raises:
        WrongInput: a source or a country does not exist. Misconfigured: a provider can't be used.
    """
    if request.sources:
        for name in request.sources:
            sources.SOURCES.get(name)
    homes = living_workspaces(connections.database()) if request.every_workspace else [home_of(request.workspace)]
    return [plan for home in homes for plan in _plans(request, home)]


def _plans(request: TrendsRequest, home: Workspace) -> list[TrendsPlan]:
    chosen, wishes = settings().trends, TrendWishes.model_validate(home.trends or {})
    mine = (EXAMPLE_REGION,) if request.example else (wishes.regions or chosen.regions or ("",))
    chain = text_names(request.chain, settings())
    database, preferences = connections.database(), Preferences.model_validate(home.preferences)
    return [
        TrendsPlan(
            day=today(home),
            workspace=home.name,
            chain=chain,
            chain_fingerprint=connections.chain(chain).fingerprint,
            preferences=with_voice(database, home.id, preferences),
            slot=slot_of(utc_now()),
            region=region,
            sources=_sources(request, wishes, chosen, region),
            feeds=wishes.feeds or (),
            weights=weights_of(chosen.weights),
            least_score=chosen.least_score,
            example=request.example,
        )
        for region in dict.fromkeys(request.regions or mine)
    ]


def _sources(request: TrendsRequest, wishes: TrendWishes, chosen: TrendSettings, region: str) -> tuple[str, ...]:
    """Names of the sources that have something for the region, or for the whole world."""
    if request.example:
        there = {answer.source for answer in sources.example() if answer.region in {"", region}}
        return tuple(sorted(there))
    names = dict.fromkeys((*(wishes.sources or sources.enabled(chosen)), *(request.sources or ())))
    serving = {source.name for place in {region, ""} for source in sources.serving(names, place)}
    return tuple(name for name in names if name in serving)


def collection_of(run: RunRef) -> Collection:
    """The run's collection on this process's connections."""
    database = connections.database()
    return Collection(database, connections.store(), runs.get_run(database, run.id))


def plan_of(run: RunRef) -> TrendsPlan:
    assert isinstance(run.plan, TrendsPlan)
    return run.plan


@task(name="fix-inputs", task_run_name="fix-inputs", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def fix_inputs(run: RunRef) -> datetime:
    """Store what is known before the collection begins; the time that it counts as."""
    return collection_of(run).fix_inputs(utc_now()).now


@tried_twice
def places(run: RunRef, only: Sequence[str] | None) -> list[tuple[str, str]]:
    """(source, region) of what is to be asked; the region is empty for a source that knows no countries."""
    plan = plan_of(run)
    if plan.example:
        there = {(one.source, one.region) for one in sources.example() if one.region in {"", plan.region}}
        return sorted(place for place in there if only is None or place[0] in only)
    names = [name for name in plan.sources if only is None or name in only]
    own = {source.name for source in sources.serving(names, plan.region)}
    return [(name, plan.region if name in own else "") for name in names]


@task(name="collect-source", task_run_name="collect {name} {region}", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def collect_source(run: RunRef, name: str, region: str, now: datetime) -> SourceReport:
    """Ask one source and store its answers; where that fails, the report says why."""
    announce(f"Collecting {name}{' ' if region else ''}{region}")
    found, chosen = collection_of(run), settings().trends
    collector = Collector(found.database, found.store, found.run, found.plan, chosen, books_of(run, f"trends/{name}"))
    if found.plan.example:
        collector = Collector(
            found.database, found.store, found.run, found.plan, chosen, collector.books,
            collect=partial(_example, now), now=lambda: now, is_eager=True,
        )  # fmt: skip
    return collector.ask(name, region)


def _example(now: datetime, source: TrendSource, asking: Asking) -> list[RawAnswer]:
    return [one for one in sources.example(now) if (one.source, one.region) == (source.name, asking.region)]


def outcome_of(future: PrefectFuture[SourceReport], name: str, region: str) -> SourceReport:
    """The report of a source, also where its task crashed: the collection goes on."""
    brought: object
    try:
        brought = future.result(raise_on_failure=False)
    except Exception as error:
        brought = error
    if isinstance(brought, SourceReport):
        return brought
    code, reason = reason_of(brought)
    return SourceReport(source=name, region=region, outcome="failed", code=code, reason=reason)


@task(name="score-topics", task_run_name="score-topics", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def score_topics(run: RunRef, reports: Sequence[SourceReport]) -> tuple[SourceReport, ...]:
    """Read what was collected, merge, categorise and score it, and store it; the reports with their signals counted."""
    announce("Merging and scoring")
    computed, reading = collection_of(run).score_topics(_asked_chain(run), books_of(run, "trends/categories"))
    signals, topics = len(reading.signals), len(computed.topics)
    announce(f"{signals} signal{'s' * (signals != 1)} of {topics} topic{'s' * (topics != 1)}")
    counted = {(one.source, one.region): 0 for one in reports}
    for signal in reading.signals:
        key = (signal.source, signal.region)
        key = key if key in counted else (signal.source, "")
        counted[key] = counted.get(key, 0) + 1
    return tuple(_counted(one, counted[one.source, one.region], reading.unreadable.get(one.source)) for one in reports)


def _counted(report: SourceReport, signals: int, unreadable: str | None) -> SourceReport:
    if unreadable and not signals:
        return report.model_copy(update={"outcome": "failed", "code": "SOURCE_UNREADABLE", "reason": unreadable})
    return report.model_copy(update={"signals": signals})


@task(name="open-opportunities", task_run_name="open-opportunities", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def open_opportunities(run: RunRef) -> dict[str, Any]:
    """Expire what is over, open the best topics: the fields `opened`, `expired`, `foreign` and `digest` of a report."""
    found, now = collection_of(run), utc_now()
    expired = opportunities.expire(found.database, run.workspace_id, now)
    opened, digest, foreign = found.open_opportunities(_asked_chain(run), books_of(run, "trends/angles"), now)
    return {"opened": opened, "expired": expired, "foreign": foreign, "digest": digest}


def _asked_chain(run: RunRef) -> Chain | None:
    """The chain's models; None for a chain without one: topics then keep what their sources say."""
    names = tuple(name for name in run.chain if name != OFFLINE)
    return connections.chain(names) if names else None


@task(name="apply-rules", task_run_name="apply-rules", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def apply_rules(run: RunRef) -> int:
    """Take what the workspace's rules take; how many."""
    database, now = connections.database(), utc_now()
    home = workspace(database, run.workspace)
    return len(opportunities.apply_rules(database, home.id, day=day_bounds(home, settings(), now), now=now))


@task(name="tell-failing", task_run_name="tell-failing", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def tell_failing(run: RunRef) -> int:
    """Tell people once of each source that has failed for a day; how many there are."""
    found = trends.tell_failing(connections.database(), run.workspace_id, utc_now() - FAILING)
    lines = [f"{row.source} {row.region}: {row.reason}".replace(" :", ":") for row in found]
    title = f"Pressroom: trend sources of {run.workspace} have failed for a day"
    if lines and not connections.notifier().tell(title, "\n".join(lines)):
        _log.warning("trends.not_told", sources=[row.source for row in found])
    return len(found)


@task(name="close-collection", task_run_name="close-collection", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def close_collection(
    run: RunRef, reports: Sequence[SourceReport], *, found: dict[str, Any], taken: int
) -> CollectionReport:
    """Write the counts into the run's row and give its lease back. Partial where a source failed."""
    database, plan = connections.database(), plan_of(run)
    failed = [one for one in reports if one.outcome == "failed"]
    row = runs.get_run(database, run.id)
    report = CollectionReport(
        run_id=run.id,
        workspace=run.workspace,
        region=plan.region,
        slot=plan.slot,
        status=RunStatus.PARTIAL if failed else RunStatus.COMPLETED,
        sources=tuple(reports),
        signals=sum(one.signals for one in reports),
        topics=trends.count_topics(database, run.id),
        taken=taken,
        **found,
    )
    totals = report.model_dump(mode="json", include={"signals", "topics", "opened", "taken", "expired", "digest"})
    more = {"cost_usd": sum(one.cost_usd for one in reports),
            "seconds": round((utc_now() - row.started_at).total_seconds(), 2)}  # fmt: skip
    failures = [_failure(one).model_dump(mode="json") for one in failed]
    runs.close_run(database, run.id, RunStatus(report.status), totals=totals | more, failures=failures)
    _log.info("trends.collected", run=run.id, status=report.status, failed=[one.source for one in failed])
    return report


def _failure(report: SourceReport) -> Failure:
    named = f"{report.source} {report.region}".strip()
    return Failure(idea_position=0, idea_title=named, format=SOURCE, code=report.code, reason=report.reason)
