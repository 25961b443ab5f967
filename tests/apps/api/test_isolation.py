"""No route gives or changes anything of another workspace, whoever's ids it is asked with.

The routes come from the OpenAPI document: one that is added is tried too, or fails here until its ids are known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from pressroom.store.account_tables import AuditEvent, Membership
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job, Outbox, Upload, Webhook
from pressroom.store.tables import Content, Table, Workspace
from tests.fixtures.desk import (
    THEIRS,
    MadeRun,
    Person,
    desk_url,  # noqa: F401
)
from tests.fixtures.desk_rows import MARK, add_everything, id_for

OPEN = frozenset({"/health", "/metrics", "/api/v1/auth/login", "/api/v1/auth/register", "/api/v1/auth/refresh"})
STREAMS = frozenset({"/api/v1/events"})
"""Answers without an end; tests/apps/api/test_events.py looks at them."""

ACCOUNT = "/api/v1/auth/"
"""About who asks, and no workspace."""

OWN_NAMES = frozenset(
    {
        "PUT /api/v1/opportunities/rules/{name}",
        "DELETE /api/v1/opportunities/rules/{name}",
        "PUT /api/v1/config/voices/{name}",
    }
)
"""What makes something of that name in the caller's workspace, whatever others call theirs."""

SHARED = "/api/v1/workflows"
"""The same for all workspaces."""

METHODS = ("get", "put", "patch", "post", "delete")


@dataclass(frozen=True)
class Theirs:
    """What another workspace has. `ids`: by the names that routes and bodies have for them."""

    owner: Person
    ids: Mapping[str, str]


@dataclass(frozen=True)
class Operation:
    """One route of the OpenAPI document."""

    method: str
    path: str
    description: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def parameters(self) -> list[str]:
        return [each["name"] for each in self.description.get("parameters", ()) if each["in"] == "path"]

    def address(self, ids: Mapping[str, str]) -> str:
        """With `ids` in it; a parameter that nobody has thought of is an error."""
        return self.path.format(**{name: id_for(self.path, name, ids) for name in self.parameters})


@pytest.fixture
def theirs(stranger: Person, their_run: MadeRun, operators: Database) -> Theirs:
    return Theirs(stranger, add_everything(operators, stranger, their_run))


def test_no_route_knows_another_workspaces_ids(
    owner: Person, theirs: Theirs, operators: Database, desk_app: FastAPI
) -> None:
    before = _everything_of(operators, theirs.owner.workspace_id)
    for operation in _operations(desk_app):
        if operation.parameters and not operation.path.startswith(SHARED):
            answer = _ask(owner, operation, theirs.ids, desk_app)
            expected = {200, 204, 422} if str(operation) in OWN_NAMES else {403, 404}
            assert answer.status_code in expected, f"{operation}: {answer.status_code} {answer.text[:300]}"
            assert MARK not in answer.text, str(operation)
    assert _everything_of(operators, theirs.owner.workspace_id) == before


def test_the_same_ids_are_good_for_their_owner(theirs: Theirs, desk_app: FastAPI) -> None:
    """Else the test above would hold for addresses that lead nowhere."""
    for operation in _operations(desk_app):
        if operation.parameters and operation.method in {"get", "patch", "put"}:
            answer = _ask(theirs.owner, operation, theirs.ids, desk_app)
            assert answer.status_code not in {401, 403, 404, 405}, f"{operation}: {answer.text[:300]}"


def test_no_list_shows_another_workspaces_rows_and_no_body_changes_them(
    owner: Person, theirs: Theirs, operators: Database, desk_app: FastAPI
) -> None:
    before = _everything_of(operators, theirs.owner.workspace_id)
    for operation in _operations(desk_app):
        if operation.parameters or operation.path in OPEN | STREAMS or operation.path.startswith((ACCOUNT, SHARED)):
            continue
        answer = _ask(owner, operation, theirs.ids, desk_app)
        assert answer.status_code not in {401, 405}, str(operation)
        assert MARK not in answer.text, str(operation)
    assert _everything_of(operators, theirs.owner.workspace_id) == before


def test_another_workspace_can_not_be_chosen(owner: Person, theirs: Theirs, desk_app: FastAPI) -> None:
    for chosen in (THEIRS, theirs.owner.workspace_id):
        for operation in _operations(desk_app):
            if _asks_for_workspace(operation) and operation.path not in STREAMS:
                answer = _ask(owner, operation, theirs.ids, desk_app, headers={"Pressroom-Workspace": chosen})
                assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND"), f"{operation}: {answer.text}"


def test_nobody_gets_anything_without_a_sign_in(client: TestClient, theirs: Theirs, desk_app: FastAPI) -> None:
    for operation in _operations(desk_app):
        if operation.description.get("security"):
            for headers in ({}, {"Authorization": "Bearer none"}, {"Cookie": "pressroom=none"}):
                answer = _ask(client, operation, theirs.ids, desk_app, headers=headers)
                # A page's request to change something is refused before anybody looks at its cookie.
                refused = {401, 403} if "Cookie" in headers and operation.method != "get" else {401}
                assert answer.status_code in refused, f"{operation}: {answer.text[:300]}"


def _operations(app: FastAPI) -> Iterator[Operation]:
    document = app.openapi()
    found = [
        Operation(method, path, described)
        for path, methods in document["paths"].items()
        for method, described in methods.items()
    ]
    assert len(found) > 60
    yield from sorted(found, key=lambda each: METHODS.index(each.method))


def _asks_for_workspace(operation: Operation) -> bool:
    return any(each["name"] == "Pressroom-Workspace" for each in operation.description.get("parameters", ()))


def _ask(
    client: TestClient,
    operation: Operation,
    ids: Mapping[str, str],
    app: FastAPI,
    headers: Mapping[str, str] | None = None,
) -> Any:
    """The operation with `ids` wherever one fits, and with a body that would do."""
    sent: dict[str, Any] = {"headers": {"If-Match": '"1"', **(headers or {})}, "params": {}}
    content = operation.description.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        sent["json"] = _example(content["application/json"]["schema"], app.openapi()["components"]["schemas"], ids)
    elif "multipart/form-data" in content:
        sent["files"] = {"file": ("words.txt", b"Words.", "text/plain")}
    schemas = app.openapi()["components"]["schemas"]
    for each in operation.description.get("parameters", ()):
        if each["in"] == "query" and (each.get("required") or f"{each['name']}_id" in ids):
            sent["params"][each["name"]] = ids.get(f"{each['name']}_id") or _example(each["schema"], schemas, ids)
    return client.request(operation.method.upper(), operation.address(ids), **sent)


def _example(schema: Mapping[str, Any], schemas: Mapping[str, Any], ids: Mapping[str, str], name: str = "") -> Any:
    """A value of `schema`: one of `ids` where the name says so, else its own example, else the least there is."""
    if "$ref" in schema:
        return _example(schemas[schema["$ref"].rpartition("/")[2]], schemas, ids, name)
    if "anyOf" in schema or "oneOf" in schema:
        return _example((schema.get("anyOf") or schema["oneOf"])[0], schemas, ids, name)
    if "properties" in schema:
        wanted = {each for each in schema["properties"] if _is_id(each, ids)} | set(schema.get("required", ()))
        return {each: _example(schema["properties"][each], schemas, ids, each) for each in sorted(wanted)}
    if schema.get("type") == "array":
        return [_example(schema["items"], schemas, ids, f"content_{name.removesuffix('s')}")]
    if schema.get("type") == "string" and _is_id(name, ids):
        return ids[name]
    if examples := schema.get("examples"):
        return examples[0]
    least = {"string": schema.get("enum", ["x" * schema.get("minLength", 1)])[0], "boolean": False, "object": {}}
    return schema.get("const", schema.get("default", least.get(schema.get("type", ""), schema.get("minimum", 1))))


def _is_id(name: str, ids: Mapping[str, str]) -> bool:
    return name in ids and name.endswith("_id")


def _everything_of(operators: Database, workspace_id: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of a workspace, by table."""
    found: dict[str, list[dict[str, Any]]] = {}
    with operators.read() as session:
        for table in Table.__subclasses__():
            if "workspace_id" in table.model_fields and table is not AuditEvent:
                rows = session.exec(select(table).where(table.workspace_id == workspace_id)).all()  # type: ignore[attr-defined]
                found[table.__name__] = sorted((row.model_dump() for row in rows), key=lambda row: str(row["id"]))
        found["Workspace"] = [session.get_one(Workspace, workspace_id).model_dump()]
    assert all(found[table.__name__] for table in (Content, Job, Upload, Webhook, Outbox, Membership))
    return found
