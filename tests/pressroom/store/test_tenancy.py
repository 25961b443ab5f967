"""A workspace's rows are seen from within it alone: on PostgreSQL by row-level security, on SQLite by our filter."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import col, func, select, update

from pressroom.errors import Forbidden, NotFound, WrongInput
from pressroom.store import migrations, tenancy
from pressroom.store.account_tables import Membership, User
from pressroom.store.database import Database
from pressroom.store.tables import Run, Table, Workspace, utc_now
from pressroom.store.workspaces import workspace

OURS, THEIRS = "ours", "theirs"
MIGRATIONS = Path(migrations.__path__[0]) / "versions"
GONE = {"delivery", "idea", "image"}
"""Tables of an earlier schema."""


@pytest.fixture
def operators(migrated_url: str) -> Iterator[Database]:
    """Who sees everything: flows and commands."""
    database = Database(migrated_url)
    for name in (OURS, THEIRS):
        home = workspace(database, name)
        with database.write() as session:
            session.add(_run(home.id))
    yield database
    database.close()


@pytest.fixture
def desk(operators: Database, migrated_url: str) -> Iterator[Database]:
    """The same database as the desk sees it, bound to no workspace yet."""
    database = Database(migrated_url, role=tenancy.ROLE)
    yield database
    database.close()


def test_one_workspace_is_seen(operators: Database, desk: Database) -> None:
    ours = workspace(operators, OURS).id
    with desk.within(ours).read() as session:
        assert [row.workspace_id for row in session.exec(select(Run)).all()] == [ours]
        assert session.exec(select(func.count()).select_from(Run)).one() == 1
        assert session.exec(select(Workspace.name)).all() == [OURS]


def test_another_workspaces_row_is_not_there_by_its_id(operators: Database, desk: Database) -> None:
    theirs = _the_run(operators, THEIRS)
    with desk.within(workspace(operators, OURS).id).read() as session:
        assert session.get(Run, theirs.id) is None


def test_another_workspaces_rows_are_not_changed(operators: Database, desk: Database) -> None:
    theirs = _the_run(operators, THEIRS)
    with desk.within(workspace(operators, OURS).id).write() as session:
        session.execute(update(Run).where(col(Run.id) == theirs.id).values(status="failed"))
    assert _the_run(operators, THEIRS).status == "running"


def test_a_row_of_another_workspace_is_not_written(operators: Database, desk: Database) -> None:
    theirs = workspace(operators, THEIRS).id
    with pytest.raises(Forbidden), desk.within(workspace(operators, OURS).id).write() as session:
        session.add(_run(theirs, key="another"))
    with operators.read() as session:
        assert session.exec(select(func.count()).select_from(Run)).one() == 2


def test_nothing_is_seen_from_nowhere(desk: Database) -> None:
    with desk.within("").read() as session:
        assert session.exec(select(Run)).all() == []
        assert session.exec(select(Workspace)).all() == []


def test_a_user_sees_the_workspaces_it_belongs_to(operators: Database, desk: Database) -> None:
    user = User(email="a@example.com", name="A", password_hash="x")
    with operators.write() as session:
        session.add(user)
        session.flush()
        session.add(Membership(workspace_id=workspace(operators, OURS).id, user_id=user.id, role="owner"))
    with desk.within("", user.id).read() as session:
        assert session.exec(select(Workspace.name)).all() == [OURS]
        assert session.exec(select(Run)).all() == []


def test_a_user_joins_no_workspace_that_the_session_is_not_bound_to(operators: Database, desk: Database) -> None:
    ours, theirs = workspace(operators, OURS).id, workspace(operators, THEIRS).id
    user = User(email="a@example.com", name="A", password_hash="x")
    with operators.write() as session:
        session.add(user)
    for bound in ("", ours):
        with pytest.raises(Forbidden), desk.within(bound, user.id).write() as session:
            session.add(Membership(workspace_id=theirs, user_id=user.id, role="owner"))
    with operators.read() as session:
        assert session.exec(select(Membership)).all() == []


def test_raw_sql_of_the_desks_role_writes_no_row_of_a_user_elsewhere(migrated_postgres_url: str) -> None:
    operators, desk = Database(migrated_postgres_url), Database(migrated_postgres_url, role=tenancy.ROLE)
    user = User(email="a@example.com", name="A", password_hash="x")
    with operators.write() as session:
        ours, theirs = _made(session, OURS), _made(session, THEIRS)
        session.add(user)
        session.flush()
        session.add(Membership(workspace_id=theirs, user_id=user.id, role="viewer"))
    bound = desk.within(ours, user.id)
    columns = "(id, created_at, workspace_id, user_id, role)"
    joining = text(f"INSERT INTO membership {columns} VALUES ('1', now(), :w, :u, 'owner')")
    with pytest.raises(Forbidden), bound.write() as session:
        session.execute(joining, {"w": theirs, "u": user.id})
    for change in (
        "UPDATE membership SET role = 'owner'",
        "DELETE FROM membership",
        "UPDATE workspace SET title = 'x'",
    ):
        with bound.write() as session:
            session.execute(text(change))
    with operators.read() as session:
        assert session.exec(select(Membership.role)).all() == ["viewer"]
        assert session.exec(select(Workspace.title).where(Workspace.id == theirs)).one() != "x"
    desk.close()
    operators.close()


def test_a_text_with_nul_is_the_callers_mistake(migrated_postgres_url: str) -> None:
    database = Database(migrated_postgres_url)
    with pytest.raises(WrongInput, match="NUL"), database.read() as session:
        session.exec(select(Workspace).where(Workspace.name == "a\0b")).all()
    database.close()


def test_nothing_is_made_for_a_deleted_workspace(operators: Database) -> None:
    with operators.write() as session:
        session.execute(update(Workspace).where(col(Workspace.name) == OURS).values(deleted_at=utc_now()))
    with pytest.raises(NotFound, match="deleted"):
        workspace(operators, OURS)


def test_raw_sql_of_the_desks_role_sees_nothing_without_a_workspace(migrated_postgres_url: str) -> None:
    operators, desk = Database(migrated_postgres_url), Database(migrated_postgres_url, role=tenancy.ROLE)
    with operators.write() as session:
        session.add(_run(_made(session, OURS)))
    for statement in ("SELECT 1", "RESET ROLE"):
        with desk.read() as session:
            session.execute(text(statement))
            assert session.scalar(text("SELECT count(*) FROM run")) == 0
            assert session.scalar(text("SELECT rolbypassrls FROM pg_roles WHERE rolname = current_user")) is False
    desk.close()
    operators.close()


def test_every_table_with_a_workspace_is_forced_to(migrated_postgres_url: str) -> None:
    database = Database(migrated_postgres_url)
    with database.read() as session:
        forced = set(session.scalars(text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")))
    owned = {table.__tablename__ for table in Table.__subclasses__() if "workspace_id" in table.model_fields}
    assert forced == {*owned, "workspace"}
    database.close()


def test_both_databases_go_by_the_same_rules() -> None:
    tables = {table.__tablename__ for table in tenancy._rules()}
    lists = [re.search(r"^OWNED = (\(.*?\))", file.read_text(), re.M | re.S) for file in MIGRATIONS.glob("*.py")]
    owned = {name for found in lists if found for name in ast.literal_eval(found[1])}
    assert tables == {*owned, "workspace", "membership", "audit_event"} - GONE


def _made(session: object, name: str) -> str:
    row = Workspace(name=name)
    session.add(row)  # type: ignore[attr-defined]
    session.flush()  # type: ignore[attr-defined]
    return row.id


def _the_run(database: Database, name: str) -> Run:
    with database.read() as session:
        return session.exec(select(Run).where(Run.workspace_id == workspace(database, name).id)).one()


def _run(workspace_id: str, key: str = "one") -> Run:
    return Run(
        workspace_id=workspace_id,
        kind="daily",
        run_key=key,
        day=date(2026, 11, 20),
        trigger="manual",
        status="running",
    )
