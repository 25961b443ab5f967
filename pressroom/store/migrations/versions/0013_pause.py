"""A workspace's publishing can be paused: since when, and by whom"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("workspace", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "workspace", sa.Column("paused_by", sa.String(length=254), nullable=False, server_default=sa.text("''"))
    )


def downgrade() -> None:
    with op.batch_alter_table("workspace") as workspace:
        workspace.drop_column("paused_by")
        workspace.drop_column("paused_at")
