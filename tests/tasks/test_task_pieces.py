"""The parts of tasks that hold without a server: outcomes, states, the day, the runner."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Any

import pytest

from blocks import connections
from pressroom.errors import ChainExhausted, Misconfigured
from pressroom.model import DraftRef, GateVerdict, Idea, IdeaRef, RunRef
from pressroom.settings import settings
from pressroom.store import contents, runs, subjects
from pressroom.store.database import Database
from pressroom.store.tables import Content, Run
from pressroom.store.workspaces import workspace
from tasks import progress
from tasks.failures import outcome
from tasks.runner import task_runner
from tasks.runs import reference, rows_of, status_of
from tests.fixtures.plans import daily_plan

ANYTHING: Any = None
IDEA = IdeaRef(id="i", position=1, title="Why rehearsals pay")
GOOD = GateVerdict(success=True, expectations=3, batch_hash="0")
BAD = GateVerdict(success=False, expectations=3, failed=("Too short.",), batch_hash="0")


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch, migrated_sqlite_url: str) -> Database:
    """An empty database, which is the one of the tasks."""
    made = Database(migrated_sqlite_url)
    monkeypatch.setattr(connections, "database", lambda: made)
    return made


def stored_run(database: Database, wanted: int, titles: int, states: dict[str, str]) -> RunRef:
    """A run of `wanted` ideas in the formats a and b, with `titles` ideas and, of the first, drafts in `states`."""
    home = workspace(database, "default")
    day = dt.date(2026, 11, 20)
    plan = daily_plan(formats=("a", "b"), ideas=wanted)
    row = runs.open_run(
        database,
        Run(
            workspace_id=home.id, kind="daily", run_key="k", day=day, trigger="manual", status="running",
            plan=plan,
        ),
        lease_seconds=60,
    )  # fmt: skip
    ideas = [Idea(title=f"Title {number}", description="-", category="technology") for number in range(titles)]
    kept = subjects.save_ideas(database, row, ideas)
    for form, state in states.items():
        draft = Content(
            workspace_id=home.id, run_id=row.id, subject_id=kept[0].id, format=form, platform="x", state=state,
            text="-", words=1, characters=1, provider="offline", model="m", prompt_hash="p", content_hash="c",
        )  # fmt: skip
        contents.save_draft(database, draft)
    return reference(row)


def draft(form: str) -> DraftRef:
    return DraftRef(id=form, idea_position=1, format=form, state="generated")


class Future:
    def __init__(self, brings: Any) -> None:
        self.brings = brings

    def result(self, raise_on_failure: bool) -> Any:
        assert not raise_on_failure
        if isinstance(self.brings, KeyError):
            raise self.brings
        return self.brings


def test_a_draft_that_came_is_its_outcome() -> None:
    assert outcome(Future(draft("x_thread")), IDEA, "x_thread") == draft("x_thread")


@pytest.mark.parametrize(
    ("brought", "code", "reason"),
    [
        (ChainExhausted(["openai: busy"]), "CHAIN_EXHAUSTED", "openai: busy"),
        (RuntimeError("crashed"), "RuntimeError", "crashed"),
        (KeyError("no result"), "KeyError", "no result"),
        (None, "NoneType", "None"),
    ],
)
def test_whatever_else_came_is_a_failure_with_its_reason(brought: Any, code: str, reason: str) -> None:
    failure = outcome(Future(brought), IDEA, "x_thread")
    assert (failure.code, failure.format, failure.idea_title) == (code, "x_thread", IDEA.title)
    assert reason in failure.reason


ALL_GOOD = {"a": "generated", "b": "generated"}
ONE_BAD = {"a": "generated", "b": "quarantined"}


@pytest.mark.parametrize(
    ("wanted", "titles", "states", "verdict", "status"),
    [
        (1, 1, ALL_GOOD, GOOD, "completed"),
        (1, 1, ALL_GOOD, BAD, "partial"),
        (1, 1, ONE_BAD, GOOD, "partial"),
        (1, 1, {"a": "generated"}, GOOD, "partial"),
        (2, 1, ALL_GOOD, GOOD, "partial"),
        (2, 2, ALL_GOOD, GOOD, "partial"),
        (1, 1, {"a": "quarantined", "b": "quarantined"}, GOOD, "partial"),
        (1, 1, {}, GOOD, "failed"),
    ],
)
def test_a_run_is_completed_only_when_all_of_it_is_there_and_good(
    wanted: int, titles: int, states: dict[str, str], verdict: GateVerdict, status: str, database: Database
) -> None:
    run = stored_run(database, wanted, titles, states)
    assert status_of(run, rows_of(run), verdict) == status


@pytest.mark.parametrize("name", ["dask", "ray"])
def test_a_runner_that_is_not_installed_says_what_to_install(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSROOM_TASK_RUNNER", name)
    for module in {f"prefect_{name}", *(known for known in sys.modules if known.startswith(f"prefect_{name}."))}:
        monkeypatch.setitem(sys.modules, module, None)
    settings.cache_clear()
    with pytest.raises(Misconfigured, match=rf"pressroom\[{name}\]"):
        task_runner()


def test_threads_are_as_many_as_the_setting_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSROOM_CONCURRENCY", "7")
    settings.cache_clear()
    assert task_runner()._max_workers == 7  # type: ignore[attr-defined]


def test_a_listener_is_told_until_it_is_dismissed() -> None:
    told: list[tuple[str, int, int]] = []

    def listener(what: str, done: int, total: int) -> None:
        told.append((what, done, total))

    progress.listen(listener)
    progress.announce("Writing", 1, 2)
    progress.dismiss(listener)
    progress.announce("Writing", 2, 2)
    assert told == [("Writing", 1, 2)]


def test_progress_says_about_how_long_the_rest_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    from tasks import progress

    now, heard = [100.0], []
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(progress.Progress, "_show", lambda self, percent: None)
    progress.listen(listener := lambda *told: heard.append(told))
    try:
        counting = progress.Progress(4, "Optimising")
        assert counting.seconds_left == 0
        now[0] += 6
        counting.step(f"Optimising, about {counting.seconds_left:.0f} s left")
        assert counting.seconds_left == 18
    finally:
        progress.dismiss(listener)
    assert heard[-1][1:] == (1, 4)


def test_no_gate_is_started_for_no_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    from tasks import brief

    def started() -> None:
        raise AssertionError("a gate was started")

    monkeypatch.setattr(brief, "_started", started)
    monkeypatch.setattr(brief.assemble, "batch", lambda _: [])
    verdict = brief.judge_batch(ANYTHING, ANYTHING, [])
    assert (verdict.ran, verdict.success, verdict.failed) == (
        False,
        False,
        ("The batch was not judged: there is no draft.",),
    )


def test_a_verdict_that_was_stored_before_ran_if_it_knows_what_it_judged() -> None:
    stored = {"success": False, "expectations": 0, "failed": [], "batch_hash": "", "docs": None}
    assert not GateVerdict.model_validate(stored).ran
    assert GateVerdict.model_validate({**stored, "batch_hash": "0"}).ran
