"""The state of the whole house in numbers: what is late, waits, costs, fails or ends soon, read from our own tables.

Every query is bounded by an index or by the small tables it reads; a scrape reads them once in a while (`apps/api`).
Ages are in seconds, moments in seconds since 1970, money in US dollars. An age is 0 where nothing is late or waits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from pressroom.model import RunStatus
from pressroom.model.calls import MICRO
from pressroom.model.jobs import JobStatus
from pressroom.model.publication_states import PartState
from pressroom.model.schedules import Schedule, day_in
from pressroom.settings import Settings
from pressroom.store.account_tables import AuditEvent
from pressroom.store.backups.making import MADE
from pressroom.store.backups.restoring import RESTORED
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job, Outbox
from pressroom.store.publishing_tables import ChannelRow, Publication, PublicationPart
from pressroom.store.tables import ProviderCall, Run, Workspace
from pressroom.store.trend_tables import TrendSourceHealth

RECENT = timedelta(minutes=15)
"""The span of calls: what is wrong with a provider now."""

DAY = timedelta(days=1)
GRACE = timedelta(hours=1)
"""How long after its time a morning may take: one that begins at 06:00 is missing at 07:00."""

OUTBOX_KINDS = ("publication", "webhook")


@dataclass(frozen=True)
class Vital:
    """A number of which there may be several, told apart by labels."""

    name: str
    help: str
    values: Mapping[tuple[tuple[str, str], ...], float] = field(default_factory=dict)


def read(database: Database, settings: Settings, now: datetime) -> list[Vital]:
    """Every vital number. `database`: one that sees all workspaces.

    Raises:
        DatabaseUnusable: it can't be reached.
    """
    with database.read() as session:
        house = _House(session, settings, now)
        return [*house.mornings(), *house.money(), *house.calls(), *house.publishing(), *house.waiting(), *house.rest()]


@dataclass
class _House:
    """One reading. Queries join the workspaces, so that indexes that begin with a workspace serve."""

    session: Session
    settings: Settings
    now: datetime

    def mornings(self) -> Iterator[Vital]:
        """Runs of the last day, and how late each workspace's morning is."""
        counted = (
            select(Run.kind, Run.status, func.count())
            .join(Workspace, col(Run.workspace_id) == Workspace.id)
            .where(col(Run.created_at) >= self.now - DAY)
            .group_by(Run.kind, Run.status)
        )
        runs = {_labels(kind=kind, status=status): float(n) for kind, status, n in self.session.exec(counted)}
        yield Vital("pressroom_runs_of_a_day", "Runs begun in the last 24 hours.", runs)
        late = {_labels(workspace=name): seconds for name, seconds in self._late()}
        yield Vital("pressroom_morning_overdue_seconds", "Since an hour after a morning's time, without content.", late)

    def _late(self) -> Iterator[tuple[str, float]]:
        for workspace in self._workspaces():
            schedule = self._schedule(workspace)
            if schedule is None or not schedule.active:
                continue
            due = _last_before(schedule, self.now - GRACE)
            made = due is None or self._has_morning(workspace, schedule, due)
            yield workspace.name, 0.0 if made or due is None else (self.now - due - GRACE).total_seconds()

    def _workspaces(self) -> list[Workspace]:
        return list(self.session.exec(select(Workspace).where(col(Workspace.deleted_at).is_(None))))

    def _schedule(self, workspace: Workspace) -> Schedule | None:
        if workspace.schedule:
            return Schedule.model_validate(workspace.schedule)
        mine = workspace.name == self.settings.workspace
        return Schedule(zone=self.settings.time_zone) if mine else None  # the schedule of prefect.yaml is that one's

    def _has_morning(self, workspace: Workspace, schedule: Schedule, due: datetime) -> bool:
        """True once the day's run left content; and in a workspace younger than the morning."""
        if workspace.created_at > due:
            return True
        made = select(Run.id).where(
            Run.workspace_id == workspace.id,
            Run.day == day_in(schedule.zone, due),
            Run.kind == "daily",
            col(Run.status).in_([RunStatus.COMPLETED, RunStatus.PARTIAL]),
        )
        return self.session.exec(made.limit(1)).first() is not None

    def money(self) -> Iterator[Vital]:
        spent = (
            select(Workspace.name, func.sum(ProviderCall.cost_microusd))
            .join(Workspace, col(ProviderCall.workspace_id) == Workspace.id)
            .where(col(ProviderCall.created_at) >= datetime.combine(self.now.astimezone(UTC), time.min, UTC))
            .group_by(Workspace.name)
        )
        today = {_labels(workspace=name): float(sum_ or 0) / MICRO for name, sum_ in self.session.exec(spent)}
        yield Vital("pressroom_budget_spent_usd", "Spent since midnight (UTC), and set aside for calls.", today)
        limit = {_labels(): self.settings.day_budget_usd}
        yield Vital("pressroom_budget_limit_usd", "A workspace may spend this in a day; 0: any amount.", limit)

    def calls(self) -> Iterator[Vital]:
        recent = (
            select(ProviderCall.provider, ProviderCall.status, ProviderCall.error_code, func.count())
            .join(Workspace, col(ProviderCall.workspace_id) == Workspace.id)
            .where(col(ProviderCall.created_at) >= self.now - RECENT)
            .group_by(ProviderCall.provider, ProviderCall.status, col(ProviderCall.error_code))
        )
        found = {
            _labels(provider=provider, status=status, code=code or ""): float(n)
            for provider, status, code, n in self.session.exec(recent)
        }
        yield Vital("pressroom_calls_recent", "Calls begun in the last 15 minutes.", found)

    def publishing(self) -> Iterator[Vital]:
        counted = (
            select(ChannelRow.platform, Publication.state, func.count())
            .join(Workspace, col(Publication.workspace_id) == Workspace.id)
            .join(ChannelRow, col(Publication.channel_id) == ChannelRow.id)
            .where(col(Publication.planned_at) >= self.now - DAY, col(Publication.planned_at) < self.now + DAY)
            .group_by(ChannelRow.platform, Publication.state)
        )
        found = {_labels(platform=platform, state=state): float(n) for platform, state, n in self.session.exec(counted)}
        yield Vital("pressroom_publications", "Publications planned from a day ago to a day ahead.", found)
        unclear = (
            select(func.min(PublicationPart.unclear_since))
            .join(Workspace, col(PublicationPart.workspace_id) == Workspace.id)
            .where(col(PublicationPart.state).in_([PartState.UNKNOWN, PartState.ASKING]))
        )
        age = {_labels(): self._age(self.session.exec(unclear).one())}
        yield Vital("pressroom_publication_unknown_seconds", "Since the oldest outcome that is unknown became so.", age)
        yield Vital("pressroom_channel_ends_timestamp_seconds", "When a channel's sign-in ends.", self._ends())

    def _ends(self) -> dict[tuple[tuple[str, str], ...], float]:
        """Sign-ins that people have to renew: a refreshable one lasts as long as what refreshes it."""
        connected = (
            select(ChannelRow, Workspace.name)
            .join(Workspace, col(ChannelRow.workspace_id) == Workspace.id)
            .where(ChannelRow.state == "connected")
        )
        ends = {
            _labels(workspace=name, platform=row.platform, channel=row.name): row.refresh_expires_at
            if row.refreshable
            else row.expires_at
            for row, name in self.session.exec(connected)
        }
        return {labels: at.timestamp() for labels, at in ends.items() if at}

    def waiting(self) -> Iterator[Vital]:
        """Queues: how much waits, and for how long the oldest."""
        jobs = select(func.count(), func.min(Job.created_at)).where(Job.status == JobStatus.WAITING)
        due = [
            select(func.count(), func.min(Outbox.due_at)).where(
                Outbox.kind == kind, Outbox.state == "waiting", col(Outbox.due_at) <= self.now
            )
            for kind in OUTBOX_KINDS
        ]
        rows = [self.session.exec(query).one() for query in (jobs, *due)]
        names = [_labels(queue=name) for name in ("job", *OUTBOX_KINDS)]
        lengths = {name: float(n) for name, (n, _) in zip(names, rows, strict=True)}
        ages = {name: self._age(oldest) for name, (_, oldest) in zip(names, rows, strict=True)}
        yield Vital("pressroom_queue_length", "What is due and waits for a worker.", lengths)
        yield Vital("pressroom_queue_oldest_seconds", "For how long the oldest of a queue has waited.", ages)

    def rest(self) -> Iterator[Vital]:
        """Sources of trends, and backups."""
        health = TrendSourceHealth
        query = select(health.source, func.min(health.failing_since), func.max(health.last_success_at))
        rows = self.session.exec(query.group_by(health.source)).all()
        failing = {_labels(source=source): self._age(since) for source, since, _ in rows}
        yield Vital("pressroom_trend_source_failing_seconds", "For how long a source of trends has failed.", failing)
        success = {_labels(source=source): at.timestamp() for source, _, at in rows if at}
        yield Vital("pressroom_trend_source_success_timestamp_seconds", "When a source last answered.", success)
        yield Vital("pressroom_backup_timestamp_seconds", "When a backup was last made.", self._last(MADE))
        restored = self._last(RESTORED)
        yield Vital("pressroom_backup_restored_timestamp_seconds", "When one was last restored and compared.", restored)

    def _last(self, action: str) -> dict[tuple[tuple[str, str], ...], float]:
        """0 where it never was."""
        since = col(AuditEvent.created_at) >= self.now - 60 * DAY
        at = self.session.exec(select(func.max(AuditEvent.created_at)).where(since, AuditEvent.action == action)).one()
        return {_labels(): at.timestamp() if at else 0.0}

    def _age(self, since: Any) -> float:
        return max(0.0, (self.now - since).total_seconds()) if since else 0.0


def _labels(**labels: str) -> tuple[tuple[str, str], ...]:
    return tuple(labels.items())


def _last_before(schedule: Schedule, moment: datetime) -> datetime | None:
    """The last scheduled time at or before `moment`, of the week before it."""
    at, found = schedule.next_after(moment - timedelta(days=7, seconds=1)), None
    while at is not None and at <= moment:
        at, found = schedule.next_after(at), at
    return found
