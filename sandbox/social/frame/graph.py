"""Parts of Meta's three stand-ins: errors, tokens that are exchanged and refreshed, and containers by the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sandbox.social.frame.standin import Account, Call, Refuse, Standin, answer
from sandbox.wire import Request, Response

DAY = 86_400
SHORT_SECONDS, LONG_SECONDS = 3600, 60 * DAY
CONTAINER_SECONDS = DAY


def refused(
    code: int, message: str, *, subcode: int = 0, status: int = 400, passing: bool = False, shown: str = ""
) -> Refuse:
    """An error in Meta's form. shown: the sentence that is meant for users."""
    said: dict[str, Any] = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": uuid4().hex[:11]}
    if subcode:
        said["error_subcode"] = subcode
    if shown:
        said["error_user_msg"] = shown
    return Refuse(answer({"error": {**said, "is_transient": passing}}, status))


def not_there(remote_id: str, verb: str = "get") -> Refuse:
    """The answer for an id that doesn't exist, or that the token may not see: the two look the same."""
    message = (
        f"Unsupported {verb} request. Object with ID '{remote_id}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation"
    )
    return refused(100, message, subcode=33)


@dataclass
class Container:
    """Something on its way to being a post. error: (words, subcode) of what its file lacks."""

    id: str
    account: str
    said: Mapping[str, str]
    made: float
    ready: float
    children: tuple[str, ...] = ()
    files: list[dict[str, Any]] = field(default_factory=list)
    error: str = ""
    published: str = ""

    def state(self, now: float) -> str:
        if self.published:
            return "PUBLISHED"
        if self.error:
            return "ERROR"
        if now > self.made + CONTAINER_SECONDS:
            return "EXPIRED"
        return "FINISHED" if now >= self.ready else "IN_PROGRESS"


class GraphStandin(Standin):
    """switches: `token_subcode`, with which each token is refused (190)."""

    client_id = "app-id"
    client_secret = "app-secret"  # noqa: S105 (the stand-in's own)

    def nowhere(self, request: Request, path: str) -> Response:
        return refused(2500, f"Unknown path components: {path}", status=400).response

    def graph_id(self) -> str:
        return str(17_000_000_000_000_000 + uuid4().int % 10**15)

    def time(self, moment: float) -> str:
        return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")

    # Tokens

    def signed_in(self, call: Call, *scopes: str) -> Account:
        """The account of the request's token, which has to hold each of `scopes`."""
        token = call.token or call.form.get("access_token", "")
        held = self.tokens.get(token)
        if subcode := self.switches.get("token_subcode"):
            raise refused(190, "Error validating access token", subcode=subcode)
        if held is None:
            raise refused(190, "Invalid OAuth access token - Cannot parse access token")
        account = self.account_of(token)
        if account is None:
            raise refused(190, "Error validating access token: Session has expired", subcode=463)
        granted = held.get("scopes")
        if granted is not None and (missing := set(scopes) - set(granted.replace(",", " ").split())):
            words = f"Application does not have permission for this action: {', '.join(sorted(missing))}"
            raise refused(10, words, status=403)
        return account

    def owner(self, call: Call, *scopes: str) -> Account:
        """The signed-in account, when the path's first id is its own (or `me`)."""
        account = self.signed_in(call, *scopes)
        if call.found["id"] not in {account.id, "me"}:
            raise not_there(call.found["id"], "post" if call.request.method == "POST" else "get")
        return account

    def exchange(self, call: Call, grant: str, given: str = "access_token") -> Response:
        """A long-lived token for a short one. given: the query's name for the short one."""
        query = call.query
        if query.get("grant_type") != grant:
            raise refused(100, f"Unsupported grant type: {query.get('grant_type')}")
        if query.get("client_secret") != self.client_secret:
            raise refused(101, "Error validating client secret")
        held = self.tokens.get(query.get(given, ""))
        if held is None or self.account_of(query[given]) is None:
            raise refused(190, "Error validating access token", subcode=463)
        return self._long(held)

    def refresh(self, call: Call, grant: str) -> Response:
        """A new long-lived token for one that is at least a day old and not over."""
        token = call.query.get("access_token", "")
        held = self.tokens.get(token)
        if call.query.get("grant_type") != grant or held is None or not held.get("long"):
            raise refused(190, "Invalid OAuth access token")
        if self.account_of(token) is None:
            raise refused(190, "Error validating access token: Session has expired", subcode=463)
        if self.clock.now() < held["made"] + DAY:
            raise refused(100, "The access token is less than 24 hours old")
        self.count("refresh")
        return self._long(held)

    def _long(self, held: Mapping[str, Any]) -> Response:
        more = {"long": True, "made": self.clock.now(), "scopes": held.get("scopes")}
        token = self.grant(held["account"], seconds=LONG_SECONDS, **more)
        return answer({"access_token": token, "token_type": "bearer", "expires_in": LONG_SECONDS})
