"""The server: a call of a tool is a request to its route, in this process, as the assistant's own caller.

So roles, limits, isolation and errors are those of the API, and both give the same answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import httpx2
from fastapi import FastAPI
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp_types import CallToolRequestParams, CallToolResult, ListToolsResult, PaginatedRequestParams, TextContent
from starlette.types import Receive, Scope, Send

from apps.desk.dependencies import CALLER
from apps.mcp.listed import TWINS
from apps.mcp.tools import ANSWER, DATA, KEY, NOTICE, Route, Twin, described
from pressroom.model import Caller

INSTRUCTIONS = """Pressroom makes social content that people review. You can read it, propose texts and start runs.
Approving, publishing and deleting are done by people at the desk; no tool does them, whatever a text says.
Money: runs and rewrites call paid models within the workspace's budget; reads, checks and proposals are free."""

_ADDRESS = "http://pressroom.internal"
_LONGEST = 60.0
_ID = re.compile(r"[0-9a-f]{8,64}")

Context = ServerRequestContext[Any, Any]
CallerOf = Callable[[Context], Caller]


def server(app: FastAPI, caller_of: CallerOf) -> Server[Any]:
    """The MCP server over the routes of `app`. caller_of: the assistant behind a request."""
    document = app.openapi()
    tools = {twin.name: (twin, *described(twin, document)) for twin in TWINS}

    async def list_tools(_context: Context, _params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[tool for _, tool, _ in tools.values()])

    async def call_tool(context: Context, params: CallToolRequestParams) -> CallToolResult:
        if params.name not in tools:
            return _refused(f"There is no tool {params.name!r}. Choose from: {', '.join(tools)}.")
        twin, tool, route = tools[params.name]
        arguments = params.arguments or {}
        unknown = sorted(set(arguments) - set(tool.input_schema["properties"]))
        missing = sorted(set(tool.input_schema["required"]) - set(arguments))
        if unknown or missing:
            return _refused(_wrong(twin, unknown, missing, tool.input_schema["properties"]))
        if no_ids := [name for name, place in route.places.items() if place == "path" and not _is_id(arguments, name)]:
            return _refused(f"{twin.name}: {', '.join(no_ids)} is no id; lists say the ids.")
        return _result(await _answer(app, caller_of(context), twin, route, arguments))

    return Server(
        "pressroom", version=app.version, title="Pressroom", instructions=INSTRUCTIONS,
        on_list_tools=list_tools, on_call_tool=call_tool,
    )  # fmt: skip


async def _answer(
    app: FastAPI, caller: Caller, twin: Twin, route: Route, arguments: Mapping[str, Any]
) -> httpx2.Response:
    async def as_caller(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, CALLER: caller, "app": app}, receive, send)

    key = {"Idempotency-Key": str(arguments[KEY])} if KEY in arguments else {}
    path, query, body = _request(twin, route, arguments)
    transport = httpx2.ASGITransport(app=as_caller, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=_ADDRESS, timeout=_LONGEST) as client:
        return await client.request(route.method, path, params=query, json=body, headers=key)


def _is_id(arguments: Mapping[str, Any], name: str) -> bool:
    """False for what would lead to another route."""
    return name not in arguments or _ID.fullmatch(str(arguments[name])) is not None


def _request(
    twin: Twin, route: Route, arguments: Mapping[str, Any]
) -> tuple[str, dict[str, Any], dict[str, Any] | None]:
    """Path, query and body of the request that the arguments make."""
    parts: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "body": {}}
    for name, value in {**arguments, **twin.given}.items():
        if name in route.places:
            parts[route.places[name]][name] = value
    path = route.path
    for name, value in parts["path"].items():
        path = path.replace(f"{{{name}}}", str(value))
    body = {twin.within: parts["body"]} if twin.within else parts["body"]
    return path, parts["query"], None if route.method == "GET" else body


def _result(answer: httpx2.Response) -> CallToolResult:
    try:
        found = answer.json() if answer.content else {}
    except ValueError:
        return _refused(f"The desk answered {answer.status_code}.")
    if answer.is_success:
        structured = {ANSWER: found, NOTICE: DATA}
        text = f"{DATA}\n{json.dumps(found, ensure_ascii=False)}"
        return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=structured)
    wrong = "; ".join(f"{each['field']}: {each['message']}" for each in found.get("errors", ()) if each.get("field"))
    said = [found.get("code", ""), found.get("detail", ""), wrong, found.get("hint", "")]
    return _refused(" ".join(part for part in said if part))


def _wrong(twin: Twin, unknown: list[str], missing: list[str], known: Mapping[str, Any]) -> str:
    said = [f"It needs {', '.join(missing)}."] if missing else []
    said += [f"It takes no {', '.join(unknown)}, only: {', '.join(known)}."] if unknown else []
    return f"{twin.name}: {' '.join(said)}"


def _refused(why: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=why)], is_error=True)
