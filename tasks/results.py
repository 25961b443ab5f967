"""Collecting the figures of published posts: a task for each workspace."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from blocks import connections
from pressroom import logs
from pressroom.calls.budget import Budget
from pressroom.calls.ledger import Ledger
from pressroom.model.snapshots import ChannelFigures, ResultsRequest
from pressroom.publishers.ledger.access import Access
from pressroom.publishers.ledger.collecting import collect_here
from pressroom.settings import settings
from pressroom.store.workspaces import living_workspaces
from pressroom.vault import Vault
from tasks.observing import observed
from tasks.plans import home_of
from tasks.progress import announce
from tasks.retrying import INFRASTRUCTURE, tried_twice

_log = logs.get_logger("pressroom.results")


@tried_twice
def workspaces_of(request: ResultsRequest) -> list[tuple[str, str]]:
    """(id, name) of the workspaces that are collected for."""
    if request.every_workspace:
        return [(home.id, home.name) for home in living_workspaces(connections.database())]
    home = home_of(request.workspace)
    return [(home.id, home.name)]


@task(name="collect-workspace", task_run_name="collect {home}", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def collect_workspace(home: tuple[str, str]) -> list[ChannelFigures]:
    """Collect everything that is due of one workspace; what fails is in the rows and in the report."""
    workspace_id, name = home
    database, chosen = connections.database().within(workspace_id), settings()
    access = Access(database, Vault.from_settings(chosen), source=chosen, apps=connections.platform_app)
    found = collect_here(database, access, name, Ledger(database, workspace_id), lambda: _budget(workspace_id))
    for one in found:
        figures = f"{one.values} figure{'s' * (one.values != 1)}"
        announce(f"{one.channel}: {figures} of {one.publications} post{'s' * (one.publications != 1)}")
        if one.code:
            _log.warning("results.failed", workspace=name, channel=one.channel, code=one.code, reason=one.reason)
    return found


def _budget(workspace_id: str) -> Budget | None:
    """The day's money. No run pays for figures, so a run's own limit is left out."""
    limit = settings().day_budget_usd
    return Budget(connections.database(), workspace_id, "", day_limit=limit) if limit else None
