"""Bringing a database to the schema this version needs, by Alembic migrations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from pressroom.errors import DatabaseUnusable
from pressroom.store.database import Database
from pressroom.store.migrations import head

__all__ = ["current", "ensure", "head", "upgrade"]

if TYPE_CHECKING:
    from alembic.config import Config

_UPGRADE_LOCK = 7_290_441
"""PostgreSQL advisory lock held while migrating: two processes never migrate at once."""


def upgrade(database: Database) -> str:
    """Run every missing migration; returns the revision reached. Doing it again does nothing.

    Raises:
        DatabaseUnusable: it is at a revision that this version does not know, or a row's parent would be missing.
    """
    from alembic import command

    with database.unchecked() as unchecked, unchecked.write() as session:
        connection = session.connection()
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        _refuse_newer(_current(connection))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if database.is_sqlite:
            _check_references(connection)
        return _current(connection) or ""


def ensure(database: Database) -> None:
    """Make sure the schema is the expected one: an empty database gets it, a local SQLite file is upgraded.

    Raises:
        DatabaseUnusable: another schema is there; on PostgreSQL upgrading it is an operator's decision.
    """
    with database.read() as session:
        current = _current(session.connection())
    if current == head():
        return
    _refuse_newer(current)
    if current and not database.is_sqlite:
        raise DatabaseUnusable(
            f"The database is at schema {current}; this version needs {head()}.", hint="Run `pressroom db upgrade`."
        )
    upgrade(database)


def current(database: Database) -> str | None:
    """The revision the database is at; None when it is empty."""
    with database.read() as session:
        return _current(session.connection())


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(3)
    if broken:
        rows = ", ".join(f"{table} {row}" for table, row, *_ in broken)
        raise DatabaseUnusable(
            f"After the upgrade rows would have no parent: {rows}. Nothing was changed.",
            hint="Restore a backup, or remove those rows.",
        )


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def _refuse_newer(current: str | None) -> None:
    if current and current > head():
        raise DatabaseUnusable(
            f"The database is at schema {current}, which this version does not know.",
            hint="It belongs to a newer Pressroom, or to another program.",
        )


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "pressroom.store:migrations")
    return config
