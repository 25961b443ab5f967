"""What is counted is told by push, by scrape and by file, and grows from process to process."""

from __future__ import annotations

import base64
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pressroom import logs, metrics
from pressroom.calls.ledger import CallRecord, Ledger
from pressroom.errors import RateLimited
from pressroom.model import Answer, Usage
from pressroom.settings import settings

ROOT = Path(__file__).parents[2]
Values = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@dataclass
class Gateway:
    """Speaks the Pushgateway's PUT: keeps the last body of each group."""

    url: str = ""
    status: int = 202
    puts: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def last(self) -> Values:
        return values(self.puts[-1][1])


def values(text: str) -> Values:
    families = text_string_to_metric_families(text)
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def value(found: Values, name: str, **labels: str) -> float:
    return found[name, tuple(sorted(labels.items()))]


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    told = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            told.puts.append((self.path, body, self.headers.get("Authorization", "")))
            self.send_response(told.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    monkeypatch.setenv("PRESSROOM_PUSHGATEWAY_URL", told.url)
    yield told
    server.shutdown()
    server.server_close()


def count_something() -> None:
    metrics.ideas_gated(accepted=4, rejected=1)
    metrics.draft_ended("x_thread", "generated")
    metrics.draft_ended("x_thread", "failed")
    metrics.batch_judged(outcome="passed")
    metrics.lease_lost()
    metrics.call_answered("openai", "text", "gpt-x", 0.8, Usage(input_tokens=900, output_tokens=120), 1500)
    metrics.run_closed("daily", "partial", 12.5)


def test_it_is_off_unless_asked_for() -> None:
    count_something()
    metrics.publish("default")
    metrics.serve()
    assert metrics.sheet() is None


def test_a_close_is_pushed_to_the_gateway_under_workspace_and_instance(gateway: Gateway) -> None:
    before = time.time()
    count_something()
    metrics.publish("default")
    ((path, _, _),) = gateway.puts
    assert path == f"/metrics/job/pressroom/instance/{socket.gethostname()}/workspace/default"
    found = gateway.last
    assert value(found, "pressroom_runs_total", kind="daily", status="partial") == 1
    assert value(found, "pressroom_run_seconds_sum", kind="daily") == 12.5
    assert value(found, "pressroom_run_seconds_bucket", kind="daily", le="30.0") == 1
    assert value(found, "pressroom_run_last_closed_timestamp_seconds", kind="daily", status="partial") >= before
    assert value(found, "pressroom_ideas_total", outcome="accepted") == 4
    assert value(found, "pressroom_drafts_total", format="x_thread", state="failed") == 1
    assert value(found, "pressroom_batch_gates_total", outcome="passed") == 1
    assert value(found, "pressroom_leases_lost_total") == 1
    assert value(found, "pressroom_provider_call_seconds_count", provider="openai", kind="text") == 1
    tokens = {"provider": "openai", "model": "gpt-x", "direction": "input"}
    assert value(found, "pressroom_provider_tokens_total", **tokens) == 900
    assert value(found, "pressroom_provider_cost_usd_total", provider="openai", model="gpt-x") == 0.0015


def test_names_and_help_follow_the_conventions(gateway: Gateway) -> None:
    count_something()
    metrics.publish("default")
    text = gateway.puts[0][1]
    typed = re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE)
    assert {"counter", "gauge", "histogram"} == {kind for _, kind in typed}
    for name, kind in typed:
        assert re.fullmatch(r"pressroom_[a-z_]+", name)
        assert name.endswith("_total") == (kind == "counter"), name
        assert kind != "histogram" or name.endswith("_seconds")
    assert all(words.endswith(".") for words in re.findall(r"^# HELP \S+ (.+)$", text, re.MULTILINE))
    assert "_created" not in text


def test_counters_go_on_from_process_to_process(gateway: Gateway) -> None:
    for runs in (1, 2, 3):
        metrics.reset()  # as a new process knows nothing of the one before
        count_something()
        metrics.publish("default")
        metrics.publish("default")
        assert value(gateway.last, "pressroom_runs_total", kind="daily", status="partial") == runs
        assert value(gateway.last, "pressroom_run_seconds_bucket", kind="daily", le="+Inf") == runs


def test_processes_that_close_at_the_same_time_lose_nothing(gateway: Gateway) -> None:
    code = (
        "from pressroom import metrics\nfor _ in range(20):\n    metrics.run_closed('daily', 'completed', 1.0)\n"
        "    metrics.publish('default')"
    )
    children = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) for _ in range(3)]
    assert [child.wait(30) for child in children] == [0, 0, 0]
    metrics.publish("default")
    assert value(gateway.last, "pressroom_runs_total", kind="daily", status="completed") == 60


def test_what_a_process_counted_without_closing_a_run_is_published_when_it_ends(gateway: Gateway) -> None:
    code = "from pressroom import metrics; metrics.lease_lost()"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    assert value(gateway.last, "pressroom_leases_lost_total") == 1
    subprocess.run([sys.executable, "-c", "from pressroom import metrics; metrics.sheet()"], check=True, cwd=ROOT)
    assert len(gateway.puts) == 1


def test_totals_that_cant_be_read_start_anew_and_those_that_cant_be_kept_are_this_process_own(
    gateway: Gateway, tmp_path: Path
) -> None:
    file = settings().home / "metrics.json"
    file.parent.mkdir(parents=True)
    for broken in ("{", "[1]", '{"x": "y"}'):
        file.write_text(broken)
        metrics.reset()
        count_something()
        metrics.publish("default")
        assert value(gateway.last, "pressroom_leases_lost_total") == 1
    file.unlink()
    file.mkdir()
    metrics.lease_lost()
    metrics.publish("default")
    assert value(gateway.last, "pressroom_leases_lost_total") == 2


def test_a_gateway_with_a_password_is_told_it_and_no_log_is(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PRESSROOM_PUSHGATEWAY_URL", gateway.url.replace("//", "//user:secret%2Fword@"))
    logs.configure("json", "DEBUG")
    metrics.publish("default")
    assert base64.b64decode(gateway.puts[0][2].removeprefix("Basic ")) == b"user:secret/word"
    gateway.status = 500
    metrics.publish("default")
    said = capsys.readouterr().err
    assert '"event": "metrics.push_failed"' in said
    assert "secret" not in said


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "127.0.0.1:1", "not an address", "http://[", "ftp://x"])
def test_a_push_that_fails_is_a_warning(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PRESSROOM_PUSHGATEWAY_URL", address)
    logs.configure("json", "WARNING")
    count_something()
    metrics.publish("default")
    assert '"event": "metrics.push_failed"' in capsys.readouterr().err


def test_a_text_file_is_written_whole_for_node_exporter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PRESSROOM_METRICS_FILE", str(tmp_path / "textfiles" / "pressroom.prom"))
    count_something()
    metrics.publish("default")
    assert [path.name for path in (tmp_path / "textfiles").iterdir()] == ["pressroom.prom"]
    found = values((tmp_path / "textfiles" / "pressroom.prom").read_text())
    assert value(found, "pressroom_runs_total", kind="daily", status="partial") == 1


def test_a_text_file_that_cant_be_written_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("")
    monkeypatch.setenv("PRESSROOM_METRICS_FILE", str(tmp_path / "taken" / "pressroom.prom"))
    logs.configure("json", "WARNING")
    metrics.publish("default")
    assert '"event": "metrics.file_failed"' in capsys.readouterr().err


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found = int(probe.getsockname()[1])
    monkeypatch.setenv("PRESSROOM_METRICS_PORT", str(found))
    return found


def scrape(port: int) -> Values:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        return values(answer.read().decode())


def test_it_is_scraped_while_the_process_lives_and_shows_what_its_children_did(port: int) -> None:
    metrics.serve()
    count_something()
    assert value(scrape(port), "pressroom_leases_lost_total") == 1
    code = "from pressroom import metrics; metrics.serve(); metrics.lease_lost(); metrics.publish('default')"
    done = subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, capture_output=True, text=True)
    assert done.stderr == ""
    assert value(scrape(port), "pressroom_leases_lost_total") == 2


def test_a_port_that_is_taken_is_a_warning(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "WARNING")
    with socket.socket() as other:
        other.bind(("0.0.0.0", port))
        other.listen()
        metrics.serve()
    assert '"event": "metrics.port_unusable"' in capsys.readouterr().err


RECORD = CallRecord(
    kind="text", purpose="draft", provider="openai", model="gpt-x", identity={"prompt": "?"}, task="1/x"
)


def test_the_ledger_counts_calls_errors_retries_and_reuse(gateway: Gateway, ledger: Ledger) -> None:
    def fail() -> Answer:
        raise RateLimited("Slow down.")

    with pytest.raises(RateLimited):
        ledger.ask(RECORD, fail, lambda _: 0)
    answer = Answer(text="{}", usage=Usage(input_tokens=10, output_tokens=5), model="gpt-x-2026")
    assert not ledger.ask(RECORD, lambda: answer, lambda _: 250).reused
    assert ledger.ask(RECORD, fail, lambda _: 0).reused
    metrics.publish("default")
    found = gateway.last
    assert value(found, "pressroom_provider_errors_total", provider="openai", code="PROVIDER_RATE_LIMIT") == 1
    assert value(found, "pressroom_provider_retries_total", provider="openai") == 1
    assert value(found, "pressroom_provider_call_seconds_count", provider="openai", kind="text") == 2
    assert value(found, "pressroom_ledger_reused_total", provider="openai", kind="text") == 1
    assert value(found, "pressroom_provider_cost_usd_total", provider="openai", model="gpt-x-2026") == 0.00025


def test_the_ledger_tells_of_calls_made_failed_and_reused(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    logs.register_secret("the-very-key")
    logs.configure("json", "INFO")

    def fail() -> Answer:
        logs.get_logger("pressroom.provider").info("inside")
        raise RateLimited("Slow down, the-very-key.")

    with pytest.raises(RateLimited):
        ledger.ask(RECORD, fail, lambda _: 0)
    answer = Answer(text="{}", usage=Usage(input_tokens=10, output_tokens=5, cached_tokens=2))
    for _ in range(2):
        ledger.ask(RECORD, lambda: answer, lambda _: 250)
    inside, failed, made, reused = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (inside["provider"], inside["request"]) == ("openai", failed["request"])
    assert (failed["event"], failed["code"], failed["reason"]) == (
        "provider.failed", "PROVIDER_RATE_LIMIT", "Slow down, ***.",
    )  # fmt: skip
    assert (made["event"], made["input_tokens"], made["cached_tokens"], made["cost_usd"]) == (
        "provider.answered", 10, 2, 0.00025,
    )  # fmt: skip
    assert (reused["event"], reused["request"], reused["task"]) == ("provider.reused", made["request"], "1/x")
    assert isinstance(made["ms"], int)
