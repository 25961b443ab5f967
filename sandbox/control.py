"""The server's own endpoints, by which other processes script it and ask what it was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from pydantic import Field, ValidationError

from pressroom.model import Frozen
from sandbox.faults import FaultRule
from sandbox.outgoing import encoded
from sandbox.replies import Reply
from sandbox.wire import Request, Response

if TYPE_CHECKING:
    from sandbox.server import ProviderServer

PREFIX = "/__sandbox/"


class Script(Frozen):
    """Body of POST /__sandbox/script. `options`: fields of `Options` to change from now on."""

    replies: tuple[Reply, ...] = ()
    faults: tuple[FaultRule, ...] = ()
    options: dict[str, Any] = Field(default={})


def control(server: ProviderServer, request: Request) -> Response:
    """Answers `request`, whose path begins with `PREFIX`."""
    match request.method, request.path.removeprefix(PREFIX):
        case "GET", "health":
            return _ok({"status": "ok"})
        case "GET", "counts":
            return _ok(server.counts)
        case "GET", "history":
            return _ok(_history(server, request.query))
        case "POST", "script":
            return _script(server, request.body)
        case "POST", "reset":
            server.reset()
            return _ok({"status": "ok"})
        case _:
            return Response(404, encoded({"error": f"There is nothing at {request.method} {request.path}."}))


def _ok(value: Any) -> Response:
    return Response(200, encoded(value))


def _history(server: ProviderServer, query: str) -> list[dict[str, Any]]:
    """All records, or with `?last=20` the newest twenty."""
    last = parse_qs(query).get("last", [""])[0]
    records = server.history[-int(last) :] if last.isdigit() and int(last) else server.history
    return [record.as_dict() for record in records]


def _script(server: ProviderServer, body: bytes) -> Response:
    try:
        script = Script.model_validate_json(body)
        if script.options:
            server.configure(**script.options)
    except ValidationError as error:
        return Response(400, encoded({"error": error.errors(include_url=False, include_context=False)}))
    server.enqueue(*script.replies)
    server.fail_by(*script.faults)
    return _ok({"status": "ok", "waiting": server.waiting})
