"""The tables of results: snapshots of figures with the calls behind them, revenue, and comparisons of two variants.

Nothing here is ever changed: rows are added, and go with their publication.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Column, Index, Text, UniqueConstraint
from sqlmodel import Field

from pressroom.store.tables import Table, UtcDateTime


class MetricSnapshot(Table, table=True):
    """A figure of a publication at an age in hours, as in `pressroom.model.snapshots.Snapshot`.

    have: `value`, `gap`, `not_offered` or `ended`. seconds: the true age when the platform answered.
    """

    __tablename__ = "metric_snapshot"
    __table_args__ = (UniqueConstraint("publication_id", "metric", "age"), Index(None, "workspace_id", "metric", "age"))

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    publication_id: str = Field(foreign_key="publication.id", ondelete="CASCADE", max_length=32)
    metric: str = Field(max_length=32)
    age: int
    have: str = Field(max_length=16)
    value: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    observed_at: dt.datetime = Field(sa_type=UtcDateTime)
    seconds: int
    definition: int = 1
    reason: str = Field(default="", sa_type=Text)


class MetricAttempt(Table, table=True):
    """One try to read the figures of a publication at an age. code: of the error; empty where the platform answered.

    cost_microusd: the publication's part of what the call cost.
    """

    __tablename__ = "metric_attempt"
    __table_args__ = (Index(None, "publication_id", "age"), Index(None, "workspace_id", "created_at"))

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    publication_id: str = Field(foreign_key="publication.id", ondelete="CASCADE", max_length=32)
    age: int
    code: str = Field(default="", max_length=64)
    reason: str = Field(default="", sa_type=Text)
    cost_microusd: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))


class RevenueEntry(Table, table=True):
    """Money that a publication brought. amount_micros: millionths of the currency; below 0 for money given back.

    source: `entered`, `imported`, or `utm` where the draft's id in a link led here. reference: the same line is never
    counted twice.
    """

    __tablename__ = "revenue_entry"
    __table_args__ = (UniqueConstraint("workspace_id", "reference"), Index(None, "publication_id"))

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    publication_id: str = Field(foreign_key="publication.id", ondelete="CASCADE", max_length=32)
    day: dt.date
    amount_micros: int = Field(sa_column=Column(BigInteger, nullable=False))
    currency: str = Field(max_length=3)
    source: str = Field(max_length=16)
    reference: str = Field(max_length=128)
    note: str = Field(default="", sa_type=Text)
    created_by: str = Field(default="", max_length=254)


class ComparisonRow(Table, table=True):
    """A comparison of two variants. metric, age and pairs are fixed when it begins: the row is never changed.

    age: hours after publication at which the figures are compared. pairs: how many there will be.
    """

    __tablename__ = "comparison"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    name: str = Field(max_length=63)
    metric: str = Field(max_length=32)
    age: int
    pairs: int
    a_title: str = Field(default="A", sa_type=Text)
    b_title: str = Field(default="B", sa_type=Text)
    created_by: str = Field(default="", max_length=254)


class ComparisonPair(Table, table=True):
    """One post of each variant, in slots that match: the same channel, weekday and hour."""

    __tablename__ = "comparison_pair"
    __table_args__ = (UniqueConstraint("comparison_id", "position"), Index(None, "workspace_id", "comparison_id"))

    workspace_id: str = Field(foreign_key="workspace.id", max_length=32)
    comparison_id: str = Field(foreign_key="comparison.id", ondelete="CASCADE", max_length=32)
    position: int
    a_id: str = Field(foreign_key="publication.id", ondelete="CASCADE", max_length=32)
    b_id: str = Field(foreign_key="publication.id", ondelete="CASCADE", max_length=32)
