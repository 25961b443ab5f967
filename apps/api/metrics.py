"""The desk's metrics for Prometheus: requests by route, and how long they took."""

from __future__ import annotations

import hmac
import os

import psutil
from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from starlette.exceptions import HTTPException
from starlette.responses import Response

from apps.desk import problems
from apps.desk.dependencies import DeskDep
from pressroom.errors import NotSignedIn

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Set by `pressroom serve` for several workers: each writes there, and any of them answers for all."""

router = APIRouter(tags=["operation"])

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


def request_ended(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request. `route`: its template; `status`: 0 when there was no answer."""
    _requests.labels(method, route, str(status)).inc()
    _seconds.labels(route).observe(seconds)


@router.get("/metrics", response_class=Response, responses=problems.responses(401, 404))
def metrics(request: Request, desk: DeskDep) -> Response:
    """The desk's metrics in Prometheus' text format; needs the token of PRESSROOM_METRICS_TOKEN."""
    token = desk.settings.metrics_token
    if token is None or not token.get_secret_value():
        raise HTTPException(404)
    given = request.headers.get("authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {token.get_secret_value()}".encode()):
        raise NotSignedIn("The metrics need their token.", hint="Send it as `Authorization: Bearer ...`.")
    _memory.set(psutil.Process().memory_info().rss)
    return Response(generate_latest(_shown()), media_type=CONTENT_TYPE_LATEST)


def forget_process() -> None:
    """At the end of a process: its memory counts no more, what it has answered does."""
    if SHARED_FOLDER in os.environ:
        mark_process_dead(os.getpid())  # type: ignore[no-untyped-call]


def _shown() -> CollectorRegistry:
    if SHARED_FOLDER not in os.environ:
        return _own
    everybody = CollectorRegistry()
    MultiProcessCollector(everybody)  # type: ignore[no-untyped-call]
    return everybody
