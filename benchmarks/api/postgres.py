"""The PostgreSQL server that the desk is measured on: the tests' own, on a disk and as durable as anybody's."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from pressroom.store import schema
from pressroom.store.database import Database
from pressroom.store.tenancy import ROLE
from tests.fixtures.postgres import PostgresServer

ORDINARY = ("max_connections=200",)
"""Everything else is as PostgreSQL comes: fsync, synchronous commits, full pages, autovacuum."""

DESK = "desk"
"""Who the desk signs in as: no superuser, and bound by row-level security."""


@contextmanager
def running() -> Iterator[PostgresServer]:
    """A fresh server with today's schema in its maintenance database."""
    on_a_disk = tempfile.gettempdir()  # not in memory, where a commit costs nothing
    with PostgresServer.running(ORDINARY, on_a_disk) as server:
        database = Database(_address(server, "postgres"))
        schema.upgrade(database)
        database.close()
        with psycopg.connect(server.conninfo) as connection:
            connection.execute(f"CREATE ROLE {DESK} LOGIN IN ROLE {ROLE}")
        yield server


def addresses(server: PostgresServer) -> tuple[str, str]:
    """SQLAlchemy's addresses of the database: for its owner, and for the desk."""
    return _address(server, "postgres"), _address(server, DESK)


def _address(server: PostgresServer, user: str) -> str:
    return f"postgresql+psycopg://{user}@/postgres?host={server.folder}"
