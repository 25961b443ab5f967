"""The vital numbers at /metrics: mornings, money, calls, publications, queues, sources and backups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlmodel import select
from starlette.testclient import TestClient

from apps.desk.dependencies import Desk
from pressroom.model import RunStatus
from pressroom.reports import vitals
from pressroom.settings import settings
from pressroom.store.account_tables import AuditEvent
from pressroom.store.backups.making import MADE
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job
from pressroom.store.publishing_tables import ChannelRow, PublicationPart
from pressroom.store.tables import ProviderCall, Run, Workspace
from pressroom.store.trend_tables import TrendSourceHealth
from tests.fixtures.desk import MadeRun, Person
from tests.fixtures.desk_rows import add_everything

NOW = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)


def numbers(operators: Database, now: datetime = NOW) -> dict[tuple[str, ...], float]:
    """Each value by its metric's name, without `pressroom_`, and its labels' values."""
    return {
        (each.name.removeprefix("pressroom_"), *(shown for _, shown in labels)): value
        for each in vitals.read(operators, settings(), now)
        for labels, value in each.values.items()
    }


@pytest.fixture
def home(operators: Database) -> Iterator[str]:
    """A workspace that is days old and whose morning is at 09:00 in Berlin: 08:00 of UTC in November."""
    with operators.write() as session:
        row = Workspace(
            name="early", created_at=NOW - timedelta(days=9), schedule={"zone": "Europe/Berlin", "time": "08:00"}
        )
        session.add(row)
    yield row.id


def test_a_morning_is_overdue_an_hour_after_its_time_until_it_has_content(operators: Database, home: str) -> None:
    def overdue(hour: int, minute: int = 0) -> float:
        return numbers(operators, NOW.replace(hour=hour, minute=minute))["morning_overdue_seconds", "early"]

    assert overdue(7) == 22 * 3600 + 3600  # of the day before: it is 08:00 there, and today's has an hour yet
    assert overdue(8, 30) == 1800
    with operators.write() as session:
        run = Run(workspace_id=home, kind="daily", run_key="k", day=NOW.date(), trigger="schedule", status="failed")
        session.add(run)
    assert overdue(8, 30) == 1800
    with operators.write() as session:
        session.get_one(Run, run.id).status = RunStatus.PARTIAL
    assert overdue(8, 30) == 0


def test_a_young_workspace_and_one_without_a_schedule_are_not_overdue(operators: Database, home: str) -> None:
    with operators.write() as session:
        session.get_one(Workspace, home).schedule = None
        session.add(Workspace(name="young", created_at=NOW, schedule={"time": "06:00"}))
        session.add(Workspace(name="off", created_at=NOW - timedelta(days=9), schedule={"active": False}))
    found = numbers(operators)
    assert ("morning_overdue_seconds", "early") not in found
    assert ("morning_overdue_seconds", "off") not in found
    assert found["morning_overdue_seconds", "young"] == 0


def test_money_and_calls_are_those_of_today_and_of_the_last_quarter_of_an_hour(operators: Database, home: str) -> None:
    def call(minutes: int, **about: object) -> ProviderCall:
        return ProviderCall(
            workspace_id=home, kind="text", purpose="draft", provider="openai", model="m", request_hash="0" * 64,
            created_at=NOW - timedelta(minutes=minutes), **{"status": "answered", "cost_microusd": 250_000, **about},
        )  # fmt: skip

    with operators.write() as session:
        session.add_all([call(1), call(10), call(60), call(24 * 60)])
        session.add(call(2, status="failed", error_code="PROVIDER_RATE_LIMIT", cost_microusd=0))
    found = numbers(operators)
    assert found["budget_spent_usd", "early"] == 0.75
    assert found["calls_recent", "openai", "answered", ""] == 2
    assert found["calls_recent", "openai", "failed", "PROVIDER_RATE_LIMIT"] == 1


def test_what_waits_is_unclear_or_ends_is_told_with_its_age(
    operators: Database, owner: Person, made_run: MadeRun
) -> None:
    ids = add_everything(operators, owner, made_run)
    home, hour = owner.workspace_id, timedelta(hours=1)
    now = datetime.now(UTC)
    with operators.write() as session:
        channel = session.get_one(ChannelRow, ids["channel_id"])
        channel.state, channel.refreshable, channel.expires_at, channel.refresh_expires_at = (
            "connected",
            True,
            now,
            now + hour,
        )
        part = session.exec(select(PublicationPart)).one()
        part.state, part.unclear_since = "unknown", now - hour
        session.add(Job(workspace_id=home, kind="daily", status="waiting", title="", deployment="daily/desk",
                        idempotency_key="k", created_by="a", created_at=now - hour))  # fmt: skip
        session.add(TrendSourceHealth(workspace_id=home, source="wikipedia", failing_since=now - 2 * hour))
        session.add(AuditEvent(actor="a", action=MADE, created_at=now - hour))
    found = numbers(operators, now)
    assert found["publication_unknown_seconds",] == 3600
    assert found["queue_oldest_seconds", "job"] == found["queue_length", "job"] * 3600 == 3600
    assert found["trend_source_failing_seconds", "wikipedia"] == 7200
    assert found["channel_ends_timestamp_seconds", "ours", "bluesky", channel.name] == (now + hour).timestamp()
    assert (found["backup_timestamp_seconds",], found["backup_restored_timestamp_seconds",]) == (
        (now - hour).timestamp(), 0,
    )  # fmt: skip


def test_a_scrape_shows_them_and_says_when_the_database_is_away(
    owner: Person, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSROOM_METRICS_TOKEN", "scrape-scrape-scrape")
    settings.cache_clear()
    desk: Desk = client.app.state.desk

    def scraped() -> dict[str, float]:
        client.app.state.desk = Desk(**{**desk.__dict__, "settings": settings()})
        text = client.get("/metrics", headers={"Authorization": "Bearer scrape-scrape-scrape"}).text
        return {each.name: each.value for family in text_string_to_metric_families(text) for each in family.samples}

    found = scraped()
    assert found["pressroom_vitals_read"] == 1
    assert found["pressroom_queue_length"] == 0
    assert 0 <= found["pressroom_database_connections_used"] < found["pressroom_database_connections_limit"] == 50
    gone = Database("sqlite:////proc/nowhere/desk.db")
    client.app.state.vitals = lambda: vitals.read(gone, settings(), NOW)
    found = scraped()
    assert found["pressroom_vitals_read"] == 0
    assert "pressroom_queue_length" not in found
