"""A server in a background thread, or as the whole process: what the stand-ins of vendors and platforms share."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Self

from pressroom.errors import Misconfigured
from sandbox.wire import Connection, Request, Response

BACKLOG = 1024
"""Connections that may wait to be accepted: bursts of hundreds arrive at once."""


class LocalServer:
    """Answers HTTP on one port. Use it as a context manager: it is ready inside, and gone outside.

    `port` 0 takes a free one.
    """

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.host = host
        self.port = port
        self._lines: set[Connection] = set()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def before_serving(self) -> None:
        """Work that the first request would have to wait for."""

    async def respond(self, request: Request) -> Response:
        raise NotImplementedError

    def __enter__(self) -> Self:
        ready: threading.Event = threading.Event()
        failures: list[BaseException] = []

        def run() -> None:
            try:
                asyncio.run(self.serve(ready.set))
            except BaseException as error:
                failures.append(error)
            finally:
                ready.set()

        self._thread = threading.Thread(target=run, name="sandbox", daemon=True)
        self._thread.start()
        ready.wait()
        if failures:
            raise failures[0]
        return self

    def __exit__(self, *error: object) -> None:
        if self._loop is not None and self._stop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)
        if self._thread is not None:
            self._thread.join()

    async def serve(self, ready: Callable[[], object] = lambda: None) -> None:
        """Serves until cancelled or left; `ready` is called once it listens.

        Raises:
            Misconfigured: the port can't be had.
        """
        self.before_serving()
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        try:
            listener = await self._loop.create_server(self._line, self.host, self.port, backlog=BACKLOG)
        except OSError as error:
            raise Misconfigured(
                f"Port {self.port} of {self.host} can't be had: {error.strerror}.", hint="Choose another one."
            ) from None
        self.port = listener.sockets[0].getsockname()[1]
        try:
            ready()
            await self._stop.wait()
        finally:
            listener.close()
            for line in list(self._lines):
                line.abort()

    def _line(self) -> Connection:
        return Connection(self.respond, self._lines)
