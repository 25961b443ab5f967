"""What a real run tells: events in the log and in Prefect's UI, metrics, and no secret anywhere."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prefect import flow, task

from pressroom import logs, metrics
from pressroom.errors import ChainExhausted, RunBusy
from pressroom.model import DraftRef, IdeaRef, RunReport
from sandbox import Fault, FaultRule, ProviderServer, Reply
from tests.fixtures.extent import ALL_CASES
from tests.fixtures.running import Said, every_row, table_rows

pytestmark = pytest.mark.usefixtures("light_gate", "migrated_home", "logs_to_prefect")

SECRET = "sk-very-secret-0123456789"
ECHOED = "Incorrect API key provided: sk-very-secret-0123456789. You can find yours on our page."


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], list[dict[str, Any]]]:
    """What has been logged so far, from the file."""
    file = tmp_path / "events.jsonl"
    monkeypatch.setenv("PRESSROOM_LOG_FILE", str(file))
    return lambda: [json.loads(line) for line in file.read_text().splitlines()]


def in_prefect(flow_run: str, *, having: str) -> list[str]:
    """The messages Prefect keeps of a flow run, once `having` is among them: they are sent in batches."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import LogFilter

    wanted = LogFilter.model_validate({"flow_run_id": {"any_": [flow_run]}})
    with get_client(sync_client=True) as client:
        for _ in range(100):
            found = [log.message for log in client.read_logs(wanted, limit=200)]
            if any(having in message for message in found):
                return found
            time.sleep(0.1)
    raise AssertionError(f"{having} never came: {found}")


def test_a_run_tells_what_it_did_with_its_ids_in_the_log_and_in_prefect(
    daily: Callable[..., RunReport], events: Callable[[], list[dict[str, Any]]], provider: ProviderServer
) -> None:
    report = daily(chain=("openai",))
    told = {event["event"]: event for event in events()}
    assert list(told) == [
        "run.opened", "provider.answered", "ideas.asked", "ideas.gated", "draft.written", "batch.judged", "run.closed",
    ]  # fmt: skip
    run, (idea,), (draft,) = table_rows("run")[-1], table_rows("subject"), table_rows("content")
    for event in told.values():
        assert (event["run"], event["flow_run"], event["workspace"]) == (report.run_id, run["flow_run_id"], "default")
        assert event["execution"].startswith(run["flow_run_id"])
    assert (told["draft.written"]["draft"], told["draft.written"]["idea"]) == (draft["id"], idea["id"])
    assert {told["provider.answered"]["task"], told["draft.written"]["task"]} <= {"1/linkedin_post", "ideas"}
    assert told["draft.written"]["task_run"]
    assert told["run.closed"]["status"] == "completed"
    assert told["run.closed"]["cost_usd"] == report.cost_usd > 0

    messages = in_prefect(run["flow_run_id"], having="run.closed")
    line = next(message for message in messages if message.startswith("draft.written"))
    assert f"idea={idea['id']}" in line.split()
    assert "format=linkedin_post" in line.split()
    assert len([message for message in messages if message.startswith("run.opened")]) == 1
    ended = in_prefect(run["flow_run_id"], having="Finished in state")
    assert [message for message in ended if message.startswith("Finished")] == ["Finished in state Completed()"]


def test_a_repeat_is_told_as_resumed_and_reused(
    daily: Callable[..., RunReport], events: Callable[[], list[dict[str, Any]]], provider: ProviderServer
) -> None:
    provider.fail_by(FaultRule(fault=Fault.SERVER_ERROR, purposes=("draft",), times=3))
    with pytest.raises(Exception, match="made no draft"):
        daily(chain=("openai",))
    failed = [(event["event"], event.get("code")) for event in events() if "failed" in event["event"]]
    assert failed == [("provider.failed", "PROVIDER_BUSY")] * 3 + [("draft.failed", "CHAIN_EXHAUSTED")]
    daily(chain=("openai",))
    names = [event["event"] for event in events()]
    again = names[names.index("run.closed") + 1 :]
    assert again == ["run.resumed", "provider.answered", "provider.answered", "draft.written", "batch.judged",
                     "run.closed"]  # fmt: skip


def test_the_metrics_of_a_run_are_published_at_its_close(
    daily: Callable[..., RunReport], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PRESSROOM_METRICS_FILE", str(tmp_path / "pressroom.prom"))
    metrics.reset()
    daily()
    shown = (tmp_path / "pressroom.prom").read_text()
    assert 'pressroom_runs_total{kind="daily",status="completed"} 1.0' in shown
    assert 'pressroom_drafts_total{format="linkedin_post",state="generated"} 1.0' in shown
    assert 'pressroom_provider_call_seconds_count{kind="text",provider="offline"}' in shown


def test_a_gateway_that_is_away_fails_no_run(daily: Callable[..., RunReport], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSROOM_PUSHGATEWAY_URL", "http://127.0.0.1:1")
    metrics.reset()
    assert daily().status == "completed"


def test_a_run_that_another_process_took_over_says_so(
    daily: Callable[..., RunReport], events: Callable[[], list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pressroom.store import runs

    def taken(*_: Any, **__: Any) -> None:
        raise RunBusy("Run 1 was taken over by another/1/1/1.")

    monkeypatch.setattr(runs, "close_run", taken)
    with pytest.raises(RunBusy):
        daily()
    assert events()[-1]["event"] == "run.lease_lost"
    assert "another" in events()[-1]["holder"]


def test_by_default_nothing_of_it_is_on_the_terminal(cli: Callable[..., Said], provider: ProviderServer) -> None:
    provider.fail_by(FaultRule(fault=Fault.SERVER_ERROR, purposes=("draft",), nth=(1,)))
    said = cli("daily", "--date", "2026-11-20", "--ideas", "1", "--chain", "openai", "--json")
    assert (said.code, said.err) == (0, "")
    assert said.json["status"] == "completed"


def test_asked_for_it_is_on_standard_error_alone(cli: Callable[..., Said], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSROOM_LOG_LEVEL", "INFO")
    said = cli("daily", "--date", "2026-11-20", "--ideas", "1", "--format", "x_thread", "--json")
    assert said.json["status"] == "completed"
    told = [json.loads(line)["event"] for line in said.err.splitlines() if line.startswith("{")]
    assert told.count("run.opened") == told.count("run.closed") == told.count("draft.written") == 1


@pytest.mark.parametrize("status", [401, 400, 500] if ALL_CASES else [401, 500])
def test_a_wrong_key_that_the_provider_echoes_is_nowhere(
    status: int,
    cli: Callable[..., Said],
    provider: ProviderServer,
    events: Callable[[], list[dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("PRESSROOM_LOG_LEVEL", "DEBUG")
    error = {"message": ECHOED, "type": "invalid_request_error", "param": None, "code": None}
    provider.enqueue(*[Reply(body={"error": error}, status=status)] * 8)
    said = cli("daily", "--date", "2026-11-20", "--ideas", "1", "--chain", "openai")
    assert said.code == 1
    run = table_rows("run")[-1]
    messages = in_prefect(run["flow_run_id"], having="run.closed")
    everything = [said.out, said.err, json.dumps(events()), json.dumps(every_row()), *messages, *states(run)]
    everything += [
        path.read_text(errors="replace")
        for path in (tmp_path / ".pressroom").rglob("*")
        if path.is_file() and "prefect" not in path.parts
    ]
    assert "provider.failed" in " ".join(messages)
    assert not [text for text in everything if SECRET in text]


def states(run: dict[str, Any]) -> list[str]:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        return [client.read_flow_run(UUID(run["flow_run_id"])).model_dump_json()]


@task
def careless() -> None:
    from tasks.observing import observed

    @observed
    def work() -> None:
        logging.getLogger("pressroom.chain").error("the key is %s", SECRET)
        logs.get_logger("pressroom.x").info("said", text=f"key {SECRET}", api_key="whatever1")
        from prefect import get_run_logger

        get_run_logger().info("careless %s", SECRET)
        try:
            raise ValueError(f"refused: {SECRET}")
        except ValueError as error:
            raise ChainExhausted([f"openai: {SECRET}"]) from error

    work()


@flow
def leaking() -> None:
    careless()


def test_prefects_own_log_and_states_hold_no_secret(nothing_known: None, capfd: pytest.CaptureFixture[str]) -> None:
    logs.register_secret(SECRET)
    state = leaking(return_state=True)
    assert state.is_failed()
    flow_run = str(state.state_details.flow_run_id)
    messages = in_prefect(flow_run, having="Finished in state")
    assert any(message.startswith("the key is ***") for message in messages)
    assert any("careless ***" in message for message in messages)
    assert any(message.startswith("Finished in state Failed('Task run") for message in messages)
    assert any("Traceback" in message for message in messages)
    shown = [*messages, *states({"flow_run_id": flow_run}), str(state.message), *capfd.readouterr()]
    assert not [text for text in shown if SECRET in text]


def test_what_is_observed_keeps_its_signature_and_outcome() -> None:
    from tasks.drafts import write_draft
    from tasks.failures import outcome

    class Ended:
        def result(self, raise_on_failure: bool) -> Any:
            return ChainExhausted([f"openai: {SECRET}"])

    assert list(write_draft.fn.__wrapped__.__annotations__) == ["run", "idea", "form", "return"]
    failure = outcome(Ended(), IdeaRef(id="i", position=1, title="T"), "x_thread")  # type: ignore[arg-type]
    assert not isinstance(failure, DraftRef)
    assert SECRET not in failure.reason
