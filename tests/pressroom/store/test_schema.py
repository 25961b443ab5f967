"""Migrations bring both databases to exactly the tables that the code declares, whoever starts them and how often."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
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

HOUR = timedelta(hours=1)
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


@pytest.fixture
def migrated(migrated_url: str) -> Iterator[Database]:
    """A database that `schema.upgrade` has brought to today's schema."""
    made = Database(migrated_url)
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


def test_migrations_and_tables_agree(migrated: Database) -> None:
    with migrated.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_server_default": True})
        assert compare_metadata(context, Table.metadata) == []


def test_doing_it_again_does_nothing(database: Database) -> None:
    for _ in range(2):
        assert schema.upgrade(database) == schema.head()
        schema.ensure(database)


def test_ensure_fills_an_empty_database(database: Database) -> None:
    schema.ensure(database)
    assert schema.current(database) == schema.head()


def test_an_old_postgresql_schema_is_left_to_an_operator(migrated_postgres_url: str) -> None:
    database = Database(migrated_postgres_url)
    stamp(database, "0000")
    with pytest.raises(DatabaseUnusable, match="pressroom db upgrade") as caught:
        schema.ensure(database)
    assert "0000" in caught.value.message and schema.head() in caught.value.message
    database.close()


@pytest.mark.parametrize("revision", ["9999", "f3a1c9d2e4b5"])
def test_a_schema_from_elsewhere_is_left_alone(migrated: Database, revision: str) -> None:
    stamp(migrated, revision)
    for bring in (schema.ensure, schema.upgrade):
        with pytest.raises(DatabaseUnusable, match="does not know") as caught:
            bring(migrated)
        assert revision in caught.value.message
        assert "db upgrade" not in str(caught.value)
    assert schema.current(migrated) == revision


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


def test_it_goes_down_and_up_again(migrated: Database) -> None:
    with migrated.write() as session:
        config = schema._config()
        config.attributes["connection"] = session.connection()
        command.downgrade(config, "base")
    assert tables(migrated) == {"alembic_version"}
    assert schema.current(migrated) is None
    schema.ensure(migrated)
    assert "provider_call" in tables(migrated)


IN_THE_PLAN = {"run": ("request", "preferences", "chain")}
"""Columns whose values are in another now: see `tests/pressroom/model/test_plans.py`."""

RENAMED = {"idea": "subject", "image": "asset", "idea_id": "subject_id"}
"""Tables and columns."""

IN_THE_OUTBOX = {
    "webhook_id": "lane",
    "event_id": "subject_id",
    "url": "address",
    "next_attempt_at": "due_at",
    "delivered_at": "done_at",
    **{name: name for name in ("id", "created_at", "workspace_id", "attempts", "error")},
}
"""Columns of `delivery`, and of the table that its rows are in now."""


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
        if delivery := before.pop("delivery", None):
            moved = {new: delivery[old] for old, new in IN_THE_OUTBOX.items()}
            assert {name: after["outbox"][name] for name in moved} == moved
        for table, row in before.items():
            moved = IN_THE_PLAN.get(table, ())
            kept = {RENAMED.get(name, name): value for name, value in row.items() if name not in moved}
            now = after[RENAMED.get(table, table)]
            assert {name: now.get(name) for name in kept} == kept, f"{table} of schema {script.revision}"


def test_deliveries_become_rows_of_the_outbox_with_their_attempts_and_back(database: Database) -> None:
    """Delivered, waiting before its first attempt, waiting after a failure, being sent, given up, refused."""
    at = datetime(2026, 1, 2, tzinfo=UTC)
    known = [
        # status, attempts, claimed_until, response_status, error, delivered_at
        ("delivered", 2, None, 204, "", at + 2 * HOUR),
        ("waiting", 0, None, None, "", None),
        ("waiting", 3, None, 500, "It answered 500.", None),
        ("waiting", 2, at + 9 * HOUR, 503, "It answered 503.", None),
        ("failed", 8, None, 500, "It answered 500.", None),
        ("failed", 1, None, 410, "It answered 410.", None),
    ]
    migrate(database, "0007")
    with database.write() as session:
        insert = partial(put, session.connection())
        insert("workspace", id="home", created_at=at, name="ours", preferences={}, updated_at=at)
        insert("webhook", id="hook", created_at=at, workspace_id="home", url="u", events=[], secret="s", active=True,
               updated_at=at)  # fmt: skip
        insert("event", id="event", created_at=at, workspace_id="home", type="run.completed", data={})
        for place, row in enumerate(known):
            keys = ("status", "attempts", "claimed_until", "response_status", "error", "delivered_at")
            insert("delivery", id=f"d{place}", created_at=at, workspace_id="home", webhook_id="hook", event_id="event",
                   url="u", next_attempt_at=at + HOUR, milliseconds=7, **dict(zip(keys, row, strict=True)))  # fmt: skip
    before = content(database, "delivery")
    migrate(database, "0008")

    carried = content(database, "outbox")
    assert [(row["state"], row["attempts"], row["due_at"] - row["created_at"]) for row in carried] == [
        ("done", 2, HOUR), ("waiting", 0, HOUR), ("waiting", 3, HOUR), ("waiting", 2, 9 * HOUR), ("dead", 8, HOUR),
        ("dead", 1, HOUR),
    ]  # fmt: skip
    assert {(row["kind"], row["lane"], row["subject_id"], row["claim_owner"]) for row in carried} == {
        ("webhook", "hook", "event", None)
    }
    made = [
        (row["outbox_id"], row["number"], row["outcome"], row["status"], row["answer"])
        for row in content(database, "attempt")
    ]
    assert made == [
        ("d0", 2, "done", 204, ""),
        ("d2", 3, "failed", 500, "It answered 500."),
        ("d3", 1, "failed", 503, "It answered 503."),
        ("d4", 8, "failed", 500, "It answered 500."),
        ("d5", 1, "refused", 410, "It answered 410."),
    ]

    migrate(database, "0007")
    for row in before:  # a claim names no owner after it: the row is due when it would have run out
        row["next_attempt_at"], row["claimed_until"] = row["claimed_until"] or row["next_attempt_at"], None
        row["milliseconds"] = 7 if row["attempts"] else 0
    assert content(database, "delivery") == before


def migrate(database: Database, revision: str) -> None:
    """Up or down to `revision`."""
    with database.unchecked() as unchecked, unchecked.write() as session:
        config = schema._config()
        config.attributes["connection"] = session.connection()
        is_down = (schema._current(session.connection()) or "") > revision
        (command.downgrade if is_down else command.upgrade)(config, revision)


def put(connection: Connection, table: str, **values: Any) -> None:
    found = MetaData()
    found.reflect(connection, only=[table])
    connection.execute(found.tables[table].insert(), values)


def content(database: Database, name: str) -> list[dict[str, Any]]:
    """The rows of a table, by id; times are UTC on both databases."""
    with database.read() as session:
        found = MetaData()
        found.reflect(session.connection(), only=[name])
        table = found.tables[name]
        answers = session.connection().execute(table.select().order_by(table.c.id)).mappings()
        return [dict(row) for row in answers]


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
    return {name: row for name, row in rows(database, found).items() if name in made}


def value_for(column: Any) -> Any:
    """A value that the column takes."""
    kind = column.type.python_type
    known = {int: 1, bool: True, float: 1.0, datetime: datetime(2026, 1, 2, tzinfo=UTC), date: date(2026, 1, 2)}
    if kind in known:
        return known[kind]
    return {"a": [1]} if isinstance(column.type, JSON) else column.name[: getattr(column.type, "length", None) or 20]


def rows(database: Database, found: MetaData | None = None) -> dict[str, dict[str, Any]]:
    """The one row of each table. found: the tables, where they are known: to reflect them takes 0.2 s."""
    with database.read() as session:
        if found is None:
            found = MetaData()
            found.reflect(session.connection())
        tables = [table for table in found.sorted_tables if table.name != "alembic_version"]
        answers = {table.name: session.connection().execute(table.select()).mappings().first() for table in tables}
        return {name: dict(row) for name, row in answers.items() if row is not None}


def test_head_is_what_alembic_takes_for_it() -> None:
    assert ScriptDirectory.from_config(schema._config()).get_heads() == [schema.head()]


def test_rows_without_their_parents_are_refused(migrated: Database) -> None:
    with pytest.raises(IntegrityError), migrated.write() as session:
        session.add(Revision(workspace_id="nobody", content_id="nothing", number=1, text="", author=""))


def test_a_failed_migration_leaves_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def half_way(config: object, revision: str) -> None:
        config.attributes["connection"].execute(text("CREATE TABLE half (x INTEGER)"))  # type: ignore[attr-defined]
        raise ZeroDivisionError

    monkeypatch.setattr(command, "upgrade", half_way)
    with pytest.raises(ZeroDivisionError):
        schema.upgrade(database)
    assert tables(database) == set()
