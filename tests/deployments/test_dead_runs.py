"""After a power cut: the dead flow run is ended and its slot is free for the next morning; what lives is left alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from apps.desk.dead_runs import end_dead_runs, end_orphans
from blocks.notifier import Notifier
from blocks.orchestrator import Orchestrator
from deployments import declared
from pressroom.model import RunStatus
from pressroom.store import runs
from pressroom.store.database import Database
from pressroom.store.tables import Run, utc_now
from pressroom.store.workspaces import workspace
from tests.fixtures.plans import DAY, daily_plan

DAILY = "daily/daily"


@pytest.fixture
def database(migrated_sqlite_url: str) -> Database:
    return Database(migrated_sqlite_url)


@pytest.fixture
def begun(nothing_known: None, prefect_api: str, database: Database) -> Any:
    """`begun(key)`: a flow run of `daily/daily` (one at a time, new ones cancelled) at work, with its run."""
    (entry,) = [each for each in declared.declarations() if each["name"] == "daily"]
    declared.deployment({**entry, "work_pool": None}).apply(_sync=True)  # type: ignore[call-arg]

    def start(key: str, owner: str | None = None) -> str:
        flow_run_id = Orchestrator().start(DAILY, {"request": {}}, idempotency_key=key)
        wanted = Run(
            workspace_id=workspace(database, "default").id, kind="daily", run_key=key, day=DAY, trigger="manual",
            status=RunStatus.RUNNING, plan=daily_plan(), flow_run_id=flow_run_id,
        )  # fmt: skip
        run = runs.open_run(database, wanted, lease_seconds=90)
        if owner:
            runs.amend(database, run.id, lease_owner=owner, lease_expires_at=utc_now() - timedelta(seconds=1))
        return flow_run_id

    return start


def test_a_dead_run_holds_no_slot_and_new_mornings_are_not_cancelled(
    begun: Any, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(Notifier, "tell", lambda self, title, body: told.append(title) or True)
    dead, orchestrator = begun("dead", owner="elsewhere/1/1/x"), Orchestrator()
    assert set_state(dead, "PENDING") == "PENDING"
    assert set_state(dead, "RUNNING") == "RUNNING"
    refused = orchestrator.start(DAILY, {"request": {}}, idempotency_key="refused")
    assert set_state(refused, "PENDING") == "CANCELLED"

    assert end_dead_runs(orchestrator, database) == 1
    assert end_dead_runs(orchestrator, database) == 0
    assert orchestrator.states([dead])[dead].type == "CRASHED"
    assert told == [], "of a deployment's flow runs the automation tells"

    living = begun("living")
    assert set_state(living, "PENDING") == "PENDING", "the slot is free"
    orphan = orchestrator.start("daily/daily", {"request": {}}, idempotency_key="orphan")
    set_state(orphan, "RUNNING", force=True)
    assert end_orphans(orchestrator, database) >= 1, "other tests may have left some"
    states = orchestrator.states([living, orphan])
    assert (states[living].type, states[orphan].type) == ("PENDING", "CRASHED")
    set_state(living, "CANCELLED")


def test_a_dead_run_without_a_flow_run_is_told_by_us(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(Notifier, "tell", lambda self, title, body: told.append(title) or True)
    wanted = Run(
        workspace_id=workspace(database, "default").id, kind="daily", run_key="k", day=DAY, trigger="manual",
        status=RunStatus.RUNNING, plan=daily_plan(),
    )  # fmt: skip
    run = runs.open_run(database, wanted, lease_seconds=90)
    runs.amend(database, run.id, lease_owner="elsewhere/1/1/x", lease_expires_at=utc_now() - timedelta(seconds=1))

    assert end_dead_runs(Orchestrator(lambda: None), database) == 1
    assert told == [f"Pressroom: the run for {DAY} crashed"]


def set_state(flow_run_id: str, kind: str, *, force: bool = False) -> str:
    """The state that the server lets the flow run come to."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.objects import StateType
    from prefect.states import State

    with get_client(sync_client=True) as client:
        client.set_flow_run_state(UUID(flow_run_id), State(type=StateType(kind)), force=force)
        state = client.read_flow_run(UUID(flow_run_id)).state
    assert state is not None
    return str(state.type.value)
