"""A simulated year: 300 publications with figures that lag, fall, have gaps and end, as records and as rows."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any, NamedTuple

from pressroom import platforms
from pressroom.store.database import Database
from pressroom.store.desk_tables import Approval
from pressroom.store.publishing_tables import ChannelRow, Publication
from pressroom.store.result_tables import MetricAttempt, MetricSnapshot, RevenueEntry
from pressroom.store.tables import Content, ProviderCall, Run, SubjectRow
from tests.fixtures.plans import daily_plan

UTC = dt.UTC
END = dt.datetime(2026, 11, 30, 12, tzinfo=UTC)
PLACES = {"linkedin": "linkedin_post", "x": "x_thread", "youtube": "youtube_short", "mastodon": "bluesky_post"}
TOPICS = ("Craft", "Tools", "People", "News", "Numbers", "Rare")
OPENINGS = ("How did we do it?", "7 things", "“Nobody asked”", "We stopped.")


class Record(NamedTuple):
    """One post, as the simulation knows it. values: (have, value, seconds) by metric and age."""

    id: str
    content: str
    run: str
    platform: str
    format: str
    topic: str
    published_at: dt.datetime
    opening: str
    variant: int
    values: dict[tuple[str, int], tuple[str, int | None, int]]
    own: int
    fee: int
    reads: int
    revenue: list[tuple[int, str]]


def simulate(seed: int = 18, count: int = 300) -> list[Record]:
    chance = random.Random(seed)
    return [_record(chance, number, count) for number in range(count)]


RECORDS_A_FEW: list[Record] = []
"""Forty posts of the year."""


def _record(chance: random.Random, number: int, count: int) -> Record:
    platform = chance.choice(tuple(PLACES))
    topic = "Rare" if chance.random() < 0.01 else chance.choice(TOPICS[:-1])
    begin = END - dt.timedelta(days=365 * (number + 1) / count)
    published = begin.replace(hour=chance.choice((8, 12, 17)), minute=chance.randrange(60))
    appeal = chance.lognormvariate(5, 1) * (1.8 if topic == "Tools" else 1) * (1.3 if published.hour == 8 else 1)
    values: dict[tuple[str, int], tuple[str, int | None, int]] = {}
    offered = platforms.get(platform).results
    assert offered
    for age in offered.ages:
        if published + dt.timedelta(hours=age) > END:
            continue
        late = chance.random() < 0.05
        seconds = round(age * 3600 * (1.6 if late else 1.02)) + (3700 if late else 0)
        failed = chance.random() < 0.06
        for metric, weight in {"views": 1.0, "likes": 0.04, "comments": 0.01, "shares": 0.006, "saves": 0.003,
                               "clicks": 0.02}.items():  # fmt: skip
            if metric not in offered.figures:
                continue
            ended = metric == "clicks" and platform == "x" and age > 30 * 24
            seen = max(0.0, 1 - 0.97 ** (age - (offered.lag_hours if metric == "shares" else 0)))
            value = int(appeal * weight * seen)
            if chance.random() < 0.04:
                value = value * 3 // 4  # a correction
            have = "ended" if ended else "gap" if failed else "value"
            values[metric, age] = (have, value if have == "value" else None, seconds)
    money = [(chance.randrange(1, 90) * 1_000_000, chance.choice(("USD", "EUR")))] if chance.random() < 0.3 else []
    return Record(
        f"{number:032x}", f"{10_000 + number:032x}", f"{90_000 + number // 3:032x}", platform, PLACES[platform], topic,
        published, chance.choice(OPENINGS), chance.randrange(2), values, chance.randrange(0, 9000),
        15_000 if platform == "x" else 0, 5000 * chance.randrange(4) if platform == "x" else 0, money,
    )  # fmt: skip


def put_in(database: Database, workspace_id: str, user_id: str, records: list[Record]) -> None:
    """Rows of the records. Each run has calls of 5,000 that no draft owns, and a draft of 700 that went nowhere."""
    home: dict[str, Any] = {"workspace_id": workspace_id}
    channels = {name: ChannelRow(**home, platform=name, remote_id=name, name=f"{name}-house") for name in PLACES}
    runs = {
        each.run: Run(
            **home, id=each.run, kind="daily", run_key=each.run, day=each.published_at.date(), trigger="cli",
            status="completed", plan=daily_plan(), created_at=each.published_at,
        )
        for each in records
    }  # fmt: skip
    with database.write() as session:
        session.add_all([*channels.values(), *runs.values()])
        session.flush()
        for run in runs:
            session.add(_call(home, run, 5000))
            session.add(_call(home, run, 700))
        for number, each in enumerate(records):
            session.add(
                SubjectRow(**home, id=each.content, run_id=each.run, kind="idea", position=number, title="A post",
                           description="d", category=each.topic)
            )  # fmt: skip
        session.flush()
        for each in records:
            call = _call(home, each.run, each.own)
            session.add(call)
            session.add(
                Content(**home, id=each.content, run_id=each.run, subject_id=each.content, format=each.format,
                        platform=each.platform, variant=each.variant, state="published", text=f"{each.opening}\n\nMore",
                        words=3, characters=9, provider="offline", model="bank", prompt_hash="p1",
                        call_ids=[call.id], content_hash="0" * 64)
            )  # fmt: skip
        session.flush()
        for each in records:
            approval = Approval(**home, id=each.id, content_id=each.content, user_id=user_id, content_hash="0" * 64)
            session.add(approval)
        session.flush()
        for each in records:
            session.add(
                Publication(**home, id=each.id, content_id=each.content, channel_id=channels[each.platform].id,
                            approval_id=each.id, content_hash="0" * 64, words_hash="0" * 64, state="published",
                            planned_at=each.published_at, published_at=each.published_at, cost_microusd=each.fee,
                            created_by="a@example.com")
            )  # fmt: skip
        session.flush()
        for each in records:
            session.add_all(_rows(home, each))


def _rows(home: dict[str, Any], each: Record) -> list[Any]:
    found: list[Any] = [
        MetricSnapshot(
            **home, publication_id=each.id, metric=metric, age=age, have=have, value=value, seconds=seconds,
            observed_at=each.published_at + dt.timedelta(seconds=seconds),
        )
        for (metric, age), (have, value, seconds) in each.values.items()
    ]  # fmt: skip
    if each.reads:
        found.append(MetricAttempt(**home, publication_id=each.id, age=1, cost_microusd=each.reads))
    found += [
        RevenueEntry(**home, publication_id=each.id, day=each.published_at.date(), amount_micros=amount,
                     currency=currency, source="entered", reference=f"{each.id}-{place}")
        for place, (amount, currency) in enumerate(each.revenue)
    ]  # fmt: skip
    return found


def _call(home: dict[str, Any], run: str, cost: int) -> ProviderCall:
    return ProviderCall(
        **home, run_id=run, kind="text", purpose="draft", provider="offline", model="bank", request_hash="0" * 64,
        status="answered", cost_microusd=cost,
    )  # fmt: skip


RECORDS_A_FEW += simulate(3, 40)
