"""Connections of the desk's server: a request's head has to be here in time, and only so many are held at once."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0
"""From the first byte of a connection, or of a further request, to the end of its headers."""

MOST_CONNECTIONS = 1000
"""Beyond which a process answers 503 at once; open event streams count."""


class BoundedProtocol(H11Protocol):
    """HTTP as uvicorn speaks it; a connection whose next request has no whole head in time is closed."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._begin()

    def data_received(self, data: bytes) -> None:
        self._begin()
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def _begin(self) -> None:
        if self._timer is None and self.conn.their_state is h11.IDLE:
            self._timer = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
