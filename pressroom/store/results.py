"""Snapshots of figures: what is due, what was tried, and what a publication has."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Insert
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col, func, select

from pressroom import platforms
from pressroom.model.publication_states import PublicationState
from pressroom.model.snapshots import AGES, Due, Have, Snapshot, due
from pressroom.store.database import Database
from pressroom.store.publishing_tables import ChannelRow, Publication, PublicationPart
from pressroom.store.result_tables import MetricAttempt, MetricSnapshot
from pressroom.store.tables import new_id, utc_now

OVER = (PublicationState.DELETED.value, PublicationState.VANISHED.value)
"""Publications in these states are not there to be counted."""

IDS_A_QUERY = 500


class DuePost(NamedTuple):
    """A publication whose figures are due. tries: failed calls for that age; said: the reason of the last by age."""

    id: str
    channel_id: str
    remote_id: str
    published_at: dt.datetime
    what: Due
    tries: int
    said: Mapping[int, str]


def due_posts(database: Database, now: dt.datetime) -> list[DuePost]:
    """Publications of the workspace that lack a snapshot whose time has come, the youngest first."""
    with database.read() as session:
        rows = session.execute(_public(now)).all()
        held, failed = _held(session, [row.id for row in rows]), _failed(session, [row.id for row in rows])
    found = []
    for row in rows:
        offered = platforms.get(row.platform).results
        what = due(row.published_at, now, offered.ages if offered else (), held[row.id])
        if what.age is not None or what.missed:
            tried = failed[row.id]
            count = tried[what.age][0] if what.age in tried else 0
            said = {age: reason for age, (_, reason) in tried.items()}
            found.append(DuePost(row.id, row.channel_id, row.remote_id, row.published_at, what, count, said))
    return found


def _public(now: dt.datetime) -> Any:
    """Everything that is out and young enough, with the platform's id of its first post."""
    since = now - dt.timedelta(hours=3 * AGES[-1])
    columns: tuple[Any, ...] = (
        Publication.id, Publication.channel_id, Publication.published_at, PublicationPart.remote_id, ChannelRow.platform
    )  # fmt: skip
    query: Any = select(*columns)
    query = query.join(PublicationPart, col(PublicationPart.publication_id) == col(Publication.id))
    query = query.join(ChannelRow, col(ChannelRow.id) == col(Publication.channel_id))
    query = query.where(PublicationPart.position == 0, PublicationPart.remote_id != "", ChannelRow.state != "removed")
    query = query.where(col(Publication.published_at) >= since, col(Publication.state).not_in(OVER))
    return query.order_by(col(Publication.published_at).desc(), col(Publication.id))


def _held(session: Session, ids: Sequence[str]) -> Mapping[str, set[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for some in _some(ids):
        mine = col(MetricSnapshot.publication_id).in_(some)
        for publication, age in session.exec(
            select(MetricSnapshot.publication_id, MetricSnapshot.age).where(mine).distinct()
        ):
            found[publication].add(age)
    return found


def _failed(session: Session, ids: Sequence[str]) -> Mapping[str, dict[int, tuple[int, str]]]:
    """(failed tries, the last reason) by publication and age."""
    found: defaultdict[str, dict[int, tuple[int, str]]] = defaultdict(dict)
    for some in _some(ids):
        mine = (col(MetricAttempt.publication_id).in_(some), MetricAttempt.code != "")
        query = select(MetricAttempt).where(*mine).order_by(col(MetricAttempt.created_at))
        for row in session.exec(query):
            before = found[row.publication_id].get(row.age, (0, ""))[0]
            found[row.publication_id][row.age] = (before + 1, row.reason)
    return found


def _some(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + IDS_A_QUERY] for start in range(0, len(ids), IDS_A_QUERY))


def keep(database: Database, workspace_id: str, snapshots: Sequence[Snapshot], tried: Sequence[MetricAttempt]) -> int:
    """Write snapshots and attempts; how many snapshots were new. One that is there already stays as it is."""
    values = [
        {**one._asdict(), "have": one.have.value, "id": new_id(), "created_at": utc_now(), "workspace_id": workspace_id}
        for one in snapshots
    ]
    with database.write() as session:
        session.add_all(tried)
        session.flush()
        before = _count(session, snapshots)
        if values:
            session.connection().execute(_insert(session), values)
        return _count(session, snapshots) - before


def _count(session: Session, snapshots: Sequence[Snapshot]) -> int:
    ids = {one.publication_id for one in snapshots}
    return session.exec(
        select(func.count()).select_from(MetricSnapshot).where(col(MetricSnapshot.publication_id).in_(ids))
    ).one()


def _insert(session: Session) -> Insert:
    table: Any = MetricSnapshot.__table__  # type: ignore[attr-defined]
    make = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    return make(table).on_conflict_do_nothing(index_elements=["publication_id", "metric", "age"])


def snapshots_of(database: Database, publication_ids: Sequence[str]) -> dict[str, list[Snapshot]]:
    """The snapshots of publications, by publication, in the order of their ages."""
    columns = [getattr(MetricSnapshot, name) for name in Snapshot._fields]
    found: dict[str, list[Snapshot]] = {one: [] for one in publication_ids}
    with database.read() as session:
        for some in _some(publication_ids):
            query: Any = select(*columns).where(col(MetricSnapshot.publication_id).in_(some))
            for row in session.execute(query.order_by(col(MetricSnapshot.age), col(MetricSnapshot.metric))):
                found[row.publication_id].append(snapshot_of(row))
    return found


def snapshot_of(row: Any) -> Snapshot:
    """A row of the columns of `Snapshot`, as one."""
    return Snapshot(**{**row._asdict(), "have": Have(row.have)})
