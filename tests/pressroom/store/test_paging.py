"""A list read page by page: every row once, newest first, whatever is added meanwhile."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from pressroom.errors import WrongInput
from pressroom.store.database import Database
from pressroom.store.paging import read_page
from pressroom.store.tables import Run
from pressroom.store.workspaces import workspace

BEGIN = datetime(2026, 11, 20, 6, tzinfo=UTC)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    found = Database(migrated_url)
    for number in range(7):
        _add(found, number, BEGIN + timedelta(seconds=number // 2))  # most of them at the same time as another
    yield found
    found.close()


def test_every_row_comes_once_and_the_newest_first(database: Database) -> None:
    pages = [*_pages(database)]
    rows = [row for page in pages for row in page]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert len({row.id for row in rows}) == 7
    assert [(row.created_at, row.id) for row in rows] == sorted(
        [(row.created_at, row.id) for row in rows], reverse=True
    )


def test_what_is_added_meanwhile_moves_nothing(database: Database) -> None:
    pages = _pages(database)
    first = next(pages)
    _add(database, 99, BEGIN + timedelta(hours=1))
    rest = [row for page in pages for row in page]
    assert len({row.id for row in (*first, *rest)}) == 7


def _cursor(plain: str) -> str:
    return base64.urlsafe_b64encode(plain.encode()).decode()


STRANGE = (_cursor("0001-01-01T00:00:00+14:00 ab"), _cursor("2026-11-20T06:00:00+00:00 a\0b"))


@pytest.mark.parametrize("cursor", [*STRANGE, "x", "bm90aGluZw", "MjAyNi0xMS0yMFQwNjowMDowMCBhYg", "é", "=" * 50])
def test_a_cursor_of_somebody_elses_making_is_refused(database: Database, cursor: str) -> None:
    with database.read() as session, pytest.raises(WrongInput, match="cursor"):
        read_page(session, select(Run), Run, cursor=cursor)


def _pages(database: Database) -> Iterator[list[Run]]:
    cursor: str | None = ""
    while cursor is not None:
        with database.read() as session:
            rows, cursor = read_page(session, select(Run), Run, cursor=cursor, limit=3)
        yield list(rows)


def _add(database: Database, number: int, at: datetime) -> None:
    home = workspace(database, "ours").id
    with database.write() as session:
        session.add(
            Run(
                workspace_id=home,
                kind="daily",
                run_key=str(number),
                day=date(2026, 11, 20),
                trigger="manual",
                status="running",
                created_at=at,
            )
        )
