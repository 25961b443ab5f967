"""Meta's Graph API, as far as Facebook, Instagram and Threads have it in common: errors, and tokens that live long.

https://developers.facebook.com/docs/graph-api/guides/error-handling and the pages of each platform on tokens.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import SecretStr

from pressroom.errors import ChannelUnusable
from pressroom.publishers.sending.credentials import Credentials
from pressroom.publishers.sending.line import Line, Refusal, Reply, Rule, plain_refusal, retry_after

VERSION = "v25.0"
"""Of the Graph API at graph.facebook.com and graph.instagram.com; a version is taken for about two years."""

AGAIN = "Connect the channel again."
PERMISSIONS = ("10", *map(str, range(200, 300)))

RULES = (
    Rule("account", code=("190",), subcode=("458",), reason="token_revoked",
         hint="The app was removed from the account. Connect the channel again."),
    Rule("account", code=("190",), subcode=("459", "464"), reason="account_blocked",
         hint="Sign in at the platform, follow what it says there, then connect the channel again."),
    Rule("account", code=("190",), subcode=("460",), reason="token_revoked",
         hint="The password was changed. Connect the channel again."),
    Rule("account", code=("190",), subcode=("467",), reason="token_revoked", hint=AGAIN),
    Rule("token", code=("190",)),
    Rule("account", code=("102",), reason="token_revoked", hint=AGAIN),
    Rule("account", code=PERMISSIONS, reason="scope_missing",
         hint="Connect the channel again and allow everything that is asked for."),
    Rule("later", code=("4", "17", "32", "341", "613"), seconds=900),
    Rule("refused", code=("368",), reason="blocked",
         hint="The platform blocks this as against its rules. Look at the account's messages there."),
)  # fmt: skip
"""The meaning of codes on all three; a platform's own rules come before them."""


def read_error(reply: Reply) -> Refusal:
    """The refusal in `{"error": {"code", "error_subcode", "message", "error_user_msg", "is_transient"}}`."""
    body = reply.json()
    said = body.get("error") if isinstance(body, dict) else None
    if not isinstance(said, dict):
        return plain_refusal(reply)
    message = said.get("error_user_msg") or said.get("message") or ""
    code, subcode = (str(said.get(name) or "") for name in ("code", "error_subcode"))
    return Refusal(
        reply.status, code, subcode, str(message), retry_after(reply), passing=said.get("is_transient") is True
    )


def long_lived(line: Line, where: str, **asked: str) -> Credentials:
    """The token that `where` gives for another one; its life is told in seconds, or it has no end.

    Raises:
        ChannelUnusable: the answer has no token in it.
    """
    said = line.get(where, params=asked, auth=False).json()
    if not isinstance(said, dict) or not said.get("access_token"):
        raise ChannelUnusable(f"{line.title} answered with something else than a token.", reason="sign_in")
    seconds = said.get("expires_in")
    until = datetime.now(UTC) + timedelta(seconds=int(seconds)) if seconds else None
    return Credentials(access=SecretStr(said["access_token"]), expires_at=until)


def app_secret(credentials: Credentials, name: str = "client_secret") -> str:
    """The app's own id or secret, which goes along while a first token is exchanged. Raises `ChannelUnusable`."""
    secret = credentials.extra.get(name)
    if secret is None:
        raise ChannelUnusable(f"The app's {name} is missing.", reason="sign_in", hint="Set it in the platform's app.")
    return secret.get_secret_value()


def created_id(line: Line, reply: Reply) -> str:
    """The id in `{"id": ...}`. Raises as `Line.value` does."""
    return str(line.value(reply, "id"))


def page(line: Line, where: str, fields: str, cursor: str = "", *, limit: int = 25) -> tuple[list[dict[str, Any]], str]:
    """One page of a list, and the cursor of the next one, empty after the last. Raises `OutcomeUnclear`."""
    asked = {"fields": fields, "limit": str(limit), **({"after": cursor} if cursor else {})}
    reply = line.get(where, params=asked)
    posts, paging = line.value(reply, "data"), line.value(reply).get("paging", {})
    return posts, str(paging.get("cursors", {}).get("after", "")) if paging.get("next") else ""


def moment(text: Any) -> datetime:
    """A time in the form `2026-11-30T09:00:00+0000`."""
    return datetime.strptime(str(text), "%Y-%m-%dT%H:%M:%S%z")


def insights(said: Any) -> dict[str, int]:
    """Figures by the platform's own names, of `{"data": [{"name", "values": [{"value"}] or "total_value"}]}`.

    A figure that is no number is left out: the platform doesn't offer it.
    """
    found: dict[str, int] = {}
    for each in said.get("data", ()) if isinstance(said, dict) else ():
        total: dict[str, Any] = each.get("total_value") or next(iter(each.get("values") or ()), {})
        if isinstance(total.get("value"), int):
            found[str(each.get("name"))] = total["value"]
    return found
