"""Cards of web addresses, fetched once, and named sets of hashtags"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

OWNED = ("web_card", "hashtag_set")


def upgrade() -> None:
    op.create_table(
        "web_card",
        *_base("web_card"),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("address", "title", "description")),
        sa.Column("picture_key", sa.String(length=255), nullable=False),
        sa.UniqueConstraint(
            "workspace_id", "kind", "address_hash", name=op.f("uq_web_card_workspace_id_kind_address_hash")
        ),
    )
    op.create_table(
        "hashtag_set",
        *_base("hashtag_set"),
        sa.Column("name", sa.String(length=63), nullable=False),
        sa.Column("hashtags", sa.JSON(), nullable=False),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_hashtag_set_workspace_id_name")),
    )
    for table in OWNED:
        _guard(table)


def downgrade() -> None:
    for table in reversed(OWNED):
        op.drop_table(table)


def _base(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f(f"fk_{table}_workspace_id")),
    )


def _guard(table: str) -> None:
    """On PostgreSQL the desk sees one workspace's rows, as in 0004."""
    if op.get_bind().dialect.name != "postgresql":
        return
    rule = "workspace_id = current_setting('pressroom.workspace', true)"
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO pressroom_app")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY one_workspace ON {table} TO pressroom_app USING ({rule}) WITH CHECK ({rule})")
    op.execute(f"CREATE POLICY operators ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
