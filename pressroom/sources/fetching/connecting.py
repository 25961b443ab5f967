"""Connections to checked addresses only, each step of them within what is left of the whole fetch.

A name is resolved once, every address it has is judged, and one of exactly those is connected to: there is no second
look-up that a name server could answer differently. Host header, SNI and certificate stay with the name.
"""

from __future__ import annotations

import math
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from queue import Empty, SimpleQueue
from ssl import SSLContext
from typing import Any

import httpcore

from pressroom.sources.fetching.answers import NoSuchHost, NotPublic
from pressroom.sources.fetching.limits import Guard
from pressroom.sources.fetching.public import address_of

MOST_TRIED = 4
"""Addresses of one name that are tried in turn."""


class Deadline:
    """The end of a fetch."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds; negative when it is over."""
        return self._ends - time.monotonic()

    def within(self, timeout: float | None, late: type[httpcore.TimeoutException]) -> float:
        """`timeout`, or what is left if that is less. Raises `late` when nothing is."""
        left = self.left()
        if left <= 0:
            raise late("The time for the whole fetch is over.")
        return min(left, math.inf if timeout is None else timeout)


class Backend(httpcore.NetworkBackend):
    """httpcore's way to the network, guarded."""

    def __init__(self, guard: Guard, deadline: Deadline) -> None:
        self._guard = guard
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._checked(host, port, timeout)[:MOST_TRIED]
        each = None if timeout is None else timeout / len(addresses)
        failure: Exception | None = None
        for address in addresses:
            left = self._deadline.within(each, httpcore.ConnectTimeout)
            try:
                return _Stream(self._inner.connect_tcp(address, port, left, None, socket_options), self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or NoSuchHost(f"{host} has no address.")

    def _checked(self, host: str, port: int, timeout: float | None) -> Sequence[str]:
        """The addresses of `host`; all of them are allowed. Raises NotPublic when a single one is not."""
        addresses = self._resolved(host, port, timeout)
        if not addresses:
            raise NoSuchHost(f"{host} has no address.")
        for address in addresses:
            try:
                allowed = "%" not in address and self._guard.is_allowed(address_of(address))
            except ValueError:
                allowed = False
            if not allowed:
                raise NotPublic(f"{host} is not public.")
        return addresses

    def _resolved(self, host: str, port: int, timeout: float | None) -> Sequence[str]:
        try:
            return [str(address_of(host))]
        except ValueError:
            left = self._deadline.within(timeout, httpcore.ConnectTimeout)
            return _in_time(lambda: self._guard.resolve(host, port), left)


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.within(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.within(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.within(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _in_time(look_up: Callable[[], Sequence[str]], seconds: float) -> Sequence[str]:
    """Returns what `look_up` finds. It runs in a thread that may be left: the system's resolver has no time-out."""
    answer: SimpleQueue[Sequence[str] | BaseException] = SimpleQueue()

    def ask() -> None:
        try:
            answer.put(look_up())
        except BaseException as error:
            answer.put(error)

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        found = answer.get(timeout=seconds)
    except Empty as error:
        raise httpcore.ConnectTimeout("The name was not resolved in time.") from error
    if isinstance(found, socket.gaierror) and found.errno == socket.EAI_AGAIN:
        raise httpcore.ConnectError(str(found)) from found
    if isinstance(found, (socket.gaierror, UnicodeError)):
        raise NoSuchHost(str(found)) from found
    if isinstance(found, BaseException):
        raise found
    return found
