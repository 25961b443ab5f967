"""`/mcp` on the desk: who may enter, and where that is written down (RFC 9728).

A token for assistants is a service token with the scopes `mcp:read` or `mcp:write`; it opens nothing else, and no
other token opens this. Every request is authorised by itself: there are no sessions.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import cast

from anyio import to_thread
from fastapi import FastAPI
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from apps.desk import limits, problems
from apps.desk.dependencies import CALLER, desk_of, origin_of
from apps.mcp.server import Context, server
from pressroom.errors import NotSignedIn, PressroomError
from pressroom.model import Caller
from pressroom.people import service_tokens
from pressroom.people.service_tokens import ASSISTANTS

PATH = "/mcp"
ABOUT = "/.well-known/oauth-protected-resource/mcp"
MOST_BYTES = 1_000_000


def mount(app: FastAPI) -> None:
    """Put the door and its description on `app`; `open_door` has to be entered before the first request."""
    app.router.routes.append(Route(PATH, endpoint=_Door(app)))
    app.router.routes.append(Route(ABOUT, endpoint=_about, methods=["GET"]))


@asynccontextmanager
async def open_door(app: FastAPI) -> AsyncIterator[None]:
    """Run the server behind the door of `app`."""
    manager = StreamableHTTPSessionManager(
        server(app, _caller_of), json_response=True, stateless=True, max_request_body_size=MOST_BYTES
    )
    async with manager.run():
        app.state.assistants = manager
        yield


class _Door:
    """Lets in who has a token for assistants."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            scope[CALLER] = await to_thread.run_sync(partial(_identified, request))
        except PressroomError as error:
            answer = problems.answer(problems.of_error(error), scope.get("request_id", ""))
            if isinstance(error, NotSignedIn):
                about = f"{str(request.base_url).rstrip('/')}{ABOUT}"
                answer.headers["WWW-Authenticate"] = f'Bearer error="invalid_token", resource_metadata="{about}"'
            await answer(scope, receive, send)
            return
        await self._app.state.assistants.asgi_app(scope, receive, send)


def _identified(request: Request) -> Caller:
    desk, origin = desk_of(request), origin_of(request)
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        if kind.lower() != "bearer":
            raise NotSignedIn("This is the door for assistants.", hint="Make a token with the scope mcp:read.")
        return service_tokens.caller_of(desk.database, token.strip(), origin, audience=ASSISTANTS)
    except NotSignedIn:
        limits.count_address(desk, origin)
        raise


def _caller_of(context: Context) -> Caller:
    request: Request = cast(Request, context.request)  # HTTP always brings one
    caller: Caller = request.scope[CALLER]
    return caller


async def _about(request: Request) -> JSONResponse:
    """Return what a client has to know of the door."""
    base = str(request.base_url).rstrip("/")
    return JSONResponse(
        {
            "resource": f"{base}{PATH}",
            "resource_name": "Pressroom",
            "scopes_supported": list(service_tokens.ASSISTANT_SCOPES),
            "bearer_methods_supported": ["header"],
            "resource_documentation": f"{base}/docs",
        }
    )
