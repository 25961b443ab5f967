"""The tables of the review desk: approvals, attachments, comments, share links, jobs, uploads, webhooks, the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Text, UniqueConstraint, false
from sqlmodel import Field

from pressroom.store.tables import Table, UtcDateTime, json_column, new_dict, new_list, utc_now


class Approval(Table, table=True):
    """A person's yes to exactly one wording. Void as soon as the content's hash is another."""

    __tablename__ = "approval"
    __table_args__ = (Index(None, "content_id", "created_at"), Index(None, "workspace_id", "created_at"))

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    content_id: str = Field(foreign_key="content.id", max_length=32)
    content_hash: str = Field(max_length=64)
    user_id: str = Field(foreign_key="users.id", max_length=32)
    voided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    voided_because: str = Field(default="", max_length=64)


class Attachment(Table, table=True):
    """One medium of a draft, at its position from 0: a copy of where the bytes lie, so that its origin may go.

    `asset_id` or `upload_id`: the origin; neither once that was purged. `key`: where it lies in the artifact store.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("content_id", "position"),
        Index(None, "workspace_id", "created_at"),
        Index(None, "asset_id"),
        Index(None, "upload_id"),
    )

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    content_id: str = Field(foreign_key="content.id", max_length=32)
    position: int
    kind: str = Field(max_length=16)
    asset_id: str | None = Field(default=None, foreign_key="asset.id", ondelete="SET NULL", max_length=32)
    upload_id: str | None = Field(default=None, foreign_key="upload.id", ondelete="SET NULL", max_length=32)
    name: str = Field(max_length=255)
    key: str = Field(max_length=1024)
    sha256: str = Field(max_length=64)
    size: int = Field(sa_column=Column(BigInteger, nullable=False))
    media_type: str = Field(max_length=128)
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    alt_text: str = Field(sa_type=Text)
    made_by_ai: bool = False


class Suggestion(Table, table=True):
    """Another text for a draft, written to a reviewer's wish: the draft stays as it is until a user takes it.

    base: number of the revision that it was written from. state: `open`, `taken`, `dismissed`.
    """

    __tablename__ = "suggestion"
    __table_args__ = (Index(None, "content_id", "created_at"), Index(None, "workspace_id", "created_at"))

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    content_id: str = Field(foreign_key="content.id", max_length=32)
    base: int
    wish: str = Field(default="", sa_type=Text)
    state: str = Field(default="open", max_length=16)
    decided_by: str = Field(default="", max_length=254)
    body: dict[str, Any] = json_column(default_factory=new_dict)
    text: str = Field(sa_type=Text)
    words: int
    characters: int
    violations: list[dict[str, Any]] = json_column(default_factory=new_list)
    findings: list[dict[str, Any]] = json_column(default_factory=new_list)
    provider: str = Field(max_length=64)
    model: str = Field(max_length=128)
    prompt_hash: str = Field(max_length=255)
    call_ids: list[str] = json_column(default_factory=new_list)
    asked: int = 1


class ShareLink(Table, table=True):
    """A client's way to one draft, or to the drafts of one idea: to read and to comment, until it expires.

    The token in its address is stored as a hash. client: the client's name. user_id: the member who made it.
    opened_at: the client's last visit, to within an hour.
    """

    __tablename__ = "share_link"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index(None, "workspace_id", "created_at"),
        Index(None, "content_id"),
        Index(None, "subject_id"),
    )

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    content_id: str | None = Field(default=None, foreign_key="content.id", ondelete="CASCADE", max_length=32)
    subject_id: str | None = Field(default=None, foreign_key="subject.id", ondelete="CASCADE", max_length=32)
    user_id: str = Field(foreign_key="users.id", max_length=32)
    client: str = Field(max_length=100)
    token_hash: str = Field(max_length=64)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Comment(Table, table=True):
    """A comment on a draft: of a user (`user_id`), or of a client by a share link (`share_link_id`).

    `mentions`: ids of the users it names. for_clients: clients with a share link read it too.
    """

    __tablename__ = "comment"
    __table_args__ = (Index(None, "content_id", "created_at"), Index(None, "workspace_id", "created_at"))

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    content_id: str = Field(foreign_key="content.id", ondelete="CASCADE", max_length=32)
    user_id: str | None = Field(default=None, foreign_key="users.id", max_length=32)
    share_link_id: str | None = Field(default=None, foreign_key="share_link.id", ondelete="CASCADE", max_length=32)
    for_clients: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    text: str = Field(sa_type=Text)
    mentions: list[str] = json_column(default_factory=new_list)


class Assignment(Table, table=True):
    """The user whose turn it is with a draft. `by`: the user who said so, as shown."""

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("content_id"), Index(None, "workspace_id", "user_id"))

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    content_id: str = Field(foreign_key="content.id", ondelete="CASCADE", max_length=32)
    user_id: str = Field(foreign_key="users.id", max_length=32)
    by: str = Field(max_length=254)


class Notification(Table, table=True):
    """Something about a draft that a user should see. kind: `mentioned`, `commented` or `assigned`. text: its words.

    mail_id, chat_id: rows of the outbox that carry it, once one does.
    """

    __tablename__ = "notification"
    __table_args__ = (Index(None, "workspace_id", "user_id", "read_at"), Index(None, "created_at"))

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    user_id: str = Field(foreign_key="users.id", max_length=32)
    content_id: str = Field(foreign_key="content.id", ondelete="CASCADE", max_length=32)
    kind: str = Field(max_length=16)
    by: str = Field(max_length=254)
    text: str = Field(default="", sa_type=Text)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    mail_id: str | None = Field(default=None, max_length=32)
    chat_id: str | None = Field(default=None, max_length=32)


class NotificationWish(Table, table=True):
    """How often a member hears of notifications outside the desk: `off`, `hourly` or `daily`, by e-mail and in a chat.

    hour: of the workspace's day, at which daily digests are sent. chat_address: Apprise's, encrypted.
    """

    __tablename__ = "notification_wish"
    __table_args__ = (UniqueConstraint("workspace_id", "user_id"),)

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    user_id: str = Field(foreign_key="users.id", max_length=32)
    mail: str = Field(default="off", max_length=8)
    chat: str = Field(default="off", max_length=8)
    hour: int = 8
    chat_address: str = Field(default="", sa_type=Text)


class WebCard(Table, table=True):
    """The card of a web address, fetched once: of a page its title and picture, of an avatar the picture alone.

    kind: `page` or `avatar`. picture_key: where a copy of the picture lies in the artifact store; empty without one.
    """

    __tablename__ = "web_card"
    __table_args__ = (UniqueConstraint("workspace_id", "kind", "address_hash"),)

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    kind: str = Field(max_length=8)
    address_hash: str = Field(max_length=64)
    address: str = Field(sa_type=Text)
    title: str = Field(default="", sa_type=Text)
    description: str = Field(default="", sa_type=Text)
    picture_key: str = Field(default="", max_length=255)


class HashtagSet(Table, table=True):
    """Hashtags that a workspace uses together, by name; without #, in order."""

    __tablename__ = "hashtag_set"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    name: str = Field(max_length=63)
    hashtags: list[str] = json_column(default_factory=new_list)


class Job(Table, table=True):
    """Something long that was asked for at the desk, and the flow run that does it.

    kind: `daily`, `repurpose`, `optimize`, `redo`, `retry`, `export`. status: as in `pressroom.model.JobStatus`, as
    last known; while it is not ended, the run's row and Prefect know better. outputs: what it left, once it ended.
    """

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("workspace_id", "idempotency_key"),
        Index(None, "workspace_id", "created_at"),
        Index(None, "workspace_id", "kind", "created_at"),
        Index(None, "flow_run_id"),
        Index(None, "status", "created_at"),
    )

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    kind: str = Field(max_length=16)
    status: str = Field(max_length=16)
    title: str = Field(default="", sa_type=Text)
    deployment: str = Field(max_length=128)
    request: dict[str, Any] = json_column(default_factory=new_dict)
    meta: dict[str, Any] = json_column(default_factory=new_dict)
    outputs: dict[str, Any] | None = json_column(default=None)
    idempotency_key: str = Field(max_length=128)
    callback_url: str = Field(default="", sa_type=Text)
    content_id: str | None = Field(default=None, foreign_key="content.id", max_length=32)
    run_id: str | None = Field(default=None, foreign_key="run.id", max_length=32)
    flow_run_id: str | None = Field(default=None, max_length=36)
    created_by: str = Field(max_length=254)
    error_code: str = Field(default="", max_length=64)
    error: str = Field(default="", sa_type=Text)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Upload(Table, table=True):
    """A file that a user uploaded, stored in the artifact store under `key`; the same bytes are stored once."""

    __tablename__ = "upload"
    __table_args__ = (UniqueConstraint("workspace_id", "sha256", "name"), Index(None, "workspace_id", "created_at"))

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    name: str = Field(max_length=255)
    purpose: str = Field(max_length=16, description="`document`, `image`, `logo`, `film` or `sound`.")
    media_type: str = Field(max_length=128)
    key: str = Field(max_length=1024)
    sha256: str = Field(max_length=64)
    size: int = Field(sa_column=Column(BigInteger, nullable=False))
    uploaded_by: str = Field(max_length=254)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class IdempotentAnswer(Table, table=True):
    """The answer to a request with an `Idempotency-Key`, for the same request sent again. status 0: under way."""

    __tablename__ = "idempotent_answer"
    __table_args__ = (UniqueConstraint("workspace_id", "key"), Index(None, "created_at"))

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    key: str = Field(max_length=255)
    request_hash: str = Field(max_length=64)
    status: int = 0
    headers: dict[str, str] = json_column(default_factory=new_dict)
    body: str = Field(default="", sa_type=Text)


class Webhook(Table, table=True):
    """An address that is told of events. `secret`: encrypted; `events`: names or prefixes such as `content.`."""

    __tablename__ = "webhook"
    __table_args__ = (Index(None, "workspace_id", "created_at"),)

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    url: str = Field(sa_type=Text)
    events: list[str] = json_column(default_factory=new_list)
    secret: str = Field(sa_type=Text)
    active: bool = True
    failing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Event(Table, table=True):
    """Something that happened in a workspace, written in the transaction that made it happen.

    dispatched_at: when its deliveries were laid out; None until then.
    """

    __tablename__ = "event"
    __table_args__ = (Index(None, "workspace_id", "created_at"), Index(None, "dispatched_at", "created_at"))

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    type: str = Field(max_length=64)
    data: dict[str, Any] = json_column(default_factory=new_dict)
    dispatched_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Outbox(Table, table=True):
    """One thing to be sent: `subject_id` is a row of its `kind`, `address` the place it goes to, where that is fixed.

    lane: rows of one lane (a webhook, an account) are sent one at a time. state: `waiting`, `claimed`, `done`, `dead`
    (given up). attempts: begun so far. claim_owner: the process that holds a claimed row, until `claim_expires_at`.
    error: why the last attempt did not succeed, or why the row was given up.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(None, "workspace_id", "lane", "created_at"),
        Index(None, "kind", "state", "lane", "due_at"),
        Index(None, "subject_id"),
    )

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    kind: str = Field(max_length=32)
    lane: str = Field(max_length=64)
    subject_id: str = Field(max_length=64)
    address: str = Field(default="", sa_type=Text)
    state: str = Field(default="waiting", max_length=16)
    attempts: int = 0
    due_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    claim_owner: str | None = Field(default=None, max_length=128)
    claim_expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str = Field(default="", sa_type=Text)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Attempt(Table, table=True):
    """The end of one attempt to send a row of the outbox; never changed. `created_at`: when it ended.

    outcome: as in `pressroom.store.outbox.Outcome`. status: of HTTP, when there was an answer. answer: its first words,
    or why there was no answer.
    """

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("outbox_id", "number"), Index(None, "workspace_id"))

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    outbox_id: str = Field(foreign_key="outbox.id", ondelete="CASCADE", max_length=32)
    number: int
    outcome: str = Field(max_length=16)
    status: int | None = None
    answer: str = Field(default="", sa_type=Text)
    milliseconds: int = 0
