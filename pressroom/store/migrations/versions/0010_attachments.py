"""Pictures, films and documents are attached to drafts, in order"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

OWNED = ("attachment",)


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("content_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("asset_id", sa.String(length=32), nullable=True),
        sa.Column("upload_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("key", sa.String(length=1024), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=128), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("alt_text", sa.Text(), nullable=False),
        sa.Column("made_by_ai", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        _leads_to("workspace"),
        _leads_to("content"),
        _leads_to("asset", ondelete="SET NULL"),
        _leads_to("upload", ondelete="SET NULL"),
        sa.UniqueConstraint("content_id", "position", name=op.f("uq_attachment_content_id_position")),
    )
    for columns in (("workspace_id", "created_at"), ("asset_id",), ("upload_id",)):
        op.create_index(op.f(f"ix_attachment_{'_'.join(columns)}"), "attachment", list(columns))
    _guard()


def downgrade() -> None:
    op.drop_table("attachment")


def _leads_to(other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_attachment_{other}_id")
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=name, ondelete=ondelete)


def _guard() -> None:
    """On PostgreSQL: who connects as the desk sees one workspace's rows, as in 0004."""
    if op.get_bind().dialect.name != "postgresql":
        return
    rule = "workspace_id = current_setting('pressroom.workspace', true)"
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON attachment TO pressroom_app")
    op.execute("ALTER TABLE attachment ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE attachment FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY one_workspace ON attachment TO pressroom_app USING ({rule}) WITH CHECK ({rule})")
    op.execute("CREATE POLICY operators ON attachment TO CURRENT_USER USING (true) WITH CHECK (true)")
