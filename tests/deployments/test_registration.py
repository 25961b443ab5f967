"""Automations as code: put in place once however often they are registered, and telling of the right runs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from prefect.automations import Automation

from deployments import declared, deploy, pools, registration
from pressroom.errors import WrongInput
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


def test_every_deployment_names_a_queue_and_the_morning_comes_before_bulk_work() -> None:
    by_name = {entry["name"]: entry["work_pool"] for entry in declared.declarations()}
    assert {pool["name"] for pool in by_name.values()} == {pools.of_kind("process").pool}
    order = [pools.queues().index(by_name[name]["work_queue_name"]) for name in ("daily", "publish", "desk", "bulk")]
    assert order == sorted(set(order))


@pytest.fixture
def nothing_deployed(nothing_known: None) -> Iterator[None]:
    """No deployment before and afterwards: those of a pool that was asked for work count as served for a minute."""
    from prefect.client.orchestration import get_client

    def forget() -> None:
        with get_client(sync_client=True) as client:
            for each in client.read_deployments():
                client.delete_deployment(each.id)

    forget()
    yield
    forget()


def test_a_worker_with_one_place_is_given_the_morning_before_bulk_work_that_was_asked_for_earlier(
    nothing_deployed: None,
) -> None:
    from prefect.client.orchestration import get_client

    pool = pools.of_kind("process")
    with get_client(sync_client=True) as client:
        for _ in range(2):
            pools.register(client, pool)
        found = {queue.name: queue.priority for queue in client.read_work_queues(work_pool_name=pool.pool)}
        assert sorted(found, key=lambda name: found[name] or 0) == pools.queues()
        assert client.read_work_pool(pool.pool).concurrency_limit == pool.flow_runs
        flow = client.create_flow_from_name("daily")
        for name, queue in (("bulk", "bulk"), ("daily", "morning")):
            made = client.create_deployment(flow, name=name, work_pool_name=pool.pool, work_queue_name=queue)
            client.create_flow_run_from_deployment(made, name=name)
        asked = {"work_queue_names": pools.queues(), "limit": 1}
        answer = client.request("POST", f"/work_pools/{pool.pool}/get_scheduled_flow_runs", json=asked)
        assert [each["flow_run"]["name"] for each in answer.json()] == ["daily"]


def test_pools_of_containers_are_made_from_prefect_s_own_templates(nothing_known: None) -> None:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        for kind in ("docker", "kubernetes"):
            pools.register(client, pools.of_kind(kind))
        docker, kubernetes = (client.read_work_pool(pools.of_kind(kind).pool) for kind in ("docker", "kubernetes"))
    defaults = docker.base_job_template["variables"]["properties"]
    assert (docker.type, defaults["image"]["default"]) == ("docker", "pressroom-worker:0.1.0")
    job = kubernetes.base_job_template["job_configuration"]["job_manifest"]["spec"]["template"]["spec"]
    assert job["automountServiceAccountToken"] is False
    assert job["containers"][0]["securityContext"]["readOnlyRootFilesystem"]
    assert job["containers"][0]["image"] == "{{ image }}"
    entry = pools.placed(declared.declarations()[0], pools.of_kind("kubernetes"))
    assert (entry["work_pool"]["name"], entry["work_pool"]["work_queue_name"]) == ("pressroom-kubernetes", "morning")
    with pytest.raises(WrongInput, match="no variable"):
        pools.template(pools.of_kind("docker").model_copy(update={"variables": {"imgae": ""}}), _METADATA)


_METADATA = {"prefect-docker": {"docker": {"default_base_job_configuration": {"variables": {"properties": {}}}}}}
