"""Runs whose process died, as our own leases tell: ended, gone on with, and left alone where it lives."""

from __future__ import annotations

from datetime import timedelta

from pressroom.model import RunStatus
from pressroom.store import runs
from pressroom.store.database import Database
from pressroom.store.tables import Run, utc_now
from pressroom.store.workspaces import workspace
from tests.fixtures.plans import DAY, daily_plan

GONE = "elsewhere/1/1/x"


def test_a_run_whose_process_died_is_ended_once_and_a_refresh_goes_on_with_its_variant(
    migrated_sqlite_url: str,
) -> None:
    database = Database(migrated_sqlite_url)
    home = workspace(database, "default").id

    def opened(key: str, *, refresh: bool = False) -> Run:
        wanted = Run(
            workspace_id=home, kind="daily", run_key=key, day=DAY, trigger="manual", status=RunStatus.RUNNING,
            plan=daily_plan(), flow_run_id=f"flow-{key}",
        )  # fmt: skip
        return runs.open_run(database, wanted, lease_seconds=90, refresh=refresh)

    living, dead = opened("living"), opened("dead")
    runs.amend(database, dead.id, lease_owner=GONE, lease_expires_at=utc_now() - timedelta(seconds=1), budget={"a": 1})

    assert runs.living_flow_runs(database) == {"flow-living"}
    assert [run.id for run in runs.end_dead_runs(database)] == [dead.id]
    assert runs.end_dead_runs(database) == []
    ended = runs.get_run(database, dead.id)
    assert (ended.status, ended.error_code, ended.lease_owner) == ("failed", "RUN_CRASHED", None)
    assert runs.get_run(database, living.id).status == "running"
    assert [run.id for run in runs.crashed_since(database, utc_now() - timedelta(hours=1))] == [dead.id]

    again = opened("dead", refresh=True)
    assert (again.variant, again.error_code, again.budget) == (0, None, None), "it had not come to its end"
    database.close()
