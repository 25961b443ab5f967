"""Notifications by e-mail and chat: each member's wish, and the message that carries a notification"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

OWNED = ("notification_wish",)


def upgrade() -> None:
    op.create_table(
        "notification_wish",
        _id("id"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _id("workspace_id"),
        _id("user_id"),
        sa.Column("mail", sa.String(length=8), nullable=False),
        sa.Column("chat", sa.String(length=8), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("chat_address", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_wish")),
        sa.UniqueConstraint("workspace_id", "user_id", name=op.f("uq_notification_wish_workspace_id_user_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_notification_wish_workspace_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notification_wish_user_id")),
    )
    for name in ("mail_id", "chat_id"):
        op.add_column("notification", sa.Column(name, sa.String(length=32), nullable=True))
    _guard()


def downgrade() -> None:
    for name in ("chat_id", "mail_id"):
        op.drop_column("notification", name)
    op.drop_table("notification_wish")


def _id(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=32), nullable=False)


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
