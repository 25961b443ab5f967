"""Words of a workspace that are spoken otherwise than they are written"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("workspace", sa.Column("pronunciations", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("workspace", "pronunciations")
