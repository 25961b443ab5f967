"""Migrations bring both databases to exactly the tables that the code declares, whoever starts them and how often."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Connection, MetaData, inspect, text
from sqlalchemy.exc import IntegrityError

from pressroom.errors import DatabaseUnusable
from pressroom.store import schema
from pressroom.store.database import Database
from pressroom.store.tables import Revision, Table

CHILD = """
import sys
from pressroom.store import schema
from pressroom.store.database import Database
print("ready", flush=True)
sys.stdin.readline()
schema.ensure(Database(sys.argv[1]))
"""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    yield made
    made.close()


def tables(database: Database) -> set[str]:
    with database.read() as session:
        return set(inspect(session.connection()).get_table_names())


def stamp(database: Database, revision: str) -> None:
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def test_an_empty_database_gets_the_tables(database: Database) -> None:
    assert schema.current(database) is None
    assert schema.upgrade(database) == schema.head() == schema.current(database)
    assert tables(database) == set(Table.metadata.tables) | {"alembic_version"}


def test_migrations_and_tables_agree(database: Database) -> None:
    schema.upgrade(database)
    with database.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_server_default": True})
        assert compare_metadata(context, Table.metadata) == []


def test_doing_it_again_does_nothing(database: Database) -> None:
    for _ in range(2):
        assert schema.upgrade(database) == schema.head()
        schema.ensure(database)


def test_ensure_fills_an_empty_database(database: Database) -> None:
    schema.ensure(database)
    assert schema.current(database) == schema.head()


def test_an_old_postgresql_schema_is_left_to_an_operator(postgres_url: str) -> None:
    database = Database(postgres_url)
    schema.upgrade(database)
    stamp(database, "0000")
    with pytest.raises(DatabaseUnusable, match="pressroom db upgrade") as caught:
        schema.ensure(database)
    assert "0000" in caught.value.message and schema.head() in caught.value.message
    database.close()


@pytest.mark.parametrize("revision", ["9999", "f3a1c9d2e4b5"])
def test_a_schema_from_elsewhere_is_left_alone(database: Database, revision: str) -> None:
    schema.upgrade(database)
    stamp(database, revision)
    for bring in (schema.ensure, schema.upgrade):
        with pytest.raises(DatabaseUnusable, match="does not know") as caught:
            bring(database)
        assert revision in caught.value.message
        assert "db upgrade" not in str(caught.value)
    assert schema.current(database) == revision


def test_threads_may_bring_it_up_at_once(database_url: str) -> None:
    databases = [Database(database_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(schema.ensure, databases))
    assert schema.current(databases[0]) == schema.head()
    for database in databases:
        database.close()


def test_processes_may_bring_it_up_at_once(database_url: str) -> None:
    line = [sys.executable, "-c", CHILD, database_url]
    pipe = subprocess.PIPE
    children = [subprocess.Popen(line, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(2)]
    for child in children:
        assert child.stdout is not None and child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    for child in children:
        _, trouble = child.communicate(timeout=60)
        assert child.returncode == 0, trouble


def test_it_goes_down_and_up_again(database: Database) -> None:
    schema.upgrade(database)
    with database.write() as session:
        config = schema._config()
        config.attributes["connection"] = session.connection()
        command.downgrade(config, "base")
    assert tables(database) == {"alembic_version"}
    assert schema.current(database) is None
    schema.ensure(database)
    assert "provider_call" in tables(database)


IN_THE_PLAN = {"run": ("request", "preferences", "chain")}
"""Columns whose values are in another now: see `tests/pressroom/model/test_plans.py`."""

RENAMED = {"idea": "subject", "image": "asset", "idea_id": "subject_id"}
"""Tables and columns."""


def test_every_earlier_schema_is_upgraded_with_its_content(database: Database) -> None:
    for script in reversed(list(ScriptDirectory.from_config(schema._config()).walk_revisions())):
        with database.unchecked() as unchecked, unchecked.write() as session:
            clear(session.connection())
            config = schema._config()
            config.attributes["connection"] = session.connection()
            command.upgrade(config, script.revision)
        before = filled(database)
        assert schema.upgrade(database) == schema.head()
        after = rows(database)
        for table, row in before.items():
            moved = IN_THE_PLAN.get(table, ())
            kept = {RENAMED.get(name, name): value for name, value in row.items() if name not in moved}
            now = after[RENAMED.get(table, table)]
            assert {name: now.get(name) for name in kept} == kept, f"{table} of schema {script.revision}"


def test_an_upgrade_that_would_leave_rows_without_parents_changes_nothing(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.unchecked() as unchecked, unchecked.write() as session:
        config = schema._config()
        config.attributes["connection"] = session.connection()
        command.upgrade(config, "0003")
    filled(database)
    with database.unchecked() as unchecked, unchecked.write() as session:
        session.execute(text("DELETE FROM run"))
    with pytest.raises(DatabaseUnusable, match="no parent"):
        schema.upgrade(database)
    assert schema.current(database) == "0003"
    database.close()


def clear(connection: Connection) -> None:
    """Remove each table, whatever schema it is of."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        return
    found = MetaData()
    found.reflect(connection)
    found.drop_all(connection)


def filled(database: Database) -> dict[str, dict[str, Any]]:
    """One row in each table of the schema that is there, its references leading to the other tables' rows."""
    with database.write() as session:
        connection = session.connection()
        found = MetaData()
        found.reflect(connection)
        made: dict[str, dict[str, Any]] = {}
        for table in found.sorted_tables:
            if table.name != "alembic_version":
                parents = {key.parent.name: made[key.column.table.name][key.column.name] for key in table.foreign_keys}
                values = {column.name: parents.get(column.name, value_for(column)) for column in table.columns}
                connection.execute(table.insert(), values)
                made[table.name] = values
    return {name: row for name, row in rows(database).items() if name in made}


def value_for(column: Any) -> Any:
    """A value that the column takes."""
    kind = column.type.python_type
    known = {int: 1, bool: True, float: 1.0, datetime: datetime(2026, 1, 2, tzinfo=UTC), date: date(2026, 1, 2)}
    if kind in known:
        return known[kind]
    return {"a": [1]} if isinstance(column.type, JSON) else column.name[: getattr(column.type, "length", None) or 20]


def rows(database: Database) -> dict[str, dict[str, Any]]:
    """The one row of each table."""
    with database.read() as session:
        found = MetaData()
        found.reflect(session.connection())
        tables = [table for table in found.sorted_tables if table.name != "alembic_version"]
        answers = {table.name: session.connection().execute(table.select()).mappings().first() for table in tables}
        return {name: dict(row) for name, row in answers.items() if row is not None}


def test_head_is_what_alembic_takes_for_it() -> None:
    assert ScriptDirectory.from_config(schema._config()).get_heads() == [schema.head()]


def test_rows_without_their_parents_are_refused(database: Database) -> None:
    schema.upgrade(database)
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(Revision(workspace_id="nobody", content_id="nothing", number=1, text="", author=""))


def test_a_failed_migration_leaves_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def half_way(config: object, revision: str) -> None:
        config.attributes["connection"].execute(text("CREATE TABLE half (x INTEGER)"))  # type: ignore[attr-defined]
        raise ZeroDivisionError

    monkeypatch.setattr(command, "upgrade", half_way)
    with pytest.raises(ZeroDivisionError):
        schema.upgrade(database)
    assert tables(database) == set()
