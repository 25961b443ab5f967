"""The database: SQLite in a file by default, PostgreSQL in production; one way to read and one to write."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from copy import copy
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import URL, Connection, Engine, Select, Table, bindparam, event, insert, literal, make_url, select, text
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session, SQLModel, create_engine
from tenacity import retry, retry_if_exception, stop_after_delay, wait_fixed

from pressroom.errors import DatabaseUnusable, Forbidden, WrongInput
from pressroom.settings import Settings, private_folder, settings
from pressroom.store.questions import Question
from pressroom.store.tenancy import TENANCY, Tenancy, check_own

if TYPE_CHECKING:
    from psycopg import Connection as PsycopgConnection


def _make_folder(file: Path) -> None:
    try:
        _make_private(file)
    except OSError as error:
        raise DatabaseUnusable(
            f"The database {file} can't be used: {error.filename or file} can't be made: {error.strerror}.",
            hint="Let PRESSROOM_HOME, or PRESSROOM_DATABASE_URL, name a place that can be written to.",
        ) from None


def _make_private(file: Path) -> None:
    """Make SQLite's file, for its owner alone, unless it is there: what lies next to it gets the same rights."""
    private_folder(file.parent)
    with suppress(FileExistsError):
        file.touch(0o600, exist_ok=False)


_HINT = "Check PRESSROOM_DATABASE_URL, then run `pressroom doctor`."

PATIENCE_SECONDS = 30.0
"""How long a server is waited for that has answered before: a restart or a fail-over must not end a run."""

LOOK_SECONDS = 0.25
"""How often it is looked whether the server is back."""

ON_A_DEAD_LINE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 25_000}
"""For libpq: without these a host that vanishes, rather than refuses, is waited for a quarter of an hour."""


NOT_ALLOWED = "42501"
"""PostgreSQL's code for what row-level security, or a missing right, refuses."""


class Database:
    """Connections to one database; nothing is opened before it is needed. Safe to share between threads.

    SQLite takes one writer at a time: writers of this process queue on a lock, which costs microseconds,
    rather than on SQLite's own busy handler, which sleeps up to 100 ms a try.

    A PostgreSQL server that has answered before is waited for when it can't be reached: `patience` seconds.
    `role`: the one that PostgreSQL's sessions act as, instead of the one they sign in as.
    """

    def __init__(
        self, url: str, *, pool: int = 20, overflow: int = 30, patience: float = PATIENCE_SECONDS, role: str = ""
    ) -> None:
        self.url = _parsed(url)
        self._role = role
        self._tenancy: Tenancy | None = None
        self._patience = 0.0 if self.is_sqlite else patience
        self._has_answered = False
        self._pool = pool
        self._overflow = overflow
        self._writers: Any = threading.Lock() if self.is_sqlite else nullcontext()

    @classmethod
    def from_settings(cls, source: Settings | None = None, *, role: str = "") -> Database:
        source = source or settings()
        url = (role and source.desk_database_url) or source.resolved_database_url
        return cls(url, pool=source.database_pool, overflow=source.database_overflow, role=role)

    @contextmanager
    def unchecked(self) -> Iterator[Database]:
        """The same database for a migration: on SQLite without foreign keys, which a rebuilt table would break.

        SQLite changes a table by making it again, and dropping the old one counts as deleting its rows. The caller
        checks `broken_references` before the end.
        """
        if not self.is_sqlite:
            yield self
            return
        other = Database(self.url.render_as_string(hide_password=False), pool=1, overflow=0)
        event.listen(other.engine, "connect", lambda connection, _record: _pragma(connection, "foreign_keys=OFF"))
        try:
            yield other
        finally:
            other.close()

    def within(self, workspace_id: str, user_id: str = "") -> Database:
        """The same database and connections; it reads and writes the rows of one workspace only.

        user_id: the user whose memberships and own audit events are visible too. See `pressroom.store.tenancy`.
        """
        self.engine, self._writing  # noqa: B018 (made once, for all)
        bound = copy(self)
        bound._tenancy = Tenancy(workspace_id, user_id)
        return bound

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def label(self) -> str:
        """The address as it may be shown: without the password, wherever in it that stands."""
        shown = {name: "***" if "pass" in name.lower() else value for name, value in self.url.query.items()}
        return self.url.set(query=shown).render_as_string(hide_password=True)

    @cached_property
    def engine(self) -> Engine:
        """Built on first use.

        Raises:
            DatabaseUnusable: the folder of a SQLite file can't be made, or the driver is missing.
        """
        connect = self._connect_options()
        if self.is_sqlite and self.url.database:
            _make_folder(Path(self.url.database))
        try:
            engine = create_engine(
                self.url,
                pool_size=self._pool,
                max_overflow=self._overflow,
                connect_args=connect,
                **({} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}),
            )
        except (NoSuchModuleError, ModuleNotFoundError) as error:
            raise DatabaseUnusable(f"The database {self.label} can't be used: {error}.", hint=_HINT) from None
        if self.is_sqlite:
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        else:
            event.listen(engine, "begin", _begin_postgresql)
        return engine

    def _connect_options(self) -> dict[str, Any]:
        if self.is_sqlite:
            return {"timeout": 30}
        options: dict[str, Any] = {"connect_timeout": 5, **ON_A_DEAD_LINE}
        if self._role:  # as an option of the connection it is what RESET ROLE goes back to
            options["options"] = f"{self.url.query.get('options', '')} -c role={self._role}".strip()
        return options

    @cached_property
    def _writing(self) -> Engine:
        return self.engine.execution_options(immediate=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading; nothing it does is kept."""
        with self._session(self.engine) as session:
            yield session

    def ask(self, question: Question, **values: Any) -> Sequence[Any]:
        """The rows that answer `question`, as a session of `read` would see them."""
        rows = None if self.is_sqlite or not self._has_answered else self._ask_at_once(question, values)
        if rows is None:
            with self.read() as session:
                rows = session.execute(question.statement, values).all()
        return rows

    def _ask_at_once(self, question: Question, values: dict[str, Any]) -> Sequence[Any] | None:
        """The rows, or None when it failed: a session then waits for a server that is away, and says what is wrong."""
        from psycopg import Error

        try:
            pooled = self.engine.raw_connection()
        except DBAPIError:
            return None
        except PoolTimeout as error:
            raise self._no_connection() from error
        try:
            return question.ask(cast("PsycopgConnection[Any]", pooled.driver_connection), self._tenancy, values)
        except Error:
            pooled.invalidate()
            return None
        finally:
            pooled.close()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session for one short transaction, committed at the end of the block or not at all."""
        with self._writers, self._session(self._writing) as session:
            yield session
            session.commit()

    @contextmanager
    def _session(self, bind: Engine) -> Iterator[Session]:
        try:
            filtered = {TENANCY: self._tenancy} if self.is_sqlite else {}
            with Session(bind, expire_on_commit=False, info=filtered) as session:
                self._reach(session)
                yield session
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") == NOT_ALLOWED:
                raise Forbidden("A row of another workspace can't be written.") from error
            if "NUL (0x00)" in str(error.orig):  # PostgreSQL's texts can't hold it
                raise WrongInput("A text holds a NUL character.", hint="Remove it.") from error
            if not _is_operational(error):
                raise
            raise DatabaseUnusable(f"The database {self.label} failed: {_sentence(error)}.", hint=_HINT) from error
        except PoolTimeout as error:
            raise self._no_connection() from error

    def _no_connection(self) -> DatabaseUnusable:
        message = f"No connection to the database {self.label} came free in time."
        return DatabaseUnusable(message, hint="Raise PRESSROOM_DATABASE_POOL.")

    def _reach(self, session: Session) -> None:
        """Begin the transaction before anything is asked of it, so that waiting for the server repeats nothing.

        A pooled connection may have died since it was last used. Its BEGIN shows it, and all that are pooled are
        given up with it: the next try has a new one.
        """
        until = time.monotonic() + (self._patience if self._has_answered else 0)
        is_pooled = True
        while True:
            try:
                session.connection(execution_options={TENANCY: self._tenancy})
                self._has_answered = True
                return
            except DBAPIError as error:
                session.rollback()
                if error.connection_invalidated and is_pooled:
                    is_pooled = False
                    continue
                if not isinstance(error, OperationalError) or time.monotonic() >= until:
                    raise
                time.sleep(LOOK_SECONDS)

    def check(self) -> None:
        """Raises `DatabaseUnusable` when the database doesn't answer."""
        with self.read() as session:
            session.execute(text("SELECT 1"))

    def close(self) -> None:
        if "engine" in self.__dict__:  # nothing was opened: nothing to close, no folder to make
            self.engine.dispose()


def insert_unless_there(session: Session, row: SQLModel, keys: Sequence[str]) -> bool:
    """Insert `row` unless one with the same natural `keys` is there; says whether it was inserted."""
    if tenancy := session.info.get(TENANCY):
        check_own(tenancy, row)
    table: Table = type(row).__table__  # type: ignore[attr-defined]
    return insert_values(session, table, {each.key: getattr(row, each.key) for each in table.columns}, keys)


def insert_values(session: Session, table: Table, values: dict[str, Any], keys: Sequence[str]) -> bool:
    """`insert_unless_there` for one who has the values and needs no row object; columns left out get their defaults."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        upsert = insert_postgresql(table).values(**values).on_conflict_do_nothing(index_elements=keys)
        # Asked by RETURNING: psycopg leaves the row count of an INSERT at -1 under SQLAlchemy 2.0.
        return connection.execute(upsert.returning(text("1"))).first() is not None
    # SQLite has one writer, and this transaction is it: looking first is safe. Its ON CONFLICT is compiled
    # again every time (1 ms), while these two statements come from SQLAlchemy's cache.
    if connection.execute(_same(table, tuple(keys)), {key: values[key] for key in keys}).first() is not None:
        return False
    connection.execute(insert(table), values)
    return True


@lru_cache(maxsize=64)
def _same(table: Table, keys: tuple[str, ...]) -> Select[tuple[int]]:
    """Asks for a row with these keys; building the question takes longer than asking it."""
    return select(literal(1)).select_from(table).where(*(table.c[key] == bindparam(key) for key in keys))


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError):
        raise DatabaseUnusable(
            "PRESSROOM_DATABASE_URL is not a database address.",
            hint="Use sqlite:///path/to/file.db or postgresql+psycopg://user:password@host/name.",
            may_pass=False,
        ) from None
    if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        raise DatabaseUnusable(
            f"Databases of kind {parsed.get_backend_name()!r} are not supported.", hint=_HINT, may_pass=False
        )
    if problem := _unfit(parsed):
        raise DatabaseUnusable(f"PRESSROOM_DATABASE_URL can't be used: {problem}.", hint=_HINT, may_pass=False)
    return parsed


def _unfit(url: URL) -> str:
    """The reason why a well-formed address can't be used, without any secret part of it; empty if it can."""
    if url.get_driver_name() not in {"pysqlite", "psycopg"}:
        return f"the driver {url.get_driver_name()!r} is not supported, only sqlite and postgresql+psycopg are"
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        return "SQLite needs a file, since threads and processes can't share a database in memory"
    if "@" in (url.host or ""):
        return "a special character in the password has to be percent-encoded, @ as %40"
    return ""


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: the driver's own would come too late
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        _pragma(connection, pragma)


@retry(
    retry=retry_if_exception(lambda error: "locked" in str(error)),
    wait=wait_fixed(0.05),
    stop=stop_after_delay(10),
    reraise=True,
)
def _pragma(connection: Any, pragma: str) -> None:
    """Turning a new file to WAL answers "locked" at once, whatever the time-out, while another process does it."""
    connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    """We say BEGIN ourselves here too: it goes over the line together with whose rows the transaction is about."""
    tenancy: Tenancy | None = connection.get_execution_options().get(TENANCY)
    connection.exec_driver_sql(f"BEGIN; {tenancy.statement}" if tenancy else "BEGIN")


def _is_operational(error: DBAPIError) -> bool:
    """True for trouble of the database itself (gone, locked, no database), false for a broken statement."""
    trouble = {"OperationalError", "InterfaceError", "ProgrammingError", "DatabaseError"}
    return error.connection_invalidated or type(error).__name__ in trouble


def _sentence(error: DBAPIError) -> str:
    return " ".join(str(error.orig).split()).rstrip(".")
