"""Lists, a page at a time: newest first, each page beginning where the one before ended, whatever was added since."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from sqlalchemy import and_, or_
from sqlmodel import Session, col
from sqlmodel.sql.expression import Select, SelectOfScalar

from pressroom.errors import WrongInput
from pressroom.store.tables import Table

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
    limit = max(1, min(limit, LONGEST_PAGE))
    if cursor:
        at, row_id = _read(cursor)
        after = or_(col(table.created_at) < at, and_(col(table.created_at) == at, col(table.id) < row_id))
        query = query.where(col(table.created_at) <= at, after)  # the first condition is what an index can begin at
    ordered = query.order_by(col(table.created_at).desc(), col(table.id).desc()).limit(limit + 1)
    rows: Sequence[Any] = session.exec(ordered).all()
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
