"""The caller of the desk, and the caller's role in its workspace."""

from __future__ import annotations

import ipaddress
from enum import StrEnum

from pydantic import Field

from pressroom.model.base import Frozen


class Role(StrEnum):
    """The role of a user in a workspace. `pressroom.people.permissions` says what each may do."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"


class Origin(Frozen):
    """Where a request came from, for the audit log."""

    address: str = ""
    agent: str = ""

    @property
    def network(self) -> str:
        """The address as attempts are counted: of IPv6 the /64, all of which one subscriber has."""
        try:
            found = ipaddress.ip_address(self.address.partition("%")[0])
        except ValueError:
            return self.address
        if isinstance(found, ipaddress.IPv4Address):
            return str(found)
        return str(found.ipv4_mapped or ipaddress.ip_network((int(found), 64), strict=False))


class Caller(Frozen):
    """A signed-in person, or a program with a service token, within one workspace."""

    workspace_id: str
    workspace: str = Field(description="Its name.")
    role: Role
    name: str = Field(description="As shown and logged: an e-mail address, or `token NAME`.")
    user_id: str | None = Field(default=None, description="None for a program.")
    sign_in_id: str | None = None
    token_id: str | None = None
    scopes: frozenset[str] | None = Field(default=None, description="Of a service token; None: whatever the role may.")
    origin: Origin = Origin()
