"""Runs whose process died (a power cut, a kill): found by their own leases, ended here and in Prefect, told to people.

Prefect finds out by itself only while its server lives through it. Until then the dead flow run holds the slot of its
deployment, and each new morning is cancelled.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from blocks import connections
from blocks.orchestrator import Orchestrator, PrefectAway
from pressroom import logs
from pressroom.errors import NotFound
from pressroom.store import jobs, runs
from pressroom.store.database import Database
from pressroom.store.tables import Run, utc_now

REMEMBERED = timedelta(hours=1)
"""For how long Prefect is told of a dead run, until it has heard it."""

MESSAGE = "Its process is gone. The same request resumes it."

_log = logs.get_logger("pressroom.desk")


def end_dead_runs(orchestrator: Orchestrator, database: Database) -> int:
    """End every run whose process is gone; how many. database: one that sees every workspace."""
    dead = runs.end_dead_runs(database)
    for run in dead:
        jobs.follow_run(database, run)
        _log.error("run.crashed", run=run.id, workspace=run.plan.workspace, flow_run=run.flow_run_id)
    # Those of before too: Prefect may not have been up then.
    told = {
        run.id: _ended_in_prefect(orchestrator, run) for run in runs.crashed_since(database, utc_now() - REMEMBERED)
    }
    for run in dead:
        if not told.get(run.id):
            about = f"Run {run.id} of {run.plan.workspace}: {run.error}"
            connections.notifier().tell(f"Pressroom: the run for {run.day} crashed", about)
    return len(dead)


def end_orphans(orchestrator: Orchestrator, database: Database) -> int:
    """The caller has just started the server: end what it still thinks is running; return how many.

    Meanwhile it ran only what holds a lease of ours, and that is left alone.
    """
    alive = runs.living_flow_runs(database)
    orphans = [flow_run for flow_run in orchestrator.under_way() if flow_run not in alive]
    for flow_run in orphans:
        with suppress(NotFound):
            orchestrator.mark_crashed(flow_run, MESSAGE)
    return len(orphans)


def _ended_in_prefect(orchestrator: Orchestrator, run: Run) -> bool:
    """True when a Prefect automation tells people."""
    try:
        return bool(run.flow_run_id) and orchestrator.mark_crashed(run.flow_run_id or "", MESSAGE)
    except PrefectAway:
        return False
