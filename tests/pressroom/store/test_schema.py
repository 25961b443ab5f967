"""Migrations bring both databases to exactly the tables that the code declares, whoever starts them and how often."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
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


def test_head_is_what_alembic_takes_for_it() -> None:
    from alembic.script import ScriptDirectory

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
