"""The desk's metrics for Prometheus: its own requests, and the vital numbers of the whole house."""

from __future__ import annotations

import hmac
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator

import psutil
from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector
from sqlalchemy import QueuePool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from apps.desk import problems
from apps.desk.dependencies import Desk, DeskDep
from pressroom import logs
from pressroom.errors import NotSignedIn, PressroomError
from pressroom.reports.vitals import Vital

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Set by `pressroom serve` for several workers: each writes there, and any of them answers for all."""

FRESH_SECONDS = 15.0
"""How many seconds the vital numbers are reused: several Prometheus servers may ask."""

router = APIRouter(tags=["operation"])
_log = logs.get_logger("pressroom.desk")

_own = CollectorRegistry()
_requests = Counter("pressroom_http_requests", "Requests answered.", ["method", "route", "status"], registry=_own)
_seconds = Histogram(
    "pressroom_http_request_seconds",
    "From a request to the end of its answer.",
    ["route"],
    buckets=BUCKETS,
    registry=_own,
)
_memory = Gauge(
    "pressroom_desk_memory_bytes", "Memory of the desk's processes.", registry=_own, multiprocess_mode="livesum"
)
_used = Gauge(
    "pressroom_database_connections_used",
    "Connections of a desk's process that are at work.",
    registry=_own,
    multiprocess_mode="livemax",
)
_limit = Gauge(
    "pressroom_database_connections_limit",
    "Connections that a desk's process may open.",
    registry=_own,
    multiprocess_mode="livemax",
)


def request_ended(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request. `route`: its template; `status`: 0 when there was no answer."""
    _requests.labels(method, route, str(status)).inc()
    _seconds.labels(route).observe(seconds)


@router.get("/metrics", response_class=Response, responses=problems.responses(401, 404))
def metrics(request: Request, desk: DeskDep) -> Response:
    """The desk's metrics and the vital numbers, in Prometheus' text; needs the token of PRESSROOM_METRICS_TOKEN."""
    token = desk.settings.metrics_token
    if token is None or not token.get_secret_value():
        raise HTTPException(404)
    given = request.headers.get("authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {token.get_secret_value()}".encode()):
        raise NotSignedIn("The metrics need their token.", hint="Send it as `Authorization: Bearer ...`.")
    _memory.set(psutil.Process().memory_info().rss)
    _count_connections(desk)
    vital = CollectorRegistry()
    vital.register(_kept.of(desk, request.app.state.vitals))
    return Response(generate_latest(_registry()) + generate_latest(vital), media_type=CONTENT_TYPE_LATEST)


class _Vitals(Collector):
    """Numbers that were read; without any where the database did not answer."""

    def __init__(self, read: Iterable[Vital], *, answers: bool) -> None:
        self._read, self._answers = tuple(read), answers

    def collect(self) -> Iterator[GaugeMetricFamily]:
        help_ = "1 while the database answers and the vital numbers could be read."
        yield GaugeMetricFamily("pressroom_vitals_read", help_, value=float(self._answers))
        for each in self._read:
            names = [name for name, _ in next(iter(each.values), ())]
            family = GaugeMetricFamily(each.name, each.help, labels=names)
            for labels, value in each.values.items():
                family.add_metric([shown for _, shown in labels], value)
            yield family


class _Kept:
    """The last reading, while it is fresh."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: tuple[float, Desk, _Vitals] | None = None

    def of(self, desk: Desk, read: Callable[[], list[Vital]]) -> _Vitals:
        with self._lock:
            if self._known and self._known[1] is desk and time.monotonic() - self._known[0] < FRESH_SECONDS:
                return self._known[2]
            self._known = time.monotonic(), desk, _read(read)
            return self._known[2]


_kept = _Kept()


def _read(read: Callable[[], list[Vital]]) -> _Vitals:
    try:
        return _Vitals(read(), answers=True)
    except PressroomError as error:
        _log.warning("metrics.vitals_unread", code=error.code, reason=str(error))
        return _Vitals((), answers=False)


def _count_connections(desk: Desk) -> None:
    """Of this process: its pool, and how much of it is in use."""
    pool = desk.database.engine.pool
    if isinstance(pool, QueuePool):
        _used.set(pool.checkedout())
        _limit.set(desk.settings.database_pool + desk.settings.database_overflow)


def forget_process() -> None:
    """At the end of a process: its memory counts no more, what it has answered does."""
    if SHARED_FOLDER in os.environ:
        mark_process_dead(os.getpid())  # type: ignore[no-untyped-call]


def _registry() -> CollectorRegistry:
    if SHARED_FOLDER not in os.environ:
        return _own
    everybody = CollectorRegistry()
    MultiProcessCollector(everybody)  # type: ignore[no-untyped-call]
    return everybody
