"""Measurements in Prometheus' terms; nothing is measured, or imported, unless one of three settings asks for it.

PRESSROOM_PUSHGATEWAY_URL: pushed at the close of every run, grouped by workspace and instance (this host).
PRESSROOM_METRICS_FILE: written at the close of every run, for node_exporter's textfile collector.
PRESSROOM_METRICS_PORT: scraped at `/metrics` of this port, for as long as the process lives.

Flow runs are short-lived processes under `serve` and workers: they end before Prometheus scrapes them. There, push or
write the file; or let `pressroom up` hold the port: it shows the counts its runs closed with. So that counters grow
from run to run rather than start from nothing with each process, every process adds its counts to the totals in
HOME/metrics.json, and the totals are shown. Where HOME doesn't outlive a run, counters start again with each run.
"""

from __future__ import annotations

import atexit
import os
import socket
import time
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from pressroom import logs
from pressroom.model import Usage
from pressroom.settings import settings

if TYPE_CHECKING:
    from pressroom.measures import Sheet

JOB = "pressroom"
PUSH_SECONDS = 5.0
"""Longest wait for a Pushgateway."""

SERVED = "PRESSROOM_METRICS_SERVED"
"""Set for child processes once this process holds the port: they needn't try."""

_log = logs.get_logger(__name__)
_stops: list[Callable[[], None]] = []


@cache
def sheet() -> Sheet | None:
    """The counters of this process; None when no setting asks for any."""
    chosen = settings()
    if not (chosen.pushgateway_url or chosen.metrics_port or chosen.metrics_file):
        return None
    from pressroom.measures import Sheet  # 30 ms: prometheus_client

    atexit.register(_publish_the_rest)
    return Sheet(chosen.home)


def call_begun(provider: str, request: Callable[[], str], *, again: bool) -> None:
    """A call is about to be made. `again`: an earlier answer was broken; a request that failed here counts as well."""
    if (on := sheet()) and (again or request() in on.failed_requests):
        on.retries.labels(provider).inc()


def call_answered(provider: str, kind: str, model: str, seconds: float, usage: Usage, cost_microusd: int) -> None:
    if on := sheet():
        on.call_seconds.labels(provider, kind).observe(seconds)
        on.cost.labels(provider, model).inc(cost_microusd / 1e6)
        for direction in ("input", "output", "cached"):
            on.tokens.labels(provider, model, direction).inc(getattr(usage, f"{direction}_tokens"))


def call_failed(provider: str, kind: str, code: str, seconds: float, request: Callable[[], str]) -> None:
    if on := sheet():
        on.call_seconds.labels(provider, kind).observe(seconds)
        on.errors.labels(provider, code).inc()
        on.remember_failed(request())


def call_reused(provider: str, kind: str) -> None:
    if on := sheet():
        on.reused.labels(provider, kind).inc()


def circuit_opened(provider: str, seconds: float) -> None:
    """No call of `provider` is made for `seconds`."""
    if on := sheet():
        on.circuit_open_until.labels(provider).set(time.time() + seconds)


def ideas_gated(accepted: int, rejected: int) -> None:
    if on := sheet():
        on.ideas.labels("accepted").inc(accepted)
        on.ideas.labels("rejected").inc(rejected)


def draft_ended(format: str, state: str) -> None:  # noqa: A002
    """state: as in the lifecycle, or `failed` where none could be made."""
    if on := sheet():
        on.drafts.labels(format, state).inc()


def batch_judged(*, outcome: str) -> None:
    """outcome: `passed`, `failed`, or `not_judged` where the gate itself broke."""
    if on := sheet():
        on.gates.labels(outcome).inc()


def lease_lost() -> None:
    if on := sheet():
        on.leases_lost.inc()


def run_closed(kind: str, status: str, seconds: float) -> None:
    if on := sheet():
        on.runs.labels(kind, status).inc()
        on.run_seconds.labels(kind).observe(seconds)
        on.last_closed.labels(kind, status).set(time.time())


def publish(workspace: str) -> None:
    """Add what this process counted to the totals; push and write them where that is set. Never raises."""
    on, chosen = sheet(), settings()
    if on is None:
        return
    on.add_to_totals()
    if chosen.pushgateway_url:
        _attempt("metrics.push_failed", lambda: _push(on, chosen.pushgateway_url, workspace))
    if chosen.metrics_file:
        file = chosen.metrics_file
        _attempt("metrics.file_failed", lambda: on.write(file))


def serve() -> None:
    """Answer scrapes on PRESSROOM_METRICS_PORT, where that is set, until the process ends.

    A port that is taken is a warning; a child of the process that holds it keeps still.
    """
    on, port = sheet(), settings().metrics_port
    if on is None or port is None or os.environ.get(SERVED) == str(port):
        return
    try:
        _stops.append(on.serve(port))
    except OSError as error:
        _log.warning("metrics.port_unusable", port=port, reason=error.strerror)
        return
    os.environ[SERVED] = str(port)


def reset() -> None:
    """Forget what was counted, and stop answering: for tests."""
    atexit.unregister(_publish_the_rest)
    for stop in _stops:
        stop()
        os.environ.pop(SERVED, None)
    _stops.clear()
    sheet.cache_clear()


def _publish_the_rest() -> None:
    """At the end of a process that closed no run: a shard, a worker of Dask or Ray."""
    on = sheet()
    if on is not None and on.has_news():
        publish(settings().workspace)


def _push(on: Sheet, address: str, workspace: str) -> None:
    parts = urlsplit(address if "://" in address else f"http://{address}")
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl().rstrip("/")
    group = {"workspace": workspace, "instance": socket.gethostname()}
    on.push(bare, JOB, group, PUSH_SECONDS, unquote(parts.username or ""), unquote(parts.password or ""))


def _attempt(event: str, action: Callable[[], None]) -> None:
    try:
        action()
    except Exception as error:  # what can't be told to a gateway must not fail the run
        _log.warning(event, reason=f"{type(error).__name__}: {error}")
