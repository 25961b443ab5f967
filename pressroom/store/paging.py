"""Lists, a page at a time: newest first, each page beginning where the one before ended, whatever was added since."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from sqlalchemy import String, and_, bindparam, or_
from sqlmodel import Session, col
from sqlmodel.sql.expression import Select, SelectOfScalar

from pressroom.errors import WrongInput
from pressroom.store.tables import Table, UtcDateTime

T = TypeVar("T")
PAGE = 20
LONGEST_PAGE = 100


class Page(BaseModel, Generic[T]):
    """Part of a list. `next_cursor`: what to ask for the part after it with; None at the end."""

    items: list[T]
    next_cursor: str | None = None


def read_page(
    session: Session,
    query: Select[Any] | SelectOfScalar[Any],
    table: type[Table],
    *,
    cursor: str | None,
    limit: int = PAGE,
    last: Callable[[Any], tuple[datetime, str]] = lambda row: (row.created_at, row.id),
) -> tuple[Sequence[Any], str | None]:
    """The rows of `query` that follow `cursor`, and the next cursor. `last`: creation time and id of such a row.

    Raises:
        WrongInput: the cursor is invalid.
    """
    limit, values = page_length(limit), cursor_values(cursor)
    rows = session.execute(part_of(query, table, limit, is_later=bool(values)), values)
    scalars = rows.scalars() if isinstance(query, SelectOfScalar) else rows
    return cut_page(scalars.all(), limit, last)


def page_length(limit: int) -> int:
    return max(1, min(limit, LONGEST_PAGE))


def cursor_values(cursor: str | None) -> dict[str, Any]:
    """The parameters of a page that is not the first. Raises `WrongInput` when the cursor is invalid."""
    return dict(zip(("after", "after_id"), _read(cursor), strict=True)) if cursor else {}


def part_of(query: Any, table: type[Table], limit: int, *, is_later: bool) -> Any:
    """`query` for one page and one row more, which says that there is a next one. is_later: with `cursor_values`."""
    if is_later:
        at, row_id = bindparam("after", None, UtcDateTime), bindparam("after_id", None, String)
        after = or_(col(table.created_at) < at, and_(col(table.created_at) == at, col(table.id) < row_id))
        query = query.where(col(table.created_at) <= at, after)  # the first condition is what an index can begin at
    return query.order_by(col(table.created_at).desc(), col(table.id).desc()).limit(limit + 1)


def cut_page(
    rows: Sequence[Any], limit: int, last: Callable[[Any], tuple[datetime, str]] = lambda row: (row.created_at, row.id)
) -> tuple[Sequence[Any], str | None]:
    """The rows of the page, and the cursor of the next one."""
    return rows[:limit], _written(*last(rows[limit - 1])) if len(rows) > limit else None


def _written(at: datetime, row_id: str) -> str:
    return base64.urlsafe_b64encode(f"{at.isoformat()} {row_id}".encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[datetime, str]:
    try:
        plain = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, row_id = plain.split(" ")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None or not row_id.isalnum():
            raise ValueError
        return moment.astimezone(UTC), row_id
    except (binascii.Error, ValueError, OverflowError):
        raise WrongInput("This is not a cursor.", hint="Take `next_cursor` of the page before.") from None
