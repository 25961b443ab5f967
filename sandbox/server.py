"""The server as a thing one can hold: in a background thread, or as the whole process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any, Self

from pydantic import BaseModel

from pressroom.errors import Misconfigured
from sandbox import dialects
from sandbox.control import PREFIX, control
from sandbox.faults import Fault, FaultRule
from sandbox.handler import Handler
from sandbox.records import Record
from sandbox.replies import Options, Reply, reply
from sandbox.wire import Connection, Request, Response

BACKLOG = 1024
"""Connections that may wait to be accepted: bursts of hundreds arrive at once."""
DEFAULT_KEY = "sandbox-key"


class ProviderServer:
    """A provider of text that costs nothing, over real HTTP.

    `options` are the fields of `Options`; `port` 0 takes a free one. Use it as a context manager: it is ready
    inside, and gone (with whatever still hung) outside.
    """

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, **options: Any) -> None:
        self.host = host
        self.port = port
        self._options = Options(**options)
        self._handler = Handler(self._options)
        self._lines: set[Connection] = set()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None

    # Where it is

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def openai_url(self) -> str:
        return f"{self.url}/v1"

    @property
    def anthropic_url(self) -> str:
        return self.url

    @property
    def gemini_url(self) -> str:
        return self.url

    @property
    def stability_url(self) -> str:
        return self.url

    @property
    def key(self) -> str:
        """A key it accepts."""
        accepted = self._options.accepted_keys
        return accepted[0] if accepted else DEFAULT_KEY

    @property
    def env(self) -> dict[str, str]:
        """The variables that point the SDKs, and Pressroom, here."""
        return {
            "OPENAI_BASE_URL": self.openai_url,
            "OPENAI_API_KEY": self.key,
            "ANTHROPIC_BASE_URL": self.anthropic_url,
            "ANTHROPIC_API_KEY": self.key,
            "GEMINI_BASE_URL": self.gemini_url,
            "GEMINI_API_KEY": self.key,
            "STABILITY_BASE_URL": self.stability_url,
            "STABILITY_API_KEY": self.key,
        }

    # What it is told

    def enqueue(self, *replies: Reply | Fault | BaseModel | dict[str, Any] | list[Any] | str) -> None:
        """Answers for the next requests, one each: a reply, a fault, the model's text or value."""
        self._handler.plan.enqueue(*map(reply, replies))

    def fail(self, fault: Fault, **rule: Any) -> None:
        """`fault` for every request in scope until reset; `rule`: the other fields of `FaultRule`."""
        self.fail_by(FaultRule(fault=fault, **rule))

    def fail_by(self, *rules: FaultRule) -> None:
        self._handler.plan.stand(*rules)

    def configure(self, **changes: Any) -> None:
        """Other options from now on; history and script stay."""
        self._options = Options(**{**self._options.model_dump(), **changes})
        self._handler.adopt(self._options)

    def reset(self) -> None:
        """Forgets history, counts, script and standing faults; the options stay."""
        self._handler = Handler(self._options)

    # What it was asked

    @property
    def history(self) -> list[Record]:
        return self._handler.log.history()

    @property
    def counts(self) -> dict[str, Any]:
        """See `Log.counts`; `waiting` counts the scripted replies that no request has used yet."""
        return {**self._handler.log.counts(), "waiting": self.waiting}

    @property
    def waiting(self) -> int:
        return self._handler.plan.waiting

    # How it runs

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

        self._thread = threading.Thread(target=run, name="provider-server", daemon=True)
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
        dialects.find("GET", "/")  # imports them all, before the first request waits for it
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
        return Connection(self._respond, self._lines)

    async def _respond(self, request: Request) -> Response:
        if request.path.startswith(PREFIX):
            return control(self, request)
        return await self._handler.respond(request)
