"""Automations as code: put in place once however often they are registered, and telling of the right runs."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from prefect.automations import Automation

from deployments import declared, deploy, registration
from tests.fixtures.running import ROOT

NAMES = sorted(registration.AUTOMATIONS)


@pytest.fixture
def automations(nothing_known: None) -> dict[str, Any]:
    """Those of a server on which everything was registered twice."""
    from prefect.client.orchestration import get_client

    (notify,) = [entry for entry in declared.declarations() if entry["name"] == "notify"]
    declared.deployment({**notify, "work_pool": None}).apply(_sync=True)  # type: ignore[call-arg]
    for _ in range(2):
        registration.register_automations()
    with get_client(sync_client=True) as client:
        found = client.request("POST", "/automations/filter", json={"sort": "NAME_ASC"}).json()
    assert [item["name"] for item in found] == NAMES
    return {item["name"]: item for item in found}


def test_a_run_that_does_not_start_is_told_like_one_that_failed(automations: dict[str, Any]) -> None:
    late, failed = automations["pressroom-late-run"], automations["pressroom-failed-run"]
    trigger = late["trigger"]
    assert (trigger["posture"], trigger["within"]) == ("Proactive", timedelta(minutes=10).total_seconds())
    assert trigger["after"] == ["prefect.flow-run.Late"]
    assert {"prefect.flow-run.Running", "prefect.flow-run.Cancelled"} <= set(trigger["expect"])
    assert trigger["match_related"] == failed["trigger"]["match_related"]
    assert late["actions"] == failed["actions"]
    assert "event.resource.id" in str(late["actions"])


def test_deploy_puts_everything_on_a_server_and_doctor_names_what_is_missing(
    nothing_known: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is put there by a process, as users do it; what is missing is asked for in this one."""
    monkeypatch.setenv("PRESSROOM_TIME_ZONE", "UTC")  # deploy sets it

    def lacking() -> str:
        assert deploy.main(["--check"]) == 0
        return capsys.readouterr().out.strip()

    assert lacking(), "the server lacks something; other tests may have left deployments"
    line = [sys.executable, "-m", "deployments.deploy"]
    done = subprocess.run(line, check=False, capture_output=True, text=True, timeout=240, cwd=ROOT)
    assert (done.returncode, "Deployed to http://127.0.0.1" in done.stdout) == (0, True), done.stderr
    assert lacking() == ""
    Automation.read(name="pressroom-dead-run").delete()
    assert lacking() == "automation pressroom-dead-run"


def test_a_run_that_is_refused_is_told(automations: dict[str, Any]) -> None:
    refused = automations["pressroom-refused-run"]
    assert refused["enabled"]
    assert refused["actions"] == automations["pressroom-failed-run"]["actions"]


def test_only_the_daily_run_is_one_that_people_are_told_of() -> None:
    told = {entry["name"] for entry in declared.declarations() if "notify-on-failure" in entry["tags"]}
    assert "daily" in told
    assert "notify" not in told, "a notice that can't be sent must not cause another one"
