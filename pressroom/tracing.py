"""Spans and durations for OpenTelemetry; nothing is measured, or imported, unless PRESSROOM_OTLP_URL names a collector.

What belongs to a run (its tasks, its calls) is in one trace whichever process does it: the trace's id comes from the
run's, and the span of the run itself is sent when it closes. A request's span goes on from the caller's `traceparent`.
Attributes are ids, names and numbers: no text of the user, no message of an error.
"""

from __future__ import annotations

import atexit
import hashlib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pressroom import logs
from pressroom.settings import settings

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.metrics.export import MetricReader
    from opentelemetry.sdk.trace import SpanProcessor

SERVICE = "pressroom"
Attributes = dict[str, str | int | float | bool]

_log = logs.get_logger(__name__)


class Recorder:
    """Tracer and meter of this process. processor and reader: where spans and durations go."""

    def __init__(self, processor: SpanProcessor, reader: MetricReader) -> None:
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider

        about = Resource.create({"service.name": SERVICE})
        self._traces = TracerProvider(resource=about, id_generator=_ids(), shutdown_on_exit=False)
        self._traces.add_span_processor(processor)
        self._meters = MeterProvider([reader], resource=about, shutdown_on_exit=False)
        self.tracer = self._traces.get_tracer(SERVICE)
        self.seconds = self._meters.get_meter(SERVICE).create_histogram(
            "pressroom.duration", unit="s", description="Of a run, task, call or request."
        )

    def close(self) -> None:
        """Send what is left."""
        self._traces.shutdown()
        self._meters.shutdown()


@cache
def recorder() -> Recorder | None:
    """That of this process; None when no collector is set, or the extra `otlp` isn't installed."""
    address = settings().otlp_url.rstrip("/")
    if not address:
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        _log.warning("tracing.unavailable", hint="pip install 'pressroom[otlp]'")
        return None
    spans = BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{address}/v1/traces"))
    made = Recorder(spans, PeriodicExportingMetricReader(OTLPMetricExporter(endpoint=f"{address}/v1/metrics")))
    atexit.register(made.close)
    return made


@contextmanager
def span(
    kind: str,
    name: str,
    about: Mapping[str, Any] = MappingProxyType({}),
    *,
    run: str = "",
    headers: Mapping[str, str] | None = None,
) -> Iterator[Attributes]:
    """Measure the block; what is put into the yielded dictionary becomes attributes too, `name` the span's name.

    kind: `task`, `call` or `request`. about: attributes known from the start. run: id of the run it belongs to.
    headers: of a request, for its `traceparent`.
    """
    more: Attributes = {}
    on = recorder()
    if on is None:
        yield more
        return
    begun = time.perf_counter()
    with on.tracer.start_as_current_span(
        f"{kind} {name}", _parent(run, headers), record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield more
        except BaseException as error:
            more["error.type"] = str(getattr(error, "code", "") or type(error).__name__)
            current.set_status(_failed())
            raise
        finally:
            shown = str(more.pop("name", name))
            current.update_name(f"{kind} {shown}")
            current.set_attributes({**_plain(about), **more})
            failed = {"error.type": more["error.type"]} if "error.type" in more else {}
            on.seconds.record(time.perf_counter() - begun, {"kind": kind, "name": shown, **failed})


def run_closed(run: str, kind: str, status: str, seconds: float) -> None:
    """Send the span that all of the run's spans lie under."""
    if on := recorder():
        from opentelemetry.context import Context

        end = time.time_ns()
        with _own_ids(run):
            root = on.tracer.start_span(f"run {kind}", Context(), start_time=end - int(seconds * 1e9))
        root.set_attributes({"run": run, "status": status})
        root.end(end)
        on.seconds.record(seconds, {"kind": "run", "name": kind, "status": status})


def reset() -> None:
    """Forget the recorder: for tests."""
    if recorder.cache_info().currsize and (on := recorder()):
        atexit.unregister(on.close)
        on.close()
    recorder.cache_clear()


def _parent(run: str, headers: Mapping[str, str] | None) -> Context | None:
    """Where a span belongs: under the one that is open in this thread, else under the run's, or the caller's."""
    from opentelemetry import trace
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    if headers is not None:
        return TraceContextTextMapPropagator().extract(dict(headers))
    if not run or trace.get_current_span().get_span_context().is_valid:
        return None
    trace_id, span_id = _of_run(run)
    above = trace.SpanContext(trace_id, span_id, is_remote=True, trace_flags=trace.TraceFlags(trace.TraceFlags.SAMPLED))
    return trace.set_span_in_context(trace.NonRecordingSpan(above))


def _of_run(run: str) -> tuple[int, int]:
    digest = hashlib.sha256(run.encode()).digest()
    return int.from_bytes(digest[:16]), int.from_bytes(digest[16:24])


_next: ContextVar[tuple[int, int] | None] = ContextVar("next_ids", default=None)


@contextmanager
def _own_ids(run: str) -> Iterator[None]:
    """The span that the block starts has the run's ids."""
    token = _next.set(_of_run(run))
    try:
        yield
    finally:
        _next.reset(token)


def _ids() -> Any:
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

    class Ids(RandomIdGenerator):
        def generate_trace_id(self) -> int:
            chosen = _next.get()
            return chosen[0] if chosen else super().generate_trace_id()

        def generate_span_id(self) -> int:
            chosen = _next.get()
            return chosen[1] if chosen else super().generate_span_id()

    return Ids()


def _failed() -> Any:
    from opentelemetry.trace import Status, StatusCode

    return Status(StatusCode.ERROR)


def _plain(about: Mapping[str, Any]) -> Attributes:
    return {name: value if isinstance(value, int | float) else str(value) for name, value in about.items() if value}
