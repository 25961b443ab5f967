"""A run too large for one flow run: asked for in batches, written in shards, still one run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter

from pressroom.model import DailyRequest, RunReport
from sandbox import Fault, FaultRule, ProviderServer
from tasks.shards import DEPLOYMENT
from tests.fixtures.running import DAY, forget, table_rows
from tests.fixtures.serving import serving

pytestmark = pytest.mark.usefixtures("light_gate", "migrated_home")


@pytest.fixture
def bulk(nothing_known: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., RunReport]:
    """The bulk flow in this process: small batches and shards, so that there are several of each."""
    monkeypatch.setenv("PRESSROOM_IDEAS_A_CALL", "4")
    monkeypatch.setenv("PRESSROOM_SHARD_DRAFTS", "6")

    def run(**request: Any) -> RunReport:
        from flows.daily import daily as flow

        forget()
        asked = {"date": DAY, "ideas": 8, "formats": ("facebook_post", "pinterest_pin"), **request}
        return flow(DailyRequest.model_validate(asked))

    return run


def test_many_ideas_are_one_run_in_several_shards(bulk: Callable[..., RunReport], provider: ProviderServer) -> None:
    report = bulk(chain=("openai",))

    assert (report.status, report.ideas, report.drafts) == ("completed", 8, 16)
    assert (report.calls.made, provider.counts["purpose"]["draft"]) == (18, 16)
    assert provider.counts["purpose"]["ideas"] == 2
    assert len(table_rows("run")) == 1
    brief = json.loads(Path(report.artifacts["brief_json"]).read_text("utf-8"))
    assert [idea["position"] for idea in brief["ideas"]] == list(range(1, 9))

    again = bulk(chain=("openai",))
    assert (again.calls.made, again.drafts) == (0, 16)
    assert provider.counts["purpose"]["draft"] == 16


def test_what_fails_in_a_shard_is_listed_and_made_by_a_repeat(
    bulk: Callable[..., RunReport], provider: ProviderServer
) -> None:
    provider.fail_by(FaultRule(fault=Fault.PROSE, formats=("pinterest_pin",), times=12))

    report = bulk(chain=("openai",))

    assert (report.status, report.drafts + report.failed) == ("partial", 16)
    assert {failure.format for failure in report.failures} == {"pinterest_pin"}
    provider.reset()
    again = bulk(chain=("openai",))
    assert (again.status, again.drafts, again.failures) == ("completed", 16, ())
    assert again.calls.made == report.failed


@pytest.fixture
def served_shard(prefect_api: str, nothing_known: None, tmp_path: Path) -> Iterator[None]:
    """The deployment `shard/shard`, served by a process of its own as `pressroom up` would serve it."""
    with serving(prefect_api, tmp_path / "served.log", DEPLOYMENT):
        yield
    with get_client(sync_client=True) as client:  # else it would count as served for another minute
        client.delete_deployment(client.read_deployment_by_name(DEPLOYMENT).id)


def test_shards_are_flow_runs_of_their_deployment_where_it_is_served(
    bulk: Callable[..., RunReport], provider: ProviderServer, served_shard: None
) -> None:
    report = bulk(chain=("openai",), ideas=4)

    assert (report.status, report.drafts, report.failed) == ("completed", 8, 0)
    assert provider.counts["purpose"]["draft"] == 8
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(flow_filter=FlowFilter(name={"any_": ["shard"]}), limit=50)
    ours = [run for run in runs if run.deployment_id and run.parameters["run"]["id"] == report.run_id]
    assert sorted(run.parameters["number"] for run in ours) == [1, 2]
    assert all(run.state and run.state.is_completed() for run in ours)
