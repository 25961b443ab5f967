"""The Prometheus metrics themselves, and the totals that outlive a process. Imports prometheus_client: 30 ms."""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    push_to_gateway,
    start_http_server,
    write_to_textfile,
)
from prometheus_client import Metric as Family
from prometheus_client.exposition import basic_auth_handler, default_handler
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

from pressroom import logs

CALL_BUCKETS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120)
RUN_BUCKETS = (5, 10, 30, 60, 120, 300, 600, 1800, 3600)
MOST_REMEMBERED = 10_000
"""Failed requests a process remembers, to tell a retry from a first try."""

Values = dict[str, float]
"""Value of every sample, by `[family, sample name, [[label, value], ...]]` as JSON."""

_log = logs.get_logger(__name__)


class Sheet:
    """The metrics of this process. Safe to use from many threads at once."""

    def __init__(self, home: Path) -> None:
        own = self._own = CollectorRegistry()
        self.runs = Counter("pressroom_runs", "Runs closed.", ["kind", "status"], registry=own)
        self.run_seconds = Histogram(
            "pressroom_run_seconds", "From opening a run to closing it.", ["kind"], buckets=RUN_BUCKETS, registry=own
        )
        self.last_closed = Gauge(
            "pressroom_run_last_closed_timestamp_seconds", "When a run last closed.", ["kind", "status"], registry=own
        )
        self.ideas = Counter("pressroom_ideas", "Ideas that were gated.", ["outcome"], registry=own)
        self.drafts = Counter(
            "pressroom_drafts", "Drafts by the state they came in.", ["format", "state"], registry=own
        )
        self.gates = Counter("pressroom_batch_gates", "Batches judged.", ["outcome"], registry=own)
        self.leases_lost = Counter("pressroom_leases_lost", "Runs taken over by another process.", registry=own)
        self._define_calls(own)
        self.failed_requests: dict[str, None] = {}
        self._totals = _Totals(own, home)
        self._shown = CollectorRegistry()
        self._shown.register(self._totals)

    def _define_calls(self, own: CollectorRegistry) -> None:
        self.call_seconds = Histogram(
            "pressroom_provider_call_seconds",
            "From asking a provider to its answer or failure.",
            ["provider", "kind"],
            buckets=CALL_BUCKETS,
            registry=own,
        )
        self.errors = Counter("pressroom_provider_errors", "Calls that failed.", ["provider", "code"], registry=own)
        self.retries = Counter("pressroom_provider_retries", "Calls made once more.", ["provider"], registry=own)
        self.tokens = Counter(
            "pressroom_provider_tokens",
            "Tokens by direction; cached ones are among the input.",
            ["provider", "model", "direction"],
            registry=own,
        )
        self.cost = Counter("pressroom_provider_cost_usd", "US dollars spent.", ["provider", "model"], registry=own)
        self.circuit_open_until = Gauge(
            "pressroom_circuit_open_until_timestamp_seconds",
            "Until when a provider that keeps failing is left alone.",
            ["provider"],
            registry=own,
        )
        self.reused = Counter(
            "pressroom_ledger_reused", "Answers taken from the ledger, without a call.", ["provider", "kind"],
            registry=own,
        )  # fmt: skip

    def remember_failed(self, request: str) -> None:
        if len(self.failed_requests) >= MOST_REMEMBERED:
            self.failed_requests.clear()
        self.failed_requests[request] = None

    def has_news(self) -> bool:
        """True when this process has counts that the totals lack."""
        return self._totals.has_news()

    def add_to_totals(self) -> Values:
        return self._totals.add()

    def push(self, address: str, job: str, group: Mapping[str, str], seconds: float, user: str, password: str) -> None:
        """Replace this group at a Pushgateway (PUT). Raises OSError when it does not take it in time."""

        def handler(url: str, method: str, timeout: float | None, headers: Any, data: bytes) -> Callable[[], None]:
            if user or password:
                return basic_auth_handler(url, method, timeout, headers, data, user, password)
            return default_handler(url, method, timeout, headers, data)

        push_to_gateway(address, job, self._shown, dict(group), seconds, handler)

    def write(self, file: Path) -> None:
        """Replace the text file, whole. Raises OSError when it can't be written."""
        file.parent.mkdir(parents=True, exist_ok=True)
        write_to_textfile(str(file), self._shown)

    def serve(self, port: int) -> Callable[[], None]:
        """Answer scrapes on every address of this host; returns what ends it. Raises OSError for a port in use."""
        server, thread = start_http_server(port, registry=self._shown)

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return stop


class _Totals(Collector):
    """The counts of all processes with this home. Collecting adds this process's share first."""

    def __init__(self, own: CollectorRegistry, home: Path) -> None:
        self._own, self._file = own, home.absolute() / "metrics.json"
        self._added: Values = {}
        self._threads = threading.Lock()

    def collect(self) -> Iterator[Family]:
        samples: dict[str, list[Sample]] = {}
        for key, value in self.add().items():
            family, name, labels = json.loads(key)
            samples.setdefault(family, []).append(Sample(name, dict(labels), value))
        for shown in self._own.collect():
            shown.samples = samples.get(shown.name, [])
            yield shown

    def has_news(self) -> bool:
        return any(value != self._added.get(key, 0.0) for key, value in _values(self._own).items())

    def add(self) -> Values:
        """Add what was counted since the last time; this process's own counts where the file can't be used."""
        with self._threads:
            now = _values(self._own)
            try:
                with self._locked():
                    totals = self._read()
                    for key, value in now.items():
                        grown = totals.get(key, 0.0) + value - self._added.get(key, 0.0)
                        totals[key] = max(totals.get(key, 0.0), value) if "_timestamp_seconds" in key else grown
                    self._write(totals)
            except OSError as error:
                _log.warning("metrics.totals_unusable", file=str(self._file), reason=error.strerror)
                return now
            self._added = now
            return totals

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _read(self) -> Values:
        try:
            found = json.loads(self._file.read_text("utf-8"))
            return {str(key): float(value) for key, value in found.items()}
        except (FileNotFoundError, ValueError, AttributeError, TypeError):
            return {}  # Prometheus knows counters that start again

    def _write(self, totals: Values) -> None:
        whole = self._file.with_suffix(f".{os.getpid()}.tmp")
        whole.write_text(json.dumps(totals), "utf-8")
        whole.replace(self._file)


def _values(registry: CollectorRegistry) -> Values:
    """Every sample but those saying when a counter was made: that differs by process and means nothing in a total."""
    return {
        json.dumps([family.name, sample.name, sorted(sample.labels.items())]): sample.value
        for family in registry.collect()
        for sample in family.samples
        if not sample.name.endswith("_created")
    }
