"""The page's cookie, and the proof that a request with it was sent by the page itself (CSRF)."""

from __future__ import annotations

import hashlib
import hmac

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from pressroom.errors import Forbidden
from pressroom.settings import Settings

NAME = "pressroom"
SECURE_NAME = f"__Host-{NAME}"
"""Browsers take this over HTTPS alone, and from no other host of the domain."""

CSRF_HEADER, CSRF_FIELD = "X-CSRF-Token", "csrf"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_secure(settings: Settings) -> bool:
    return settings.resolved_desk_url.startswith("https://")


def read(connection: HTTPConnection) -> str | None:
    """The token of the page's sign-in, if there is one; over HTTPS from the one cookie that no other host can set."""
    secure = is_secure(connection.app.state.desk.settings)
    return connection.cookies.get(SECURE_NAME if secure else NAME)


def put(response: Response, settings: Settings, token: str) -> None:
    """Have the browser keep the sign-in."""
    secure = is_secure(settings)
    response.set_cookie(
        SECURE_NAME if secure else NAME,
        token,
        max_age=settings.refresh_days * 24 * 3600,
        secure=secure,
        httponly=True,
        samesite="lax",  # strict would ask for a sign-in after every link in an e-mail
        path="/",
    )


def clear(response: Response, settings: Settings) -> None:
    """Have the browser forget the sign-in."""
    secure = is_secure(settings)
    response.delete_cookie(SECURE_NAME if secure else NAME, path="/", secure=secure, httponly=True, samesite="lax")


def csrf_token(token: str) -> str:
    """Derives from the sign-in the page's proof that it may read what we sent it; nothing stores the proof."""
    return hashlib.sha256(f"csrf:{token}".encode()).hexdigest()


def is_proof(given: str, token: str) -> bool:
    """True when `given` is the proof of a page sent to the holder of `token`."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), csrf_token(token).encode())


def early_proof(request: Request) -> str:
    """The proof that is there before the body is: a header, or the field of the address that a form is sent to."""
    return request.headers.get(CSRF_HEADER) or request.query_params.get(CSRF_FIELD, "")


def check_csrf(request: Request, token: str) -> None:
    """Raises `Forbidden` when a request that changes something does not carry the page's proof."""
    if request.method in SAFE_METHODS:
        return
    if not is_proof(request.headers.get(CSRF_HEADER, ""), token):
        raise Forbidden("The page did not send this request, or is out of date.", hint="Load the page again.")
