"""Share links for clients, and comments of clients"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

OWNED = ("share_link",)


def upgrade() -> None:
    op.create_table(
        "share_link",
        _id("id", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *(_id(f"{name}_id", nullable=name in ("content", "subject")) for name in ("workspace", "content", "subject")),
        _id("user_id", nullable=False),
        sa.Column("client", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_share_link_token_hash")),
        _leads_to("workspace"),
        _leads_to("content", ondelete="CASCADE"),
        _leads_to("subject", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_share_link_user_id")),
    )
    for columns in (("workspace_id", "created_at"), ("content_id",), ("subject_id",)):
        op.create_index(op.f(f"ix_share_link_{'_'.join(columns)}"), "share_link", list(columns))
    with op.batch_alter_table("comment") as comment:
        comment.alter_column("user_id", existing_type=sa.String(length=32), nullable=True)
        comment.add_column(_id("share_link_id", nullable=True))
        comment.add_column(sa.Column("for_clients", sa.Boolean(), nullable=False, server_default=sa.false()))
        name = op.f("fk_comment_share_link_id")
        comment.create_foreign_key(name, "share_link", ["share_link_id"], ["id"], ondelete="CASCADE")
    _guard()


def downgrade() -> None:
    op.execute("DELETE FROM comment WHERE user_id IS NULL")
    with op.batch_alter_table("comment") as comment:
        comment.drop_constraint(op.f("fk_comment_share_link_id"), type_="foreignkey")
        comment.drop_column("for_clients")
        comment.drop_column("share_link_id")
        comment.alter_column("user_id", existing_type=sa.String(length=32), nullable=False)
    op.drop_table("share_link")


def _id(name: str, *, nullable: bool) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=32), nullable=nullable)


def _leads_to(other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_share_link_{other}_id")
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=name, ondelete=ondelete)


def _guard() -> None:
    """On PostgreSQL the desk sees one workspace's rows, as in 0004."""
    if op.get_bind().dialect.name != "postgresql":
        return
    rule = "workspace_id = current_setting('pressroom.workspace', true)"
    for table in OWNED:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO pressroom_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY one_workspace ON {table} TO pressroom_app USING ({rule}) WITH CHECK ({rule})")
        op.execute(f"CREATE POLICY operators ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
