"""Collections: each step can be repeated after a death, a replay gives the same bytes, sources are asked with care."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlmodel import select

from pressroom.calls.books import Books
from pressroom.calls.budget import Budget
from pressroom.calls.ledger import Ledger
from pressroom.errors import BudgetReached, RunBusy, SourceUnreachable
from pressroom.model import Preferences, RunStatus
from pressroom.model.opportunities import SourceReport
from pressroom.model.trends import RawAnswer, Weights
from pressroom.settings import Settings, TrendSettings
from pressroom.sources import trends as sources
from pressroom.sources.fetching.answers import MayPass
from pressroom.sources.trends import Asking, TrendSource
from pressroom.store import opportunities, runs, schema, subjects, trends
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database
from pressroom.store.tables import ProviderCall, Run
from pressroom.store.trend_tables import (
    OpportunityRow,
    OpportunityRule,
    TrendFetch,
    TrendScoreRow,
    TrendSnapshot,
    TrendTopicSignal,
)
from pressroom.store.workspaces import day_bounds, workspace
from pressroom.writing.opportunities import wording
from pressroom.writing.opportunities.collecting import Collector
from pressroom.writing.opportunities.collection import Collection
from pressroom.writing.opportunities.inputs import slot_of, weights_of
from pressroom.writing.opportunities.replaying import compare, replay
from tests.fixtures.plans import trends_plan

NOW = datetime(2026, 11, 30, 13, 5, tzinfo=UTC)
SLOT = NOW.replace(hour=12, minute=0)
HOUR = timedelta(hours=1)
PLACES = (("hacker_news", ""), ("mastodon", ""))


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    made = Database(sqlite_url)
    schema.upgrade(made)
    yield made
    made.close()


@pytest.fixture
def store(folder_url: str) -> ArtifactStore:
    return ArtifactStore(folder_url)


class Desk:
    """One workspace's collections, with sources that say what a test has them say."""

    def __init__(self, database: Database, store: ArtifactStore, name: str = "default") -> None:
        self.database, self.store, self.name = database, store, name
        self.home = workspace(database, name)
        self.asked: list[Asking] = []

    def open(self, slot: datetime = SLOT, **changes: Any) -> Collection:
        plan = trends_plan(workspace=self.name, slot=slot, day=slot.date(), **changes)
        wanted = Run(workspace_id=self.home.id, kind="trends", run_key=plan.run_key, day=plan.day, trigger="manual",
                     status=RunStatus.RUNNING, plan=plan)  # fmt: skip
        run = runs.open_run(self.database, wanted, lease_seconds=60, refresh=True)
        return Collection(self.database, self.store, run)

    def die(self, collection: Collection) -> None:
        """The process of a collection is gone; its run stays as it was."""
        runs.amend(self.database, collection.run.id, lease_owner="none/0/0/0", lease_expires_at=NOW - 24 * HOUR)

    def ask(
        self,
        collection: Collection,
        name: str,
        region: str = "",
        *,
        now: datetime = NOW,
        says: Callable[[TrendSource, Asking], Sequence[RawAnswer]] | None = None,
        books: Books | None = None,
    ) -> SourceReport:
        def collect(source: TrendSource, asking: Asking) -> Sequence[RawAnswer]:
            self.asked.append(asking)
            return says(source, asking) if says else example(source, asking)

        books = books or Books(Ledger(self.database, self.home.id, run_id=collection.run.id))
        collector = Collector(self.database, self.store, collection.run, collection.plan, TrendSettings(), books,
                              collect=collect, now=lambda: now)  # fmt: skip
        return collector.ask(name, region)

    def whole(self, collection: Collection, *, now: datetime = NOW, dies_after: int = 99) -> str:
        """Every step of a collection; it dies after so many."""
        steps: list[Callable[[], Any]] = [
            lambda: collection.fix_inputs(now),
            *(lambda name=name: self.ask(collection, name, now=now) for name, _ in PLACES),
            lambda: collection.score_topics(None, cast(Books, None)),
            lambda: collection.open_opportunities(None, cast(Books, None), now),
            lambda: opportunities.apply_rules(self.database, self.home.id, day=(now - HOUR, now + HOUR), now=now),
        ]
        brought = [step() for step in steps[:dies_after]]
        if dies_after < len(steps):
            return ""
        digest = str(brought[-2][1])
        runs.close_run(self.database, collection.run.id, RunStatus.COMPLETED, totals={"digest": digest})
        return digest

    def content_of(self, table: type[Any], run_id: str) -> Sequence[Any]:
        with self.database.read() as session:
            return session.exec(select(table).where(table.run_id == run_id)).all()

    def content(self) -> dict[str, list[Any]]:
        """Every row of the workspace, without ids."""
        kinds = (TrendFetch, TrendSnapshot, TrendTopicSignal, TrendScoreRow, OpportunityRow)
        without = {
            "id",
            "created_at",
            "updated_at",
            "run_id",
            "workspace_id",
            "signal_id",
            "key",
            "taken_at",
            "milliseconds",
        }
        with self.database.read() as session:
            found = {
                kind.__name__: [row.model_dump(mode="json", exclude=without) for row in session.exec(select(kind))
                                if row.workspace_id == self.home.id]
                for kind in kinds
            }  # fmt: skip
            names = {row.id: row.topic_id for row in session.exec(select(trends.TrendTopic))}
        for rows in found.values():
            for row in rows:
                row["topic_id"] = names.get(row.get("topic_id", ""), row.get("topic_id"))
        return {name: sorted(rows, key=lambda row: json.dumps(row, sort_keys=True)) for name, rows in found.items()}


def example(source: TrendSource, asking: Asking) -> list[RawAnswer]:
    return [one for one in sources.example(asking.now) if (one.source, one.region) == (source.name, asking.region)]


def failing(error: Exception) -> Callable[[TrendSource, Asking], Sequence[RawAnswer]]:
    def collect(source: TrendSource, asking: Asking) -> Sequence[RawAnswer]:
        raise error

    return collect


@pytest.fixture
def desk(database: Database, store: ArtifactStore) -> Desk:
    return Desk(database, store)


def add_rule(desk: Desk) -> None:
    rule = OpportunityRule(workspace_id=desk.home.id, name="best", least_score=30, most_a_day=2)
    opportunities.save_rule(desk.database, rule)


def test_a_collection_that_died_after_any_step_loses_and_doubles_nothing(
    database: Database, store: ArtifactStore
) -> None:
    whole = Desk(database, store, "whole")
    add_rule(whole)
    digest, expected = whole.whole(whole.open()), whole.content()
    assert len(expected["OpportunityRow"]) > 3 and len(expected["TrendSnapshot"]) > 50
    assert sum(row["state"] == "taken" for row in expected["OpportunityRow"]) == 2
    for step in range(1, 6):
        died = Desk(database, store, f"died-{step}")
        add_rule(died)
        collection = died.open()
        died.whole(collection, dies_after=step)
        with pytest.raises(RunBusy):  # a second one at the same time is refused while the first lives
            died.open()
        died.die(collection)
        assert died.whole(died.open()) == digest, f"after step {step}"
        assert died.content() == expected, f"after step {step}"


def test_the_invented_example_is_known_to_no_real_collection_and_makes_way_for_it(desk: Desk) -> None:
    """A real collection a minute later asked no source again, and offered the example's invented news as real."""
    example_day = desk.open(example=True)
    desk.whole(example_day)
    shown = opportunities.opportunities_of(desk.database, desk.home.id, now=NOW)
    assert shown and all(row.is_example for row in shown)
    assert trends.health_of(desk.database, desk.home.id) == []

    real, later = desk.open(), NOW + timedelta(minutes=1)
    inputs = real.fix_inputs(later)
    assert (inputs.known, inputs.past.figures, inputs.past.last) == ((), (), ())
    assert desk.ask(real, "hacker_news", now=later, says=failing(SourceUnreachable("No host."))).outcome == "failed"
    assert trends.last_answers(desk.database, desk.home.id, "hacker_news", "") == []
    assert trends.topics_of(desk.database, desk.home.id, since=NOW - HOUR * 24)  # the example's, while alone
    assert desk.ask(real, "mastodon", now=later).outcome == "collected"
    real.score_topics(None, cast(Books, None))
    real.open_opportunities(None, cast(Books, None), later)
    left = opportunities.opportunities_of(desk.database, desk.home.id, now=later)
    assert left and not any(row.is_example for row in left)
    mine = {score.topic_id for score in desk.content_of(TrendScoreRow, real.run.id)}
    listed = trends.topics_of(desk.database, desk.home.id, since=NOW - HOUR * 24)
    assert {each.row.id for each in listed} == mine


def test_only_topics_in_the_workspaces_language_are_offered_and_the_angle_is_in_it_too(desk: Desk) -> None:
    """An English workspace was offered German opportunities, a German one English angles."""
    for language, offered in (("en", {"en", ""}), ("de", {"de", ""})):
        collection = desk.open(preferences=Preferences(language=language), region=language.upper().replace("EN", "US"))
        collection.fix_inputs(NOW)
        for name, region in (*PLACES, ("feeds", "")):
            desk.ask(collection, name, region)
        collection.score_topics(None, cast(Books, None))
        *_, foreign = collection.open_opportunities(None, cast(Books, None), NOW)
        rows = list(desk.content_of(OpportunityRow, collection.run.id))
        assert rows and {row.language for row in rows} <= offered and foreign > 0, language
        assert all((row.angle == row.title) == (language == "de") for row in rows)
        assert not any("publishers" in row.why_now for row in rows if language == "de")


def test_a_replay_gives_the_same_bytes_and_other_weights_another_order(desk: Desk) -> None:
    for number in range(3):
        slot = SLOT + 6 * number * HOUR
        desk.whole(desk.open(slot), now=slot + HOUR)
    before = desk.content()
    found = replay(desk.database, desk.store, desk.home.id, None, datetime(2026, 1, 1, tzinfo=UTC))
    assert [one.is_same for one in found] == [True] * 3 and found[0].topics > 20
    assert desk.content() == before
    other = Weights(volume=1, velocity=0, freshness=0, breadth=0)
    compared = compare(desk.database, desk.store, desk.home.id, "", datetime(2026, 1, 1, tzinfo=UTC), other)
    assert all(one.same < 10 and len(one.entered) == len(one.left) == 10 - one.same for one in compared)
    assert [one.grown is None for one in compared] == [False, True, True]


def test_a_repeat_in_the_same_slot_opens_nothing_a_second_time(desk: Desk) -> None:
    desk.whole(desk.open())
    first = desk.content()
    desk.whole(desk.open(), now=NOW + 2 * HOUR)
    second = desk.content()
    titles = [row["title"] for row in second["OpportunityRow"]]
    assert len(titles) == len(set(titles)) and {row["title"] for row in first["OpportunityRow"]} <= set(titles)
    scored = [row["topic_id"] for row in second["TrendScoreRow"]]
    assert len(scored) == len(set(scored))
    assert len(second["TrendSnapshot"]) == 2 * len(first["TrendSnapshot"])


def test_a_source_that_fails_is_named_tried_again_and_told_once(desk: Desk) -> None:
    collection = desk.open()
    gone = failing(SourceUnreachable("hn.algolia.com can't be reached."))
    for hours in (0, 6, 12, 18, 23, 24, 30):
        report = desk.ask(collection, "hacker_news", now=NOW + hours * HOUR, says=gone)
        assert (report.outcome, report.code) == ("failed", "SOURCE_UNREACHABLE") and "algolia" in report.reason
        told = trends.tell_failing(desk.database, desk.home.id, NOW + hours * HOUR - 24 * HOUR)
        assert [row.source for row in told] == (["hacker_news"] if hours == 24 else []), hours
    assert collection.read().signals == ()  # and scoring nothing ends well
    collection.fix_inputs(NOW)
    computed, _ = collection.score_topics(None, cast(Books, None))
    assert not computed.topics and collection.open_opportunities(None, cast(Books, None), NOW)[0] == 0


def test_pauses_and_intervals_are_respected_and_what_another_run_got_is_used(desk: Desk) -> None:
    first, second = desk.open(), desk.open(SLOT + 6 * HOUR, region="DE")
    assert desk.ask(first, "hacker_news").outcome == "collected"
    report = desk.ask(second, "hacker_news", now=NOW + timedelta(minutes=3))
    assert (report.outcome, report.answers, len(desk.asked)) == ("waiting", 1, 1)
    assert [one.fetched_at for one in trends.answers_of(desk.database, second.run.id)] == [NOW]
    assert trends.calls_since(desk.database, "hacker_news", NOW - HOUR) == [
        (trends.answers_of(desk.database, first.run.id)[0].address, NOW)
    ]
    pause = failing(MayPass("Too many requests.", retry_after=3600))
    assert desk.ask(second, "mastodon", says=pause).outcome == "failed"
    waiting = desk.ask(second, "mastodon", now=NOW + timedelta(minutes=59))
    assert waiting.outcome == "waiting" and "pause until" in waiting.reason
    assert desk.ask(second, "mastodon", now=NOW + timedelta(minutes=61)).outcome == "collected"


def test_an_answer_that_did_not_change_is_read_from_where_it_was_stored(desk: Desk) -> None:
    desk.ask(desk.open(), "hacker_news")

    def same(source: TrendSource, asking: Asking) -> list[RawAnswer]:
        [answer] = example(source, asking)
        assert asking.conditional[answer.address] == answer.headers
        return [answer.model_copy(update={"status": 304, "content": b""})]

    later = desk.open(SLOT + 6 * HOUR)
    report = desk.ask(later, "hacker_news", now=NOW + 6 * HOUR, says=same)
    assert report.outcome == "unchanged"
    signals = later.read().signals
    assert len(signals) > 10 and {signal.observed_at for signal in signals} == {NOW + 6 * HOUR}


def test_a_source_that_bills_is_paid_once_a_collection_and_not_beyond_the_budget(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection, made = desk.open(), []
    body = json.dumps({"data": [{"trend_name": "Lumen", "tweet_count": 900}, {"trend_name": "Auralis"}]}).encode()

    def bill(source: TrendSource, asking: Asking) -> list[RawAnswer]:
        made.append(source.name)
        return [RawAnswer(source="x", region="US", address="https://api.x.com/2/trends", status=200, content=body,
                          fetched_at=asking.now)]  # fmt: skip

    for _ in range(2):  # the second, as after a death
        report = desk.ask(collection, "x", "US", says=bill)
        assert (report.outcome, report.answers, report.cost_usd) == ("collected", 1, 0.02)
        with desk.database.write() as session:
            for row in session.exec(select(TrendFetch)):
                session.delete(row)
    with desk.database.read() as session:
        calls = session.exec(select(ProviderCall)).all()
    assert made == ["x"] and [(call.kind, call.cost_microusd) for call in calls] == [("trends", 20_000)]

    later = desk.open(SLOT + 6 * HOUR)
    ledger = Ledger(desk.database, desk.home.id, run_id=later.run.id)
    poor = Books(ledger, Budget(desk.database, desk.home.id, later.run.id, run_limit=0.001))
    report = desk.ask(later, "x", "US", says=bill, books=poor)
    assert (report.outcome, report.code, made) == ("failed", BudgetReached.code, ["x"])


def test_models_words_count_only_where_the_signals_bear_them(desk: Desk) -> None:
    collection = desk.open()
    collection.fix_inputs(NOW)
    for name, _ in PLACES:
        desk.ask(collection, name)
    inputs, computed = collection.inputs(), collection.compute()
    first, second, third = [score.topic_id for score in wording.candidates(computed, inputs)][:3]
    said = [
        {"id": first, "angle": "Who gains from it, and who does not.", "why_now": "Many people talk about it."},
        {"id": second, "angle": "It reaches 4,711 percent more people.", "why_now": "It is new."},
        {"id": third, "angle": "x" * 400, "why_now": "It is new."},
        {"id": "nonsense", "angle": "a", "why_now": "b"},
    ]
    body = SimpleNamespace(model_dump=lambda: {"opportunities": said})
    chain = SimpleNamespace(ask=lambda _request, _books: SimpleNamespace(body=body, call_ids=("c1",)))
    words = wording.angles_of(computed, inputs, cast(Any, chain), cast(Books, None))
    assert list(words.angles) == [first] and words.call_ids == ("c1",)


def test_slots_and_days_hold_through_changes_of_clocks_and_at_midnight(database: Database) -> None:
    table = [  # zone, a moment of that day, hours that the day has
        ("Europe/Berlin", datetime(2026, 3, 29, 0, 30, tzinfo=UTC), 23),
        ("Europe/Berlin", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 25),
        ("America/Los_Angeles", datetime(2026, 11, 1, 8, 0, tzinfo=UTC), 25),
        ("Pacific/Kiritimati", datetime(2026, 11, 30, 12, 0, tzinfo=UTC), 24),
        ("Asia/Kathmandu", datetime(2026, 11, 30, 18, 15, tzinfo=UTC), 24),
    ]
    home = workspace(database, "default")
    for zone, moment, hours in table:
        begins, ends = day_bounds(home, Settings(time_zone=zone), moment)
        assert begins <= moment < ends and ends - begins == hours * HOUR, zone
        assert day_bounds(home, Settings(time_zone=zone), ends)[0] == ends
    kept = {slot_of(datetime(2026, 10, 25, tzinfo=UTC) + minutes * timedelta(minutes=20)) for minutes in range(72)}
    assert sorted(slot.hour for slot in kept) == [0, 6, 12, 18]
    assert slot_of(datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)).hour == 18
    assert weights_of("0.4,0.2,0.2,0.2").volume == 0.4


def test_what_a_workspace_wrote_and_wants_is_fixed_with_the_collection(desk: Desk) -> None:
    first = desk.open(preferences=Preferences(topics=("technology",)))
    fixed = first.fix_inputs(NOW)
    assert fixed.known == () and first.fix_inputs(NOW + HOUR) == fixed == first.inputs()
    desk.whole(first)
    assert len(subjects.recall(desk.database, desk.home.id, before=NOW + HOUR, days=30)) == 0
    assert len(desk.open(SLOT + 6 * HOUR).fix_inputs(NOW + 6 * HOUR).known) > 20
