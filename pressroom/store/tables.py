"""The tables. Every row belongs to a workspace; natural keys are unique, so that a repeat can only update.

Text ids are 32 hex digits. Times are UTC. Costs are whole millionths of a US dollar, which add up exactly.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, BigInteger, Column, DateTime, Index, Text, TypeDecorator, UniqueConstraint, text
from sqlalchemy.engine import Dialect
from sqlmodel import Field, MetaData, SQLModel

from pressroom.model import Plan
from pressroom.model.plans import plan_of

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> str:
    return uuid4().hex


def utc_now() -> datetime:
    return datetime.now(UTC)


def new_dict() -> dict[str, Any]:
    """`dict` itself, as a default factory, makes pydantic parse its signature for every row: 0.3 ms each time."""
    return {}


def new_list() -> list[Any]:
    """As `new_dict`."""
    return []


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC times on every database; SQLite, which keeps no zone, stores them naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value and value.astimezone(UTC)
        return value.replace(tzinfo=UTC)


class Table(SQLModel):
    """Base of all tables, with names for every constraint so that migrations can speak of them."""

    model_config = {"defer_build": True}  # validators of tables are never used: each takes 3 ms to build
    metadata = MetaData(naming_convention=NAMING)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class PlanColumn(TypeDecorator[Plan]):
    """A plan, as JSON: dumped and validated here and nowhere else."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Plan | None, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else value.model_dump(mode="json")

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> Plan | None:
        return None if value is None else plan_of(value)


def json_column(**options: Any) -> Any:
    return Field(sa_type=JSON, **options)


class Workspace(Table, table=True):
    """A tenant. `title`: its name as shown; `plan`: whose limits it has, empty for the setting's.

    paused_at and paused_by: since when nothing of it is published, and the person who said so.
    trends: its `TrendWishes`; None for the settings'. pronunciations: spoken forms by written word.
    """

    __tablename__ = "workspace"

    name: str = Field(max_length=63, unique=True)
    title: str = Field(default="", max_length=100, sa_column_kwargs={"server_default": text("''")})
    plan: str = Field(default="", max_length=32, sa_column_kwargs={"server_default": text("''")})
    preferences: dict[str, Any] = json_column(default_factory=new_dict)
    schedule: dict[str, Any] | None = json_column(default=None)
    paused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    paused_by: str = Field(default="", max_length=254, sa_column_kwargs={"server_default": text("''")})
    trends: dict[str, Any] | None = json_column(default=None)
    pronunciations: dict[str, Any] | None = json_column(default=None)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Run(Table, table=True):
    """One run of one flow. `run_key` names the same work; `variant` counts its refreshes; `budget` notes which limit
    of money was reached, when one was; `error_code` and `error` say what ended it early.

    `platform`: the one that a picture is being written up for. `lease_owner` and `lease_expires_at`: which process is
    at it, and until when it need not be asked.
    """

    __tablename__ = "run"
    __table_args__ = (
        UniqueConstraint("workspace_id", "kind", "run_key"),
        Index(None, "workspace_id", "day"),
        Index(None, "workspace_id", "created_at"),
        Index(None, "flow_run_id"),
    )

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    kind: str = Field(max_length=32)
    run_key: str = Field(max_length=64)
    day: date
    trigger: str = Field(max_length=16)
    status: str = Field(max_length=16)
    plan: Plan = Field(sa_type=PlanColumn, nullable=True)
    variant: int = 0
    idea_calls: list[str] = json_column(default_factory=new_list)
    failures: list[dict[str, Any]] = json_column(default_factory=new_list)
    gate: dict[str, Any] | None = json_column(default=None)
    totals: dict[str, Any] | None = json_column(default=None)
    budget: dict[str, Any] | None = json_column(default=None)
    error_code: str | None = Field(default=None, max_length=64)
    error: str | None = Field(default=None, sa_type=Text)
    platform: str | None = Field(default=None, max_length=32)
    flow_run_id: str | None = Field(default=None, max_length=36)
    lease_owner: str | None = Field(default=None, max_length=128)
    lease_expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    started_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def chain(self) -> tuple[str, ...]:
        return self.plan.chain

    @property
    def formats(self) -> tuple[str, ...]:
        return self.plan.formats


class DocumentRow(Table, table=True):
    """A document that was read, once for the same words. `body`: the whole `Document`; `findings`: what a person
    should know before it is used, such as instructions to a model in it."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("workspace_id", "hash"), Index(None, "workspace_id", "created_at"))

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    hash: str = Field(max_length=64)
    source: str = Field(sa_type=Text)
    kind: str = Field(max_length=16)
    title: str = Field(sa_type=Text)
    language: str = Field(max_length=35)
    words: int
    body: dict[str, Any] = json_column(default_factory=new_dict)
    findings: list[dict[str, Any]] = json_column(default_factory=new_list)


class VoiceRow(Table, table=True):
    """A brand voice of a workspace, by name. `profile`: the whole `Voice`."""

    __tablename__ = "voice"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    name: str = Field(max_length=63)
    profile: dict[str, Any] = json_column(default_factory=new_dict)
    updated_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class SubjectRow(Table, table=True):
    """The topic that a run writes about, of one kind: an idea, a document, a picture.

    A document's has its `document_id`, and the `excerpt` that writers are shown.
    """

    __tablename__ = "subject"
    __table_args__ = (
        UniqueConstraint("run_id", "position"),
        Index(None, "workspace_id", "created_at"),
        Index(None, "document_id"),
    )

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    run_id: str = Field(foreign_key="run.id", max_length=32)
    document_id: str | None = Field(default=None, foreign_key="document.id", max_length=32)
    kind: str = Field(max_length=16)
    position: int
    title: str = Field(sa_type=Text)
    description: str = Field(sa_type=Text)
    category: str = Field(sa_type=Text)
    excerpt: dict[str, Any] | None = json_column(default=None)


class Content(Table, table=True):
    """One draft of one subject in one format.

    `call_ids`: the provider calls behind all its wordings, in order; `asked`: rounds it took; `version`: raised by
    every change, so that an editor can't overwrite a change they have not seen; `post_url`: the address of the post,
    where a person published it by hand.
    """

    __tablename__ = "content"
    __table_args__ = (
        UniqueConstraint("subject_id", "format", "variant"),
        Index(None, "workspace_id", "created_at", "id"),
        Index(None, "workspace_id", "state", "created_at", "id"),
        Index(None, "workspace_id", "day", "created_at"),
        Index(None, "run_id", "variant"),
        Index(None, "deleted_at"),
    )

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    run_id: str = Field(foreign_key="run.id", max_length=32)
    subject_id: str = Field(foreign_key="subject.id", max_length=32)
    format: str = Field(max_length=64)
    platform: str = Field(max_length=32)
    variant: int = 0
    state: str = Field(max_length=16)
    post_url: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": text("''")})
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
    content_hash: str = Field(max_length=64)
    day: date | None = Field(default=None, description="The run's.")
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Revision(Table, table=True):
    """One wording of a piece of content, with the calls and checks of its own; number 1 is what was generated."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("content_id", "number"),)

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    content_id: str = Field(foreign_key="content.id", max_length=32)
    number: int
    body: dict[str, Any] = json_column(default_factory=new_dict)
    text: str = Field(sa_type=Text)
    violations: list[dict[str, Any]] = json_column(default_factory=new_list)
    prompt_hash: str = Field(default="", max_length=255)
    call_ids: list[str] = json_column(default_factory=new_list)
    author: str = Field(max_length=128)
    note: str = Field(default="", sa_type=Text)


class ProviderCall(Table, table=True):
    """One call of a provider, and the ledger's entry for it.

    `request_key` is the request's hash while the row stands for its answer (claimed, submitted or answered) and
    NULL once the call has failed: so a request has one answer at most and any number of failures. A call that takes
    minutes is `submitted` with the provider's own `job_id` until its answer is there. While a row is claimed or
    submitted, `cost_microusd` is what is set aside for it.
    """

    __tablename__ = "provider_call"
    __table_args__ = (
        UniqueConstraint("workspace_id", "request_key"),
        Index(None, "run_id"),
        Index(None, "workspace_id", "created_at"),
    )

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    run_id: str | None = Field(default=None, foreign_key="run.id", max_length=32)
    execution: str = Field(default="", max_length=64)
    task: str = Field(default="", sa_type=Text)
    kind: str = Field(max_length=16)
    purpose: str = Field(max_length=32)
    provider: str = Field(max_length=64)
    model: str = Field(max_length=128)
    request_hash: str = Field(max_length=64)
    request_key: str | None = Field(default=None, max_length=64)
    prompt_hash: str = Field(default="", max_length=255)
    status: str = Field(max_length=16)
    claim_owner: str = Field(default="", max_length=128)
    claim_expires_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    answer: dict[str, Any] | None = json_column(default=None)
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cost_microusd: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    milliseconds: int = 0
    error_code: str | None = Field(default=None, max_length=64)
    error: str | None = Field(default=None, sa_type=Text)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    job_id: str | None = Field(default=None, max_length=255)


class Asset(Table, table=True):
    """One file made for a subject, of one kind: a picture. `purpose`: `thumbnail`, or the platform it is for.

    `key`: where it lies in the artifact store; `prompt`: what was asked for in words, empty for a drawn card.
    `width` and `height`, in pixels, are of kinds that are seen; `seconds` of those that last.
    """

    __tablename__ = "asset"
    __table_args__ = (
        UniqueConstraint("subject_id", "purpose", "variant"),
        Index(None, "run_id", "variant"),
        Index(None, "workspace_id", "created_at"),
    )

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    run_id: str = Field(foreign_key="run.id", max_length=32)
    subject_id: str = Field(foreign_key="subject.id", max_length=32)
    kind: str = Field(max_length=16)
    purpose: str = Field(max_length=32)
    variant: int = 0
    key: str = Field(max_length=1024)
    address: str = Field(sa_type=Text)
    sha256: str = Field(max_length=64)
    size: int = Field(sa_column=Column(BigInteger, nullable=False))
    media_type: str = Field(max_length=64)
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    alt_text: str = Field(sa_type=Text)
    prompt: str = Field(default="", sa_type=Text)
    provider: str = Field(max_length=64)
    model: str = Field(max_length=128)
    call_ids: list[str] = json_column(default_factory=new_list)
    notes: list[str] = json_column(default_factory=new_list)


class Artifact(Table, table=True):
    """One file in the artifact store. Written after the file itself."""

    __tablename__ = "artifact"
    __table_args__ = (UniqueConstraint("workspace_id", "key"), Index(None, "run_id"))

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    run_id: str | None = Field(default=None, foreign_key="run.id", max_length=32)
    content_id: str | None = Field(default=None, foreign_key="content.id", max_length=32)
    kind: str = Field(max_length=32)
    key: str = Field(max_length=1024)
    address: str = Field(sa_type=Text)
    sha256: str = Field(max_length=64)
    size: int = Field(sa_column=Column(BigInteger, nullable=False))
