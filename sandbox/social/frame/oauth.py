"""OAuth2 as the platforms do it: a consent page, codes that hold once, PKCE, and refresh tokens that rotate."""

from __future__ import annotations

import base64
import hashlib
import html
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode
from uuid import uuid4

from sandbox.social.frame.standin import Call, Refuse, Standin, answer
from sandbox.wire import Response


@dataclass
class Code:
    account: str
    redirect: str
    challenge: str
    scopes: str
    until: float
    used: bool = False


@dataclass
class Family:
    """Refresh tokens that came from one consent; `current` alone may be used."""

    account: str
    scopes: str
    current: str = ""
    dead: bool = False


@dataclass
class Consent:
    """The OAuth2 desk of one stand-in.

    refresh: `rotate` (single use: a second use ends the family), `same` (keeps its token and doesn't repeat it),
    `new` (a new one each time, the old ones stay good), `none`. code_field: what the id of an app is called.
    """

    standin: Standin
    pkce: Literal["S256", "hex", ""] = "S256"
    client_auth: Literal["basic", "body"] = "body"
    client_field: str = "client_id"
    client_id: str = "app-id"
    client_secret: str = "app-secret"  # noqa: S105 (the stand-in's own)
    access_seconds: float | None = 7200
    code_seconds: float = 30
    refresh: Literal["rotate", "same", "new", "none"] = "rotate"
    codes: dict[str, Code] = field(default_factory=dict)
    families: dict[str, Family] = field(default_factory=dict)

    def page(self, call: Call) -> Response:
        """The consent page; `?approve=ACCOUNT` is what its buttons lead to."""
        query = call.query
        if query.get(self.client_field) != self.client_id:
            return Response(400, b"Unknown app.", {"content-type": "text/plain"})
        if self.pkce and not query.get("code_challenge"):
            return Response(400, b"code_challenge is required.", {"content-type": "text/plain"})
        if account := query.get("approve"):
            return self._back(query, account)
        return Response(200, self._html(call).encode(), {"content-type": "text/html; charset=utf-8"})

    def _back(self, query: dict[str, str], account: str) -> Response:
        code = f"code-{uuid4().hex}"
        until = self.standin.clock.now() + self.code_seconds
        scopes = query.get("granted", query.get("scope", ""))
        self.codes[code] = Code(account, query.get("redirect_uri", ""), query.get("code_challenge", ""), scopes, until)
        said = urlencode({"code": code, "state": query.get("state", "")})
        return Response(302, b"", {"location": f"{query.get('redirect_uri', '')}?{said}"})

    def _html(self, call: Call) -> str:
        rows = "".join(
            f'<li><a href="?{html.escape(urlencode({**call.query, "approve": account.id}))}">'
            f"Allow as {html.escape(account.name)}</a></li>"
            for account in self.standin.accounts.values()
            if account.kind != "organization"
        )
        title = html.escape(self.standin.title or self.standin.name)
        style = "body{font:16px system-ui;max-width:32rem;margin:4rem auto;padding:0 1rem}li{margin:.75rem 0}"
        return (
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Allow access, {title} stand-in</title>'
            f"<style>{style}</style><main><h1>{title} (stand-in)</h1><p>Pressroom asks for: "
            f"{html.escape(call.query.get('scope', ''))}.</p><ul>{rows}</ul></main></html>"
        )

    def token(self, call: Call) -> Response:
        """The answer of the token address, for a code or a refresh token."""
        form = call.form or (call.json if isinstance(call.json, dict) else {})
        self._check_client(call, form)
        if form.get("grant_type") == "refresh_token":
            return self._refreshed(form)
        return self._first(form)

    def _check_client(self, call: Call, form: dict[str, Any]) -> None:
        if self.client_auth == "basic":
            wanted = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
            good = call.request.headers.get("authorization") == f"Basic {wanted}"
        else:
            good = (form.get(self.client_field), form.get("client_secret")) == (self.client_id, self.client_secret)
        if not good:
            raise Refuse(answer({"error": "invalid_client", "error_description": "Unknown app."}, 401))

    def _first(self, form: dict[str, Any]) -> Response:
        code = self.codes.get(form.get("code", ""))
        if code is None or code.used or code.until < self.standin.clock.now():
            raise invalid_grant("The code is unknown, used or too old.")
        code.used = True
        if form.get("redirect_uri", "") != code.redirect:
            raise invalid_grant("redirect_uri is another one.")
        if self.pkce and self._challenge(form.get("code_verifier", "")) != code.challenge:
            raise invalid_grant("code_verifier does not fit.")
        family = Family(code.account, code.scopes)
        return answer(self._tokens(family))

    def _challenge(self, verifier: str) -> str:
        digest = hashlib.sha256(verifier.encode())
        if self.pkce == "hex":
            return digest.hexdigest()
        return base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()

    def _refreshed(self, form: dict[str, Any]) -> Response:
        given = form.get("refresh_token", "")
        family = self.families.get(given)
        if family is None or family.dead:
            raise invalid_grant("The refresh token is unknown or revoked.")
        if self.refresh == "rotate" and family.current != given:
            family.dead = True
            self.standin.revoke(family.account)
            raise invalid_grant("The refresh token was used before: all tokens of this consent end.")
        return answer(self._tokens(family, again=True))

    def _tokens(self, family: Family, *, again: bool = False) -> dict[str, Any]:
        said: dict[str, Any] = {
            "access_token": self.standin.grant(family.account, seconds=self.access_seconds, scopes=family.scopes),
            "token_type": "bearer",
            "scope": family.scopes,
        }
        if self.access_seconds is not None:
            said["expires_in"] = int(self.access_seconds)
        if self.refresh in {"rotate", "new"} or (self.refresh == "same" and not again):
            said["refresh_token"] = self.refresh_token(family)
        self.standin.count("refresh" if again else "consent")
        return said

    def refresh_token(self, family: Family) -> str:
        """A new refresh token of a consent."""
        family.current = f"{self.standin.name}-refresh-{uuid4().hex}"
        self.families[family.current] = family
        return family.current


def invalid_grant(message: str) -> Refuse:
    return Refuse(answer({"error": "invalid_grant", "error_description": message}, 400))
