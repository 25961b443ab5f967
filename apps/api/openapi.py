"""The OpenAPI document: what FastAPI derives from the routes, and what it can't know."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from apps.desk import cookies, dependencies, idempotency, problems
from apps.desk.dependencies import asks_for, get_caller, get_person

DESCRIPTION = """Content that Pressroom has made, to be read, edited, approved and had made again.

- **Sign in** with `POST /api/v1/auth/login`; send the access token as `Authorization: Bearer ...`, or make a service
  token for a program. `Pressroom-Workspace` chooses the workspace.
- **Lists** come in pages of 20, newest first; `next_cursor` leads to the next page.
- **Edits** name the version they were made to with `If-Match`; 412 says that another person was faster.
- **Long work** answers 202 with a job. A POST with an `Idempotency-Key` is done once, however often it is sent.
- **Errors** are problems (RFC 9457): `code` is for programs, `detail` and `hint` are for people.
"""
ANYWHERE = (422, 429, 500, 503)
"""Statuses that any route may answer."""

WITH_BODY = (400, 413)
"""And one that is sent something: it can't be read, or is too large."""

FOR_CALLERS = (401, 403, 404)
"""And one that asks who is calling: 404 for a workspace."""

FOR_POSTS = (402, 409)
"""And one of those that makes something: 402 by the plan, 409 for a repeat that is under way."""

FILE, ANY = "application/octet-stream", "*/*"
"""A route that answers with a user's file declares the first; the answer has the type of the file."""

CLOCK = r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"

SIGN_INS = {
    "token": {"type": "http", "scheme": "bearer", "description": "An access token, or a service token."},
    "page": {
        "type": "apiKey",
        "in": "cookie",
        "name": cookies.NAME,
        "description": f"The page's own sign-in; a change takes the header {cookies.CSRF_HEADER} as well.",
    },
}
"""How a caller says who it is: by either."""

_WORKSPACE = {
    "name": dependencies.WORKSPACE,
    "in": "header",
    "required": False,
    "description": "Name or id of the workspace; without it: the one joined first, or the service token's.",
    "schema": {"type": "string"},
}
_KEY = {
    "name": idempotency.HEADER,
    "in": "header",
    "required": False,
    "description": "A word of your own (a UUID): sent again with the same one, the request is done once.",
    "schema": {"type": "string", "maxLength": 255},
}


def operation_id(route: APIRoute) -> str:
    """The function's name."""
    return route.name


def install(app: FastAPI) -> None:
    """Have `app` describe itself so."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _described(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, summary=app.summary, description=DESCRIPTION, routes=app.routes
    )
    dependants = {
        context.name: context.dependant for context in iter_route_contexts(app.routes) if hasattr(context, "dependant")
    }
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schema = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schema.pop("$defs"))
    schemas["Problem"] = schema
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    _mend_times(document)
    document["components"]["securitySchemes"] = SIGN_INS
    for path in document["paths"].values():
        for method, operation in path.items():
            _complete(method, operation, dependants[operation["operationId"]])
    return document


def _mend_times(part: Any) -> None:
    """A clock's time is no `time` of JSON Schema, which has a zone."""
    if isinstance(part, dict):
        if part.get("format") == "time":
            del part["format"]
            part["pattern"] = CLOCK
        for each in part.values():
            _mend_times(each)
    elif isinstance(part, list):
        for each in part:
            _mend_times(each)


def _complete(method: str, operation: dict[str, Any], dependant: Dependant) -> None:
    """Add what callers say of themselves, which idempotency keys belong to, and the answers of any such route."""
    in_workspace = asks_for(dependant, get_caller)
    asks_who = in_workspace or asks_for(dependant, get_person)
    makes = in_workspace and method == "post"
    if asks_who:
        operation["security"] = [{name: []} for name in SIGN_INS]
    if parameters := [*[_WORKSPACE] * in_workspace, *[_KEY] * makes]:
        operation.setdefault("parameters", []).extend(parameters)
    statuses = [
        *ANYWHERE,
        *(WITH_BODY if "requestBody" in operation else ()),
        *(FOR_CALLERS if asks_who else ()),
        *(FOR_POSTS if makes else ()),
    ]
    known = operation["responses"]
    for response in known.values():
        if FILE in response.get("content", {}):
            response["content"] = {ANY: {"schema": {"type": "string", "format": "binary"}}}
    if "HTTPValidationError" in str(known.get("422")):
        del known["422"]
    for status, response in problems.responses(*statuses).items():
        known.setdefault(str(status), response)
    operation["responses"] = dict(sorted(known.items()))
