"""People who review, and a database as the desk sees it."""

from __future__ import annotations

from dataclasses import dataclass

from pressroom.model import Caller, Origin, Role
from pressroom.store.database import Database
from tests.fixtures.desk import OURS, add_person


@dataclass(frozen=True)
class ReviewDesk:
    """`database`: as the desk sees it, within `ours`. The others may do there what their name says."""

    database: Database
    owner: Caller
    editor: Caller
    viewer: Caller
    program: Caller


def person(database: Database, role: Role, name: str = "") -> Caller:
    """Somebody of `role` in the workspace `ours`."""
    email = f"{name or role}@example.com"
    user_id, workspace_id = add_person(database, email, role, OURS)
    origin = Origin(address="127.0.0.1", agent="pytest")
    return Caller(workspace_id=workspace_id, workspace=OURS, role=role, name=email, user_id=user_id, origin=origin)
