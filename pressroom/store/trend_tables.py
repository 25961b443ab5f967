"""The tables of trends: requests to sources, signals with their figures, topics with scores, opportunities, rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Text, UniqueConstraint
from sqlmodel import Field

from pressroom.store.tables import Table, UtcDateTime, json_column, new_dict, new_list, utc_now

LONGEST_CATEGORY = 64
"""Characters."""


class TrendFetch(Table, table=True):
    """One answer of a source in one collection, or its failure; never changed.

    collected_at: when the source was asked, the same for all answers of that time. key: of the raw answer in the
    artifact store. status: 304 where an earlier answer still stands, whose `key` it has. is_reused: the source was
    not asked again. requests: how many requests it took, for quotas. price is in `cost_microusd`.
    """

    __tablename__ = "trend_fetch"
    __table_args__ = (
        UniqueConstraint("run_id", "source", "collected_at", "position"),
        Index(None, "workspace_id", "source", "region", "collected_at"),
        Index(None, "source", "fetched_at"),
        Index(None, "workspace_id", "key"),
    )

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    run_id: str = Field(foreign_key="run.id", ondelete="CASCADE", max_length=32)
    source: str = Field(max_length=64)
    region: str = Field(default="", max_length=2)
    position: int = 0
    collected_at: datetime = Field(sa_type=UtcDateTime)
    fetched_at: datetime = Field(sa_type=UtcDateTime)
    address: str = Field(default="", sa_type=Text)
    status: int | None = None
    headers: dict[str, str] = json_column(default_factory=new_dict)
    key: str = Field(default="", max_length=1024)
    size: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    is_reused: bool = False
    milliseconds: int = 0
    cost_microusd: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    code: str = Field(default="", max_length=64)
    reason: str = Field(default="", sa_type=Text)


class TrendSourceHealth(Table, table=True):
    """The health of a source in a region. failing_since: None while it answers. told_at: when people heard of it.

    retry_at: the earliest next request, as the source said.
    """

    __tablename__ = "trend_source_health"
    __table_args__ = (UniqueConstraint("workspace_id", "source", "region"),)

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    source: str = Field(max_length=64)
    region: str = Field(default="", max_length=2)
    last_success_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    retry_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    code: str = Field(default="", max_length=64)
    reason: str = Field(default="", sa_type=Text)
    updated_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class TrendSignal(Table, table=True):
    """One thing that one source names. key_hash: SHA-256 of the source's own key, which may be long."""

    __tablename__ = "trend_signal"
    __table_args__ = (
        UniqueConstraint("workspace_id", "source", "region", "key_hash"),
        Index(None, "workspace_id", "last_seen"),
    )

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    source: str = Field(max_length=64)
    region: str = Field(default="", max_length=2)
    key_hash: str = Field(max_length=64)
    title: str = Field(sa_type=Text)
    url: str = Field(default="", sa_type=Text)
    first_seen: datetime = Field(sa_type=UtcDateTime)
    last_seen: datetime = Field(sa_type=UtcDateTime)
    body: dict[str, Any] = json_column(default_factory=new_dict)


class TrendSnapshot(Table, table=True):
    """A signal's figures at one time. value: of the metric that measures attention."""

    __tablename__ = "trend_snapshot"
    __table_args__ = (
        UniqueConstraint("signal_id", "observed_at"),
        Index(None, "workspace_id", "observed_at"),
    )

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    signal_id: str = Field(foreign_key="trend_signal.id", ondelete="CASCADE", max_length=32)
    observed_at: datetime = Field(sa_type=UtcDateTime)
    value: float | None = None
    rank: int | None = None
    figures: dict[str, float] = json_column(default_factory=new_dict)


class TrendTopic(Table, table=True):
    """A topic of a region. memory: the `KnownTopic` by which it is recognised when it returns."""

    __tablename__ = "trend_topic"
    __table_args__ = (
        UniqueConstraint("workspace_id", "region", "topic_id"),
        Index(None, "workspace_id", "last_seen"),
    )

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    region: str = Field(default="", max_length=2)
    topic_id: str = Field(max_length=64)
    label: str = Field(sa_type=Text)
    language: str = Field(default="", max_length=35)
    category: str = Field(default="other", max_length=LONGEST_CATEGORY)
    memory: dict[str, Any] = json_column(default_factory=new_dict)
    first_seen: datetime = Field(sa_type=UtcDateTime)
    last_seen: datetime = Field(sa_type=UtcDateTime)


class TrendTopicSignal(Table, table=True):
    """A signal of a topic. run_id: the collection that found it so."""

    __tablename__ = "trend_topic_signal"
    __table_args__ = (
        UniqueConstraint("run_id", "topic_id", "signal_id"),
        Index(None, "topic_id"),
        Index(None, "signal_id"),
    )

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    run_id: str = Field(foreign_key="run.id", ondelete="CASCADE", max_length=32)
    topic_id: str = Field(foreign_key="trend_topic.id", ondelete="CASCADE", max_length=32)
    signal_id: str = Field(foreign_key="trend_signal.id", ondelete="CASCADE", max_length=32)


class TrendScoreRow(Table, table=True):
    """A topic's score in one collection. at: the time of that collection."""

    __tablename__ = "trend_score"
    __table_args__ = (UniqueConstraint("run_id", "topic_id"), Index(None, "topic_id", "at"))

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    run_id: str = Field(foreign_key="run.id", ondelete="CASCADE", max_length=32)
    topic_id: str = Field(foreign_key="trend_topic.id", ondelete="CASCADE", max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    volume: float
    velocity: float
    freshness: float
    breadth: float
    fit: float
    covered: float
    bursting: bool = False
    trend: float
    opportunity: float


class OpportunityRow(Table, table=True):
    """A topic worth a post. number: which time the topic is one, from 1. run_id: the collection that found it.

    taken_by: a person's address, `rule NAME`, or `daily run`. taken_run_id: the run that writes it; None until a run
    takes it up. closed_by: who dismissed it, or gave it back while it is open. subject_id: the idea it
    became. signals: as they were when it was found.
    """

    __tablename__ = "opportunity"
    __table_args__ = (
        UniqueConstraint("workspace_id", "region", "topic_id", "number"),
        Index(None, "workspace_id", "state", "expires_at"),
        Index(None, "taken_run_id"),
    )

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    region: str = Field(default="", max_length=2)
    topic_id: str = Field(max_length=64)
    number: int = 1
    state: str = Field(max_length=16)
    run_id: str | None = Field(default=None, foreign_key="run.id", ondelete="SET NULL", max_length=32)
    language: str = Field(default="", max_length=35)
    category: str = Field(default="other", max_length=LONGEST_CATEGORY)
    title: str = Field(sa_type=Text)
    angle: str = Field(sa_type=Text)
    why_now: str = Field(sa_type=Text)
    formats: list[str] = json_column(default_factory=new_list)
    value: float = Field(description="The score of the opportunity, 0 to 100.")
    score: dict[str, Any] = json_column(default_factory=new_dict)
    links: list[dict[str, Any]] = json_column(default_factory=new_list)
    signals: list[dict[str, Any]] = json_column(default_factory=new_list)
    call_ids: list[str] = json_column(default_factory=new_list)
    is_example: bool = False
    expires_at: datetime = Field(sa_type=UtcDateTime)
    taken_by: str = Field(default="", max_length=254)
    taken_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    taken_run_id: str | None = Field(default=None, foreign_key="run.id", ondelete="SET NULL", max_length=32)
    subject_id: str | None = Field(default=None, foreign_key="subject.id", ondelete="SET NULL", max_length=32)
    closed_by: str = Field(default="", max_length=254)
    updated_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class OpportunityRule(Table, table=True):
    """Takes opportunities by itself: of a score from `least_score` on, in one of `categories` (any where empty).

    most_a_day: how many in a day of the workspace's zone.
    """

    __tablename__ = "opportunity_rule"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    name: str = Field(max_length=63)
    least_score: float = 70
    categories: list[str] = json_column(default_factory=new_list)
    most_a_day: int = 1
    active: bool = True
    created_by: str = Field(default="", max_length=254)
    updated_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
