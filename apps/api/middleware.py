"""Applied to every request: an id, a line in the log, security headers, and a limit on the body's size.

Plain ASGI throughout: the framework's own base class costs more than a query.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Mapping
from uuid import uuid4

from anyio import to_thread
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from apps.api import metrics
from apps.desk import cookies, problems
from apps.desk.dependencies import uploader_of
from pressroom import logs, tracing
from pressroom.settings import Settings

REQUEST_ID = "X-Request-Id"
API = "/api/"
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""The sources a page may load: our own files only."""

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
UPLOADS, UPLOADS_OF_ONE, UPLOAD_SECONDS = 16, 3, 300.0
"""Forms with files that are read at the same time, of one caller, and the seconds each may take."""

TWO_YEARS = 63_072_000
TRANSPORT = ("Strict-Transport-Security", f"max-age={TWO_YEARS}; includeSubDomains")

_log = logs.get_logger("pressroom.desk")


class Observed:
    """Gives each request an id, logs how it ended, and answers 500 when the application crashed before it answered.

    The line names the user by id and the route by its template; it holds no address, no name and no text of the user.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["request_id"] = _request_id(scope)
        scope.setdefault("state", {})
        with tracing.span(
            "request", scope["method"], {"request": scope["request_id"]}, headers=_headers(scope)
        ) as about:
            await self._observe(scope, receive, send, about)

    async def _observe(self, scope: Scope, receive: Receive, send: Send, about: tracing.Attributes) -> None:
        request_id: str = scope["request_id"]
        status, is_noted, begun = 0, False, time.perf_counter()

        def note() -> None:
            nonlocal is_noted
            if not is_noted:
                is_noted = True
                about.update(name=f"{scope['method']} {_route(scope)}", status=status)
                _note(scope, status, time.perf_counter() - begun)

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            elif not message.get("more_body"):
                note()  # before the last bytes go: the client may look at log and metrics at once
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception:
            _log.exception("request.crashed", request=request_id, route=_route(scope))
            if status:  # half an answer is out: the line has to break, lest it be taken for whole
                raise
            await problems.answer(problems.of_surprise(), request_id)(scope, receive, noting)
        finally:
            note()  # of an answer that broke off


class SecurityHeaders:
    """Adds security headers; a header that the route has set stays."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._headers = [*HEADERS.items(), *([TRANSPORT] if cookies.is_secure(settings) else [])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers:
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store" if scope["path"].startswith(API) else "no-cache")
            await send(message)

        await self._app(scope, receive, guarded)


class BodyLimit:
    """Refuses bodies that are too large: by what their header says, else while they are read.

    A form with files may be larger than anything else, from a caller whose sign-in, and whose page, is looked up before
    a byte of it is read; a few at the same time, each within `UPLOAD_SECONDS`.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._plain, self._upload = settings.body_bytes, settings.upload_bytes
        self._under_way: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in cookies.SAFE_METHODS:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        is_form = request.headers.get("content-type", "").lower().startswith("multipart/form-data")
        sender = await to_thread.run_sync(uploader_of, request) if is_form else None
        if sender is None:
            await self._bounded(self._plain, scope, receive, send)
        elif self._under_way[sender] >= UPLOADS_OF_ONE or self._under_way.total() >= UPLOADS:
            refusal = problems.of_status(429, "Too many uploads are under way.")
            await problems.answer(refusal, scope["request_id"], {"Retry-After": "10"})(scope, receive, send)
        else:
            self._under_way[sender] += 1
            try:
                await self._bounded(self._upload, scope, receive, send)
            finally:
                self._under_way[sender] -= 1
                self._under_way += Counter()  # forgets who has none

    async def _bounded(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on; refuses a body over `limit` bytes or one that arrives too late."""
        read, is_whole, until = 0, False, time.monotonic() + UPLOAD_SECONDS
        announced = Request(scope).headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > limit:
            await problems.answer(problems.of_status(413, _too_large(limit)), scope["request_id"])(scope, receive, send)
            return

        async def counted() -> Message:
            nonlocal read, is_whole
            try:
                message = await asyncio.wait_for(receive(), None if is_whole else until - time.monotonic())
            except TimeoutError:
                raise HTTPException(408, f"The body was not here after {UPLOAD_SECONDS:.0f} seconds.") from None
            read += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            if read > limit:
                raise HTTPException(413, _too_large(limit))
            return message

        await self._app(scope, counted, send)


def _too_large(limit: int) -> str:
    return f"The body may have {limit:,} bytes at most."


def _request_id(scope: Scope) -> str:
    """The caller's own where it is sane, so that a request can be followed through several systems."""
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"").decode("latin-1")
    return given if _SANE_ID.fullmatch(given) else uuid4().hex


def _route(scope: Scope) -> str:
    """The template, such as `/api/v1/content/{id}`; ids and search words stay out of logs and metrics.

    The route of an included router knows only the end of its path; FastAPI stores the whole path in the scope.
    """
    found = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    return getattr(found, "path", "") or "none"


def _headers(scope: Scope) -> dict[str, str]:
    """The header that says in which trace the caller is, when it sends one."""
    found = [value.decode("latin-1") for name, value in scope["headers"] if name == b"traceparent"]
    return {"traceparent": found[0]} if found else {}


def _note(scope: Scope, status: int, seconds: float) -> None:
    route, caller = _route(scope), scope["state"].get("caller")
    metrics.request_ended(scope["method"], route, status, seconds)
    _log.info(
        "request.ended",
        request=scope["request_id"],
        method=scope["method"],
        route=route,
        status=status,
        milliseconds=round(seconds * 1000, 1),
        user=caller and (caller.user_id or caller.token_id),
        workspace=caller and caller.workspace_id,
    )
