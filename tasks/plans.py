"""The daily plan, and what plans of every kind take from the flow that makes them."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from blocks import connections
from pressroom.errors import PressroomError
from pressroom.model import DailyPlan, DailyRequest, Voice
from pressroom.settings import settings
from pressroom.store.opportunities import find_opportunity
from pressroom.store.tables import Workspace
from pressroom.store.voices import voice_of
from pressroom.store.workspaces import day_of, scheduled_day, workspace
from pressroom.writing import planning
from pressroom.writing.planning import Planner
from tasks.observing import observed
from tasks.retrying import INFRASTRUCTURE


@task(name="plan", task_run_name="plan", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def plan_daily(request: DailyRequest) -> DailyPlan:
    """Plans the request with every default filled in.

    Raises:
        WrongInput: a format doesn't exist.
        Misconfigured: a provider, zone, file or format of the settings can't be used.
    """
    return planning.plan_daily(request, planner())


def planner() -> Planner:
    """Plans with the connections and the day of this flow run."""
    return Planner(home_of, _voice, today, _fingerprint, settings().local_files, opportunity=_opportunity)


def home_of(name: str | None) -> Workspace:
    chosen = settings()
    return workspace(connections.database(), name or chosen.workspace, file=chosen.workspace_file)


def _voice(workspace_id: str, name: str) -> Voice:
    return voice_of(connections.database(), workspace_id, name)


def _fingerprint(names: tuple[str, ...], kind: str) -> str:
    return connections.chain(names, kind).fingerprint


def _opportunity(workspace_id: str, wanted: str) -> str:
    return find_opportunity(connections.database(), workspace_id, wanted).id


def today(home: Workspace) -> dt.date:
    """The day it is where the workspace is; for a scheduled run, when it was scheduled: a late start is still that
    morning's. Raises Misconfigured."""
    start: dt.datetime = flow_run.scheduled_start_time
    find = scheduled_day if "auto-scheduled" in (flow_run.tags or []) else day_of
    return find(home, settings(), start)


def day_in_name(name: str | None) -> dt.date:
    """The day that a flow run's name shows: the workspace's, or UTC's where that can't be found out just now."""
    with suppress(PressroomError):
        return today(home_of(name))
    start: dt.datetime = flow_run.scheduled_start_time
    return start.date()
