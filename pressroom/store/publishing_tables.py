"""The tables of publishing: channels, publications with their parts, and every request that was made for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Text, UniqueConstraint
from sqlmodel import Field

from pressroom.store.tables import Table, UtcDateTime, json_column, new_dict, new_list, utc_now


class ChannelRow(Table, table=True):
    """An account that a workspace publishes to. `credentials`: sealed; `generation` counts their refreshes.

    state: `connected`, `needs_account`, `removed`. slots: `{"day": "mon", "time": "09:00"}`. automatic: when a draft is
    planned by itself once it is approved: empty, `next_free` or `now`. told_on: the day people last heard of trouble.
    """

    __tablename__ = "channel"
    __table_args__ = (UniqueConstraint("workspace_id", "platform", "host", "remote_id"),)

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    platform: str = Field(max_length=32)
    host: str = Field(default="", max_length=255)
    remote_id: str = Field(max_length=255)
    name: str = Field(max_length=255)
    title: str = Field(default="", sa_type=Text)
    avatar: str = Field(default="", sa_type=Text)
    kind: str = Field(default="", max_length=32)
    scopes: list[str] = json_column(default_factory=new_list)
    settings: dict[str, Any] = json_column(default_factory=new_dict)
    credentials: str = Field(default="", sa_type=Text)
    generation: int = 0
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    refresh_expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    refreshable: bool = False
    refreshed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    state: str = Field(default="connected", max_length=16)
    problem_code: str = Field(default="", max_length=64)
    problem: str = Field(default="", sa_type=Text)
    told_on: datetime | None = Field(default=None, sa_type=UtcDateTime)
    slots: list[dict[str, str]] = json_column(default_factory=new_list)
    spacing_minutes: int = 10
    late_minutes: int = 60
    automatic: str = Field(default="", max_length=16)
    utm: dict[str, str] = json_column(default_factory=new_dict)
    disclosure: str = Field(default="", sa_type=Text)
    paused: bool = False
    last_sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_by: str = Field(default="", max_length=254)
    version: int = 1
    updated_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class ChannelSignIn(Table, table=True):
    """A connection that a person has begun: until the platform sends them back, then until an account is chosen.

    state_hash: of the OAuth state; browser: of the browser's own secret. channel_id: the channel that is connected
    again; empty for a new one. sealed: the PKCE verifier, later the credentials and accounts to choose from.
    """

    __tablename__ = "channel_sign_in"
    __table_args__ = (Index(None, "workspace_id", "expires_at"),)

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    state_hash: str = Field(max_length=64, unique=True)
    browser: str = Field(max_length=64)
    platform: str = Field(max_length=32)
    channel_id: str = Field(default="", max_length=32)
    sealed: str = Field(default="", sa_type=Text)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class Publication(Table, table=True):
    """One draft for one channel, exactly as it was approved: `approved` is the whole `Approved`.

    planned_wall and zone: the wall-clock time that people chose, `2026-11-30T09:00`; planned_at: the instant it is.
    slot_at: the channel's slot it takes, None at an exact time. state: of all parts in one word.
    """

    __tablename__ = "publication"
    __table_args__ = (
        UniqueConstraint("content_id", "channel_id", "content_hash"),
        UniqueConstraint("channel_id", "slot_at"),
        Index(None, "workspace_id", "planned_at"),
        Index(None, "workspace_id", "state", "planned_at"),
        Index(None, "channel_id", "state"),
    )

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    content_id: str = Field(foreign_key="content.id", ondelete="CASCADE", max_length=32)
    channel_id: str = Field(foreign_key="channel.id", max_length=32)
    approval_id: str = Field(foreign_key="approval.id", ondelete="CASCADE", max_length=32)
    content_hash: str = Field(max_length=64)
    words_hash: str = Field(max_length=64)
    approved: dict[str, Any] = json_column(default_factory=new_dict)
    state: str = Field(max_length=16)
    planned_wall: str = Field(default="", max_length=16)
    zone: str = Field(default="UTC", max_length=64)
    planned_at: datetime = Field(sa_type=UtcDateTime)
    slot_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason_code: str = Field(default="", max_length=64)
    reason: str = Field(default="", sa_type=Text)
    hint: str = Field(default="", sa_type=Text)
    cost_microusd: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    created_by: str = Field(max_length=254)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    permalink: str = Field(default="", sa_type=Text)
    version: int = 1
    updated_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class PublicationPart(Table, table=True):
    """One call of a publication. `key`: always the same for this part, even after a restored backup.

    since: when its state began, and deadline_at: when its owner has to have acted. begun_at and armed_at: fixed before
    the first attempt. sends: attempts that may have made it public. looks: at lists that did not show it, since
    `first_look_at`. memory: the publisher's notes, sealed. seen: posts that a person is to compare.
    """

    __tablename__ = "publication_part"
    __table_args__ = (
        UniqueConstraint("publication_id", "position"),
        Index(None, "workspace_id", "state"),
        Index(None, "key"),
    )

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    publication_id: str = Field(foreign_key="publication.id", ondelete="CASCADE", max_length=32)
    position: int
    kind: str = Field(max_length=16)
    key: str = Field(max_length=32)
    state: str = Field(max_length=16)
    since: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    deadline_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    begun_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    armed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sends: int = 0
    tries: int = 0
    looks: int = 0
    asked: int = 0
    first_look_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unclear_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    memory: str = Field(default="", sa_type=Text)
    remote_id: str = Field(default="", sa_type=Text)
    permalink: str = Field(default="", sa_type=Text)
    extra: dict[str, str] = json_column(default_factory=new_dict)
    seen: list[dict[str, Any]] = json_column(default_factory=new_list)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason_code: str = Field(default="", max_length=64)
    reason: str = Field(default="", sa_type=Text)
    hint: str = Field(default="", sa_type=Text)


class PublicationAttempt(Table, table=True):
    """One request to a platform for a part, and its answer; never changed. No secret is in it.

    phase: as in `publishers.sending.line.Phase`. bytes_sent: `no`, `yes` or `unknown`.
    """

    __tablename__ = "publication_attempt"
    __table_args__ = (Index(None, "part_id", "created_at"), Index(None, "workspace_id", "created_at"))

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    part_id: str = Field(foreign_key="publication_part.id", ondelete="CASCADE", max_length=32)
    number: int
    phase: str = Field(max_length=16)
    method: str = Field(max_length=8)
    address: str = Field(sa_type=Text)
    request_hash: str = Field(max_length=64)
    request: str = Field(default="", sa_type=Text)
    status: int | None = None
    answer: str = Field(default="", sa_type=Text)
    bytes_sent: str = Field(max_length=8)
