"""From a database to one file, and back, by the database's own means: `VACUUM INTO` of SQLite, `pg_dump`."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from pressroom.errors import DatabaseUnusable, Misconfigured
from pressroom.redaction import mask
from pressroom.settings import settings
from pressroom.store import schema
from pressroom.store.database import Database
from pressroom.store.tenancy import ROLE

LONGEST_SECONDS = 6 * 3600
POLICIES = "SELECT count(*) FROM pg_policies WHERE schemaname = 'public'"


@dataclass(frozen=True)
class State:
    """A database in one moment: what a restored one is compared with."""

    kind: str
    server: str
    schema_head: str
    counts: Mapping[str, int]
    policies: int = 0


def dump(database: Database, file: Path) -> State:
    """Write the database to `file`, as it is in one moment, and say how it was then.

    Raises:
        Misconfigured: `pg_dump` is not there. DatabaseUnusable: it failed, or the disk is full.
    """
    return _dump_sqlite(database, file) if database.is_sqlite else _dump_postgres(database, file)


def load(file: Path, database: Database) -> State:
    """Fill the empty `database` from what `dump` wrote, and say how it is then.

    Raises:
        DatabaseUnusable: there is something in it already, or the file can't be loaded.
    """
    return _load_sqlite(file, database) if database.is_sqlite else _load_postgres(file, database)


def state_of(connection: Connection, *, is_sqlite: bool) -> State:
    """How the database is now, as the transaction of `connection` sees it."""
    tables = sorted(inspect(connection).get_table_names())
    quoted = connection.dialect.identifier_preparer.quote
    counts = {name: int(connection.exec_driver_sql(f"SELECT count(*) FROM {quoted(name)}").scalar_one())  # noqa: S608
              for name in tables}  # fmt: skip
    version = "SELECT sqlite_version()" if is_sqlite else "SHOW server_version"
    head = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return State(
        kind="sqlite" if is_sqlite else "postgresql",
        server=str(connection.exec_driver_sql(version).scalar_one()),
        schema_head=str(head or ""),
        counts=counts,
        policies=0 if is_sqlite else int(connection.exec_driver_sql(POLICIES).scalar_one()),
    )


def _dump_sqlite(database: Database, file: Path) -> State:
    """`VACUUM INTO` copies one moment without stopping writers; a copy of the file itself might be torn."""
    with closing(sqlite3.connect(str(database.url.database))) as connection:  # ours begins a transaction by itself
        try:
            connection.execute("VACUUM INTO ?", (str(file),))
        except sqlite3.Error as error:
            raise DatabaseUnusable(f"{database.label} can't be copied: {error}.", hint="Is the disk full?") from None
    with _opened(file) as copy, copy.engine.connect() as connection:
        return state_of(connection, is_sqlite=True)


def _dump_postgres(database: Database, file: Path) -> State:
    """The counts are of the very snapshot that is dumped."""
    with database.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        state = state_of(connection, is_sqlite=False)
        _run("pg_dump", database, "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={file}")
    return state


def _load_sqlite(file: Path, database: Database) -> State:
    target = Path(str(database.url.database))
    if target.exists() and target.stat().st_size:
        raise DatabaseUnusable(f"{target} is there already.", hint="Restore into a file that is not there yet.")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.partial")
    shutil.copyfile(file, partial)
    partial.chmod(0o600)
    partial.replace(target)
    with database.engine.connect() as connection:
        return state_of(connection, is_sqlite=True)


def _load_postgres(file: Path, database: Database) -> State:
    with database.engine.begin() as connection:
        if inspect(connection).get_table_names():
            raise DatabaseUnusable(
                f"{database.label} has tables already.", hint="Restore into an empty database: `createdb NAME`."
            )
        if not connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": ROLE}).scalar():
            connection.exec_driver_sql(f"CREATE ROLE {ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS")
    _run("pg_restore", database, "--no-owner", "--exit-on-error", "--single-transaction", str(file))
    with database.engine.connect() as connection:
        return state_of(connection, is_sqlite=False)


@contextmanager
def _opened(file: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{file}", pool=1, overflow=0)
    try:
        yield database
    finally:
        database.close()


def _run(name: str, database: Database, *arguments: str) -> None:
    """Run a program of PostgreSQL's on `database`; the password is not among its arguments, which others may see."""
    folder = settings().pg_programs
    program = shutil.which(name, path=str(folder) if folder else None)
    if program is None:
        raise Misconfigured(
            f"{name} is not there.", hint="Install PostgreSQL's client programs, or name their folder: "
            "PRESSROOM_PG_PROGRAMS.",
        )  # fmt: skip
    url = database.url.set(drivername="postgresql")
    password = {"PGPASSWORD": url.password} if url.password else {}
    address = url._replace(password=None).render_as_string(hide_password=False)
    done = subprocess.run(  # noqa: S603 (the program's own name, from the settings)
        [program, "--no-password", f"--dbname={address}", *arguments],
        env={**os.environ, **{key: str(value) for key, value in password.items()}},
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )
    if done.returncode:
        said = mask("; ".join(done.stderr.strip().splitlines()[-2:]) or f"exit code {done.returncode}")
        raise DatabaseUnusable(f"{name} failed: {said}.", hint=f"{name} has to be at least as new as the server.")


def check_known(state_head: str) -> None:
    """Raises DatabaseUnusable when a backup has a schema that this version does not know."""
    if state_head > schema.head():
        raise DatabaseUnusable(
            f"The backup is at schema {state_head}, which this version does not know.",
            hint="Restore it with the version that made it, or a newer one.",
        )
