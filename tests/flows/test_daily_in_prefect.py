"""What a person sees in Prefect of a daily run: names, tags, states, artifacts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from pressroom.errors import ChainExhausted
from pressroom.model import RunReport
from sandbox import Fault, FaultRule, ProviderServer
from tests.fixtures.running import DAY, table_rows

pytestmark = pytest.mark.usefixtures("light_gate", "migrated_home")


def flow_run_of_the_last_run() -> Any:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        return client.read_flow_run(UUID(table_rows("run")[-1]["flow_run_id"]))


def drafts_of(flow_run: Any) -> list[Any]:
    """The flow run's task runs that write drafts, waiting a little: the server learns of them by events."""
    import time

    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter

    mine = FlowRunFilter.model_validate({"id": {"any_": [flow_run.id]}})
    with get_client(sync_client=True) as client:
        for _ in range(100):
            all_of_them = client.read_task_runs(flow_run_filter=mine)
            found = [run for run in all_of_them if run.task_key.startswith("write_draft")]
            if found and all(run.state and run.state.is_final() for run in found):
                return found
            time.sleep(0.1)
    raise AssertionError("The task runs did not end.")


def artifacts(key: str) -> list[Any]:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import ArtifactFilter

    with get_client(sync_client=True) as client:
        return client.read_artifacts(artifact_filter=ArtifactFilter.model_validate({"key": {"any_": [key]}}))


def test_a_run_is_named_by_its_day_and_its_drafts_by_format_and_idea(daily: Callable[..., RunReport]) -> None:
    daily(formats=("linkedin_post", "x_thread"))
    flow_run = flow_run_of_the_last_run()
    assert (flow_run.name, flow_run.state.name) == (f"daily {DAY}", "Completed")
    (idea,) = table_rows("subject")
    drafts = drafts_of(flow_run)
    assert {run.name for run in drafts} == {f"linkedin_post: {idea['title']}", f"x_thread: {idea['title']}"}
    assert {run.state.name for run in drafts} == {"Completed"}

    daily(formats=("linkedin_post", "x_thread"))
    assert {run.state.name for run in drafts_of(flow_run_of_the_last_run())} == {"Cached"}


def test_the_brief_the_table_and_the_link_are_artifacts(daily: Callable[..., RunReport]) -> None:
    report = daily(date="2026-10-01", workspace="artifacts")
    (brief,), (table,), (link,) = (
        artifacts(f"{kind}-daily-artifacts-2026-10-01-{report.run_id[:8]}") for kind in ("brief", "drafts", "data-docs")
    )
    (idea,) = table_rows("subject")
    assert (brief.type, table.type, link.type) == ("markdown", "table", "markdown")
    assert idea["title"] in brief.data
    assert idea["title"] in table.data
    assert report.artifacts["data_docs"] in link.data


def test_progress_is_shown_while_drafts_are_written(daily: Callable[..., RunReport]) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import ArtifactFilter

    daily()
    flow_run = flow_run_of_the_last_run()
    wanted = ArtifactFilter.model_validate({"flow_run_id": {"any_": [flow_run.id]}, "type": {"any_": ["progress"]}})
    with get_client(sync_client=True) as client:
        (progress,) = client.read_artifacts(artifact_filter=wanted)
    assert float(progress.data) == 100.0
    assert progress.description == "Writing drafts"


def test_a_failed_run_is_failed_in_prefect_with_its_reason(
    daily: Callable[..., RunReport], provider: ProviderServer
) -> None:
    provider.fail_by(FaultRule(fault=Fault.BAD_KEY))
    with pytest.raises(ChainExhausted):
        daily(chain=("openai",))
    state = flow_run_of_the_last_run().state
    assert state.name == "Failed"
    assert "refused the key" in state.message


@pytest.mark.usefixtures("logs_to_prefect")
def test_no_secret_is_among_the_parameters_or_in_the_logs(
    daily: Callable[..., RunReport], provider: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import LogFilter

    secret = "sk-very-secret-0123456789"
    monkeypatch.setenv("OPENAI_API_KEY", secret)
    provider.configure(accepted_keys=("another",))
    with pytest.raises(ChainExhausted) as raised:
        daily(chain=("openai",))
    flow_run = flow_run_of_the_last_run()
    with get_client(sync_client=True) as client:
        logs = client.read_logs(LogFilter.model_validate({"flow_run_id": {"any_": [flow_run.id]}}))
    shown = [str(raised.value), flow_run.model_dump_json(), *(log.message for log in logs), str(table_rows("run"))]
    shown += [str(table_rows("provider_call"))]
    assert not [text for text in shown if secret in text]
