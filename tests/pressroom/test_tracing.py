"""Spans and durations: one trace a run whichever process does a part of it, and nothing said of users or errors."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from pressroom import tracing
from pressroom.errors import RateLimited


class Seen:
    """Spans and durations as an exporter gets them."""

    def __init__(self) -> None:
        self.exporter, self.reader = InMemorySpanExporter(), InMemoryMetricReader()

    def spans(self) -> dict[str, Any]:
        return {each.name: each for each in self.exporter.get_finished_spans()}

    def durations(self) -> dict[tuple[str, ...], int]:
        """How often each was measured, by its attributes' values."""
        data = self.reader.get_metrics_data()
        points = data.resource_metrics[0].scope_metrics[0].metrics[0].data.data_points if data else []
        return {tuple(str(value) for value in point.attributes.values()): point.count for point in points}


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Seen]:
    made = Seen()
    recorder = tracing.Recorder(SimpleSpanProcessor(made.exporter), made.reader)
    monkeypatch.setattr(tracing, "recorder", lambda: recorder)
    yield made
    recorder.close()


def test_a_run_s_tasks_and_calls_lie_in_its_trace_wherever_they_are_done(seen: Seen) -> None:
    def task() -> None:
        with (
            tracing.span("task", "write_draft", {"run": "run-1", "idea": "i1"}, run="run-1"),
            tracing.span("call", "openai", run="run-1"),
        ):
            pass

    for thread in [threading.Thread(target=task) for _ in range(2)]:
        thread.start()
        thread.join()
    with tracing.span("task", "write_draft", run="run-2"):
        pass
    tracing.run_closed("run-1", "daily", "completed", 12.5)
    spans = seen.spans()
    root, written, call = spans["run daily"], spans["task write_draft"], spans["call openai"]
    assert (root.end_time - root.start_time) / 1e9 == pytest.approx(12.5)
    assert root.attributes == {"run": "run-1", "status": "completed"}
    assert root.parent is None
    of_run = [each for each in seen.exporter.get_finished_spans() if each.context.trace_id == root.context.trace_id]
    assert len(of_run) == 5
    assert call.context.trace_id == root.context.trace_id != written.context.trace_id
    tops = [each for each in of_run if each.name.startswith("task")]
    assert {each.parent.span_id for each in tops} == {root.context.span_id}
    assert call.parent.span_id in {each.context.span_id for each in tops}
    assert seen.durations()["task", "write_draft"] == 3
    assert seen.durations()["run", "daily", "completed"] == 1


def test_an_error_is_named_by_its_code_and_says_nothing_else(seen: Seen) -> None:
    with pytest.raises(RateLimited), tracing.span("call", "openai"):
        raise RateLimited("sk-secret was refused")
    span = seen.spans()["call openai"]
    assert not span.status.is_ok
    assert (span.status.description, span.events) == (None, ())
    assert span.attributes == {"error.type": "PROVIDER_RATE_LIMIT"}


def test_a_request_goes_on_in_its_caller_s_trace_and_is_named_by_its_route(seen: Seen) -> None:
    above = f"00-{'a' * 32}-{'b' * 16}-01"
    with tracing.span("request", "GET", {"request": "r1"}, headers={"traceparent": above}) as about:
        about.update(name="GET /api/v1/content/{content_id}", status=200)
    span = seen.spans()["request GET /api/v1/content/{content_id}"]
    assert (f"{span.context.trace_id:x}", f"{span.parent.span_id:x}") == ("a" * 32, "b" * 16)
    assert span.attributes == {"request": "r1", "status": 200}
    with tracing.span("request", "GET", headers={}):
        pass
    assert seen.spans()["request GET"].parent is None


def test_without_a_collector_nothing_is_imported_and_nothing_happens() -> None:
    code = (
        "import sys; from pressroom import tracing\n"
        "with tracing.span('task', 'a', run='r') as about: about['status'] = 1\n"
        "tracing.run_closed('r', 'daily', 'completed', 1.0)\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_spans_and_durations_reach_a_collector_over_http(monkeypatch: pytest.MonkeyPatch) -> None:
    from http.server import BaseHTTPRequestHandler, HTTPServer

    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    from pressroom.settings import settings

    got = dict[str, bytes]()

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got[self.path] = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("PRESSROOM_OTLP_URL", f"http://127.0.0.1:{server.server_port}")
        settings.cache_clear()
        tracing.recorder.cache_clear()
        with tracing.span("task", "write_draft", run="run-1"):
            pass
        tracing.reset()
        server.shutdown()
    sent = ExportTraceServiceRequest.FromString(got["/v1/traces"])
    assert sent.resource_spans[0].scope_spans[0].spans[0].name == "task write_draft"
    assert b"pressroom.duration" in got["/v1/metrics"]
    assert json.dumps(sorted(got)) == '["/v1/metrics", "/v1/traces"]'
