"""The tables of people, and of what they and their programs may do.

No secret is kept: of passwords, refresh tokens and service tokens only hashes. What must be read again (signing keys,
webhook secrets) is encrypted with PRESSROOM_SECRET_KEY.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from pressroom.store.tables import Table, UtcDateTime, json_column, new_dict, new_list, utc_now


class User(Table, table=True):
    """A person. `email` is kept in lower case. A deleted one keeps its row, emptied, for what its id stands in."""

    __tablename__ = "users"  # `user` is a reserved word

    email: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=100)
    password_hash: str = Field(max_length=100)
    password_changed_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Membership(Table, table=True):
    """The role of a user in a workspace. `role`: as in `pressroom.model.Role`."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("workspace_id", "user_id"), Index(None, "user_id"))

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    user_id: str = Field(foreign_key="users.id", max_length=32)
    role: str = Field(max_length=16)


class Invitation(Table, table=True):
    """An open door for one address. The token that opens it is known by its hash."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("token_hash"), Index(None, "workspace_id", "created_at"))

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    email: str = Field(max_length=254)
    role: str = Field(max_length=16)
    token_hash: str = Field(max_length=64)
    invited_by: str = Field(foreign_key="users.id", max_length=32)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SignIn(Table, table=True):
    """One signed-in browser or program, and the family of its refresh tokens.

    token_hash: of the one refresh token (or page cookie) that is good now; previous_hash: of the one before, by which
    a reuse is told from a guess. kind: `page` or `api`.
    """

    __tablename__ = "sign_in"
    __table_args__ = (Index(None, "user_id", "created_at"), Index(None, "expires_at"))

    user_id: str = Field(foreign_key="users.id", max_length=32)
    kind: str = Field(max_length=8)
    token_hash: str = Field(max_length=64)
    previous_hash: str = Field(default="", max_length=64)
    address: str = Field(default="", max_length=64)
    agent: str = Field(default="", max_length=300)
    used_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_because: str = Field(default="", max_length=64)


class SigningKey(Table, table=True):
    """A key that access tokens are signed with. `private_key`: encrypted PEM; `public_key`: PEM.

    Signs until `retires_at`; tokens signed by it are taken until `expires_at`.
    """

    __tablename__ = "signing_key"

    private_key: str = Field(sa_type=Text)
    public_key: str = Field(sa_type=Text)
    retires_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class ServiceToken(Table, table=True):
    """A token with which a program signs in. `scopes`: as in `pressroom.people.permissions`."""

    __tablename__ = "service_token"
    __table_args__ = (UniqueConstraint("token_hash"), Index(None, "workspace_id", "created_at"))

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    name: str = Field(max_length=100)
    token_hash: str = Field(max_length=64)
    scopes: list[str] = json_column(default_factory=new_list)
    created_by: str = Field(foreign_key="users.id", max_length=32)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Allowance(Table, table=True):
    """How often `key` (a user's requests, an address's sign-ins) was counted in the window that began then."""

    __tablename__ = "allowance"
    __table_args__ = (UniqueConstraint("key", "window_start"), Index(None, "window_start"))

    key: str = Field(max_length=200)
    window_start: datetime = Field(sa_type=UtcDateTime)
    count: int = 0


class AuditEvent(Table, table=True):
    """One entry of the audit log: actor, action, time and address. Without a workspace: a sign-in, or its refusal."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index(None, "workspace_id", "created_at"),
        Index(None, "user_id", "created_at"),
        Index(None, "created_at"),
    )

    workspace_id: str | None = Field(default=None, foreign_key="workspace.id", max_length=32)
    user_id: str | None = Field(default=None, foreign_key="users.id", max_length=32)
    actor: str = Field(max_length=254, description="As shown: an e-mail address, `token NAME`, or `nobody`.")
    action: str = Field(max_length=64)
    subject_kind: str = Field(default="", max_length=32)
    subject_id: str = Field(default="", max_length=64)
    details: dict[str, Any] = json_column(default_factory=new_dict)
    address: str = Field(default="", max_length=64)
    agent: str = Field(default="", max_length=300)
