"""Requests of strangers: odd cookies and headers, large bodies, halves of requests, tokens written in another way."""

from __future__ import annotations

import base64
import socket
import threading
import time

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from apps.api import connections, middleware
from apps.desk import cookies
from pressroom.errors import WrongInput
from pressroom.model import Origin
from pressroom.people import passwords
from tests.fixtures.desk import PASSWORD, Person

ODD = (
    "\x7f",
    "a\u2028b",
    "\u2028",
    "é",
    "x" * 5000,
    "[]",
    "bnVsbA==",
    '["good"]',
    "..",
    "%00",
    "=",
    '"',
    "🖕",
    "-" * 200,
)
"""Values of cookies and headers that no page of ours has set; as UTF-8 where they are not ASCII."""


def _page_cookie(client: TestClient, email: str) -> str:
    """The cookie of a page on which the user has signed in."""
    client.get("/sign-in")
    proof = cookies.csrf_token(client.cookies["pressroom_visitor"])
    form = {"email": email, "password": PASSWORD, "csrf": proof}
    answer = client.post("/sign-in", data=form, follow_redirects=False)
    return answer.cookies[cookies.NAME]


def test_no_odd_cookie_or_header_is_a_mistake_of_ours(client: TestClient, owner: Person) -> None:
    token = _page_cookie(client, owner.email)
    client.cookies.clear()
    names = ("pressroom_flash", "pressroom_workspace", "pressroom_visitor", cookies.NAME, cookies.SECURE_NAME)
    headers = ("Pressroom-Workspace", "Authorization", "If-None-Match", "X-CSRF-Token", "X-Request-Id", "HX-Request")
    for odd in (each.encode() for each in ODD):
        signed_in = f"{cookies.NAME}={token}; ".encode()
        for name in names:
            cookie = (b"" if name == cookies.NAME else signed_in) + name.encode() + b"=" + odd
            for path in ("/", "/sign-in", "/api/v1/auth/me", "/api/v1/content"):
                assert client.get(path, headers=[(b"Cookie", cookie)]).status_code < 500, (path, name, odd)
        for name in headers:
            asked = [(b"Cookie", signed_in), (name.encode(), odd)]
            assert client.get("/api/v1/content", headers=asked).status_code < 500, (name, odd)


def test_a_message_is_shown_only_when_it_was_signed_here(client: TestClient) -> None:
    forged = base64.urlsafe_b64encode(b'["good", "Send your password to us"]').decode()
    for value in (forged, f"{forged}.{'0' * 32}"):
        assert "Send your password" not in client.get("/sign-in", headers={"Cookie": f"pressroom_flash={value}"}).text


def test_over_https_only_the_cookie_is_taken_that_no_other_host_can_set(
    client: TestClient, owner: Person, desk_app: FastAPI
) -> None:
    token = _page_cookie(client, owner.email)
    client.cookies.clear()
    desk = desk_app.state.desk
    secure = desk.settings.model_copy(update={"desk_url": "https://desk.example.com"})
    object.__setattr__(desk, "settings", secure)
    for name, status in ((cookies.NAME, 401), (cookies.SECURE_NAME, 200)):
        assert client.get("/api/v1/auth/me", headers={"Cookie": f"{name}={token}"}).status_code == status


def test_a_large_form_is_read_from_a_signed_in_page_alone(
    client: TestClient, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = _page_cookie(client, owner.email)
    client.cookies.clear()
    large = {"file": ("a.md", b"# Bees\n\n" + b"Bees are many this year. " * 60_000)}
    proof = cookies.csrf_token(token)
    refused = (
        {"Cookie": f"{cookies.NAME}=made-up"},
        {"Cookie": f"{cookies.NAME}={token}"},
        {"Cookie": f"{cookies.NAME}={token}", cookies.CSRF_HEADER: "0" * 64},
        {"Authorization": "Bearer prs_made_up"},
    )
    for headers in refused:
        assert client.post("/api/v1/documents", files=large, headers=headers).status_code == 413
    page = {"Cookie": f"{cookies.NAME}={token}"}
    assert client.post(f"/documents?csrf={proof}", files=large, headers=page).status_code != 413
    assert owner.post("/api/v1/documents", files=large).status_code == 201
    monkeypatch.setattr(middleware, "UPLOADS_OF_ONE", 0)
    answer = owner.post("/api/v1/documents", files=large)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "10")


def test_a_token_has_one_form(client: TestClient, owner: Person) -> None:
    token = owner.headers["Authorization"].removeprefix("Bearer ")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = alphabet[alphabet.index(token[-1]) ^ 1]  # bits that no byte is made of
    for form in (f"{token}=", f"{token}==", token[:-1] + other):
        assert client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {form}"}).status_code == 401


def test_a_method_that_a_route_does_not_have_is_told_with_those_it_has(owner: Person) -> None:
    answer = owner.put("/api/v1/invitations")
    assert (answer.status_code, "POST" in answer.headers.get("Allow", "")) == (405, True)
    paths = owner.get("/openapi.json").json()["paths"]
    assert {"402", "409"} <= set(paths["/api/v1/invitations"]["post"]["responses"])


@pytest.mark.parametrize(
    "source", ["http://127.0.0.1/x", "http://10.0.0.8/", "http://[::1]/", "https://169.254.169.254/"]
)
def test_a_private_address_is_refused_at_once(owner: Person, source: str) -> None:
    asked = {"parameters": {"sources": [source]}}
    assert owner.post("/api/v1/workflows/repurpose/execute", json=asked).status_code == 422


def test_a_subscribers_addresses_of_ipv6_count_as_one() -> None:
    networks = {
        Origin(address=address).network
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:DB8:1:2:0:0:0:1%eth0")
    }
    assert networks == {"2001:db8:1:2::/64"}
    assert Origin(address="2001:db8:1:3::1").network not in networks
    assert (Origin(address="::ffff:192.0.2.1").network, Origin(address="testclient").network) == (
        "192.0.2.1",
        "testclient",
    )


def test_passwords_that_are_guessed_early_are_refused() -> None:
    for weak in ("Sommer2026!!", "Winter2025!?", "Passwort123!", "Herbst-2026-!", "Hallo1234567", "Oktober2026!!"):
        with pytest.raises(WrongInput, match="first that are guessed"):
            passwords.check_strength(weak, "ada@example.com")
    for good in (PASSWORD, "der alte Sommer geht nie", "x7-Gq2!mK9_pL4"):
        passwords.check_strength(good, "ada@example.com")


def test_a_connection_without_a_whole_head_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def app(scope: object, receive: object, send: object) -> None: ...

    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.05)
    config = uvicorn.Config(app, port=0, http=connections.BoundedProtocol, lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    address = server.servers[0].sockets[0].getsockname()
    for half in (b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n"):
        with socket.create_connection(address, timeout=20) as line:
            line.sendall(half)
            assert line.recv(100) == b""
    server.should_exit = True
    thread.join(10)
