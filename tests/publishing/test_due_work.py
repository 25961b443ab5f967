"""Work that is due: all of it, a few at once, with an alarm for what is due too long; and the flow that does it."""

from __future__ import annotations

from typing import Any, cast

import pytest

from apps.desk.publish_clock import PublishClock
from blocks import connections
from blocks.orchestrator import Orchestrator
from deployments import declared, schedules
from flows.publish import publish
from pressroom.errors import PublishFailed
from pressroom.publishers.ledger import due_work
from pressroom.publishers.ledger.engine import Engine
from tasks import publish as tasks
from tests.fixtures.press import Press


@pytest.fixture(autouse=True)
def its_clock(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due_work, "clock", lambda _session: press.now())


def test_twelve_that_are_due_in_the_same_second_all_go_out_once(press: Press) -> None:
    channel = press.channel("bluesky")
    rows = [press.plan(press.draft(), channel, again=True) for _ in range(12)]
    told: list[str] = []
    report = due_work.work_here(press.engine, 4, tell=lambda row: told.append(row.state))
    assert [press.state(row) for row in rows] == ["published"] * 12
    assert press.public() == 12
    assert (len(report.rows), len(told), report.failed) == (12, 12, ())


def test_rows_that_raise_are_given_back_and_told_of_once_an_hour(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    press.ready("bluesky")
    with monkeypatch.context() as broken:
        broken.setattr(Engine, "advance", lambda *_: 1 / 0)
        report = due_work.work_here(press.engine, 2)
    assert [row.error for row in report.failed] == ["ZeroDivisionError: division by zero"]
    found = due_work.alarm(press.database)
    assert found is not None
    assert "1 publication is due and not worked on" in str(found)
    assert due_work.alarm(press.database) is None, "it was told of a moment ago"
    press.forward(minutes=61)
    assert due_work.alarm(press.database) is not None
    press.work()
    assert due_work.overdue(press.database).count == 0


def test_what_no_worker_looks_at_is_overdue_after_five_minutes(press: Press) -> None:
    press.ready("bluesky")
    press.forward(minutes=4)
    assert due_work.overdue(press.database).count == 0
    press.forward(minutes=2)
    assert due_work.overdue(press.database).count == 1
    (held,) = press.engine.claim(1)
    assert due_work.overdue(press.database).count == 0, "a worker has it"
    press.engine.advance(held)
    assert due_work.overdue(press.database).count == 0


def test_the_flow_sends_what_is_due_and_fails_where_a_row_raises(
    press: Press, nothing_known: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "engine", lambda: press.engine)
    publication = press.ready("bluesky")
    other = press.plan(press.draft(), press.channel("mastodon"))
    report = publish()
    assert {row.publication_id: row.state for row in report.rows} == {
        publication.id: "published",
        other.id: "published",
    }
    assert (press.public("bluesky"), press.public("mastodon")) == (1, 1)
    assert publish().rows == ()

    press.forward(hours=25)
    monkeypatch.setattr(Engine, "advance", lambda *_: 1 / 0)
    told: list[str] = []
    monkeypatch.setattr(
        type(connections.notifier()), "tell", lambda _self, title, body: told.append(title + body) or True
    )
    with pytest.raises(PublishFailed, match="2 of 2 publications raised an error: ZeroDivisionError"):
        publish()
    assert len(told) == 1
    assert "2 publications are due" in told[0]


def test_the_desk_asks_for_a_run_only_when_something_is_due(press: Press) -> None:
    asked: list[str] = []

    class Prefect:
        def start(self, deployment: str, parameters: dict[str, Any], *, idempotency_key: str, tags: list[str]) -> str:
            asked.append(f"{deployment} {parameters}")
            return idempotency_key

    clock = PublishClock(cast("Orchestrator", Prefect()), press.database)
    assert (clock.look(), asked) == ("", [])
    press.ready("bluesky")
    assert clock.look().startswith("publish/")
    assert asked == ["publish/publish {'request': {}}"]
    press.work()
    assert clock.look() == ""


def test_its_schedule_is_left_to_the_desk_under_up_alone() -> None:
    (entry,) = [each for each in declared.declarations() if each["name"] == "publish"]
    assert [(each["cron"], each["active"]) for each in entry["schedules"]] == [("* * * * *", True)]
    assert entry["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}
    off = {each["name"]: each for each in schedules.without_minutes(declared.declarations())}
    assert [each["active"] for each in off["publish"]["schedules"]] == [False]
    assert [each["active"] for each in off["housekeeping"]["schedules"]] == [True]
