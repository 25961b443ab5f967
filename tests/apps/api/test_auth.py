"""Accounts and sign-ins over HTTP."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from apps.desk import cookies
from pressroom.model import Origin
from pressroom.people import sign_ins
from pressroom.settings import settings
from tests.fixtures.desk import PASSWORD, Person

LONG = "a sentence nobody guesses"
GRACE = "grace@example.com"


def test_a_program_signs_in_refreshes_and_signs_out(client: TestClient, owner: Person) -> None:
    first = _login(client, owner.email)
    assert (first["token_type"], first["expires_in"]) == ("Bearer", 900)
    assert client.get("/api/v1/auth/me", headers=_bearer(first)).json()["email"] == owner.email
    answer = client.post("/api/v1/auth/refresh", json={"refresh_token": first["refresh_token"]})
    assert answer.headers["cache-control"] == "no-store"
    second = answer.json()
    again = client.post("/api/v1/auth/refresh", json={"refresh_token": first["refresh_token"]})
    _is_problem(again, 401, "NOT_SIGNED_IN")
    assert "Bearer" in again.headers["www-authenticate"]
    assert client.post("/api/v1/auth/logout", headers=_bearer(second)).status_code == 204
    for over in (first, second):
        _is_problem(client.get("/api/v1/auth/me", headers=_bearer(over)), 401, "NOT_SIGNED_IN")
    _is_problem(client.post("/api/v1/auth/refresh", json={"refresh_token": second["refresh_token"]}), 401)


def test_the_token_is_verified_by_the_published_key(client: TestClient, owner: Person) -> None:
    tokens = _login(client, owner.email)
    answer = client.get("/api/v1/.well-known/jwks.json")
    assert "max-age" in answer.headers["cache-control"]
    keys = jwt.PyJWKSet.from_dict(answer.json())
    key = keys[jwt.get_unverified_header(tokens["access_token"])["kid"]]
    claims = jwt.decode(tokens["access_token"], key, ["EdDSA"], audience="pressroom-api", issuer="pressroom")
    assert claims["sub"] == owner.user_id


@pytest.mark.parametrize("path", ["me", "sessions", "me?x=1"])
def test_nobody_gets_nothing(client: TestClient, path: str) -> None:
    _is_problem(client.get(f"/api/v1/auth/{path}"), 401, "NOT_SIGNED_IN")
    _is_problem(client.get(f"/api/v1/auth/{path}", headers={"Authorization": "Bearer nonsense"}), 401)


def test_who_is_wrong_too_often_has_to_wait(client: TestClient, owner: Person) -> None:
    wrong = {"email": owner.email, "password": "not the password"}
    for _ in range(settings().sign_in_attempts):
        _is_problem(client.post("/api/v1/auth/login", json=wrong), 401, "NOT_SIGNED_IN")
    refused = client.post("/api/v1/auth/login", json={"email": owner.email, "password": PASSWORD})
    _is_problem(refused, 429, "TOO_MANY_REQUESTS")
    assert 1 <= int(refused.headers["retry-after"]) <= 900


def test_a_password_is_in_no_answer(client: TestClient) -> None:
    for sent in ({"email": 5, "password": "hunter2hunter2"}, {"email": GRACE, "password": ["hunter2hunter2"]}):
        answer = client.post("/api/v1/auth/login", json=sent)
        _is_problem(answer, 422)
        assert "hunter2" not in answer.text


def test_registering_is_answered_the_same_for_everybody(
    client: TestClient, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    _is_problem(client.post("/api/v1/auth/register", json={"email": GRACE, "password": LONG}), 403, "FORBIDDEN")
    monkeypatch.setenv("PRESSROOM_REGISTRATION", "open")
    settings.cache_clear()
    answers = [
        client.post("/api/v1/auth/register", json={"email": email, "password": LONG}) for email in (GRACE, owner.email)
    ]
    assert {(each.status_code, each.text) for each in answers} == {(202, answers[0].text)}
    assert _login(client, GRACE, LONG)
    _is_problem(client.post("/api/v1/auth/login", json={"email": owner.email, "password": LONG}), 401)
    _is_problem(client.post("/api/v1/auth/register", json={"email": GRACE, "password": "short"}), 422, "WRONG_INPUT")


def test_the_invited_register_join_and_work(client: TestClient, owner: Person) -> None:
    made = owner.post("/api/v1/invitations", json={"email": GRACE, "role": "editor"})
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    token = made.json()["token"]
    assert made.json()["link"].endswith(f"/invitations/{token}")
    offer = client.post("/api/v1/invitations/offer", json={"token": token}).json()
    assert (offer["email"], offer["role"]) == (GRACE, "editor")
    wanted = {"email": GRACE, "password": LONG, "name": "Grace", "invitation": token}
    assert client.post("/api/v1/auth/register", json=wanted).status_code == 202
    headers = _bearer(_login(client, GRACE, LONG))
    (home,) = client.get("/api/v1/workspaces", headers=headers).json()
    assert (home["name"], home["role"]) == ("ours", "editor")
    _is_problem(client.post("/api/v1/invitations/offer", json={"token": token}), 404, "NOT_FOUND")


def test_a_profile_is_read_and_changed(owner: Person) -> None:
    assert owner.get("/api/v1/auth/me").json()["name"] == "Owner"
    assert owner.patch("/api/v1/auth/me", json={"name": "  Ada   L. "}).json()["name"] == "Ada L."
    _is_problem(owner.patch("/api/v1/auth/me", json={"name": "  "}), 422)
    assert "password_hash" not in owner.get("/api/v1/auth/me").json()


def test_another_password_keeps_this_session_alone(client: TestClient, owner: Person) -> None:
    other = _login(client, owner.email)
    wrong = owner.put("/api/v1/auth/password", json={"current": "not the password", "new": LONG})
    _is_problem(wrong, 422, "WRONG_INPUT")
    assert owner.put("/api/v1/auth/password", json={"current": PASSWORD, "new": LONG}).status_code == 204
    assert owner.get("/api/v1/auth/me").status_code == 200
    _is_problem(client.get("/api/v1/auth/me", headers=_bearer(other)), 401)
    assert _login(client, owner.email, LONG)


def test_sessions_are_listed_and_ended(client: TestClient, owner: Person, stranger: Person) -> None:
    others = [_login(client, owner.email) for _ in range(3)]
    listed = owner.get("/api/v1/auth/sessions").json()
    assert [each["current"] for each in listed] == [False, False, False, True]
    newest = listed[0]["id"]
    _is_problem(stranger.delete(f"/api/v1/auth/sessions/{newest}"), 404, "NOT_FOUND")
    assert owner.delete(f"/api/v1/auth/sessions/{newest}").status_code == 204
    _is_problem(client.get("/api/v1/auth/me", headers=_bearer(others[2])), 401)
    assert owner.delete("/api/v1/auth/sessions").json() == {"ended": 2}
    assert len(owner.get("/api/v1/auth/sessions").json()) == 1


def test_a_page_signs_out_with_its_cookie(client: TestClient, desk_app: FastAPI, owner: Person) -> None:
    desk = desk_app.state.desk
    token = sign_ins.sign_in(desk.database, desk.keys, owner.email, PASSWORD, Origin(), "page").token
    client.cookies.set(cookies.NAME, token)
    assert client.get("/api/v1/auth/me").json()["email"] == owner.email
    _is_problem(client.post("/api/v1/auth/logout"), 403, "FORBIDDEN")
    answer = client.post("/api/v1/auth/logout", headers={cookies.CSRF_HEADER: cookies.csrf_token(token)})
    assert answer.status_code == 204
    assert f'{cookies.NAME}=""' in answer.headers["set-cookie"]
    client.cookies.set(cookies.NAME, token)
    _is_problem(client.get("/api/v1/auth/me"), 401)


def test_an_account_is_deleted_with_its_password(client: TestClient, owner: Person, editor: Person) -> None:
    refused = owner.request("DELETE", "/api/v1/auth/me", json={"password": PASSWORD})
    _is_problem(refused, 403, "FORBIDDEN")
    _is_problem(editor.request("DELETE", "/api/v1/auth/me", json={"password": "not the password"}), 422)
    assert editor.request("DELETE", "/api/v1/auth/me", json={"password": PASSWORD}).status_code == 204
    _is_problem(editor.get("/api/v1/auth/me"), 401)
    assert [each["email"] for each in owner.get("/api/v1/members").json()] == [owner.email]
    assert owner.request("DELETE", "/api/v1/auth/me", json={"password": PASSWORD}).status_code == 204
    _is_problem(client.post("/api/v1/auth/login", json={"email": owner.email, "password": PASSWORD}), 401)


def _login(client: TestClient, email: str, password: str = PASSWORD) -> dict[str, Any]:
    answer = client.post("/api/v1/auth/login", json={"email": email, "password": password})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _bearer(tokens: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


def _is_problem(answer: Any, status: int, code: str | None = None) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert code is None or answer.json()["code"] == code
