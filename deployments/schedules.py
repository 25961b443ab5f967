"""The schedules that workspaces have set at the desk, put into Prefect: a new server knows none of them.

`pressroom up` and `pressroom deploy` do it.
"""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from blocks import connections
from blocks.orchestrator import EVERY_MORNING, Orchestrator
from pressroom.model.schedules import Schedule
from pressroom.settings import settings
from pressroom.store.tables import Workspace

EVERY_MINUTE = "every-minute"


def put_back() -> int:
    """Have Prefect follow every schedule that is kept in the database; how many there are.

    Raises:
        PrefectAway: the deployment `daily/desk` is not there yet.
    """
    orchestrator, kept = Orchestrator(), _kept()
    for name, schedule in kept.items():
        orchestrator.set_schedule(name, schedule)
    orchestrator.close()
    return len(kept)


def settled(declarations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns the entries of `prefect.yaml`, the morning off if the workspace has its own schedule."""
    _, slug = EVERY_MORNING
    if settings().workspace not in _kept():
        return declarations
    return [
        {**entry, "schedules": [_off(each) if each.get("slug") == slug else each for each in entry["schedules"]]}
        if entry.get("schedules")
        else entry
        for entry in declarations
    ]


def without_minutes(declarations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same with the schedule of each minute off: the desk that `up` starts asks for a run when something is due."""
    return [
        {
            **entry,
            "schedules": [_off(each) if each.get("slug") == EVERY_MINUTE else each for each in entry["schedules"]],
        }
        if entry.get("schedules")
        else entry
        for entry in declarations
    ]


def _kept() -> dict[str, Schedule]:
    """Schedules by the name of their workspace."""
    with connections.database().read() as session:
        query = select(Workspace.name, Workspace.schedule).where(col(Workspace.deleted_at).is_(None))
        return {name: Schedule.model_validate(kept) for name, kept in session.exec(query).all() if kept}


def _off(schedule: dict[str, Any]) -> dict[str, Any]:
    return {**schedule, "active": False}
