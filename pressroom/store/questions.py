"""Questions that every request of the desk asks: made and compiled once, and on PostgreSQL one way there and back.

A session sends BEGIN with the workspace, the statement and ROLLBACK one after the other and waits for each; of a
request that reads one row, most of the time is these waits, and what stands around them.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select
from sqlalchemy.dialects.postgresql.psycopg import dialect

if TYPE_CHECKING:
    from psycopg import Connection

    from pressroom.store.tenancy import Tenancy


_postgresql: Callable[[], Any] = dialect


class Question:
    """A statement that reads, whose parameters are `bindparam`s; a module makes it once."""

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement

    def ask(self, connection: Connection[Any], tenancy: Tenancy | None, values: Mapping[str, Any]) -> Sequence[Any]:
        """The rows, by an open connection of PostgreSQL in autocommit, as `tenancy` may see them.

        Raises:
            psycopg.Error: the connection can't be used again then.
        """
        with connection.pipeline():  # all of it goes out together
            connection.execute("BEGIN READ ONLY")
            if tenancy is not None:
                connection.execute(tenancy.statement)
            cursor = connection.execute(*self.sent(values))
            connection.execute("ROLLBACK")
            return [self._row(row) for row in cursor.fetchall()]

    def sent(self, values: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """The text and the parameters, as psycopg takes them."""
        sent = self._compiled.construct_expanded_state(dict(values))
        return sent.statement, sent.parameters

    @cached_property
    def _compiled(self) -> Any:
        return self.statement.compile(dialect=_postgresql())

    @cached_property
    def _row(self) -> Callable[[Sequence[Any]], Any]:
        """From what psycopg read to a named row, with the types that the tables declare."""
        columns = self.statement.selected_columns
        kind: Any = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]
        own = self._compiled.dialect
        changes = [column.type.dialect_impl(own).result_processor(own, None) for column in columns]
        changed = [(place, change) for place, change in enumerate(changes) if change is not None]

        def row(values: Sequence[Any]) -> Any:
            whole = list(values)
            for place, change in changed:
                whole[place] = change(whole[place])
            return kind(*whole)

        return row
