"""Automations as code: put in place once however often they are registered, and telling of the right runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from deployments import declared, registration

NAMES = ["pressroom-dead-run", "pressroom-failed-run", "pressroom-late-run"]


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


def test_only_the_daily_run_is_one_that_people_are_told_of() -> None:
    told = {entry["name"] for entry in declared.declarations() if "notify-on-failure" in entry["tags"]}
    assert "daily" in told
    assert "notify" not in told, "a notice that can't be sent must not cause another one"
