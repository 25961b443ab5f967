"""The id a provider gives to a job that takes minutes"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("provider_call", sa.Column("job_id", sa.String(length=255), nullable=True))


def downgrade() -> None:
    op.drop_column("provider_call", "job_id")
