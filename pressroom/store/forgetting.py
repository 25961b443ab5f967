"""Retention: one table says when which rows are deleted, and what is deleted with a workspace that was closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists
from sqlalchemy import Table as SqlTable
from sqlmodel import col, select

from pressroom.settings import Settings
from pressroom.store.account_tables import Allowance, AuditEvent, Invitation, SignIn, SigningKey
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database
from pressroom.store.desk_tables import Event, IdempotentAnswer, Notification, Outbox, Upload
from pressroom.store.outbox import OPEN
from pressroom.store.publishing_tables import ChannelSignIn
from pressroom.store.tables import Artifact, Table, Workspace, utc_now
from pressroom.store.trend_tables import TrendFetch, TrendScoreRow, TrendSignal, TrendSnapshot, TrendTopic

BATCH = 1000
"""Rows that one transaction forgets: others wait no longer than for that."""

EXPORT = "export"
"""Kind of the artifacts that hold everything of a workspace."""

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rule:
    """Rows of `table` go once `since` is longer ago than `keep` says; `unless` they are still needed."""

    table: type[Table]
    since: Any
    keep: Callable[[Settings], timedelta]
    unless: ColumnElement[bool] | None = None


RULES = (
    Rule(AuditEvent, AuditEvent.created_at, lambda settings: settings.audit_days * DAY),
    Rule(IdempotentAnswer, IdempotentAnswer.created_at, lambda _: DAY),
    Rule(Allowance, Allowance.window_start, lambda _: 2 * DAY),
    Rule(SignIn, SignIn.expires_at, lambda _: 30 * DAY),
    Rule(SigningKey, SigningKey.expires_at, lambda _: 30 * DAY),
    Rule(Invitation, Invitation.expires_at, lambda _: 30 * DAY),
    Rule(Notification, Notification.created_at, lambda _: 90 * DAY),
    Rule(ChannelSignIn, ChannelSignIn.expires_at, lambda _: DAY),
    Rule(TrendSnapshot, TrendSnapshot.observed_at, lambda _: 30 * DAY),
    Rule(TrendScoreRow, TrendScoreRow.at, lambda _: 90 * DAY),
    Rule(TrendSignal, TrendSignal.last_seen, lambda _: 30 * DAY),
    Rule(TrendTopic, TrendTopic.last_seen, lambda _: 90 * DAY),
    Rule(Outbox, Outbox.created_at, lambda _: 30 * DAY, unless=col(Outbox.state).in_(OPEN)),
    Rule(Event, Event.created_at, lambda _: 30 * DAY, unless=exists().where(col(Outbox.subject_id) == col(Event.id))),
)
"""In this order: a row of the outbox goes before its event, and its attempts go with it."""


def forget_old_rows(database: Database, settings: Settings) -> dict[str, int]:
    """Forget every row whose time is over; how many of each table."""
    return {str(rule.table.__tablename__): _forget(database, rule, utc_now() - rule.keep(settings)) for rule in RULES}


def _forget(database: Database, rule: Rule, before: datetime) -> int:
    old = select(col(rule.table.id)).where(rule.since < before)
    old = old if rule.unless is None else old.where(~rule.unless)
    forgotten = 0
    while True:
        with database.write() as session:
            ids = session.exec(old.limit(BATCH)).all()
            session.execute(delete(rule.table).where(col(rule.table.id).in_(ids)))
        forgotten += len(ids)
        if len(ids) < BATCH:
            return forgotten


def purge_uploads(database: Database, store: ArtifactStore, before: datetime) -> int:
    """Remove uploads that were deleted before then; the bytes stay while another upload is the same file."""
    with database.read() as session:
        found = session.exec(select(Upload).where(col(Upload.deleted_at) < before)).all()
    for upload in found:
        with database.write() as session:
            row = session.exec(select(Upload).where(Upload.id == upload.id).with_for_update()).one_or_none()
            if row is None or row.deleted_at is None:
                continue  # handed in again meanwhile
            same = (Upload.workspace_id == row.workspace_id, Upload.sha256 == row.sha256, Upload.id != row.id)
            if session.exec(select(Upload.id).where(*same)).first() is None:
                store.delete(row.key)
            session.delete(row)
    return len(found)


def purge_exports(database: Database, store: ArtifactStore, before: datetime) -> int:
    """Remove exports that were made before then, file first."""
    with database.read() as session:
        made = select(Artifact).where(Artifact.kind == EXPORT, Artifact.created_at < before)
        found = session.exec(made).all()
    for artifact in found:
        store.delete(artifact.key)
        with database.write() as session:
            session.execute(delete(Artifact).where(col(Artifact.id) == artifact.id))
    return len(found)


def purge_raw_answers(database: Database, store: ArtifactStore, before: datetime) -> int:
    """Remove raw answers of trend sources, and what collections knew, from before then: files first; how many rows.

    A file stays while a younger row has it: an answer that did not change is one file.
    """
    forgotten = 0
    while True:
        with database.read() as session:
            old = session.exec(select(TrendFetch).where(TrendFetch.collected_at < before).limit(BATCH)).all()
            keys = {row.key for row in old if row.key}
            young = select(TrendFetch.key).where(TrendFetch.collected_at >= before, col(TrendFetch.key).in_(keys))
            needed = set(session.exec(young).all())
            homes = {row.workspace_id for row in old}
            names = dict(session.exec(select(Workspace.id, Workspace.name).where(col(Workspace.id).in_(homes))).all())
        folders = {trends_folder(names[row.workspace_id], row.run_id) for row in old}
        for key in (keys - needed) | {key for folder in sorted(folders) for key in store.list(folder)}:
            store.delete(key)
        with database.write() as session:
            session.execute(delete(TrendFetch).where(col(TrendFetch.id).in_([row.id for row in old])))
        forgotten += len(old)
        if len(old) < BATCH:
            return forgotten


def trends_folder(workspace: str, run_id: str) -> str:
    """The folder of the artifact store in which a collection keeps what it knew."""
    return f"{workspace}/trends/runs/{run_id}"


def purge_workspaces(database: Database, store: ArtifactStore, before: datetime) -> int:
    """Remove all that workspaces hold which were closed before then, files first; how many workspaces that were.

    Their audit log stays until its own time is over, and so long their row, which also keeps the name from others.
    """
    with database.read() as session:
        closed = session.exec(select(Workspace).where(col(Workspace.deleted_at) < before)).all()
    return sum(_purge_workspace(database, store, row) for row in closed)


def _purge_workspace(database: Database, store: ArtifactStore, home: Workspace) -> bool:
    """Purges a closed workspace; true when it still had files or rows."""
    keys = [key for folder in folders_of(home.id, home.name) for key in store.list(folder)]
    for key in keys:
        store.delete(key)
    rows = sum(_emptied(database, table, home.id) for table in _owned_tables())
    with database.write() as session:
        has_log = session.exec(select(AuditEvent.id).where(AuditEvent.workspace_id == home.id).limit(1)).first()
        if has_log is None:
            session.execute(delete(Workspace).where(col(Workspace.id) == home.id))
        else:
            emptied = session.get_one(Workspace, home.id)
            emptied.title, emptied.preferences, emptied.schedule = "", {}, None
            session.add(emptied)
    return bool(keys or rows)


def folders_of(workspace_id: str, name: str) -> Sequence[str]:
    """The folders of the artifact store that hold a workspace's files."""
    return (name, *(f"{folder}/{workspace_id}" for folder in ("uploads", "exports", "attachments", "web")))


def _owned_tables() -> list[SqlTable]:
    """Tables of rows that belong to a workspace, referring tables first; the audit log is left out."""
    tables = reversed(Table.metadata.sorted_tables)
    return [each for each in tables if "workspace_id" in each.c and each.name != AuditEvent.__tablename__]


def _emptied(database: Database, table: SqlTable, workspace_id: str) -> int:
    with database.write() as session:
        mine = delete(table).where(table.c.workspace_id == workspace_id)
        return session.connection().execute(mine).rowcount
