"""Schedules that workspaces have set outlive a restart, a new Prefect server, and a deployment of everything."""

from __future__ import annotations

from typing import Any

import pytest

from blocks.orchestrator import Orchestrator
from deployments import declared, schedules
from pressroom.model.schedules import Schedule
from pressroom.store.database import Database
from pressroom.store.tables import Workspace
from pressroom.store.workspaces import workspace

MORNING = Schedule(zone="Asia/Tokyo")


@pytest.fixture
def database(nothing_known: None, prefect_api: str) -> Database:
    from blocks import connections

    database = connections.database()
    for name in ("ours", "theirs"):
        _set(database, name, MORNING)
    workspace(database, "without")
    return database


def test_they_are_put_back_once_and_stay_when_all_is_deployed_again(database: Database) -> None:
    _deploy()
    for name in ("ours", "theirs"):  # as on a server that knows none
        Orchestrator().set_schedule(name, None)
    assert schedules.put_back() == 2
    assert schedules.put_back() == 2
    _deploy()

    found = _schedules("daily/desk")
    assert sorted(each.slug for each in found) == ["workspace-ours", "workspace-theirs"]
    assert {each.schedule.timezone for each in found} == {"Asia/Tokyo"}


def test_the_settings_workspace_is_not_made_by_two_schedules(database: Database) -> None:
    _set(database, "default", MORNING)
    _deploy()
    schedules.put_back()
    _deploy()

    assert [each.active for each in _schedules("daily/daily")] == [False]
    _set(database, "default", None)
    _deploy()
    assert [each.active for each in _schedules("daily/daily")] == [True]
    Orchestrator().set_schedule("default", None)


def _deploy() -> None:
    for entry in schedules.settled(declared.declarations()):
        if entry["name"] in {"daily", "desk"}:
            declared.deployment({**entry, "work_pool": None}).apply(_sync=True)  # type: ignore[call-arg]


def _set(database: Database, name: str, schedule: Schedule | None) -> None:
    home = workspace(database, name)
    with database.write() as session:
        row = session.get_one(Workspace, home.id)
        row.schedule = schedule.model_dump(mode="json") if schedule else None
        session.add(row)


def _schedules(deployment: str) -> list[Any]:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        return list(client.read_deployment_by_name(deployment).schedules)
