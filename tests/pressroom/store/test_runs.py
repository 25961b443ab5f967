"""A run is opened once for the same work, refused while it is alive, and taken up after a death."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from pressroom.errors import DatabaseUnusable, RunBusy, WrongInput
from pressroom.model import RunStatus
from pressroom.store import contents, runs
from pressroom.store.database import Database
from pressroom.store.owners import this_process
from pressroom.store.runs import close_run, find_run, get_run, kept_alive, list_runs, open_run
from pressroom.store.tables import Artifact, Run, utc_now
from pressroom.store.workspaces import workspace
from tests.fixtures.plans import daily_plan

DAY = date(2026, 11, 20)
CHILD = """
import sys, datetime
from pressroom.store.database import Database
from pressroom.store.runs import open_run
from pressroom.store.tables import Run, Table
wanted = Run(workspace_id=sys.argv[2], kind="daily", run_key="one", day=datetime.date(2026, 11, 20), trigger="manual",
             status="running")
print(open_run(Database(sys.argv[1]), wanted, lease_seconds=90, refresh=sys.argv[3] == "refresh").variant, flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def workspace_id(database: Database) -> str:
    return workspace(database, "default").id


@pytest.fixture
def opened(database: Database, workspace_id: str) -> Callable[..., Run]:
    """`opened("one", refresh=True)`: the run with that key, opened by this process."""

    def start(key: str = "one", *, refresh: bool = False, lease: float = 90, **changes: Any) -> Run:
        wanted = {"kind": "daily", "day": DAY, "trigger": "manual", "status": RunStatus.RUNNING, **changes}
        run = Run(workspace_id=workspace_id, run_key=key, **wanted)
        return open_run(database, run, lease_seconds=lease, refresh=refresh)

    return start


@pytest.fixture
def child(migrated_url: str, workspace_id: str) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """`child()` opens the run `one` in a process of its own, and holds it until killed."""
    children: list[subprocess.Popen[str]] = []

    def start(how: str = "plain") -> subprocess.Popen[str]:
        line = [sys.executable, "-c", CHILD, migrated_url, workspace_id, how]
        children.append(subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        return children[-1]

    yield start
    for one in children:
        one.kill()
        one.communicate()


def variant_of(child: subprocess.Popen[str]) -> int:
    assert child.stdout is not None
    return int(child.stdout.readline())


# Opening


def test_a_run_is_opened(database: Database, opened: Callable[..., Run]) -> None:
    run = get_run(database, opened(lease=90, plan=daily_plan(ideas=3)).id)
    assert (run.status, run.variant, run.lease_owner) == ("running", 0, this_process())
    assert (run.plan, run.chain, run.day) == (daily_plan(ideas=3), ("offline",), DAY)
    assert run.lease_expires_at is not None
    assert timedelta(seconds=80) < run.lease_expires_at - utc_now() <= timedelta(seconds=90)


def test_the_same_work_is_the_same_run(database: Database, opened: Callable[..., Run]) -> None:
    first = opened()
    close_run(database, first.id, RunStatus.PARTIAL, error="two drafts failed")
    again = opened(flow_run_id="f" * 36)
    assert again.id == first.id
    assert (again.status, again.variant, again.error, again.closed_at) == ("running", 0, None, None)
    assert (again.flow_run_id, again.lease_owner) == ("f" * 36, this_process())
    assert again.started_at > first.started_at


@pytest.mark.parametrize("change", [{"key": "two"}, {"kind": "repurpose"}])
def test_other_work_is_another_run(opened: Callable[..., Run], change: dict[str, Any]) -> None:
    assert opened(**change).id != opened().id


def test_a_living_run_is_refused_in_its_own_process(opened: Callable[..., Run]) -> None:
    run = opened()
    with pytest.raises(RunBusy, match=run.id[:8]) as caught:
        opened()
    assert str(DAY) in caught.value.message
    assert caught.value.hint


def test_of_ten_starts_at_once_one_is_let_in(opened: Callable[..., Run]) -> None:
    def start(_: int) -> bool:
        try:
            opened()
        except RunBusy:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(start, range(10))) == 1


def test_a_living_run_is_refused_in_other_processes_until_it_is_killed(
    database: Database, opened: Callable[..., Run], child: Callable[..., subprocess.Popen[str]]
) -> None:
    one = child()
    assert variant_of(one) == 0
    (held,) = list_runs(database, workspace(database, "default").id)
    with pytest.raises(RunBusy, match=f"process {one.pid} on "):
        opened(refresh=True)
    one.kill()
    one.wait()
    resumed = opened()
    assert (resumed.id, resumed.variant, resumed.lease_owner) == (held.id, 0, this_process())


def test_a_lease_elsewhere_is_respected_until_it_ends(database: Database, opened: Callable[..., Run]) -> None:
    run = opened()
    soon = utc_now() + timedelta(seconds=60)
    runs.amend(database, run.id, lease_owner="elsewhere/1/1/abcdef01", lease_expires_at=soon)
    with pytest.raises(RunBusy, match="elsewhere"):
        opened()
    runs.amend(database, run.id, lease_expires_at=utc_now() - timedelta(seconds=1))
    assert opened().id == run.id


# Refreshing


def test_an_ended_run_is_refreshed_in_its_next_variant(database: Database, opened: Callable[..., Run]) -> None:
    for variant in range(3):
        run = opened(refresh=variant > 0)
        assert run.variant == variant
        close_run(database, run.id, RunStatus.COMPLETED)
    assert opened().variant == 2


def test_a_new_run_has_nothing_to_refresh(opened: Callable[..., Run]) -> None:
    assert opened(refresh=True).variant == 0


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
def test_a_refresh_that_died_goes_on_with_its_variant(
    database: Database, opened: Callable[..., Run], child: Callable[..., subprocess.Popen[str]]
) -> None:
    close_run(database, opened().id, RunStatus.COMPLETED)
    one = child("refresh")
    assert variant_of(one) == 1
    one.kill()
    one.wait()
    assert opened(refresh=True).variant == 1


# Keeping alive and closing


def test_the_heartbeat_renews_the_lease(database: Database, opened: Callable[..., Run]) -> None:
    run = opened(lease=0.6)
    with kept_alive(database, run.id, lease_seconds=0.6):
        time.sleep(1.2)
        with pytest.raises(RunBusy):
            opened()
    time.sleep(0.7)
    assert opened().id == run.id


def test_the_heartbeat_outlives_a_database_that_is_away(
    database: Database, opened: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles = iter([DatabaseUnusable("away."), DatabaseUnusable("away.")])
    beats: list[str] = []

    def renew(database: Database, run_id: str, lease_seconds: float) -> None:
        if (trouble := next(troubles, None)) is not None:
            raise trouble
        beats.append(run_id)

    monkeypatch.setattr(runs, "_renew", renew)
    with kept_alive(database, "a" * 32, lease_seconds=0.06):
        time.sleep(0.4)
    assert beats


def test_a_lease_that_is_lost_is_not_taken_back(database: Database, opened: Callable[..., Run]) -> None:
    run = opened()
    soon = utc_now() + timedelta(seconds=60)
    runs.amend(database, run.id, lease_owner="elsewhere/1/1/abcdef01", lease_expires_at=soon)
    with kept_alive(database, run.id, lease_seconds=0.03):
        time.sleep(0.15)
    assert get_run(database, run.id).lease_expires_at == soon


def test_the_heartbeat_stops_at_once(database: Database, opened: Callable[..., Run]) -> None:
    started = time.monotonic()
    with kept_alive(database, opened().id, lease_seconds=90):
        pass
    assert time.monotonic() - started < 1


def test_closing_gives_the_lease_back(database: Database, opened: Callable[..., Run]) -> None:
    closed = close_run(database, opened().id, RunStatus.COMPLETED, totals={"drafts": 15}, gate={"success": True})
    kept = get_run(database, closed.id)
    assert (kept.status, kept.totals, kept.gate) == ("completed", {"drafts": 15}, {"success": True})
    assert (kept.lease_owner, kept.lease_expires_at) == (None, None)
    assert kept.closed_at is not None and kept.closed_at >= kept.started_at


# Finding


def test_runs_are_found_by_day_id_and_latest(database: Database, workspace_id: str, opened: Callable[..., Run]) -> None:
    first = opened("one", day=date(2026, 11, 19), id="aaaa" + "0" * 28)
    second = opened("two", day=DAY, id="aabb" + "0" * 28)
    third = opened("three", day=DAY, id="cccc" + "0" * 28)

    def found(wanted: str) -> str:
        return find_run(database, workspace_id, wanted).id

    assert found("latest") == third.id
    assert found("2026-11-20") == third.id
    assert found("2026-11-19") == first.id
    assert found("aab") == found("AAB") == found(second.id) == second.id
    assert [run.id for run in list_runs(database, workspace_id)] == [third.id, second.id, first.id]
    assert [run.id for run in list_runs(database, workspace_id, limit=1)] == [third.id]


def test_several_runs_that_begin_alike(database: Database, workspace_id: str, opened: Callable[..., Run]) -> None:
    opened("one", id="aaaa" + "0" * 28)
    opened("two", id="aabb" + "0" * 28)
    with pytest.raises(WrongInput, match="Several runs begin with 'aa'"):
        find_run(database, workspace_id, "aa")


def test_a_run_that_is_not_there(database: Database, workspace_id: str) -> None:
    for wanted in ("latest", "2026-11-20", "abc", "%", "_", "2026-13-45"):
        with pytest.raises(WrongInput, match="no run") as caught:
            find_run(database, workspace_id, wanted)
        assert wanted in caught.value.message or wanted == "latest"
    assert caught.value.hint == "`pressroom runs` lists them."
    with pytest.raises(WrongInput, match="no run yet") as caught:
        find_run(database, workspace_id, "latest")
    assert "pressroom daily" in caught.value.hint


def test_the_newest_run_with_a_file_comes_before_newer_ones_without(
    database: Database, workspace_id: str, opened: Callable[..., Run]
) -> None:
    with_brief, pictures = opened("one"), opened("two", kind="optimize")
    brief = Artifact(
        workspace_id=workspace_id, run_id=with_brief.id, kind="brief", key="a/brief.md", address="a", sha256="", size=1
    )
    contents.record_artifacts(database, [brief])
    for wanted in ("latest", DAY.isoformat()):
        assert find_run(database, workspace_id, wanted).id == pictures.id
        assert find_run(database, workspace_id, wanted, having="/brief.md").id == with_brief.id
    assert find_run(database, workspace_id, pictures.id, having="/brief.md").id == pictures.id


def test_other_workspaces_runs_are_not_found(database: Database, opened: Callable[..., Run]) -> None:
    opened()
    other = workspace(database, "other").id
    assert list_runs(database, other) == []
    with pytest.raises(WrongInput):
        find_run(database, other, "latest")
