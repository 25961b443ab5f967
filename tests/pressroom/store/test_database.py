"""One way to read and one to write, on both databases; and what is said when there is no database."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Integer, bindparam, text
from sqlmodel import select

from pressroom.errors import DatabaseUnusable
from pressroom.settings import Settings
from pressroom.store.database import Database, insert_unless_there
from pressroom.store.questions import Question
from pressroom.store.tables import Table, Workspace

SECRET = "open-sesame"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    Table.metadata.create_all(made.engine)  # as the migrations do: see test_schema
    yield made
    made.close()


def said_by(url: str) -> str:
    """What a person is told about the database at `url`; checks what holds for every such error."""
    with pytest.raises(DatabaseUnusable) as caught:
        Database(url).check()
    said = str(caught.value)
    assert SECRET not in said and SECRET not in repr(caught.value)
    assert caught.value.hint
    assert caught.value.message.endswith(".")
    assert "\n" not in said
    return said


# Reading and writing


def test_what_a_block_writes_is_kept(database: Database) -> None:
    with database.write() as session:
        session.add(Workspace(name="one"))
    with database.read() as session:
        assert [row.name for row in session.exec(select(Workspace))] == ["one"]


def test_a_block_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as session:
        session.add(Workspace(name="one"))
        session.flush()
        raise ZeroDivisionError
    with database.read() as session:
        assert session.exec(select(Workspace)).all() == []


def test_a_reading_session_keeps_nothing(database: Database) -> None:
    with database.read() as session:
        session.add(Workspace(name="one"))
        session.flush()
    with database.read() as session:
        assert session.exec(select(Workspace)).all() == []


def test_a_row_can_be_used_after_its_session(database: Database) -> None:
    with database.write() as session:
        row = Workspace(name="one")
        session.add(row)
    assert (row.name, len(row.id)) == ("one", 32)


def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    elsewhere = datetime(2026, 11, 20, 6, 30, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    with database.write() as session:
        session.add(Workspace(name="one", created_at=elsewhere))
    with database.read() as session:
        found = session.exec(select(Workspace).where(Workspace.created_at == elsewhere)).one()
    assert found.created_at == elsewhere
    assert found.created_at.tzinfo is UTC
    assert found.updated_at.tzinfo is UTC
    assert abs(found.updated_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_times_are_ordered_whatever_their_zone(database: Database) -> None:
    early = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=10)))  # 02:00 UTC
    late = datetime(2026, 1, 1, 3, tzinfo=UTC)
    with database.write() as session:
        session.add_all([Workspace(name="late", created_at=late), Workspace(name="early", created_at=early)])
    with database.read() as session:
        assert [row.name for row in session.exec(select(Workspace).order_by(text("created_at")))] == ["early", "late"]


def test_a_row_is_inserted_once(database: Database) -> None:
    def insert(_: int) -> bool:
        with database.write() as session:
            return insert_unless_there(session, Workspace(name="one"), ("name",))

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(insert, range(10))) == 1


def test_writers_in_many_threads_wait_for_each_other(database: Database) -> None:
    with database.write() as session:
        session.add(Workspace(name="one", preferences={"count": 0}))

    def count(_: int) -> None:
        with database.write() as session:
            row = session.exec(select(Workspace).with_for_update()).one()
            row.preferences = {"count": row.preferences["count"] + 1}
            session.add(row)

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(count, range(40)))
    with database.read() as session:
        assert session.exec(select(Workspace)).one().preferences == {"count": 40}


def test_a_reader_is_not_kept_waiting_by_a_writer(database: Database) -> None:
    with database.write() as session:
        session.add(Workspace(name="one"))
        session.flush()
        started = time.monotonic()
        with database.read() as reader:
            assert reader.exec(select(Workspace)).all() == []
        assert time.monotonic() - started < 2


def test_it_answers(database: Database) -> None:
    database.check()


def test_settings_say_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSROOM_HOME", str(tmp_path / "here"))
    database = Database.from_settings(Settings(database_pool=3))
    assert database.is_sqlite
    assert database.url.database == str(tmp_path / "here" / "pressroom.db")
    assert not (tmp_path / "here").exists()


def test_closing_what_was_never_opened_makes_nothing(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path / 'deep' / 'down.db'}").close()
    assert not (tmp_path / "deep").exists()


# SQLite


def test_sqlite_is_set_up(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    with database.read() as session:
        found = {name: session.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "foreign_keys")}
    assert found == {"journal_mode": "wal", "foreign_keys": 1}
    database.close()


def test_sqlite_makes_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "down" / "pressroom.db"
    database = Database(f"sqlite:///{path}")
    database.check()
    database.close()
    assert path.exists()


# What a person is told


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "not a database address"),
        ("nonsense", "not a database address"),
        (f"postgresql+psycopg://user:{SECRET}@host:port/name", "not a database address"),
        (f"nosuch://user:{SECRET}@host/name", "not a database address"),
        (f"mysql+pymysql://user:{SECRET}@host/name", "'mysql' are not supported"),
        (f"postgresql+asyncpg://user:{SECRET}@host/name", "'asyncpg' is not supported"),
        (f"postgresql+psycopg://user:a@{SECRET}@host/name", "percent-encoded"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
    ],
)
def test_an_address_that_cannot_be_used(url: str, words: str) -> None:
    assert words in said_by(url)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+psycopg://user:{SECRET}@127.0.0.1:1/name",
        f"postgresql+psycopg://127.0.0.1:1/name?user=user&password={SECRET}",
        f"postgresql+psycopg://127.0.0.1:1/name?sslpassword={SECRET}",
        f"postgresql+psycopg://user:{SECRET}@127.0.0.1:1/name?nonsense=1",
    ],
)
def test_an_unreachable_server(url: str) -> None:
    started = time.monotonic()
    assert "127.0.0.1" in said_by(url)
    assert time.monotonic() - started < 8
    assert SECRET not in Database(url).label


def test_a_server_without_that_database(postgres_url: str) -> None:
    assert "does not exist" in said_by(postgres_url.replace("/test_", "/no_test_"))


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert str(tmp_path) in said_by(f"sqlite:///{tmp_path}/file/pressroom.db")


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    assert "unable to open" in said_by(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize(
    "content", [b"This is a letter, not a database. " * 200, b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "pressroom.db"
    path.write_bytes(content)
    said_by(f"sqlite:///{path}")
    assert path.read_bytes() == content


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_file_that_may_only_be_read(sqlite_url: str, tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "pressroom.db").execute("CREATE TABLE one (x)")
    (tmp_path / "pressroom.db").chmod(0o444)
    tmp_path.chmod(0o555)
    assert "readonly" in said_by(sqlite_url)
    tmp_path.chmod(0o755)


def test_a_file_opened_for_reading_only(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "one.db").execute("CREATE TABLE one (x)").close()
    assert "readonly" in said_by(f"sqlite:///file:{tmp_path}/one.db?mode=ro&uri=true")


def test_a_database_without_tables(database_url: str) -> None:
    database = Database(database_url)
    with pytest.raises(DatabaseUnusable, match="workspace"), database.read() as session:
        session.exec(select(Workspace)).all()
    database.close()


def test_a_pool_without_a_free_connection(database_url: str) -> None:
    database = Database(database_url, pool=1, overflow=0)
    database.engine.pool._timeout = 0.05  # type: ignore[attr-defined]
    with database.read() as first:
        first.execute(text("SELECT 1"))
        with pytest.raises(DatabaseUnusable, match="came free"), database.read() as second:
            second.execute(text("SELECT 1"))
    database.close()


def test_a_connection_lost_between_two_uses_is_replaced(postgres_url: str) -> None:
    database, other = Database(postgres_url), Database(postgres_url)
    database.check()
    with other.write() as session:
        others = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
        session.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))
    database.check()
    database.close()
    other.close()


def test_a_question_is_answered_by_another_connection_when_its_own_was_lost(postgres_url: str) -> None:
    database, question = Database(postgres_url), Question(select(bindparam("one", 1, Integer).label("one")))
    database.check()
    with Database(postgres_url).write() as session:
        others = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
        session.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))
    assert [row.one for row in database.ask(question, one=3)] == [3]
    assert [row.one for row in database.ask(question, one=4)] == [4]
    database.close()


def test_a_connection_lost_in_the_middle(postgres_url: str) -> None:
    database, other = Database(postgres_url), Database(postgres_url)
    with pytest.raises(DatabaseUnusable), database.write() as session:
        pid = session.execute(text("SELECT pg_backend_pid()")).scalar()
        with other.write() as killer:
            killer.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        session.execute(text("SELECT 1"))
    database.check()
    database.close()
    other.close()


def test_a_lock_that_is_never_released(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    database.check()
    held = sqlite3.connect(tmp_path / "pressroom.db", isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    done = threading.Event()
    with database.read() as session:
        session.connection().exec_driver_sql("PRAGMA busy_timeout=50").close()
    with pytest.raises(DatabaseUnusable, match="locked"), database.write() as session:
        session.connection()
        done.set()
    assert not done.is_set()
    held.close()
    database.close()
