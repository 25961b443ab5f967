"""Results: snapshots of figures with the calls behind them, revenue, and comparisons"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

OWNED = ("metric_snapshot", "metric_attempt", "revenue_entry", "comparison", "comparison_pair")


def upgrade() -> None:
    op.create_table(
        "metric_snapshot",
        *_base("metric_snapshot", publication_id="publication"),
        sa.Column("metric", sa.String(length=32), nullable=False),
        sa.Column("age", sa.Integer(), nullable=False),
        sa.Column("have", sa.String(length=16), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("definition", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _unique("metric_snapshot", "publication_id", "metric", "age"),
    )
    op.create_table(
        "metric_attempt",
        *_base("metric_attempt", publication_id="publication"),
        sa.Column("age", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cost_microusd", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "revenue_entry",
        *_base("revenue_entry", publication_id="publication"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount_micros", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=128), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(length=254), nullable=False),
        _unique("revenue_entry", "workspace_id", "reference"),
    )
    op.create_table(
        "comparison",
        *_base("comparison"),
        sa.Column("name", sa.String(length=63), nullable=False),
        sa.Column("metric", sa.String(length=32), nullable=False),
        sa.Column("age", sa.Integer(), nullable=False),
        sa.Column("pairs", sa.Integer(), nullable=False),
        sa.Column("a_title", sa.Text(), nullable=False),
        sa.Column("b_title", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(length=254), nullable=False),
        _unique("comparison", "workspace_id", "name"),
    )
    op.create_table(
        "comparison_pair",
        *_base("comparison_pair", comparison_id="comparison"),
        sa.Column("position", sa.Integer(), nullable=False),
        *_leading("comparison_pair", a_id="publication", b_id="publication"),
        _unique("comparison_pair", "comparison_id", "position"),
    )
    for table, *columns in (
        ("metric_snapshot", "workspace_id", "metric", "age"),
        ("metric_attempt", "publication_id", "age"),
        ("metric_attempt", "workspace_id", "created_at"),
        ("revenue_entry", "publication_id"),
        ("comparison_pair", "workspace_id", "comparison_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
    for table in OWNED:
        _guard(table)


def downgrade() -> None:
    for table in reversed(OWNED):
        op.drop_table(table)


def _base(table: str, **parents: str) -> list[sa.schema.SchemaItem]:
    """The columns of every table here, with their keys; rows go with their parents."""
    return [
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f(f"fk_{table}_workspace_id")),
        *_leading(table, **parents),
    ]


def _leading(table: str, **parents: str) -> list[sa.schema.SchemaItem]:
    columns = [sa.Column(name, sa.String(length=32), nullable=False) for name in parents]
    keys = [
        sa.ForeignKeyConstraint([name], [f"{parent}.id"], name=op.f(f"fk_{table}_{name}"), ondelete="CASCADE")
        for name, parent in parents.items()
    ]
    return [*columns, *keys]


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _guard(table: str) -> None:
    """On PostgreSQL the desk sees one workspace's rows, as in 0004, and changes none: they are only added."""
    if op.get_bind().dialect.name != "postgresql":
        return
    rule = "workspace_id = current_setting('pressroom.workspace', true)"
    op.execute(f"GRANT SELECT, INSERT, DELETE ON {table} TO pressroom_app")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY one_workspace ON {table} TO pressroom_app USING ({rule}) WITH CHECK ({rule})")
    op.execute(f"CREATE POLICY operators ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
