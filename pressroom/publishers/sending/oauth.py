"""OAuth2 by authorization code, as the platforms have it: sending people there, codes, and refreshes."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from pydantic import SecretStr

from pressroom.errors import ChannelUnusable, Misconfigured
from pressroom.publishers.sending.credentials import Credentials
from pressroom.publishers.sending.line import Line
from pressroom.publishers.sending.publisher import OAuth, Publisher
from pressroom.settings import PlatformApp

LASTING = frozenset({"invalid_grant", "invalid_client", "unauthorized_client", "access_denied", "revoked"})
"""Codes of a token address after which only a person helps. Whatever else it answers may pass."""


def new_verifier() -> str:
    return secrets.token_urlsafe(48)


def authorize_url(
    publisher: Publisher, line: Line, app: PlatformApp, *, redirect: str, state: str, verifier: str
) -> str:
    """The address at the platform where a person allows the connection. verifier: as `new_verifier` made it."""
    oauth = _oauth(publisher)
    left_out = () if app.optional_scopes else oauth.optional
    said = {
        oauth.client_id_field: app.client_id,
        "redirect_uri": redirect,
        "response_type": "code",
        "scope": oauth.separator.join(scope for scope in oauth.scopes if scope not in left_out),
        "state": state,
        **oauth.extra,
    }
    if oauth.pkce:
        said |= {"code_challenge": _challenge(oauth, verifier), "code_challenge_method": "S256"}
    return f"{line.address(oauth.authorize)}?{urlencode(said)}"


def from_code(
    publisher: Publisher, line: Line, app: PlatformApp, *, code: str, redirect: str, verifier: str
) -> Credentials:
    """The credentials for the code that came back, made longer-lived where the platform has that.

    Raises:
        ChannelUnusable: the platform refuses the code. PublishLater, OutcomeUnclear: it could not be asked.
    """
    oauth = _oauth(publisher)
    said = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
    if oauth.pkce:
        said["code_verifier"] = verifier
    first = _asked_for(oauth, line, app, said)
    own = {"client_id": SecretStr(app.client_id), "client_secret": app.client_secret}
    given = first.model_copy(update={"extra": {**first.extra, **own}})
    longer = publisher.exchange(line.under(first), given)
    extra = {name: secret for name, secret in longer.extra.items() if name not in own}
    return first.after(longer.model_copy(update={"extra": extra}))


def refreshed(publisher: Publisher, line: Line, app: PlatformApp | None, old: Credentials) -> Credentials:
    """New credentials for old ones; a refresh token that the answer leaves out stays as it was.

    Raises:
        ChannelUnusable: the platform says that the consent is over. PublishLater, OutcomeUnclear: it may pass.
    """
    oauth = publisher.connection
    if not isinstance(oauth, OAuth) and old.refresh is None:
        raise ChannelUnusable("The platform no longer takes the token.", reason="token_revoked")
    if not isinstance(oauth, OAuth) or oauth.refresh == "itself":
        return old.after(publisher.refresh(line, old))
    if old.refresh is None or oauth.refresh == "none":
        raise ChannelUnusable("The sign-in is over and can't be renewed without a person.", reason="token_ended")
    if app is None:
        raise Misconfigured(f"No app is set for {publisher.platform}.", hint="Set PRESSROOM_PLATFORM_APPS__....")
    said = {"grant_type": "refresh_token", "refresh_token": old.refresh.get_secret_value()}
    return old.after(_asked_for(oauth, line, app, said))


def credentials_from(said: Mapping[str, Any], separator: str = " ") -> Credentials:
    """Credentials from the answer of a token address. Raises `ChannelUnusable` for an answer without a token."""
    if not said.get("access_token"):
        raise ChannelUnusable("The platform answered without a token.", reason="sign_in")
    refresh = said.get("refresh_token")
    scope = said.get("scope") or said.get("permissions") or ""
    scopes = scope if isinstance(scope, list) else str(scope).replace(",", " ").replace(separator, " ").split()
    return Credentials(
        access=SecretStr(str(said["access_token"])),
        refresh=SecretStr(str(refresh)) if refresh else None,
        expires_at=_in(said.get("expires_in")),
        refresh_expires_at=_in(said.get("refresh_token_expires_in") or said.get("refresh_expires_in")),
        scopes=tuple(scopes),
    )


def _asked_for(oauth: OAuth, line: Line, app: PlatformApp, said: dict[str, str]) -> Credentials:
    headers, said = {}, {**said, **oauth.token_extra}
    if oauth.client_auth == "basic":
        pair = f"{app.client_id}:{app.client_secret.get_secret_value()}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        said = {**said, oauth.client_id_field: app.client_id}
    else:
        said = {**said, oauth.client_id_field: app.client_id, "client_secret": app.client_secret.get_secret_value()}
    reply = line.post(oauth.token, data=said, headers=headers, auth=False, ok=(200, 201, 400, 401, 403))
    body = reply.json()
    answer = _token_in(body)
    error = answer.get("error")
    code = str(error.get("code", "") if isinstance(error, dict) else error or "")
    if reply.status < 300 and answer.get("access_token"):
        return credentials_from(answer, oauth.separator)
    if code in LASTING:
        message = str(answer.get("error_description") or code)
        raise ChannelUnusable(f"{line.title} refuses the sign-in: {message}.", reason=code)
    raise line.error(line.read(reply))


def _token_in(body: Any) -> Mapping[str, Any]:
    """The answer of a token address, or the first of `data` in it, as Instagram has it; empty for another body."""
    answer = body if isinstance(body, dict) else {}
    inner = answer.get("data")
    return inner[0] if isinstance(inner, list) and inner and isinstance(inner[0], dict) else answer


def _oauth(publisher: Publisher) -> OAuth:
    if not isinstance(publisher.connection, OAuth):
        raise Misconfigured(f"{publisher.platform} is not connected by OAuth.", hint="Give its name and secret.")
    return publisher.connection


def _challenge(oauth: OAuth, verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode())
    if oauth.pkce == "hex":
        return digest.hexdigest()
    return base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()


def _in(seconds: Any) -> datetime | None:
    """The moment in so many seconds; None for none, or for something else."""
    try:
        return datetime.now(UTC) + timedelta(seconds=float(seconds))
    except (TypeError, ValueError, OverflowError):
        return None
