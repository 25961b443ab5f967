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
    for column in ("paused_by", "paused_at"):  # no batch: rows refer to the table, which a batch makes again
        op.drop_column("workspace", column)
