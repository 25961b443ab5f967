"""HTTP/1.1 as far as SDK clients speak it: requests with a length or in chunks, connections kept alive.

A server of our own, because the faults need the line itself: to cut it, to leave it silent, to notice at once
that the client has gone. One task a request, cancelled when the client leaves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http.client import responses
from typing import Literal


@dataclass(frozen=True)
class Request:
    """`headers`: names in lower case. `path`: without the query."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""
    query: str = ""

    @property
    def keep_alive(self) -> bool:
        return self.headers.get("connection", "").lower() != "close"


@dataclass(frozen=True)
class Response:
    """`ending`: `cut` sends half of the body and hangs up, `drop` hangs up at once.

    pause: seconds before each byte of the body; without one it is sent as a whole.
    """

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    ending: Literal["whole", "cut", "drop"] = "whole"
    pause: float = 0.0

    def head(self, *, keep_alive: bool) -> bytes:
        headers = {"content-type": "application/json", **self.headers}
        lines = [f"HTTP/1.1 {self.status} {responses.get(self.status, 'Overloaded')}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += [f"content-length: {len(self.body)}", f"connection: {'keep-alive' if keep_alive else 'close'}"]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


class Malformed(Exception):
    """These bytes are no HTTP request."""


def take_request(buffer: bytearray) -> Request | None:
    """The first whole request, removed from `buffer`; None when more bytes are needed.

    Raises:
        Malformed: it can't become one.
    """
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    try:
        first, *lines = buffer[:end].decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        taken = _take_body(buffer, end + 4, headers)
    except ValueError as error:
        raise Malformed(str(error)) from None
    if taken is None:
        return None
    body, length = taken
    del buffer[:length]
    path, _, query = target.partition("?")
    return Request(method, path, headers, body, query)


def _take_body(buffer: bytearray, start: int, headers: Mapping[str, str]) -> tuple[bytes, int] | None:
    """The body beginning at `start` and where it ends, or None when it is not all here."""
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return _take_chunks(buffer, start)
    end = start + int(headers.get("content-length", 0))
    return (bytes(buffer[start:end]), end) if len(buffer) >= end else None


def _take_chunks(buffer: bytearray, start: int) -> tuple[bytes, int] | None:
    body = bytearray()
    while (line := buffer.find(b"\r\n", start)) >= 0:
        size = int(bytes(buffer[start:line]).partition(b";")[0], 16)
        start = line + 2 + size + 2
        if len(buffer) < start:
            return None
        body += buffer[line + 2 : line + 2 + size]
        if size == 0:
            return bytes(body), start
    return None


class Connection(asyncio.Protocol):
    """One client's line. `respond` may take its time; it is cancelled when the client hangs up."""

    def __init__(self, respond: Callable[[Request], Awaitable[Response]], open_lines: set[Connection]) -> None:
        self._respond = respond
        self._open_lines = open_lines
        self._buffer = bytearray()
        self._task: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._open_lines.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self._open_lines.discard(self)
        self._transport = None
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._next()

    def abort(self) -> None:
        """Hang up now, whatever is under way."""
        if self._transport is not None:
            self._transport.abort()

    def _next(self) -> None:
        if self._task is not None or not self._buffer or self._transport is None:
            return
        try:
            request = take_request(self._buffer)
        except Malformed:
            self._send(Response(400, b'{"error":{"message":"This is no HTTP request."}}'), keep_alive=False)
            return
        if request is not None:
            self._task = asyncio.create_task(self._serve(request))

    async def _serve(self, request: Request) -> None:
        response = await self._respond(request)
        if response.pause:
            await self._trickle(response, keep_alive=request.keep_alive)
        else:
            self._send(response, keep_alive=request.keep_alive)
        self._task = None
        self._next()

    async def _trickle(self, response: Response, *, keep_alive: bool) -> None:
        """Byte by byte; cancelled like everything else here when the client hangs up."""
        if self._transport is None:
            return
        self._transport.write(response.head(keep_alive=keep_alive))
        for byte in response.body:
            await asyncio.sleep(response.pause)
            self._transport.write(bytes([byte]))
        if not keep_alive:
            self._transport.close()

    def _send(self, response: Response, *, keep_alive: bool) -> None:
        if self._transport is None:
            return
        if response.ending != "drop":
            body = response.body if response.ending == "whole" else response.body[: len(response.body) // 2]
            self._transport.write(response.head(keep_alive=keep_alive) + body)
        if response.ending != "whole" or not keep_alive:
            self._transport.close()
