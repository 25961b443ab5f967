"""Reading the figures of a channel's publications: in batches, within its quota, paid calls through the ledger.

An age without an answer is tried again while it is open, at most `TRIES` times; then its gap is written.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import select

from pressroom import platforms, publishers
from pressroom.calls.budget import Budget
from pressroom.calls.ledger import CallRecord, Ledger
from pressroom.errors import BudgetReached, ChannelUnusable, OutcomeUnclear, PressroomError, PublishLater
from pressroom.model.calls import Answer
from pressroom.model.publishing import Metrics
from pressroom.model.snapshots import TRIES, ChannelFigures, Have, Snapshot
from pressroom.platforms.platform import Results
from pressroom.publishers.ledger.access import Access
from pressroom.publishers.ledger.approving import channel_of
from pressroom.publishers.sending.line import Phase, TokenRefused
from pressroom.redaction import mask
from pressroom.store import results
from pressroom.store.database import Database
from pressroom.store.owners import clock
from pressroom.store.publishing_tables import ChannelRow
from pressroom.store.result_tables import MetricAttempt
from pressroom.store.results import DuePost

MISSED = "It was not collected in time."
UNANSWERED = "The platform gives no figures of this post."
WAIT = 60.0
"""Seconds for which another worker is given that makes the same paid call."""


@dataclass
class Collector:
    """Reads the figures of one channel. database: one that sees its workspace. budget: None where nothing limits."""

    database: Database
    access: Access
    workspace: str
    channel: ChannelRow
    ledger: Ledger
    budget: Budget | None = None
    calls: int = 0
    values: int = 0
    gaps: int = 0
    waiting: int = 0
    cost: int = 0
    error: PressroomError | None = field(default=None)

    def collect(self, posts: Sequence[DuePost]) -> ChannelFigures:
        """Collect what is due. A failure is in the rows and in the report, never raised."""
        self._write_off(posts)
        wanted = [post for post in posts if post.what.age is not None]
        size = self._offered.at_once
        for start in range(0, len(wanted), size):
            batch = wanted[start : start + size]
            if isinstance(self.error, (ChannelUnusable, BudgetReached)):
                self._fail(batch, self.error)
            elif self.calls >= self._offered.calls_an_hour or isinstance(self.error, PublishLater):
                self.waiting += len(batch)  # the next collection goes on: that is no failure of these posts
            else:
                self._one(batch)
        return ChannelFigures(
            workspace=self.workspace, channel_id=self.channel.id, channel=self.channel.name,
            platform=self.channel.platform, publications=len(posts), values=self.values, gaps=self.gaps,
            waiting=self.waiting, calls=self.calls, cost_microusd=self.cost,
            code=self.error.code if self.error else "", reason=mask(str(self.error)) if self.error else "",
        )  # fmt: skip

    @property
    def _offered(self) -> Results:
        found = platforms.get(self.channel.platform).results
        assert found is not None, "a platform without figures has nothing due"
        return found

    def _write_off(self, posts: Sequence[DuePost]) -> None:
        """Write the gaps of ages that are over."""
        now = self._now()
        gaps = [
            snapshot
            for post in posts
            for age in post.what.missed
            for snapshot in self._all(post, age, now, post.said.get(age, MISSED))
        ]
        self._keep(gaps, [])

    def _one(self, batch: Sequence[DuePost]) -> None:
        """One call for a batch."""
        try:
            found, cost = self._ask(batch)
        except PressroomError as error:
            self.error = error
            self._fail(batch, error)
            return
        now, snapshots, tried, lost = self._now(), list[Snapshot](), list[MetricAttempt](), list[DuePost]()
        for post in batch:
            if post.remote_id not in found:
                lost.append(post)
                continue
            snapshots += self._read(post, found[post.remote_id], now)
            tried.append(self._attempt(post, cost=cost))
        self._keep(snapshots, tried)
        if lost:
            self._fail(lost, PressroomError(UNANSWERED))

    def _ask(self, batch: Sequence[DuePost]) -> tuple[Mapping[str, Mapping[str, int]], int]:
        """(values by remote id, price of each of them in millionths of a dollar)."""
        self.calls += 1
        price = self._offered.cost_microusd
        ids = [post.remote_id for post in batch]
        if not price:
            return {one.remote_id: one.values for one in self._call(ids)}, 0
        record = CallRecord(
            kind="results", purpose="results", provider=self.channel.platform, model="posts read", task="results",
            identity={"due": sorted([post.id, post.what.age, post.tries] for post in batch)}, timeout=WAIT,
        )  # fmt: skip
        entry = self.ledger.ask(
            record, lambda: Answer(text=_packed(self._call(ids))),
            lambda answer: price * len(json.loads(answer.text)), wait=WAIT,
            reserve=self.budget.reserve(price * len(batch)) if self.budget else None,
        )  # fmt: skip
        values: Mapping[str, Mapping[str, int]] = json.loads(entry.answer.text)
        self.cost += price * len(values)
        return values, price

    def _call(self, ids: Sequence[str]) -> Sequence[Metrics]:
        """The platform's answer; with a new token where it refuses the one that is there."""
        publisher, channel = publishers.get(self.channel.platform), channel_of(self.channel)
        line = self.access.line_of(self.channel).at(Phase.COLLECT)
        try:
            return publisher.collect(line, channel, ids)
        except TokenRefused:
            fresh = self.access.refresh(self.channel)
            return publisher.collect(line.under(fresh), channel, ids)
        except (LookupError, TypeError, ValueError, AttributeError) as error:  # it answers otherwise than it did
            raise OutcomeUnclear(f"{line.title} answers with figures that can't be read.") from error

    def _read(self, post: DuePost, values: Mapping[str, int], now: dt.datetime) -> Iterator[Snapshot]:
        """A snapshot of each figure that the platform has for posts."""
        hours = (now - post.published_at).total_seconds() / 3600
        for metric in self._offered.figures:
            if self._offered.has_ended(metric, now.date(), hours):
                yield self._snapshot(post, metric, now, Have.ENDED)
            elif metric in values:
                yield self._snapshot(post, metric, now, Have.VALUE, values[metric])
            elif hours < self._offered.lag_hours:
                late = f"The platform counts it up to {self._offered.lag_hours} hours late."
                yield self._snapshot(post, metric, now, Have.GAP, reason=late)
            else:
                yield self._snapshot(post, metric, now, Have.NOT_OFFERED, reason="Not given for this post.")

    def _fail(self, batch: Sequence[DuePost], error: PressroomError) -> None:
        """Note a failed call; an age that was tried often enough gets its gap."""
        now, reason = self._now(), mask(str(error))[:500]
        last = [post for post in batch if post.tries + 1 >= TRIES and post.what.age is not None]
        self.waiting += len(batch) - len(last)
        gaps = [one for post in last for one in self._all(post, post.what.age or 0, now, reason)]
        self._keep(gaps, [self._attempt(post, error.code, reason) for post in batch])

    def _all(self, post: DuePost, age: int, now: dt.datetime, reason: str) -> Iterator[Snapshot]:
        """A gap for each figure."""
        hours = (now - post.published_at).total_seconds() / 3600
        for metric in self._offered.figures:
            ended = self._offered.has_ended(metric, now.date(), min(hours, age))
            yield self._snapshot(post, metric, now, Have.ENDED if ended else Have.GAP, reason=reason, age=age)

    def _snapshot(
        self, post: DuePost, metric: str, now: dt.datetime, have: Have, value: int | None = None, *,
        reason: str = "", age: int | None = None,
    ) -> Snapshot:  # fmt: skip
        seconds = round((now - post.published_at).total_seconds())
        version = self._offered.figures[metric].version
        return Snapshot(post.id, metric, age or post.what.age or 0, have, value, now, seconds, version, reason)

    def _attempt(self, post: DuePost, code: str = "", reason: str = "", *, cost: int = 0) -> MetricAttempt:
        return MetricAttempt(
            workspace_id=self.channel.workspace_id, publication_id=post.id, age=post.what.age or 0, code=code,
            reason=reason, cost_microusd=cost, created_at=self._now(),
        )  # fmt: skip

    def _keep(self, snapshots: Sequence[Snapshot], tried: Sequence[MetricAttempt]) -> None:
        if snapshots or tried:
            results.keep(self.database, self.channel.workspace_id, snapshots, tried)
            self.values += sum(one.have is Have.VALUE for one in snapshots)
            self.gaps += sum(one.have is Have.GAP for one in snapshots)

    def _now(self) -> dt.datetime:
        with self.database.read() as session:
            return clock(session)


def channels_due(database: Database, now: dt.datetime | None = None) -> list[tuple[ChannelRow, list[DuePost]]]:
    """The channels of the workspace with something due, and that."""
    with database.read() as session:
        rows = {row.id: row for row in session.exec(select(ChannelRow)).all()}
        moment = now or clock(session)
    found: dict[str, list[DuePost]] = {}
    for post in results.due_posts(database, moment):
        found.setdefault(post.channel_id, []).append(post)
    return [(rows[channel_id], posts) for channel_id, posts in found.items()]


def collect_here(
    database: Database, access: Access, workspace: str, ledger: Ledger, budget: Callable[[], Budget | None]
) -> list[ChannelFigures]:
    """Collect everything that is due of a workspace, one channel after the other."""
    return [
        Collector(database, access, workspace, channel, ledger, budget()).collect(posts)
        for channel, posts in channels_due(database)
    ]


def _packed(found: Sequence[Metrics]) -> str:
    return json.dumps({one.remote_id: dict(one.values) for one in found})
