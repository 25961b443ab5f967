"""An HTTP client whose time-out is that of the whole call. Imported with an SDK, never before.

httpx2's time-outs hold for one connect, one write and one read each: a body that trickles in byte by byte can hold
a call for ever. Here every one of them gets what is left of the call, and of the task around it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from contextvars import ContextVar
from ssl import SSLContext
from typing import Any

import httpcore2
import httpx2

from pressroom.calls import deadline

GRACE = 10.0
"""Seconds after the end of a call in which what has arrived by then is still read: a crowded processor is no provider's
fault."""
AT_ONCE = 0.05

_CALL_ENDS: ContextVar[float] = ContextVar("call_ends", default=math.inf)


class TotalTimeout(httpx2.Client):
    """To be mixed in before an SDK's own client class, which knows that SDK's limits, proxies and redirects."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for transport in (self._transport, *self._mounts.values()):
            if isinstance(transport, httpx2.HTTPTransport):
                # The only way in that leaves the proxies of the environment in force; a test holds it.
                transport._pool._network_backend = _Backend(transport._pool._network_backend)

    def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """Raises `httpx2.TimeoutException` when the whole answer isn't here within the request's read time-out."""
        total = request.extensions.get("timeout", {}).get("read")
        ends = math.inf if total is None else time.monotonic() + total
        token = _CALL_ENDS.set(min(ends, deadline.ends()))
        try:
            return super().send(request, **options)
        finally:
            _CALL_ENDS.reset(token)

    def __del__(self) -> None:
        try:  # noqa: SIM105 (at the end of a process this module's names may be gone)
            self.close()
        except Exception:  # noqa: S110
            pass


def _left(timeout: float | None, late: type[httpcore2.TimeoutException]) -> float | None:
    """`timeout`, or what is left of the call if that is less."""
    left = _CALL_ENDS.get() - time.monotonic()
    if left <= 0:
        raise late("The time for the whole call is over.")
    return timeout if left == math.inf else min(left, math.inf if timeout is None else timeout)


class _Backend(httpcore2.NetworkBackend):
    def __init__(self, inner: httpcore2.NetworkBackend) -> None:
        self._inner = inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        left = _left(timeout, httpcore2.ConnectTimeout)
        return _Stream(self._inner.connect_tcp(host, port, left, local_address, socket_options))

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore2.NetworkStream:
        left = _left(timeout, httpcore2.ConnectTimeout)
        return _Stream(self._inner.connect_unix_socket(path, left, socket_options))

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _Stream(httpcore2.NetworkStream):
    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Reads what came in time, though this thread got the processor too late for it."""
        overdue = time.monotonic() - _CALL_ENDS.get()
        if 0 <= overdue < GRACE and self._inner.get_extra_info("is_readable"):
            return self._inner.read(max_bytes, AT_ONCE)
        return self._inner.read(max_bytes, _left(timeout, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        left = _left(timeout, httpcore2.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
