"""Trends as they are stored: requests to sources, the health of sources, signals with figures, topics with scores.

Everything has a natural key, and a collection is saved whole in one transaction: doing it again changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, func, select

from pressroom.model.plans import EXAMPLE
from pressroom.model.trends import KnownTopic, Signal, Topic, TrendScore
from pressroom.store import events
from pressroom.store.database import Database, insert_unless_there, insert_values
from pressroom.store.missing import COLLECTIONS
from pressroom.store.owners import clock
from pressroom.store.tables import Run, new_id, utc_now
from pressroom.store.trend_tables import (
    LONGEST_CATEGORY,
    TrendFetch,
    TrendScoreRow,
    TrendSignal,
    TrendSnapshot,
    TrendSourceHealth,
    TrendTopic,
    TrendTopicSignal,
)

FETCH_KEY = ("run_id", "source", "collected_at", "position")
HEALTH_KEY = ("workspace_id", "source", "region")
SIGNAL_KEY = ("workspace_id", "source", "region", "key_hash")
TOPIC_KEY = ("workspace_id", "region", "topic_id")
AT_A_TIME = 500
"""Values in one question."""


def is_example(run_id: Any, *, example: bool = True) -> ColumnElement[bool]:
    """True of rows whose collection was the recorded example day; with example=False of the others.

    What was invented for the example is known to no real collection: no answer, figure or topic of it.
    """
    made_up = select(Run.id).where(Run.kind == COLLECTIONS, col(Run.run_key).endswith(EXAMPLE))
    return col(run_id).in_(made_up) if example else col(run_id).not_in(made_up)


# --- requests to sources ---------------------------------------------------------------------------------------------


def save_fetches(database: Database, rows: Sequence[TrendFetch]) -> None:
    """Keep the answers of one source, together, with the health that follows from them."""
    with database.write() as session:
        for row in rows:
            insert_unless_there(session, row, FETCH_KEY)
        if rows and not session.exec(select(Run.id).where(Run.id == rows[0].run_id, is_example(Run.id))).first():
            _note_health(session, rows)


def _note_health(session: Session, rows: Sequence[TrendFetch]) -> None:
    first = rows[0]
    health = _health(session, first.workspace_id, first.source, first.region)
    failed = next((row for row in rows if row.code), None)
    if failed is None or any(row.key for row in rows):
        if not first.is_reused:
            health.last_success_at, health.retry_at = first.collected_at, None
            health.failing_since, health.told_at, health.code, health.reason = None, None, "", ""
    else:
        health.failing_since = health.failing_since or failed.collected_at
        health.code, health.reason = failed.code, failed.reason
    health.updated_at = utc_now()
    session.add(health)


def _health(session: Session, workspace_id: str, source: str, region: str) -> TrendSourceHealth:
    wanted = TrendSourceHealth(workspace_id=workspace_id, source=source, region=region)
    insert_unless_there(session, wanted, HEALTH_KEY)
    same = [getattr(TrendSourceHealth, key) == getattr(wanted, key) for key in HEALTH_KEY]
    return session.exec(select(TrendSourceHealth).where(*same).with_for_update()).one()


def hold_back(database: Database, workspace_id: str, source: str, region: str, until: datetime) -> None:
    """Note that a source asked not to be asked again before `until`."""
    with database.write() as session:
        health = _health(session, workspace_id, source, region)
        health.retry_at = until
        session.add(health)


def fetches_of(database: Database, run_id: str) -> list[TrendFetch]:
    """The answers and failures of a collection, by source, time and position."""
    order = (col(TrendFetch.source), col(TrendFetch.collected_at), col(TrendFetch.position))
    with database.read() as session:
        return list(session.exec(select(TrendFetch).where(TrendFetch.run_id == run_id).order_by(*order)).all())


def answers_of(database: Database, run_id: str) -> list[TrendFetch]:
    """The newest good answers of each source in a collection: what its signals are read from."""
    by_source: dict[str, list[TrendFetch]] = {}
    for row in fetches_of(database, run_id):
        if row.key:
            by_source.setdefault(row.source, []).append(row)
    return [row for rows in by_source.values() for row in rows if row.collected_at == rows[-1].collected_at]


def last_answers(database: Database, workspace_id: str, source: str, region: str) -> list[TrendFetch]:
    """The answers that a source last gave a workspace for a region, with the raw answers they have; empty for none."""
    mine = (TrendFetch.workspace_id == workspace_id, TrendFetch.source == source, TrendFetch.region == region)
    good = (*mine, TrendFetch.key != "", is_example(TrendFetch.run_id, example=False))
    with database.read() as session:
        newest = select(func.max(col(TrendFetch.collected_at))).where(*good).scalar_subquery()
        found = session.exec(select(TrendFetch).where(*good, TrendFetch.collected_at == newest)).all()
    by_place = {row.position: row for row in sorted(found, key=lambda row: row.created_at)}
    return [by_place[place] for place in sorted(by_place)]


def calls_since(database: Database, source: str, since: datetime) -> list[tuple[str, datetime]]:
    """(address, time) of the requests that all workspaces made to a source since then, failed ones too."""
    asked = (TrendFetch.source == source, TrendFetch.fetched_at >= since, col(TrendFetch.is_reused).is_(False))
    query = select(TrendFetch.address, TrendFetch.fetched_at).where(*asked, TrendFetch.address != "")
    query = query.where(is_example(TrendFetch.run_id, example=False))
    with database.read() as session:
        return [(address, at) for address, at in session.exec(query.order_by(col(TrendFetch.fetched_at))).all()]


def last_headers(database: Database, workspace_id: str, source: str, region: str) -> dict[str, dict[str, str]]:
    """By address the headers of the last answer that came from there, a failed one too."""
    mine = (TrendFetch.workspace_id == workspace_id, TrendFetch.source == source, TrendFetch.region == region)
    query = select(TrendFetch.address, TrendFetch.headers).where(*mine, TrendFetch.address != "")
    query = query.where(is_example(TrendFetch.run_id, example=False))
    with database.read() as session:
        found = session.exec(query.order_by(col(TrendFetch.fetched_at))).all()
    return {address: dict(headers) for address, headers in found}


def key_of(database: Database, workspace_id: str, source: str, address: str) -> tuple[str, int]:
    """Key and size of the last raw answer from an address, of one that says it has not changed; ("", 0) without."""
    mine = (TrendFetch.workspace_id == workspace_id, TrendFetch.source == source, TrendFetch.address == address)
    query = select(TrendFetch.key, TrendFetch.size).where(*mine, TrendFetch.key != "")
    query = query.where(is_example(TrendFetch.run_id, example=False))
    with database.read() as session:
        return session.exec(query.order_by(col(TrendFetch.fetched_at).desc()).limit(1)).first() or ("", 0)


def health_of(database: Database, workspace_id: str, region: str | None = None) -> list[TrendSourceHealth]:
    """How a workspace's sources do, by name."""
    query = select(TrendSourceHealth).where(TrendSourceHealth.workspace_id == workspace_id)
    if region is not None:
        query = query.where(col(TrendSourceHealth.region).in_({region, ""}))
    with database.read() as session:
        return list(session.exec(query.order_by(col(TrendSourceHealth.source), col(TrendSourceHealth.region))).all())


def tell_failing(database: Database, workspace_id: str, before: datetime) -> list[TrendSourceHealth]:
    """The sources that have failed since `before` or longer and people have not heard of: each is told once, from now.

    The event is written with it; it is told again only after the source has answered in between.
    """
    mine = (TrendSourceHealth.workspace_id == workspace_id, col(TrendSourceHealth.failing_since) <= before)
    with database.write() as session:
        query = select(TrendSourceHealth).where(*mine, col(TrendSourceHealth.told_at).is_(None)).with_for_update()
        found = list(session.exec(query.order_by(col(TrendSourceHealth.source))).all())
        for row in found:
            row.told_at = clock(session)
            session.add(row)
            about = {"source": row.source, "region": row.region, "code": row.code}
            events.emit(session, workspace_id, "trends.source_failing", about)
    return found


# --- what was read from the answers ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scored:
    """A topic as it was found in one collection, with its score there and the memory that recognises it."""

    topic: Topic
    score: TrendScore
    known: KnownTopic


def key_hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def known_topics(
    database: Database, workspace_id: str, region: str, since: datetime, *, most: int = 1000, example: bool = False
) -> tuple[KnownTopic, ...]:
    """The memories of a region's topics that were seen since then, the newest `most` of them, by id."""
    scored = select(TrendScoreRow.topic_id).where(is_example(TrendScoreRow.run_id, example=example))
    mine = (TrendTopic.workspace_id == workspace_id, TrendTopic.region == region, TrendTopic.last_seen >= since,
            col(TrendTopic.id).in_(scored))  # fmt: skip
    newest = (col(TrendTopic.last_seen).desc(), col(TrendTopic.topic_id))
    with database.read() as session:
        found = session.exec(select(TrendTopic.memory).where(*mine).order_by(*newest).limit(most)).all()
    return tuple(sorted(map(KnownTopic.model_validate, found), key=lambda topic: topic.id))


def earlier_signals(
    database: Database, workspace_id: str, region: str, since: datetime, until: datetime, *, example: bool = False
) -> list[Signal]:
    """The signals of the region and of none, at every time from `since` to before `until` that they were seen."""
    linked = select(TrendTopicSignal.signal_id).where(TrendTopicSignal.workspace_id == workspace_id)
    invented = col(TrendSignal.id).in_(linked.where(is_example(TrendTopicSignal.run_id)))
    mine = (TrendSignal.workspace_id == workspace_id, col(TrendSignal.region).in_({region, ""}),
            invented if example else ~invented)  # fmt: skip
    times = (TrendSnapshot.observed_at >= since, TrendSnapshot.observed_at < until)
    columns: tuple[Any, ...] = (TrendSnapshot.signal_id, TrendSnapshot.observed_at, TrendSnapshot.figures)
    with database.read() as session:
        rows = session.exec(select(TrendSignal.id, TrendSignal.body).where(*mine, TrendSignal.last_seen >= since)).all()
        figures = session.exec(select(*columns).where(TrendSnapshot.workspace_id == workspace_id, *times)).all()
    signals = {row_id: Signal.model_validate(body) for row_id, body in rows}
    return [
        signals[signal_id].model_copy(update={"observed_at": at, "figures": values})
        for signal_id, at, values in figures
        if signal_id in signals
    ]


def velocities(
    database: Database, workspace_id: str, region: str, since: datetime, but: str
) -> dict[str, tuple[float, float]]:
    """By topic, its velocity in the last two collections since then, the older first. but: the run that asks."""
    mine = (TrendTopic.workspace_id == workspace_id, TrendTopic.region == region)
    query = select(TrendTopic.topic_id, TrendScoreRow.velocity).join(
        TrendScoreRow, col(TrendScoreRow.topic_id) == col(TrendTopic.id)
    )
    query = query.where(*mine, TrendScoreRow.at >= since, TrendScoreRow.run_id != but)
    with database.read() as session:
        found = session.exec(query.order_by(col(TrendTopic.topic_id), col(TrendScoreRow.at))).all()
    lines: dict[str, list[float]] = {}
    for topic_id, velocity in found:
        lines.setdefault(topic_id, []).append(velocity)
    return {topic_id: (line[-2], line[-1]) for topic_id, line in lines.items() if len(line) > 1}


def save_collection(
    database: Database, run: Run, region: str, at: datetime, found: Sequence[Scored], signals: Sequence[Signal]
) -> None:
    """Keep what one collection found, in place of what an earlier try of the same one found, in one transaction.

    at: the time of the collection. signals: all that were read, those of no topic included.
    """
    with database.write() as session:
        session.exec(select(Run.id).where(Run.id == run.id).with_for_update()).one()
        for table in (TrendTopicSignal, TrendScoreRow):
            session.execute(delete(table).where(col(table.run_id) == run.id))
        ids = _save_signals(session, run.workspace_id, signals)
        for each in found:
            _save_topic(session, run, region, at, each, ids)


def _save_signals(session: Session, workspace_id: str, signals: Sequence[Signal]) -> dict[tuple[str, str, str], str]:
    """Rows and snapshots of signals; the ids of the rows by the signals' identities."""
    by_key = {(one.source, one.region, key_hash(one.key)): one for one in sorted(signals, key=_age)}
    known = _known_signals(session, workspace_id, by_key)
    for key, one in by_key.items():
        if key not in known:
            known[key] = _insert_signal(session, workspace_id, key, one)
    seen = _seen(session, list(known.values()), min((one.observed_at for one in signals), default=utc_now()))
    ids = {}
    for one in signals:
        row = known[one.source, one.region, key_hash(one.key)]
        ids[one.identity] = row.id
        if (row.id, one.observed_at) not in seen:
            seen.add((row.id, one.observed_at))
            _insert_snapshot(session, workspace_id, row.id, one)
    return ids


def _age(signal: Signal) -> tuple[datetime, str]:
    return signal.observed_at, signal.title


def _known_signals(
    session: Session, workspace_id: str, wanted: Mapping[tuple[str, str, str], Signal]
) -> dict[tuple[str, str, str], TrendSignal]:
    """The rows there are, brought up to date."""
    known, hashes = {}, sorted({hashed for *_, hashed in wanted})
    for start in range(0, len(hashes), AT_A_TIME):
        some = col(TrendSignal.key_hash).in_(hashes[start : start + AT_A_TIME])
        for row in session.exec(select(TrendSignal).where(TrendSignal.workspace_id == workspace_id, some)):
            key = (row.source, row.region, row.key_hash)
            if (one := wanted.get(key)) is not None:
                known[key] = row
                _bring_up_to_date(session, row, one)
    return known


def _bring_up_to_date(session: Session, row: TrendSignal, signal: Signal) -> None:
    if signal.observed_at >= row.last_seen:
        row.title, row.url, row.last_seen = signal.title, signal.url, signal.observed_at
        row.body = signal.model_dump(mode="json")
        session.add(row)


def _insert_signal(session: Session, workspace_id: str, key: tuple[str, str, str], signal: Signal) -> TrendSignal:
    source, region, hashed = key
    row = TrendSignal(
        workspace_id=workspace_id,
        source=source,
        region=region,
        key_hash=hashed,
        title=signal.title,
        url=signal.url,
        first_seen=signal.observed_at,
        last_seen=signal.observed_at,
        body=signal.model_dump(mode="json"),
    )
    if insert_unless_there(session, row, SIGNAL_KEY):
        return row
    same = [getattr(TrendSignal, name) == getattr(row, name) for name in SIGNAL_KEY]
    return session.exec(select(TrendSignal).where(*same)).one()  # another collection was a moment faster


def _seen(session: Session, rows: Sequence[TrendSignal], since: datetime) -> set[tuple[str, datetime]]:
    ids = {row.id for row in rows}
    workspaces = {row.workspace_id for row in rows}
    query = select(TrendSnapshot.signal_id, TrendSnapshot.observed_at).where(
        col(TrendSnapshot.workspace_id).in_(workspaces), TrendSnapshot.observed_at >= since
    )
    return {(signal_id, at) for signal_id, at in session.exec(query).all() if signal_id in ids}


def _insert_snapshot(session: Session, workspace_id: str, signal_id: str, signal: Signal) -> None:
    values = {
        "id": new_id(),
        "created_at": utc_now(),
        "workspace_id": workspace_id,
        "signal_id": signal_id,
        "observed_at": signal.observed_at,
        "value": signal.volume,
        "rank": signal.rank,
        "figures": signal.figures,
    }
    insert_values(session, TrendSnapshot.__table__, values, ("signal_id", "observed_at"))  # type: ignore[attr-defined]


def _save_topic(
    session: Session,
    run: Run,
    region: str,
    at: datetime,
    found: Scored,
    ids: Mapping[tuple[str, str, str], str],
) -> None:
    topic, score = found.topic, found.score
    wanted = TrendTopic(
        workspace_id=run.workspace_id,
        region=region,
        topic_id=topic.id,
        label=topic.label,
        first_seen=topic.first_seen,
        last_seen=topic.last_seen,
    )
    insert_unless_there(session, wanted, TOPIC_KEY)
    same = [getattr(TrendTopic, key) == getattr(wanted, key) for key in TOPIC_KEY]
    row = session.exec(select(TrendTopic).where(*same).with_for_update()).one()
    row.label, row.language, row.category = topic.label, topic.language, topic.category[:LONGEST_CATEGORY]
    row.last_seen = max(row.last_seen, topic.last_seen)
    row.memory = found.known.model_dump(mode="json")
    session.add(row)
    mine: dict[str, Any] = {"workspace_id": run.workspace_id, "run_id": run.id, "topic_id": row.id}
    for signal_id in sorted({ids[one.identity] for one in topic.signals}):
        session.add(TrendTopicSignal(**mine, signal_id=signal_id))
    parts = score.model_dump(exclude={"topic_id", "region"})
    session.add(TrendScoreRow(**mine, at=at, **parts))


# --- reading ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TopicNow:
    """A topic with its score in the newest collection it was part of, and its scores over time, oldest first."""

    row: TrendTopic
    score: TrendScoreRow
    line: tuple[tuple[datetime, float], ...] = ()


def topics_of(
    database: Database,
    workspace_id: str,
    *,
    region: str | None = None,
    category: str | None = None,
    since: datetime,
    limit: int = 50,
) -> list[TopicNow]:
    """The topics seen since then with their newest scores, the highest trend first; the example's while alone."""
    query = select(TrendTopic).where(TrendTopic.workspace_id == workspace_id, TrendTopic.last_seen >= since)
    for column, wanted in ((TrendTopic.region, region), (TrendTopic.category, category)):
        query = query if wanted is None else query.where(column == wanted)
    with database.read() as session:
        rows = {row.id: row for row in session.exec(query).all()}
        lines = _lines(session, workspace_id, since, rows)
    found = [_now(rows[topic_id], scores) for topic_id, scores in lines.items()]
    return sorted(found, key=lambda one: (-one.score.trend, one.row.topic_id))[:limit]


def _lines(
    session: Session, workspace_id: str, since: datetime, rows: Mapping[str, TrendTopic]
) -> dict[str, list[TrendScoreRow]]:
    mine = (TrendScoreRow.workspace_id == workspace_id, TrendScoreRow.at >= since)
    lines: dict[str, list[TrendScoreRow]] = {}
    real = is_example(TrendScoreRow.run_id, example=False)
    is_real = session.exec(select(TrendScoreRow.id).where(*mine, real).limit(1)).first() is not None
    query = select(TrendScoreRow).where(*mine, *([real] if is_real else []))
    for score in session.exec(query.order_by(col(TrendScoreRow.at))):
        if score.topic_id in rows:
            lines.setdefault(score.topic_id, []).append(score)
    return lines


def _now(row: TrendTopic, scores: Sequence[TrendScoreRow]) -> TopicNow:
    return TopicNow(row, scores[-1], tuple((score.at, score.trend) for score in scores))


def topic_of(database: Database, workspace_id: str, wanted: str, since: datetime) -> TopicNow | None:
    """The topic whose id, or row's id, begins with `wanted`; None where no topic does, or several do."""
    mine = (TrendTopic.workspace_id == workspace_id,)
    begins = col(TrendTopic.topic_id).startswith(wanted, autoescape=True)
    begins = begins | col(TrendTopic.id).startswith(wanted, autoescape=True)
    with database.read() as session:
        rows = session.exec(select(TrendTopic).where(*mine, begins).limit(2)).all()
        if len(rows) != 1:
            return None
        line = _lines(session, workspace_id, since, {rows[0].id: rows[0]}).get(rows[0].id)
    return _now(rows[0], line) if line else None


def count_topics(database: Database, run_id: str) -> int:
    """How many topics a collection found."""
    with database.read() as session:
        mine = select(func.count()).select_from(TrendScoreRow).where(TrendScoreRow.run_id == run_id)
        return session.exec(mine).one()


def signals_of(database: Database, topic_row_id: str, run_id: str | None = None) -> list[Signal]:
    """The signals of a topic, newest figures first; of one collection where `run_id` is given."""
    linked = select(TrendTopicSignal.signal_id).where(TrendTopicSignal.topic_id == topic_row_id)
    linked = linked if run_id is None else linked.where(TrendTopicSignal.run_id == run_id)
    with database.read() as session:
        found = session.exec(
            select(TrendSignal.body)
            .where(col(TrendSignal.id).in_(linked))
            .order_by(col(TrendSignal.last_seen).desc(), col(TrendSignal.source), col(TrendSignal.key_hash))
        ).all()
    return [Signal.model_validate(body) for body in found]


def collections_of(
    database: Database, workspace_id: str, *, region: str | None = None, since: datetime | None = None
) -> list[Run]:
    """The collections of a workspace, oldest first."""
    query = select(Run).where(Run.workspace_id == workspace_id, Run.kind == COLLECTIONS)
    query = query if since is None else query.where(Run.created_at >= since)
    with database.read() as session:
        found = session.exec(query.order_by(col(Run.created_at), col(Run.id))).all()
    return [run for run in found if region is None or getattr(run.plan, "region", None) == region]
