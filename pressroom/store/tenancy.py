"""Tenancy: a session sees the rows of one workspace once its `Database` is bound to it by `within`.

On PostgreSQL the database itself enforces it (migrations 0004 and 0005): the desk connects as `pressroom_app`, a role
that row-level security binds, and every transaction names its workspace. On SQLite, which has no such thing, the same
rules are added to every statement of the session, and rows of another workspace can't be flushed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, event, or_
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, with_loader_criteria
from sqlalchemy.orm.session import Session as OrmSession
from sqlmodel import col, select

from pressroom.errors import Forbidden
from pressroom.store import desk_tables, publishing_tables, result_tables, trend_tables  # noqa: F401 (rows of workspaces)
from pressroom.store.account_tables import AuditEvent, Membership
from pressroom.store.tables import Table, Workspace

ROLE = "pressroom_app"
"""The role the desk connects as on PostgreSQL."""

TENANCY = "tenancy"
"""Under this name SQLite's sessions, and the connections of PostgreSQL's transactions, hold theirs."""

_ID = re.compile(r"[0-9A-Za-z]*")

Rule = Callable[["Tenancy"], ColumnElement[bool]]


@dataclass(frozen=True)
class Tenancy:
    """A workspace, and the user whose own rows are visible too; an empty id sees nothing."""

    workspace_id: str = ""
    user_id: str = ""

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.workspace_id + self.user_id):
            raise ValueError("An id is letters and digits.")  # they stand in a statement as they are

    @property
    def statement(self) -> str:
        """The statement that binds a transaction of PostgreSQL to the workspace and the user."""
        return (
            f"SELECT set_config('pressroom.workspace', '{self.workspace_id}', true), "
            f"set_config('pressroom.user', '{self.user_id}', true)"
        )


@event.listens_for(OrmSession, "do_orm_execute")
def _filter(state: ORMExecuteState) -> None:
    tenancy: Tenancy | None = state.session.info.get(TENANCY)
    if tenancy is None or state.is_column_load or state.is_relationship_load:
        return
    state.statement = state.statement.options(*_options(tenancy))


@lru_cache(maxsize=256)
def _options(tenancy: Tenancy) -> tuple[LoaderCriteriaOption, ...]:
    """The rules of a tenancy, cached: making them takes longer than SQLite takes to answer."""
    return tuple(with_loader_criteria(table, rule(tenancy), include_aliases=True) for table, rule in _rules().items())


@event.listens_for(OrmSession, "before_flush")
def _refuse_strangers(session: OrmSession, _context: Any, _instances: Any) -> None:
    tenancy: Tenancy | None = session.info.get(TENANCY)
    if tenancy is None:
        return
    for row in (*session.new, *session.dirty, *session.deleted):
        check_own(tenancy, row)


def check_own(tenancy: Tenancy, row: object) -> None:
    """Raises `Forbidden` when `row` belongs to a workspace that `tenancy` is not bound to."""
    workspace_id = row.id if isinstance(row, Workspace) else getattr(row, "workspace_id", None)
    if workspace_id not in (None, tenancy.workspace_id):
        raise Forbidden("A row of another workspace can't be written.")


@cache
def _rules() -> dict[type[Table], Rule]:
    """By table, as in migration 0004; a test compares the two."""
    own: dict[type[Any], Rule] = {
        table: _owned(table) for table in Table.__subclasses__() if "workspace_id" in table.model_fields
    }
    return {**own, Workspace: _workspace, Membership: _membership, AuditEvent: _audit_event}


def _owned(table: type[Any]) -> Rule:
    return lambda tenancy: col(table.workspace_id) == tenancy.workspace_id


def _workspace(tenancy: Tenancy) -> ColumnElement[bool]:
    mine = select(Membership.workspace_id).where(Membership.user_id == tenancy.user_id)
    return or_(col(Workspace.id) == tenancy.workspace_id, col(Workspace.id).in_(mine))


def _membership(tenancy: Tenancy) -> ColumnElement[bool]:
    return or_(
        col(Membership.workspace_id) == tenancy.workspace_id,
        col(Membership.user_id) == tenancy.user_id,
    )


def _audit_event(tenancy: Tenancy) -> ColumnElement[bool]:
    own = and_(col(AuditEvent.workspace_id).is_(None), col(AuditEvent.user_id) == tenancy.user_id)
    return or_(col(AuditEvent.workspace_id) == tenancy.workspace_id, own)
