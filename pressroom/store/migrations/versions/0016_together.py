"""Comments on drafts, the user whose turn it is, and notifications"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

OWNED = ("comment", "assignment", "notification")


def upgrade() -> None:
    op.create_table("comment", *_base("comment"), _text("text"), sa.Column("mentions", sa.JSON(), nullable=False))
    op.create_table(
        "assignment",
        *_base("assignment"),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.UniqueConstraint("content_id", name=op.f("uq_assignment_content_id")),
    )
    op.create_table(
        "notification",
        *_base("notification"),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        _text("text"),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
    )
    for table, *columns in (
        ("comment", "content_id", "created_at"),
        ("comment", "workspace_id", "created_at"),
        ("assignment", "workspace_id", "user_id"),
        ("notification", "workspace_id", "user_id", "read_at"),
        ("notification", "created_at"),
    ):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
    for table in OWNED:
        _guard(table)


def downgrade() -> None:
    for table in reversed(OWNED):
        op.drop_table(table)


def _base(table: str) -> list[sa.schema.SchemaItem]:
    """The columns of every table here, with their keys."""
    parents = {"workspace_id": "workspace.id", "content_id": "content.id", "user_id": "users.id"}
    return [
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.String(length=32), nullable=False) for name in parents),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(
            sa.ForeignKeyConstraint(
                [name], [parent], name=op.f(f"fk_{table}_{name}"), ondelete="CASCADE" if name == "content_id" else None
            )
            for name, parent in parents.items()
        ),
    ]


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


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
