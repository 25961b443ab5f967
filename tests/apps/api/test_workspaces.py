"""Workspaces, members, invitations, service tokens, plans and the audit log over HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from starlette.testclient import TestClient

from pressroom.people import plans
from pressroom.store.database import Database
from tests.fixtures.desk import Person

GRACE = "grace@example.com"
PROBLEM = "application/problem+json"

Asked = tuple[str, str, dict[str, Any] | None]
"""Method, path and body of a request."""


def test_a_workspace_is_made_seen_and_chosen(owner: Person) -> None:
    made = owner.post("/api/v1/workspaces", json={"title": "Harbour Mill"})
    assert made.status_code == 201
    assert (made.json()["name"], made.json()["role"]) == ("harbour-mill", "owner")
    assert [each["name"] for each in owner.get("/api/v1/workspaces").json()] == ["ours", "harbour-mill"]
    there = {"Pressroom-Workspace": "harbour-mill"}
    assert [each["email"] for each in owner.get("/api/v1/members", headers=there).json()] == [owner.email]
    changed = owner.patch("/api/v1/workspaces/harbour-mill", json={"title": "The Mill"}).json()
    assert (changed["name"], changed["title"]) == ("harbour-mill", "The Mill")
    assert owner.get(f"/api/v1/workspaces/{made.json()['id']}").json() == changed


def test_a_workspace_is_closed(owner: Person) -> None:
    owner.post("/api/v1/workspaces", json={"title": "Brief"})
    assert owner.delete("/api/v1/workspaces/brief").status_code == 204
    _is_problem(owner.get("/api/v1/workspaces/brief"), 404, "NOT_FOUND")
    _is_problem(owner.get("/api/v1/members", headers={"Pressroom-Workspace": "brief"}), 404, "NOT_FOUND")


def test_another_tenants_workspace_is_not_there(owner: Person, stranger: Person) -> None:
    bodies = {"GET": None, "PATCH": {"title": "Mine"}, "DELETE": None}
    asked = [
        (method, f"workspaces/{named}", body)
        for named in ("theirs", stranger.workspace_id)
        for method, body in bodies.items()
    ]
    _are_problems(owner, asked, 404, "NOT_FOUND")
    assert stranger.get("/api/v1/workspaces/theirs").json()["title"] == "theirs"


def test_another_tenants_people_and_things_are_not_there(owner: Person, stranger: Person) -> None:
    token = stranger.post("/api/v1/tokens", json={"name": "theirs", "scopes": ["read"]}).json()["id"]
    invitation = stranger.post("/api/v1/invitations", json={"email": GRACE}).json()["id"]
    _is_problem(owner.patch(f"/api/v1/members/{stranger.user_id}", json={"role": "viewer"}), 404)
    for path in (f"members/{stranger.user_id}", f"tokens/{token}", f"invitations/{invitation}"):
        _is_problem(owner.delete(f"/api/v1/{path}"), 404, "NOT_FOUND")
    assert len(stranger.get("/api/v1/tokens").json()) == len(stranger.get("/api/v1/invitations").json()) == 1
    assert owner.get("/api/v1/tokens").json() == owner.get("/api/v1/invitations").json() == []


def test_roles_are_changed_by_owners_alone(owner: Person, editor: Person, viewer: Person) -> None:
    path = f"/api/v1/members/{viewer.user_id}"
    _is_problem(editor.patch(path, json={"role": "owner"}), 403, "FORBIDDEN")
    assert owner.patch(path, json={"role": "editor"}).json()["role"] == "editor"
    _is_problem(owner.patch(path, json={"role": "king"}), 422)
    _is_problem(owner.patch(f"/api/v1/members/{owner.user_id}", json={"role": "editor"}), 403)


def test_members_are_taken_out_or_leave(owner: Person, editor: Person, viewer: Person) -> None:
    _is_problem(viewer.delete(f"/api/v1/members/{editor.user_id}"), 403, "FORBIDDEN")
    assert viewer.delete(f"/api/v1/members/{viewer.user_id}").status_code == 204
    assert owner.delete(f"/api/v1/members/{editor.user_id}").status_code == 204
    assert len(owner.get("/api/v1/members").json()) == 1
    _is_problem(editor.get("/api/v1/members"), 404, "NOT_FOUND")
    assert editor.get("/api/v1/workspaces").json() == []


FOR_OWNERS = [
    ("POST", "invitations", {"email": GRACE}),
    ("GET", "invitations", None),
    ("GET", "tokens", None),
    ("POST", "tokens", {"name": "program", "scopes": ["read"]}),
    ("GET", "audit", None),
    ("PATCH", "workspaces/ours", {"title": "Mine"}),
    ("DELETE", "workspaces/ours", None),
]


def test_what_is_for_owners(owner: Person, editor: Person) -> None:
    _are_problems(editor, FOR_OWNERS, 403, "FORBIDDEN")


def test_an_invitation_is_accepted_by_its_address(owner: Person, stranger: Person, editor: Person) -> None:
    token = owner.post("/api/v1/invitations", json={"email": stranger.email, "role": "viewer"}).json()["token"]
    _is_problem(editor.post("/api/v1/invitations/accept", json={"token": token}), 403, "FORBIDDEN")
    assert stranger.post("/api/v1/invitations/accept", json={"token": token}).json()["role"] == "viewer"
    _is_problem(stranger.post("/api/v1/invitations/accept", json={"token": token}), 404, "NOT_FOUND")
    _is_problem(owner.post("/api/v1/invitations", json={"email": stranger.email}), 409, "ALREADY_THERE")
    _is_problem(owner.post("/api/v1/invitations", json={"email": "no address"}), 422, "WRONG_INPUT")


def test_a_program_works_with_its_token_within_its_scopes(client: TestClient, owner: Person) -> None:
    made = owner.post("/api/v1/tokens", json={"name": "newsletter", "scopes": ["read"]})
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    headers = {"Authorization": f"Bearer {made.json()['token']}"}
    assert len(client.get("/api/v1/members", headers=headers).json()) == 1
    for path in ("audit", "tokens"):
        _is_problem(client.get(f"/api/v1/{path}", headers=headers), 403, "FORBIDDEN")
    for path in ("auth/me", "workspaces", "audit/own"):  # of people
        _is_problem(client.get(f"/api/v1/{path}", headers=headers), 401, "NOT_SIGNED_IN")
    (listed,) = owner.get("/api/v1/tokens").json()
    assert listed["used_at"] is not None
    assert "token" not in listed
    assert owner.delete(f"/api/v1/tokens/{listed['id']}").status_code == 204
    _is_problem(client.get("/api/v1/members", headers=headers), 401, "NOT_SIGNED_IN")


NO_TOKENS = [
    {"name": "program", "scopes": ["content:approve"]},
    {"name": "program", "scopes": []},
    {"name": "", "scopes": ["read"]},
    {"name": "program", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00Z"},
    {"name": "program", "scopes": ["read"], "expires_at": "2999-01-01T00:00:00"},
]


def test_a_token_that_can_t_be(owner: Person) -> None:
    _are_problems(owner, [("POST", "tokens", wanted) for wanted in NO_TOKENS], 422, "WRONG_INPUT")


def test_a_plan_is_shown_and_holds(owner: Person, viewer: Person, operators: Database) -> None:
    shown = viewer.get("/api/v1/plan").json()
    assert (shown["plan"], shown["limits"]["members"], shown["used"]["members"]) == ("unlimited", None, 2)
    plans.set_plan(operators, "ours", "free")
    assert owner.post("/api/v1/invitations", json={"email": GRACE}).status_code == 201
    refused = owner.post("/api/v1/invitations", json={"email": "fourth@example.com"})
    _is_problem(refused, 402, "PLAN_LIMIT")


def test_the_audit_log_tells_who_did_what(owner: Person, editor: Person, stranger: Person) -> None:
    agent = {"User-Agent": "a browser"}
    owner.patch(f"/api/v1/members/{editor.user_id}", json={"role": "viewer"}, headers=agent)
    stranger.post("/api/v1/tokens", json={"name": "theirs", "scopes": ["read"]})
    page = owner.get("/api/v1/audit").json()
    assert page["next_cursor"] is None
    (line,) = page["items"]
    assert (line["actor"], line["action"], line["agent"]) == (owner.email, "member.role_changed", "a browser")
    assert owner.get("/api/v1/audit", params={"action": "token."}).json()["items"] == []
    assert owner.get("/api/v1/audit", params={"fields": "action"}).json()["items"] == [{"action": line["action"]}]
    own = editor.get("/api/v1/audit/own").json()["items"]
    assert [each["action"] for each in own] == ["sign_in.begun"]


NOT_TAKEN = [
    ("GET", "workspaces/%00", None),
    ("DELETE", "members/%00", None),
    ("DELETE", "tokens/%00", None),
    ("DELETE", "invitations/%00", None),
    ("DELETE", "auth/sessions/%00", None),
    ("GET", "audit?action=%00", None),
    ("GET", "audit?user_id=%00", None),
    ("GET", "audit?since=0001-01-01T00:00:00%2B14:00", None),
    ("GET", "audit?cursor=%00", None),
    ("POST", "tokens", {"name": "a\0b", "scopes": ["read"]}),
    ("POST", "tokens", {"name": "ab", "scopes": ["read"], "expires_at": "9999-12-31T23:59:59-14:00"}),
    ("POST", "workspaces", {"title": "a\0b"}),
    ("POST", "invitations", {"email": "a\0b@example.com"}),
    ("PATCH", "auth/me", {"name": "a\0b"}),
]


def test_what_a_database_does_not_take_is_refused(owner: Person) -> None:
    _are_problems(owner, NOT_TAKEN, 422, "WRONG_INPUT")


def _are_problems(person: Person, asked: Iterable[Asked], status: int, code: str) -> None:
    """Every request is refused so; all that are not are told."""
    others = []
    for method, path, body in asked:
        answer = person.request(method, f"/api/v1/{path}", json=body)
        kind = answer.headers.get("content-type")
        if (answer.status_code, kind) != (status, PROBLEM) or answer.json()["code"] != code:
            others.append(f"{method} {path} {body}: {answer.status_code} {answer.text}")
    assert others == []


def _is_problem(answer: Any, status: int, code: str | None = None) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    assert code is None or answer.json()["code"] == code


def test_who_was_refused_is_in_the_audit_log(owner: Person, viewer: Person) -> None:
    _is_problem(viewer.post("/api/v1/invitations", json={"email": "new@example.com", "role": "owner"}), 403)
    found = owner.get("/api/v1/audit", params={"action": "permission.refused"}).json()["items"]
    assert [(entry["actor"], entry["details"]) for entry in found] == [(viewer.email, {"action": "members:write"})]
