"""Loading what reports, returns and comparisons are computed from: posts with figures at one age, costs, revenue."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, type_coerce
from sqlmodel import Session, col, func, select

from pressroom import zones
from pressroom.model.snapshots import ENGAGED, Have, Snapshot
from pressroom.reports.analytics.lessons import Lesson, lessons
from pressroom.reports.analytics.posts import Post
from pressroom.reports.analytics.returns import Money, Spending
from pressroom.store.database import Database
from pressroom.store.publishing_tables import ChannelRow, Publication
from pressroom.store.result_tables import MetricAttempt, MetricSnapshot, RevenueEntry
from pressroom.store.results import OVER
from pressroom.store.tables import Content, ProviderCall, Run, SubjectRow

FOR_REPORTS = ("views", "clicks", *ENGAGED)
LESSON_AGE, LESSON_DAYS = 168, dt.timedelta(days=365)
SOME = 900
"""Ids in one query: SQLite takes 32,766 at most, and PostgreSQL plans long lists slowly."""

_COLUMNS: tuple[Any, ...] = (
    Publication.id, Publication.content_id, SubjectRow.title, ChannelRow.platform,
    col(ChannelRow.name).label("channel"), Publication.channel_id,
    Content.format, SubjectRow.category, func.substr(Content.text, 1, 120).label("opening"),
    Content.prompt_hash, Content.model, Content.run_id, Content.variant, Publication.published_at,
    Publication.permalink,
)  # fmt: skip
_FIGURES: tuple[Any, ...] = (
    MetricSnapshot.publication_id, MetricSnapshot.metric, MetricSnapshot.age, MetricSnapshot.have, MetricSnapshot.value,
    MetricSnapshot.observed_at, MetricSnapshot.seconds, MetricSnapshot.definition, MetricSnapshot.reason,
)  # fmt: skip
_HAVE = {each.value: each for each in Have}
_QUESTION, _NUMBER, _QUOTE = re.compile(r"[?？؟]\s*$"), re.compile(r"\d"), re.compile(r"^[\"“„«»‘「『]")


def posts(
    database: Database,
    workspace_id: str,
    *,
    age: int,
    zone: str,
    since: dt.datetime | None = None,
    metrics: Sequence[str] = FOR_REPORTS,
    platform: str = "",
    channel_id: str = "",
    ids: Sequence[str] = (),
) -> list[Post]:
    """Public posts since a moment with their figures at `age`, the newest first. zone: IANA, of their local times."""
    local = zones.zone_of(zone)
    wanted = list(_conditions(workspace_id, since, platform, channel_id, ids))
    with database.read() as session:
        query: Any = select(*_COLUMNS).join(ChannelRow, col(ChannelRow.id) == col(Publication.channel_id))
        query = query.join(Content, col(Content.id) == col(Publication.content_id))
        query = query.join(SubjectRow, col(SubjectRow.id) == col(Content.subject_id))
        rows = session.execute(query.where(*wanted).order_by(col(Publication.published_at).desc())).all()
        voices = _voices(session, {row.run_id for row in rows})
        figures = _figures(session, workspace_id, wanted, age, metrics)
    return [
        Post(
            row.id, row.content_id, row.title, row.platform, row.channel, row.channel_id, row.format, row.category,
            hook_of(row.opening), row.prompt_hash[:12], row.model, voices.get(row.run_id) or "", str(row.variant + 1),
            row.published_at.astimezone(local), row.permalink, figures.get(row.id, {}),
        )
        for row in rows
    ]  # fmt: skip


def _conditions(
    workspace_id: str, since: dt.datetime | None, platform: str, channel_id: str, ids: Sequence[str]
) -> Iterable[Any]:
    yield Publication.workspace_id == workspace_id
    yield col(Publication.published_at).is_not(None)
    yield col(Publication.state).not_in(OVER)
    if since:
        yield col(Publication.published_at) >= since
    if platform:
        yield col(Publication.channel_id).in_(select(ChannelRow.id).where(ChannelRow.platform == platform))
    if channel_id:
        yield Publication.channel_id == channel_id
    if ids:
        yield col(Publication.id).in_(ids)


def _voices(session: Session, run_ids: Iterable[str]) -> dict[str, str | None]:
    """The name of the voice that each run wrote in."""
    named = type_coerce(col(Run.plan), JSON)["preferences"]["voice"]["name"].as_string()
    found: dict[str, str | None] = {}
    for some in _some(sorted(run_ids)):
        query: Any = select(Run.id, named).where(col(Run.id).in_(some))
        found |= dict(session.execute(query).tuples().all())
    return found


def _figures(
    session: Session, workspace_id: str, wanted: Sequence[Any], age: int, metrics: Sequence[str]
) -> Mapping[str, dict[str, Snapshot]]:
    query: Any = select(*_FIGURES).where(
        MetricSnapshot.workspace_id == workspace_id, col(MetricSnapshot.metric).in_(metrics), MetricSnapshot.age == age
    )
    if len(wanted) > 3:  # beyond what every report asks for
        query = query.where(col(MetricSnapshot.publication_id).in_(select(Publication.id).where(*wanted)))
    found: defaultdict[str, dict[str, Snapshot]] = defaultdict(dict)
    for publication, metric, hours, have, *rest in session.execute(query):
        found[publication][metric] = Snapshot(publication, metric, hours, _HAVE[have], *rest)
    return found


def lessons_of(
    database: Database, workspace_id: str, *, zone: str, until: dt.datetime | None = None
) -> tuple[Lesson, ...]:
    """The groups that did better than usual in a year, from figures at 7 days. until: later ones are left out."""
    now = until or dt.datetime.now(dt.UTC)
    found = posts(database, workspace_id, age=LESSON_AGE, zone=zone, since=now - LESSON_DAYS)
    known = [
        post._replace(figures={name: one for name, one in post.figures.items() if one.observed_at <= now})
        for post in found
    ]
    return lessons(known, LESSON_AGE)


def hook_of(text: str) -> str:
    """The kind of a post's first line: a question, a number, a quotation, or a statement."""
    first = text.lstrip().partition("\n")[0].rstrip()
    if _QUESTION.search(first):
        return "question"
    if _QUOTE.search(first):
        return "quotation"
    return "number" if _NUMBER.search(first) else "statement"


def spending(database: Database, workspace_id: str, since: dt.datetime | None = None) -> Spending:
    """The costs of the runs that made the posts since a moment, and of those posts."""
    with database.read() as session:
        columns: tuple[Any, ...] = (Publication.id, Publication.content_id, Content.run_id, Publication.cost_microusd)
        query: Any = select(*columns).join(Content, col(Content.id) == col(Publication.content_id))
        out = session.execute(query.where(*_conditions(workspace_id, since, "", "", ()))).all()
        runs = _run_costs(session, workspace_id, since, {row.run_id for row in out})
        drafts = {row.content_id: row.run_id for row in out}
        calls = _call_costs(session, sorted(drafts))
        reads: Any = select(MetricAttempt.publication_id, func.sum(MetricAttempt.cost_microusd)).where(
            MetricAttempt.workspace_id == workspace_id, MetricAttempt.cost_microusd > 0
        )
        read = dict(session.execute(reads.group_by(MetricAttempt.publication_id)).tuples().all())
    return Spending(
        runs=runs, calls=calls, drafts=drafts, fees={row.id: row.cost_microusd for row in out},
        reads={one: int(cost) for one, cost in read.items()}, publications={row.id: row.content_id for row in out},
    )  # fmt: skip


def _run_costs(session: Session, workspace_id: str, since: dt.datetime | None, runs: set[str]) -> dict[str, int]:
    """The cost of each run that began since then, and of `runs`."""
    query: Any = select(ProviderCall.run_id, func.sum(ProviderCall.cost_microusd)).where(
        ProviderCall.workspace_id == workspace_id, col(ProviderCall.run_id).is_not(None)
    )
    found = {run: int(cost) for run, cost in session.execute(query.group_by(col(ProviderCall.run_id)))}
    if since is None:
        return found
    begun: Any = select(Run.id).where(Run.workspace_id == workspace_id, col(Run.created_at) >= since)
    wanted = runs | set(session.execute(begun).scalars())
    return {run: cost for run, cost in found.items() if run in wanted}


def _call_costs(session: Session, drafts: Sequence[str]) -> dict[str, int]:
    """The cost of each draft's own calls, for all its wordings."""
    calls: dict[str, list[str]] = {}
    for some in _some(drafts):
        mine: Any = select(Content.id, Content.call_ids).where(col(Content.id).in_(some))
        calls |= dict(session.execute(mine).tuples().all())
    prices: dict[str, int] = {}
    for some in _some(sorted({one for ids in calls.values() for one in ids})):
        query: Any = select(ProviderCall.id, ProviderCall.cost_microusd).where(col(ProviderCall.id).in_(some))
        prices |= dict(session.execute(query).tuples().all())
    return {draft: sum(prices.get(one, 0) for one in set(ids)) for draft, ids in calls.items()}


def revenue(database: Database, workspace_id: str) -> dict[str, list[Money]]:
    """The revenue of each publication that has some."""
    found: defaultdict[str, list[Money]] = defaultdict(list)
    columns: tuple[Any, ...] = (RevenueEntry.publication_id, RevenueEntry.amount_micros, RevenueEntry.currency)
    with database.read() as session:
        query: Any = select(*columns).where(RevenueEntry.workspace_id == workspace_id)
        for publication, micros, currency in session.execute(query):
            found[publication].append(Money(micros=micros, currency=currency))
    return found


def _some(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + SOME] for start in range(0, len(ids), SOME))
