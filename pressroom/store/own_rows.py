"""Rows by their id, of one workspace only: a row of another workspace is not found."""

from __future__ import annotations

from typing import TypeVar

from pressroom.errors import NotFound
from pressroom.store.database import Database
from pressroom.store.tables import Table

T = TypeVar("T", bound=Table)


def own_row(database: Database, kind: type[T], workspace_id: str, row_id: str, called: str) -> T:
    """The row of a table with a workspace. called: the name of such a row in messages.

    Raises:
        NotFound: the workspace has no such row.
    """
    with database.read() as session:
        found = session.get(kind, row_id)
    if found is None or getattr(found, "workspace_id", None) != workspace_id:
        raise NotFound(f"There is no {called} {row_id!r}.")
    return found
