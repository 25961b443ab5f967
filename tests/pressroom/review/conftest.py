"""A review desk without an application: `desk`, on a database with `made_run` in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pressroom.model import Role
from pressroom.store import tenancy
from pressroom.store.database import Database
from tests.fixtures.desk import (  # noqa: F401
    desk_postgres_url,
    desk_settings,
    desk_sqlite_url,
    desk_url,
    made_run,
    operators,
    their_run,
)
from tests.pressroom.review.review_desk import ReviewDesk, person


@pytest.fixture
def desk(operators: Database, desk_url: str) -> Iterator[ReviewDesk]:  # noqa: F811
    database = Database(desk_url, role=tenancy.ROLE)
    owner, editor, viewer = (person(operators, role) for role in (Role.OWNER, Role.EDITOR, Role.VIEWER))
    program = editor.model_copy(update={"name": "token press", "user_id": None, "scopes": frozenset({"content:write"})})
    yield ReviewDesk(database.within(editor.workspace_id), owner, editor, viewer, program)
    database.close()
