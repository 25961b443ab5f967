"""Asking one source: with the headers of its last answers, within its quotas and interval, its cost in the ledger.

What comes back is put into the artifact store first, then into rows: a death in between leaves files that the next try
writes again, and no row without its file. A paid answer is in the ledger before it is anywhere else.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pressroom.calls.books import Books
from pressroom.calls.ledger import CallRecord
from pressroom.errors import BudgetReached, PressroomError
from pressroom.model import Answer, TrendsPlan
from pressroom.model.calls import MICRO
from pressroom.model.opportunities import SourceReport
from pressroom.model.trends import RawAnswer
from pressroom.settings import TrendSettings
from pressroom.sources import trends as sources
from pressroom.sources.trends import Asking, Call, TrendSource
from pressroom.store import trends
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database
from pressroom.store.tables import Run, utc_now
from pressroom.store.trend_tables import TrendFetch

REMEMBERED = timedelta(hours=25)
"""How long requests count for quotas: a day, in any zone, on the longest of days."""

Collect = Callable[[TrendSource, Asking], Sequence[RawAnswer]]


@dataclass(frozen=True)
class Collector:
    """Asks sources for one collection. now: the time, as the process sees it. collect: makes the requests.

    is_eager: asks however short a time ago it was asked.
    """

    database: Database
    store: ArtifactStore
    run: Run
    plan: TrendsPlan
    settings: TrendSettings
    books: Books
    collect: Collect = sources.collect
    now: Callable[[], datetime] = utc_now
    is_eager: bool = False

    def ask(self, name: str, region: str) -> SourceReport:
        """Ask a source, or use what it said a moment ago; a failure is in the report and in the rows, never raised."""
        source, now, began = sources.SOURCES.get(name), self.now(), time.monotonic()
        last = trends.last_answers(self.database, self.run.workspace_id, name, region)
        if waiting := self._waiting(source, region, last, now):
            self._use_again(last, now)
            return SourceReport(source=name, region=region, outcome="waiting", answers=len(last), reason=waiting)
        try:
            answers = self._paid(source, region, now) if source.price else self._ask_now(source, region, now)
            error = None
        except PressroomError as caught:
            answers, error = tuple(getattr(caught, "answer", None) or ()), caught
            self._hold_back(source, region, caught, now)
        spent = round((time.monotonic() - began) * 1000)
        rows = [self._row(source, region, now, place, answer) for place, answer in enumerate(answers)]
        if error is not None and not any(row.code for row in rows):
            rows.append(self._failure(source, region, now, len(rows), error))
        if rows:
            rows[0].milliseconds = spent
        trends.save_fetches(self.database, rows)
        return _report(source, region, rows, error, spent)

    def _waiting(self, source: TrendSource, region: str, last: Sequence[TrendFetch], now: datetime) -> str:
        """Why a source is not asked now; empty where it is."""
        if self.is_eager:
            return ""
        health = trends.health_of(self.database, self.run.workspace_id, region)
        mine = next((row for row in health if (row.source, row.region) == (source.name, region)), None)
        if mine is not None and mine.retry_at is not None and mine.retry_at > now:
            return f"It asked for a pause until {mine.retry_at:%Y-%m-%d %H:%M} UTC."
        since = max((row.collected_at for row in last), default=None)
        if since is not None and now - since < source.least_interval and not _failing(mine):
            minutes = round(source.least_interval.total_seconds() / 60)
            return f"It was asked at {since:%H:%M} UTC; once in {minutes} minutes is enough."
        return ""

    def _use_again(self, last: Sequence[TrendFetch], now: datetime) -> None:
        """Give this collection the answers that another one got."""
        kept = {
            "source",
            "region",
            "position",
            "collected_at",
            "fetched_at",
            "address",
            "status",
            "headers",
            "key",
            "size",
        }
        rows = [
            TrendFetch(
                **row.model_dump(include=kept), workspace_id=self.run.workspace_id, run_id=self.run.id, is_reused=True
            )
            for row in last
            if row.run_id != self.run.id
        ]
        trends.save_fetches(self.database, rows)

    def _hold_back(self, source: TrendSource, region: str, error: PressroomError, now: datetime) -> None:
        pause = getattr(error, "retry_after", None)
        if pause:
            until = now + timedelta(seconds=min(float(pause), REMEMBERED.total_seconds()))
            trends.hold_back(self.database, self.run.workspace_id, source.name, region, until)

    def _ask_now(self, source: TrendSource, region: str, now: datetime) -> tuple[RawAnswer, ...]:
        asking = sources.asking_of(
            source,
            self.settings,
            now=now,
            region=region,
            topics=self.plan.preferences.topics,
            feeds=self.plan.feeds,
            conditional=trends.last_headers(self.database, self.run.workspace_id, source.name, region),
            calls=[Call(*call) for call in trends.calls_since(self.database, source.name, now - REMEMBERED)],
        )
        return tuple(self.collect(source, asking))

    def _paid(self, source: TrendSource, region: str, now: datetime) -> tuple[RawAnswer, ...]:
        """The answers of a source that bills: once in a collection, whatever dies or is repeated.

        Raises:
            BudgetReached: there is no money for it.
        """
        assert source.price is not None
        budget = self.books.budget
        record = CallRecord(
            kind="trends",
            purpose="trends",
            provider=source.name,
            model=source.name,
            identity={"run": self.run.id, "region": region},
            task=self.books.task,
            timeout=60,
        )
        try:
            entry = self.books.ledger.ask(
                record,
                lambda: Answer(text=_packed(self._ask_now(source, region, now))),
                lambda answer: sum(map(sources.cost, _unpacked(answer.text))),
                wait=60,
                reserve=budget.reserve(source.price.estimate) if budget else None,
            )
        except BudgetReached as error:
            if budget:
                budget.note(error)
            raise
        return _unpacked(entry.answer.text)

    def _row(self, source: TrendSource, region: str, now: datetime, place: int, answer: RawAnswer) -> TrendFetch:
        row = TrendFetch(
            workspace_id=self.run.workspace_id,
            run_id=self.run.id,
            source=source.name,
            region=region,
            position=place,
            collected_at=now,
            fetched_at=answer.fetched_at,
            address=answer.address,
            status=answer.status,
            headers=answer.headers,
            cost_microusd=sources.cost(answer) if source.price else 0,
        )
        if answer.failure:
            row.code, row.reason = "SOURCE_UNUSABLE", answer.failure
        elif answer.status == 304:
            row.key, row.size = trends.key_of(self.database, self.run.workspace_id, source.name, answer.address)
        else:
            row.key, row.size = self._keep(answer.content), len(answer.content)
        return row

    def _keep(self, content: bytes) -> str:
        """The key under which the bytes are stored: the same bytes are one file."""
        key = f"{self.plan.workspace}/trends/raw/{hashlib.sha256(content).hexdigest()}.gz"
        self.store.put(key, gzip.compress(content, mtime=0))
        return key

    def _failure(
        self, source: TrendSource, region: str, now: datetime, place: int, error: PressroomError
    ) -> TrendFetch:
        return TrendFetch(
            workspace_id=self.run.workspace_id,
            run_id=self.run.id,
            source=source.name,
            region=region,
            position=place,
            collected_at=now,
            fetched_at=now,
            code=error.code,
            reason=error.message,
        )


def _failing(health: object) -> bool:
    return getattr(health, "failing_since", None) is not None


def _report(
    source: TrendSource, region: str, rows: Sequence[TrendFetch], error: PressroomError | None, spent: int
) -> SourceReport:
    good = [row for row in rows if row.key]
    failed = next((row for row in rows if row.code), None)
    same = bool(good) and all(row.status == 304 for row in good)
    return SourceReport(
        source=source.name,
        region=region,
        outcome="failed" if not good and failed else "unchanged" if same else "collected",
        answers=len(good),
        cost_usd=sum(row.cost_microusd for row in rows) / MICRO,
        milliseconds=spent,
        code=error.code if error else failed.code if failed else "",
        reason=error.message if error else failed.reason if failed else "",
    )


def stored_answers(database: Database, store: ArtifactStore, run_id: str) -> list[RawAnswer]:
    """The answers of a collection as they came: what its signals are read from, now and at any replay.

    Raises:
        NoArtifact: a file is gone.
    """
    return [
        RawAnswer(
            source=row.source,
            region=row.region,
            address=row.address,
            status=200,
            headers=row.headers,
            content=gzip.decompress(store.get(row.key)),
            fetched_at=row.fetched_at,
        )
        for row in trends.answers_of(database, run_id)
    ]


def _packed(answers: Sequence[RawAnswer]) -> str:
    """Answers as the ledger keeps them."""
    listed = [
        {**one.model_dump(mode="json", exclude={"content"}), "content": base64.b64encode(one.content).decode()}
        for one in answers
    ]
    return json.dumps(listed)


def _unpacked(text: str) -> tuple[RawAnswer, ...]:
    return tuple(
        RawAnswer.model_validate({**one, "content": base64.b64decode(one["content"])}) for one in json.loads(text)
    )
