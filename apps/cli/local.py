"""Connections for commands that only look: from the environment, without a Prefect server."""

from __future__ import annotations

from functools import cache

from pressroom.settings import settings
from pressroom.store import schema
from pressroom.store.database import Database
from pressroom.store.workspaces import workspace


@cache
def database() -> Database:
    found = Database.from_settings()
    schema.ensure(found)
    return found


def workspace_id(name: str | None) -> str:
    return workspace(database(), name or settings().workspace).id
