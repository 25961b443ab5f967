"""LinkedIn's rules for every request: versions, tokens, scopes, roles; signing in and the accounts of a person."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from sandbox.social.frame.oauth import Consent
from sandbox.social.frame.standin import Account, Call, Refuse, Standin, answer, route
from sandbox.wire import Response

MEMBER, PAGE = "urn:li:person:demoPerson_1", "urn:li:organization:5001"
OLDEST_VERSION = "202512"
DAY = 86400.0


def refused(status: int, code: str, message: str, *inputs: str) -> Refuse:
    """An error in LinkedIn's form. inputs: codes of single fields."""
    said: dict[str, Any] = {"status": status, "code": code, "message": message}
    if inputs:
        said["errorDetailType"] = "com.linkedin.common.error.BadRequest"
        said["errorDetails"] = {"inputErrors": [{"description": message, "code": each} for each in inputs]}
    return Refuse(answer(said, status))


class Rules(Standin):
    def start(self) -> None:
        self.switches = {"refresh_tokens": True}
        self.consent = Consent(self, pkce="", access_seconds=60 * DAY, code_seconds=1800, refresh="same")
        self.add_account(Account(id=MEMBER, name="Demo Person", kind="member"))
        self.add_account(Account(id=PAGE, name="demo-page", title="Demo Page", kind="organization",
                                 extra={"roles": {MEMBER: "ADMINISTRATOR"}}))  # fmt: skip
        self.add_account(Account(id="urn:li:organization:5002", name="others-page", title="Another page",
                                 kind="organization", extra={"roles": {}}))  # fmt: skip

    # Sign-in and accounts

    @route("GET", "/oauth/oauth/v2/authorization")
    def authorize(self, call: Call) -> Response:
        return self.consent.page(call)

    @route("POST", "/oauth/oauth/v2/accessToken")
    def access_token(self, call: Call) -> Response:
        self.consent.refresh = "same" if self.switches["refresh_tokens"] else "none"
        return self.consent.token(call)

    @route("GET", "/api/v2/userinfo")
    def userinfo(self, call: Call) -> Response:
        member = self.member(call, "openid", versioned=False)
        return answer({"sub": member.id.rpartition(":")[2], "name": member.name, "picture": "", "locale": "en-US"})

    @route("GET", "/api/rest/organizationAcls")
    def acls(self, call: Call) -> Response:
        member = self.member(call, "rw_organization_admin")
        pages = [page for page in self.accounts.values() if page.kind == "organization"]
        roles = [(page, page.extra["roles"].get(member.id)) for page in pages]
        elements = [{"organization": page.id, "role": role, "roleAssignee": member.id, "state": "APPROVED"}
                    for page, role in roles if role]  # fmt: skip
        return answer({"elements": elements, "paging": {"start": 0, "count": 100, "links": []}})

    @route("GET", "/api/rest/organizations")
    def organizations(self, call: Call) -> Response:
        self.member(call, "rw_organization_admin")
        urns = [f"urn:li:organization:{one}" for one in self.values_of(call, "ids")]
        pages = [self.accounts[urn] for urn in urns if urn in self.accounts]
        named = {page.id.rpartition(":")[2]: {"localizedName": page.title, "vanityName": page.name} for page in pages}
        return answer({"results": named, "statuses": {}, "errors": {}})

    # Rules of every request

    def values_of(self, call: Call, name: str) -> list[str]:
        """The values of `name=List(a,b)`, each encoded by itself as Rest.li 2.0 wants it."""
        found = re.search(rf"(?:^|&){name}=List\(([^()&]*)\)", call.request.query)
        values = found[1].split(",") if found else []
        if name in call.query and (found is None or any(":" in value for value in values)):
            raise refused(400, "ILLEGAL_ARGUMENT", f"Invalid query parameter {name}")
        return [value.replace("%3A", ":") for value in values if value]

    def member(self, call: Call, scope: str, *, versioned: bool = True) -> Account:
        """The person of the token. Raises `Refuse` for a version, token or scope that does not hold."""
        if versioned:
            self._check_version(call)
        account = self.account_of(call.token)
        if account is None:
            code, why = "INVALID_ACCESS_TOKEN", "Invalid access token"
            if call.token in self.tokens:
                code, why = "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired"
            elif call.token.startswith(f"{self.name}-access-"):
                code, why = "REVOKED_ACCESS_TOKEN", "The token used in the request has been revoked by the user"
            raise refused(401, code, why)
        if scope and scope not in str(self.tokens[call.token].get("scopes") or "").split():
            raise refused(403, "ACCESS_DENIED", "Not enough permissions to access this resource")
        return account

    def _check_version(self, call: Call) -> None:
        version = call.request.headers.get("linkedin-version", "")
        if not re.fullmatch(r"20\d{4}", version):
            message = "A version must be present. Please specify a version by adding the LinkedIn-Version header."
            raise refused(400, "VERSION_MISSING", message)
        if version < OLDEST_VERSION:
            raise refused(426, "NONEXISTENT_VERSION", f"Requested version {version}01 is not active")
        if call.request.headers.get("x-restli-protocol-version") != "2.0.0":
            raise refused(400, "ILLEGAL_ARGUMENT", "X-Restli-Protocol-Version 2.0.0 is required")

    def author(self, call: Call, urn: str) -> str:
        """The account to write as: the person of the token, or a page of theirs."""
        member = self.member(call, "w_organization_social" if ":organization:" in urn else "w_member_social")
        self._check_role(member, urn)
        return urn

    def reader(self, call: Call, urn: str) -> None:
        """Checks that the token may read an account's posts: pages alone may be read."""
        member = self.member(call, "r_organization_social" if ":organization:" in urn else "r_member_social")
        self._check_role(member, urn)

    def _check_role(self, member: Account, urn: str) -> None:
        page = self.accounts.get(urn)
        if urn != member.id and (page is None or member.id not in page.extra.get("roles", {})):
            raise refused(403, "ACCESS_DENIED", f"The person has no role on {quote(urn)}")
