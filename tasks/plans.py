"""From what was asked for to what is going to be made: the daily plan, and what plans of every kind need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from blocks import connections
from pressroom import formats
from pressroom.calls.accounts import chain_names
from pressroom.errors import PressroomError
from pressroom.model import (
    DailyPlan,
    DailyRequest,
    Preferences,
)
from pressroom.model.trends import TrendWishes
from pressroom.settings import settings
from pressroom.store.opportunities import find_opportunity
from pressroom.store.tables import Workspace
from pressroom.store.voices import with_voice
from pressroom.store.workspaces import day_of, scheduled_day, workspace
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
    chosen, home = settings(), home_of(request.workspace)
    wanted = _opportunities(request, home)
    preferences = with_voice(connections.database(), home.id, Preferences.model_validate(home.preferences))
    chain = chain_of(request.chain)
    return DailyPlan(
        day=request.date or today(home),
        workspace=home.name,
        ideas=max(request.ideas or (len(wanted) if wanted else chosen.ideas), len(wanted or ())),
        opportunities=wanted,
        share=TrendWishes.model_validate(home.trends or {}).share_or(chosen.trends.share),
        focus=request.focus.strip(),
        formats=formats.resolve(request.formats, chosen.formats),
        chain=chain,
        chain_fingerprint=connections.chain(chain).fingerprint,
        preferences=preferences,
    )


def _opportunities(request: DailyRequest, home: Workspace) -> tuple[str, ...] | None:
    """Ids of the opportunities asked for. Raises WrongInput where there is no such one."""
    if request.opportunities is None:
        return None
    database = connections.database()
    return tuple(dict.fromkeys(find_opportunity(database, home.id, each).id for each in request.opportunities))


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


def home_of(name: str | None) -> Workspace:
    chosen = settings()
    return workspace(connections.database(), name or chosen.workspace, file=chosen.workspace_file)


def chain_of(asked: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(asked or chain_names("text", settings())))
