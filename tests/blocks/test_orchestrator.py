"""Starting, following, scheduling and ending flow runs on a real Prefect server; and without one."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Iterator

import pytest

from blocks.orchestrator import Orchestrator, PrefectAway
from pressroom.errors import NotFound, WrongInput
from pressroom.model.schedules import Morning, Schedule
from tests.blocks.busy_server import busy_server

DESK = "daily/desk"
NOBODY = "00000000-0000-0000-0000-000000000000"
MORNING = Schedule(
    time=dt.time(6, 30), zone="Europe/Berlin", days=("fri", "mon"), request=Morning(ideas=3, focus="bees")
)


@pytest.fixture
def orchestrator(nothing_known: None, prefect_api: str) -> Iterator[Orchestrator]:
    """One to whose server `daily/daily` and `daily/desk` were just deployed, as `pressroom up` does."""
    from deployments import declared

    for entry in declared.declarations():
        if entry["name"] in {"daily", "desk"}:
            declared.deployment({**entry, "work_pool": None}).apply(_sync=True)  # type: ignore[call-arg]
    made = Orchestrator()
    yield made
    made.close()


def test_one_key_is_one_flow_run(orchestrator: Orchestrator) -> None:
    first = orchestrator.start(DESK, {"request": {"ideas": 2}}, idempotency_key="one", tags=["job:1"])

    assert orchestrator.start(DESK, {"request": {"ideas": 2}}, idempotency_key="one") == first
    assert orchestrator.start(DESK, {"request": {"ideas": 2}}, idempotency_key="another") != first
    assert orchestrator.states([first, NOBODY])[first].type == "SCHEDULED"
    assert NOBODY not in orchestrator.states([first, NOBODY])
    assert orchestrator.doing(first) == []


def test_one_that_waits_is_cancelled_at_once_and_only_once(orchestrator: Orchestrator) -> None:
    waiting = orchestrator.start(DESK, {"request": {}}, idempotency_key="to be cancelled")
    orchestrator.cancel(waiting)
    orchestrator.cancel(waiting)

    assert orchestrator.states([waiting])[waiting].type == "CANCELLED"
    with pytest.raises(NotFound):
        orchestrator.cancel(NOBODY)


def test_what_the_flow_does_not_take_is_refused(orchestrator: Orchestrator) -> None:
    with pytest.raises(WrongInput, match="ideas"):
        orchestrator.start(DESK, {"request": {"ideas": 1001}}, idempotency_key="wrong")


def test_a_deployment_that_is_not_there_is_told_with_what_to_do(orchestrator: Orchestrator) -> None:
    with pytest.raises(PrefectAway, match=r"daily/nobody is not on the Prefect server.*pressroom up"):
        orchestrator.start("daily/nobody", {}, idempotency_key="x")


def test_a_workspace_has_one_schedule_changed_in_place_and_taken_away(orchestrator: Orchestrator) -> None:
    orchestrator.set_schedule("ours", MORNING)
    orchestrator.set_schedule("theirs", MORNING.model_copy(update={"active": False}))
    assert _schedules(DESK)["workspace-ours"] == (
        "30 6 * * mon,fri",
        "Europe/Berlin",
        True,
        {"request": {"ideas": 3, "focus": "bees", "workspace": "ours"}},
    )
    assert _schedules(DESK)["workspace-theirs"][2] is False

    orchestrator.set_schedule("ours", MORNING.model_copy(update={"zone": "Asia/Tokyo"}))
    assert _schedules(DESK)["workspace-ours"][1] == "Asia/Tokyo"
    orchestrator.set_schedule("ours", None)
    orchestrator.set_schedule("ours", None)
    assert set(_schedules(DESK)) == {"workspace-theirs"}
    assert _schedules("daily/daily")["every-morning"][2] is True


def test_the_workspace_of_the_settings_is_not_made_twice_a_morning(orchestrator: Orchestrator) -> None:
    orchestrator.set_schedule("default", MORNING)
    assert _schedules("daily/daily")["every-morning"][2] is False

    orchestrator.set_schedule("default", None)
    assert _schedules("daily/daily")["every-morning"][:3] == ("0 6 * * *", "UTC", True)


def test_an_absent_server_is_told_quickly_with_what_to_do() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody_there = Orchestrator(lambda: f"http://127.0.0.1:{probe.getsockname()[1]}/api")
        for ask in (nobody_there.health, lambda: nobody_there.states([NOBODY]), Orchestrator(lambda: None).health):
            with pytest.raises(PrefectAway, match="pressroom up"):
                ask()


def test_a_busy_server_is_asked_again() -> None:
    """On SQLite, Prefect answers 503 when two write at the same time."""
    with busy_server(refusals=2) as (address, asked):
        Orchestrator(lambda: address).health()
        assert len(asked) == 3


def test_a_silent_server_is_not_waited_for_by_everybody_who_looks() -> None:
    with busy_server(refusals=1, status=500) as (address, asked):
        looking = Orchestrator(lambda: address)
        for _ in range(3):
            with pytest.raises(PrefectAway):
                looking.states([NOBODY])
        assert len(asked) == 1
        looking.health()
        assert len(asked) == 2, "what is not only looked at is asked all the same"


def _schedules(deployment: str) -> dict[str, tuple[str, str, bool, dict[str, object]]]:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        found = client.read_deployment_by_name(deployment).schedules
    return {
        each.slug or "": (each.schedule.cron, each.schedule.timezone, each.active, each.parameters)  # type: ignore
        for each in found
    }
