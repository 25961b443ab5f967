"""Trends and opportunities in the database: natural keys, one table of moves, runs that take the same again."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pressroom.errors import MoveRefused, PressroomError
from pressroom.model import RunStatus
from pressroom.model.opportunities import OPPORTUNITY_MOVES, FoundOpportunity, opportunity_moves
from pressroom.model.trends import (
    KnownTopic,
    Link,
    Opportunity,
    OpportunityState,
    Signal,
    SourceFamily,
    Topic,
    TrendScore,
)
from pressroom.store import forgetting, opportunities, runs, schema, trends
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database
from pressroom.store.tables import Run
from pressroom.store.trend_tables import OpportunityRow, OpportunityRule, TrendFetch
from pressroom.store.workspaces import workspace
from tests.fixtures.plans import daily_plan, trends_plan

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
S = OpportunityState


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    made = Database(sqlite_url)
    schema.upgrade(made)
    yield made
    made.close()


def opened(database: Database, plan: Any = None) -> Run:
    plan = plan or trends_plan()
    home = workspace(database, "default")
    run = Run(workspace_id=home.id, kind=plan.kind, run_key=plan.run_key, day=plan.day, trigger="manual",
              status="running", plan=plan)  # fmt: skip
    return runs.open_run(database, run, lease_seconds=60)


def signal(key: str = "a", points: float = 10, at: datetime = NOW, **changes: Any) -> Signal:
    return Signal(**{"source": "first", "family": SourceFamily.FORUM, "key": key, "title": f"Title {key}",
                     "figures": {"points": points}, "metric": "points", "observed_at": at, **changes})  # fmt: skip


def score(topic: str = "t", value: float = 50) -> TrendScore:
    parts = dict.fromkeys(("volume", "velocity", "freshness", "breadth", "fit", "covered"), 0.5)
    return TrendScore(topic_id=topic, trend=value, opportunity=value, **parts)


def scored(*signals: Signal, topic: str = "t", value: float = 50) -> trends.Scored:
    found = Topic(id=topic, label=signals[0].title, signals=signals, first_seen=NOW, last_seen=signals[0].observed_at)
    known = KnownTopic(id=topic, titles=(signals[0].title,), first_seen=NOW)
    return trends.Scored(found, score(topic, value), known)


def found(topic: str = "t", value: float = 50, hours: float = 12, **changes: Any) -> FoundOpportunity:
    fields = {"title": f"About {topic}", "angle": "a", "why_now": "w", "links": (Link(url="https://example.com/1"),),
              "expires_at": NOW + hours * HOUR, **changes}  # fmt: skip
    opportunity = Opportunity(topic_id=topic, score=score(topic, value), **fields)
    return FoundOpportunity(opportunity=opportunity, signals=(signal(topic),))


@pytest.fixture
def of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opportunities, "utc_now", lambda: NOW)


def all_rows(database: Database) -> list[OpportunityRow]:
    home = workspace(database, "default")
    return opportunities.opportunities_of(database, home.id, states=tuple(S), now=NOW)


def test_a_collection_saved_again_changes_nothing_and_another_adds_figures(database: Database) -> None:
    run = opened(database)
    first = [signal("a", 10), signal("b", 5)]
    for _ in range(2):
        trends.save_collection(database, run, "", NOW, [scored(first[0])], first)
    later = opened(database, trends_plan(slot=NOW))
    second = [signal("a", 30, NOW + 6 * HOUR)]
    trends.save_collection(database, later, "", NOW + 6 * HOUR, [scored(second[0], value=80)], second)

    [now] = trends.topics_of(database, run.workspace_id, since=NOW - HOUR)
    assert [value for _, value in now.line] == [50, 80] and now.score.trend == 80
    assert [one.key for one in trends.signals_of(database, now.row.id)] == ["a"]
    figures = trends.earlier_signals(database, run.workspace_id, "", NOW - HOUR, NOW + 12 * HOUR)
    assert sorted((one.volume, one.observed_at.hour) for one in figures) == [(5, 6), (10, 6), (30, 12)]
    assert trends.known_topics(database, run.workspace_id, "", NOW)[0].titles == ("Title a",)
    assert trends.topics_of(database, run.workspace_id, region="DE", since=NOW - HOUR) == []


def test_a_topic_found_otherwise_the_second_time_replaces_what_the_first_try_said(database: Database) -> None:
    run = opened(database)
    trends.save_collection(database, run, "", NOW, [scored(signal("a"))], [signal("a")])
    both = [signal("a"), signal("b")]
    trends.save_collection(database, run, "", NOW, [scored(*both, value=60)], both)
    [now] = trends.topics_of(database, run.workspace_id, since=NOW - HOUR)
    assert len(trends.signals_of(database, now.row.id)) == 2 and [value for _, value in now.line] == [60]


def fetch(run: Run, source: str, at: datetime, position: int = 0, **changes: Any) -> TrendFetch:
    return TrendFetch(workspace_id=run.workspace_id, run_id=run.id, source=source, collected_at=at, fetched_at=at,
                      position=position, **changes)  # fmt: skip


def test_the_newest_good_answers_count_and_a_failure_is_told_once(database: Database) -> None:
    run = opened(database)
    trends.save_fetches(database, [fetch(run, "first", NOW, place, key=f"k{place}") for place in range(2)])
    trends.save_fetches(database, [fetch(run, "first", NOW + HOUR, key="k2")])
    failed = fetch(run, "second", NOW, code="SOURCE_UNREACHABLE", reason="gone")
    for _ in range(2):
        trends.save_fetches(database, [failed])
    trends.save_fetches(database, [fetch(run, "first", NOW + 2 * HOUR, code="SOURCE_UNREACHABLE", reason="gone")])

    assert [row.key for row in trends.answers_of(database, run.id)] == ["k2"]
    assert [row.key for row in trends.last_answers(database, run.workspace_id, "first", "")] == ["k2"]
    calls = [fetch(run, "third", NOW, address="https://e.org/1", headers={"etag": "1"}, key="k3"),
             fetch(run, "third", NOW + HOUR, address="https://e.org/1", headers={"etag": "2"}, code="C")]  # fmt: skip
    trends.save_fetches(database, calls)
    assert [at for _, at in trends.calls_since(database, "third", NOW)] == [NOW, NOW + HOUR]
    assert trends.last_headers(database, run.workspace_id, "third", "") == {"https://e.org/1": {"etag": "2"}}
    assert trends.key_of(database, run.workspace_id, "third", "https://e.org/1") == ("k3", 0)
    day = timedelta(days=1)
    assert trends.tell_failing(database, run.workspace_id, NOW - HOUR) == []
    assert [row.source for row in trends.tell_failing(database, run.workspace_id, NOW + HOUR)] == ["second"]
    assert [row.source for row in trends.tell_failing(database, run.workspace_id, NOW + day)] == ["first"]
    assert trends.tell_failing(database, run.workspace_id, NOW + day) == []
    trends.save_fetches(database, [fetch(run, "second", NOW + day, key="k3")])
    health = {row.source: row for row in trends.health_of(database, run.workspace_id)}
    assert health["second"].failing_since is None and health["second"].told_at is None


def test_raw_answers_go_after_their_time_and_one_that_is_still_named_stays(
    database: Database, store: ArtifactStore
) -> None:
    run = opened(database)
    for key in ("old", "both", "default/trends/runs/" + run.id + "/memory.json.gz"):
        store.put(key, key.encode())
    later = NOW + timedelta(days=10)
    trends.save_fetches(database, [fetch(run, "first", NOW, 0, key="old"), fetch(run, "first", NOW, 1, key="both")])
    trends.save_fetches(database, [fetch(run, "first", later, key="both")])
    assert forgetting.purge_raw_answers(database, store, NOW + HOUR) == 2
    assert store.list() == ["both"] and [row.key for row in trends.fetches_of(database, run.id)] == ["both"]
    assert forgetting.purge_raw_answers(database, store, NOW + HOUR) == 0


def test_every_move_of_the_table_is_made_and_every_other_refused(database: Database, of_the_time: None) -> None:
    run = opened(database)
    allowed = {(move.origin, move.target) for move in OPPORTUNITY_MOVES}
    assert [move.target for move in opportunity_moves(S.OPEN)] == [S.TAKEN, S.DISMISSED]
    assert [move.target for move in opportunity_moves(S.TAKEN)] == [S.OPEN]
    assert not opportunity_moves(S.TAKEN, in_run=True)
    assert not [*opportunity_moves(S.DISMISSED), *opportunity_moves(S.EXPIRED)]
    moves = {S.TAKEN: opportunities.take, S.DISMISSED: opportunities.dismiss, S.OPEN: opportunities.give_back}
    for number, origin in enumerate(S):
        for target, move in moves.items():
            topic = f"{number}{target}"
            opportunities.save_opportunities(database, run, [found(topic)], NOW)
            [row] = [each for each in all_rows(database) if each.topic_id == topic]
            with database.write() as session:
                row.state = origin
                session.add(row)
            if (origin, target) in allowed:
                assert move(database, run.workspace_id, row.id, by="ada@example.com").state == target
            else:
                with pytest.raises(MoveRefused):
                    move(database, run.workspace_id, row.id, by="ada@example.com")


def test_a_taken_one_is_given_back_until_a_run_writes_it_and_no_rule_takes_it_again(
    database: Database, of_the_time: None
) -> None:
    run = opened(database)
    opportunities.save_opportunities(database, run, [found("a"), found("b")], NOW)
    home, [a, b] = run.workspace_id, all_rows(database)
    opportunities.save_rule(database, OpportunityRule(workspace_id=home, name="all", least_score=0, most_a_day=9))
    day = (NOW - HOUR, NOW + HOUR)
    assert len(opportunities.apply_rules(database, home, day=day, now=NOW)) == 2
    back = opportunities.give_back(database, home, a.id, by="ada@example.com")
    assert (back.state, back.taken_by, back.taken_at) == ("open", "", None)
    assert opportunities.apply_rules(database, home, day=day, now=NOW) == []

    daily = opened(database, daily_plan(ideas=1))
    wanted = {"most": 1, "open_most": 0, "languages": (), "now": NOW}
    opportunities.take_for_run(database, daily, wanted=(b.id,), **wanted)
    with pytest.raises(MoveRefused, match="A run writes about this"):
        opportunities.give_back(database, home, b.id, by="ada@example.com")
    runs.close_run(database, daily.id, RunStatus.FAILED)  # without a draft of it
    assert opportunities.give_back(database, home, b.id, by="ada@example.com").state == "open"


def test_one_in_another_language_than_posts_are_written_in_is_taken_by_nothing(
    database: Database, of_the_time: None
) -> None:
    """It was refused only when it was written, and stayed taken."""
    run = opened(database)
    opportunities.save_opportunities(database, run, [found("de", language="de-AT"), found("en", language="en")], NOW)
    rows, home = {row.topic_id: row for row in all_rows(database)}, run.workspace_id
    with pytest.raises(MoveRefused, match="in 'de-AT', and posts are written in 'en'"):
        opportunities.take(database, home, rows["de"].id, by="ada@example.com")
    daily = opened(database, daily_plan(ideas=1, opportunities=(rows["de"].id,)))
    with pytest.raises(MoveRefused):
        opportunities.take_for_run(
            database, daily, wanted=(rows["de"].id,), most=1, open_most=0, languages=(), now=NOW
        )  # fmt: skip
    opportunities.save_rule(database, OpportunityRule(workspace_id=home, name="all", least_score=0, most_a_day=9))
    taken = opportunities.apply_rules(database, home, day=(NOW - HOUR, NOW + HOUR), now=NOW)
    assert [row.topic_id for row in taken] == ["en"]


def test_an_opportunity_is_opened_once_and_again_only_after_it_expired(database: Database, of_the_time: None) -> None:
    run = opened(database)
    assert opportunities.save_opportunities(database, run, [found("t"), found("u"), found("v")], NOW) == 3
    assert opportunities.save_opportunities(database, run, [found("t", 70)], NOW) == 0
    rows = {row.topic_id: row for row in all_rows(database)}
    assert rows["t"].value == 70
    opportunities.take(database, run.workspace_id, rows["t"].id, by="ada@example.com")
    opportunities.dismiss(database, run.workspace_id, rows["u"].id, by="ada@example.com")
    assert opportunities.expire(database, run.workspace_id, NOW + 13 * HOUR) == 1
    again = [found("t"), found("u"), found("v")]
    assert opportunities.save_opportunities(database, run, again, NOW) == 0  # the same collection, gone on with
    later = opened(database, trends_plan(slot=NOW))
    assert opportunities.save_opportunities(database, later, again, NOW) == 1
    assert sorted((row.topic_id, row.number, row.state) for row in all_rows(database)) == [
        ("t", 1, "taken"), ("u", 1, "dismissed"), ("v", 1, "expired"), ("v", 2, "open"),
    ]  # fmt: skip


def test_a_run_takes_what_waits_then_the_best_open_ones_and_the_same_when_it_goes_on(
    database: Database, of_the_time: None
) -> None:
    run = opened(database)
    given = [found("a", 90), found("b", 80), found("c", 20), found("d", 95, language="de"), found("e", 99, hours=-1)]
    opportunities.save_opportunities(database, run, given, NOW)
    [waiting] = [row for row in all_rows(database) if row.topic_id == "c"]
    opportunities.take(database, run.workspace_id, waiting.id, by="ada@example.com")
    daily = opened(database, daily_plan(ideas=4))

    def taken(run: Run, most: int, open_most: int) -> list[str]:
        rows = opportunities.take_for_run(
            database, run, wanted=None, most=most, open_most=open_most, languages=("en", ""), now=NOW
        )
        return [row.topic_id for row in rows]

    assert taken(daily, 4, 2) == ["a", "c"]
    assert taken(daily, 4, 4) == ["a", "c"]  # gone on with after a death, whatever else is open now
    assert taken(opened(database, daily_plan(ideas=5)), 5, 5) == ["b"]


def test_one_that_is_asked_for_by_its_id_is_taken_or_refused(database: Database, of_the_time: None) -> None:
    run = opened(database)
    opportunities.save_opportunities(database, run, [found("a"), found("b"), found("over", hours=-1)], NOW)
    ids = {row.topic_id: row.id for row in all_rows(database)}
    opportunities.dismiss(database, run.workspace_id, ids["b"], by="ada@example.com")

    def asked(*wanted: str) -> list[str]:
        daily = opened(database, daily_plan(ideas=1, opportunities=wanted))
        rows = opportunities.take_for_run(
            database, daily, wanted=wanted, most=5, open_most=0, languages=(), now=NOW
        )  # fmt: skip
        return [row.topic_id for row in rows]

    assert asked(ids["a"]) == ["a"]
    for wrong in (ids["b"], ids["over"], "0" * 32):
        with pytest.raises(PressroomError):
            asked(wrong)


def test_a_rule_takes_the_best_of_its_categories_and_never_more_than_its_number_a_day(
    database: Database, of_the_time: None
) -> None:
    run = opened(database)
    given = [found("a", 90, category="tech"), found("b", 80, category="tech"), found("c", 99, category="sport"),
             found("d", 60, category="tech")]  # fmt: skip
    opportunities.save_opportunities(database, run, given, NOW)
    rule = OpportunityRule(workspace_id=run.workspace_id, name="tech", least_score=70, categories=["tech"])
    opportunities.save_rule(database, rule)
    days = [(NOW - 6 * HOUR, NOW + 18 * HOUR), (NOW + 18 * HOUR, NOW + 42 * HOUR)]

    def taken(day: int, at: datetime) -> list[str]:
        return [row.topic_id for row in opportunities.apply_rules(database, run.workspace_id, day=days[day], now=at)]

    assert taken(0, NOW) == ["a"] and taken(0, NOW + 5 * HOUR) == []
    assert taken(1, NOW + 19 * HOUR) == []  # b has expired
    opportunities.save_opportunities(database, run, [found("b", 80, category="tech", hours=40)], NOW)
    assert taken(1, NOW + 19 * HOUR) == ["b"]
    opportunities.remove_rule(database, run.workspace_id, "tech")
    assert opportunities.rules_of(database, run.workspace_id) == []


def test_of_several_who_take_the_same_one_does(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On both databases; two collections at once save the same signals and open the same opportunity once."""
    monkeypatch.setattr(opportunities, "utc_now", lambda: NOW)
    database = Database(database_url)
    schema.upgrade(database)
    collections = [opened(database), opened(database, trends_plan(slot=NOW))]
    signals = [signal(str(number)) for number in range(20)]

    def collect(run: Run) -> int:
        trends.save_collection(database, run, "", NOW, [scored(*signals)], signals)
        return opportunities.save_opportunities(database, run, [found("t")], NOW)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(collect, collections)) == 1
    [row] = all_rows(database)

    def take(number: int) -> bool:
        try:
            opportunities.take(database, row.workspace_id, row.id, by=f"{number}@example.com")
        except MoveRefused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(take, range(4))) == 1
    database.close()
