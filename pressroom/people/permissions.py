"""One table of the actions that each role and each service token may do. Routes, buttons and the docs use it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from pressroom.errors import Forbidden
from pressroom.model import Caller, Role


class Action(StrEnum):
    """Something that may be allowed. The values are the scopes of service tokens."""

    READ = "read"
    READ_CALENDAR = "calendar:read"
    EDIT_CONTENT = "content:write"
    APPROVE_CONTENT = "content:approve"
    START_WORK = "work:start"
    PUBLISH = "publish:write"
    CONFIGURE = "settings:write"
    MANAGE_WEBHOOKS = "webhooks:write"
    MANAGE_CHANNELS = "channels:write"
    MANAGE_MEMBERS = "members:write"
    READ_AUDIT = "audit:read"
    MANAGE_WORKSPACE = "workspace:write"


_READS = frozenset({Action.READ, Action.READ_CALENDAR})
_EDITS = _READS | frozenset({Action.EDIT_CONTENT, Action.APPROVE_CONTENT, Action.START_WORK, Action.PUBLISH})

ALLOWED: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {Role.OWNER: frozenset(Action), Role.EDITOR: _EDITS, Role.VIEWER: _READS}
)

FOR_PEOPLE = frozenset({Action.APPROVE_CONTENT, Action.MANAGE_MEMBERS, Action.MANAGE_WORKSPACE})
"""Actions that no program may do, whatever its scopes: an approval is a person's."""


def lesser(one: Role, other: Role) -> Role:
    """The one of two roles that may do less."""
    return min(one, other, key=lambda role: len(ALLOWED[role]))


def may(caller: Caller, action: Action) -> bool:
    """True when `caller` may do this in its workspace."""
    if caller.scopes is not None and (action in FOR_PEOPLE or action not in caller.scopes):
        return False
    return action in ALLOWED[caller.role]


def check(caller: Caller, action: Action) -> None:
    """Raises `Forbidden`, naming what would be needed, when `caller` may not do this."""
    if may(caller, action):
        return
    if caller.scopes is not None and action in FOR_PEOPLE:
        hint = "Only a person may."
    elif caller.scopes is not None and action in caller.scopes:
        hint = f"The user who made the token may not do it either, as {caller.role}."
    elif caller.scopes is not None:
        hint = f"The token needs the scope {action}."
    else:
        roles = " or ".join(role for role in Role if action in ALLOWED[role])
        hint = f"Ask an owner to make you {roles}."
    raise Forbidden(f"{caller.name} may not do this in {caller.workspace}.", hint=hint)
