"""Who is told when a run fails, over a real HTTP line."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from pressroom.errors import ChainExhausted, RunFailed
from pressroom.model import RunReport
from sandbox import Fault, FaultRule, ProviderServer
from tests.fixtures.running import DAY, table_rows

pytestmark = pytest.mark.usefixtures("light_gate", "migrated_home")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """What a webhook was sent; PRESSROOM_NOTIFY_URLS leads to it."""
    received: list[dict[str, Any]] = []

    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Webhook) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        monkeypatch.setenv("PRESSROOM_NOTIFY_URLS", f"json://127.0.0.1:{server.server_port}/hook")
        yield received
        server.shutdown()


def test_a_run_without_a_draft_is_told_once_with_its_counts(
    daily: Callable[..., RunReport], provider: ProviderServer, told: list[dict[str, Any]]
) -> None:
    provider.fail_by(FaultRule(fault=Fault.UNAVAILABLE, purposes=("draft",)))
    with pytest.raises(RunFailed):
        daily(chain=("openai",))
    (message,) = told
    assert message["title"] == f"Pressroom: the run for {DAY} is failed"
    assert "0 drafts of 1 ideas, 0 quarantined, 1 failed" in message["message"]


def test_a_run_that_broke_off_is_told_once_with_its_reason(
    daily: Callable[..., RunReport], provider: ProviderServer, told: list[dict[str, Any]]
) -> None:
    provider.fail_by(FaultRule(fault=Fault.BAD_KEY))
    with pytest.raises(ChainExhausted):
        daily(chain=("openai",))
    (message,) = told
    assert message["title"] == f"Pressroom: the run for {DAY} failed"
    assert "openai refused the key" in message["message"]


def test_a_completed_run_is_told_only_when_that_is_wished(
    daily: Callable[..., RunReport], told: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    daily()
    assert told == []
    monkeypatch.setenv("PRESSROOM_NOTIFY_ON_SUCCESS", "true")
    daily(date="2026-11-21")
    assert [message["title"] for message in told] == ["Pressroom: the run for 2026-11-21 is completed"]


def test_an_address_that_does_not_answer_changes_nothing(
    daily: Callable[..., RunReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSROOM_NOTIFY_URLS", "json://127.0.0.1:9/,nonsense")
    monkeypatch.setenv("PRESSROOM_NOTIFY_ON_SUCCESS", "true")
    assert daily().status == "completed"


def test_the_notify_flow_tells_what_became_of_a_flow_run(
    daily: Callable[..., RunReport], told: list[dict[str, Any]]
) -> None:
    from flows.notify import notify

    daily()
    flow_run_id = table_rows("run")[0]["flow_run_id"]
    assert notify(f"prefect.flow-run.{flow_run_id}") is True
    (message,) = told
    assert message["title"] == f"Pressroom: daily {DAY} is Completed"
    assert f"/runs/flow-run/{flow_run_id}" in message["message"]


def test_a_deployment_s_failed_run_is_left_to_the_automation(
    daily: Callable[..., RunReport],
    provider: ProviderServer,
    told: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PREFECT__RUNTIME__DEPLOYMENT__ID", "00000000-0000-0000-0000-000000000001")
    provider.fail_by(FaultRule(fault=Fault.BAD_KEY))
    with pytest.raises(ChainExhausted):
        daily(chain=("openai",))
    assert told == []


def test_a_budget_that_is_reached_is_told(
    daily: Callable[..., RunReport],
    provider: ProviderServer,
    told: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PRESSROOM_RUN_BUDGET_USD", "0.0001")
    assert daily(chain=("openai", "offline")).budget
    (message,) = told
    assert "The budget of the run was reached." in message["message"]
