"""Trends: requests to sources, signals with their figures, topics with scores, opportunities and their rules"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

OWNED = (
    "opportunity_rule",
    "trend_signal",
    "trend_source_health",
    "trend_topic",
    "trend_fetch",
    "trend_score",
    "trend_snapshot",
    "trend_topic_signal",
    "opportunity",
)


def upgrade() -> None:
    op.create_table(
        "opportunity_rule",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=63), nullable=False),
        sa.Column("least_score", sa.Float(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("most_a_day", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(length=254), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_opportunity_rule_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunity_rule")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_opportunity_rule_workspace_id_name")),
    )
    op.create_table(
        "trend_signal",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_trend_signal_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trend_signal")),
        sa.UniqueConstraint(
            "workspace_id",
            "source",
            "region",
            "key_hash",
            name=op.f("uq_trend_signal_workspace_id_source_region_key_hash"),
        ),
    )
    op.create_index(op.f("ix_trend_signal_workspace_id_last_seen"), "trend_signal", ["workspace_id", "last_seen"])
    op.create_table(
        "trend_source_health",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("last_success_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_trend_source_health_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trend_source_health")),
        sa.UniqueConstraint(
            "workspace_id", "source", "region", name=op.f("uq_trend_source_health_workspace_id_source_region")
        ),
    )
    op.create_table(
        "trend_topic",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("topic_id", sa.String(length=64), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("memory", sa.JSON(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_trend_topic_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trend_topic")),
        sa.UniqueConstraint(
            "workspace_id", "region", "topic_id", name=op.f("uq_trend_topic_workspace_id_region_topic_id")
        ),
    )
    op.create_index(op.f("ix_trend_topic_workspace_id_last_seen"), "trend_topic", ["workspace_id", "last_seen"])
    op.create_table(
        "trend_fetch",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=1024), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("is_reused", sa.Boolean(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("cost_microusd", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_trend_fetch_run_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_trend_fetch_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trend_fetch")),
        sa.UniqueConstraint(
            "run_id",
            "source",
            "collected_at",
            "position",
            name=op.f("uq_trend_fetch_run_id_source_collected_at_position"),
        ),
    )
    op.create_index(op.f("ix_trend_fetch_source_fetched_at"), "trend_fetch", ["source", "fetched_at"])
    op.create_index(op.f("ix_trend_fetch_workspace_id_key"), "trend_fetch", ["workspace_id", "key"])
    op.create_index(
        op.f("ix_trend_fetch_workspace_id_source_region_collected_at"),
        "trend_fetch",
        ["workspace_id", "source", "region", "collected_at"],
    )
    op.create_table(
        "trend_score",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("topic_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("volume", sa.Float(), nullable=False),
        sa.Column("velocity", sa.Float(), nullable=False),
        sa.Column("freshness", sa.Float(), nullable=False),
        sa.Column("breadth", sa.Float(), nullable=False),
        sa.Column("fit", sa.Float(), nullable=False),
        sa.Column("covered", sa.Float(), nullable=False),
        sa.Column("bursting", sa.Boolean(), nullable=False),
        sa.Column("trend", sa.Float(), nullable=False),
        sa.Column("opportunity", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_trend_score_run_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["trend_topic.id"], name=op.f("fk_trend_score_topic_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_trend_score_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trend_score")),
        sa.UniqueConstraint("run_id", "topic_id", name=op.f("uq_trend_score_run_id_topic_id")),
    )
    op.create_index(op.f("ix_trend_score_topic_id_at"), "trend_score", ["topic_id", "at"])
    op.create_table(
        "trend_snapshot",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("signal_id", sa.String(length=32), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["signal_id"], ["trend_signal.id"], name=op.f("fk_trend_snapshot_signal_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_trend_snapshot_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trend_snapshot")),
        sa.UniqueConstraint("signal_id", "observed_at", name=op.f("uq_trend_snapshot_signal_id_observed_at")),
    )
    op.create_index(
        op.f("ix_trend_snapshot_workspace_id_observed_at"), "trend_snapshot", ["workspace_id", "observed_at"]
    )
    op.create_table(
        "trend_topic_signal",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("topic_id", sa.String(length=32), nullable=False),
        sa.Column("signal_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_trend_topic_signal_run_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["signal_id"], ["trend_signal.id"], name=op.f("fk_trend_topic_signal_signal_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["trend_topic.id"], name=op.f("fk_trend_topic_signal_topic_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_trend_topic_signal_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trend_topic_signal")),
        sa.UniqueConstraint(
            "run_id", "topic_id", "signal_id", name=op.f("uq_trend_topic_signal_run_id_topic_id_signal_id")
        ),
    )
    op.create_index(op.f("ix_trend_topic_signal_signal_id"), "trend_topic_signal", ["signal_id"])
    op.create_index(op.f("ix_trend_topic_signal_topic_id"), "trend_topic_signal", ["topic_id"])
    op.create_table(
        "opportunity",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("topic_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.String(length=32), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("angle", sa.Text(), nullable=False),
        sa.Column("why_now", sa.Text(), nullable=False),
        sa.Column("formats", sa.JSON(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("score", sa.JSON(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("call_ids", sa.JSON(), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.String(length=254), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_run_id", sa.String(length=32), nullable=True),
        sa.Column("subject_id", sa.String(length=32), nullable=True),
        sa.Column("closed_by", sa.String(length=254), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_opportunity_run_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_opportunity_subject_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["taken_run_id"], ["run.id"], name=op.f("fk_opportunity_taken_run_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_opportunity_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunity")),
        sa.UniqueConstraint(
            "workspace_id",
            "region",
            "topic_id",
            "number",
            name=op.f("uq_opportunity_workspace_id_region_topic_id_number"),
        ),
    )
    op.create_index(op.f("ix_opportunity_taken_run_id"), "opportunity", ["taken_run_id"])
    op.create_index(
        op.f("ix_opportunity_workspace_id_state_expires_at"), "opportunity", ["workspace_id", "state", "expires_at"]
    )
    op.add_column("workspace", sa.Column("trends", sa.JSON(), nullable=True))
    for table in OWNED:
        _guard(table)


def downgrade() -> None:
    op.drop_column("workspace", "trends")  # no batch: rows refer to the table, which a batch makes again
    for table in reversed(OWNED):
        op.drop_table(table)


def _guard(table: str) -> None:
    """On PostgreSQL: who connects as the desk sees one workspace's rows, as in 0004."""
    if op.get_bind().dialect.name != "postgresql":
        return
    rule = "workspace_id = current_setting('pressroom.workspace', true)"
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO pressroom_app")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY one_workspace ON {table} TO pressroom_app USING ({rule}) WITH CHECK ({rule})")
    op.execute(f"CREATE POLICY operators ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
