"""Ideas, documents and pictures are subjects of a kind; pictures are assets of a kind"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

OWNED = ("subject", "asset")

KIND = """
    CASE WHEN document_id IS NOT NULL THEN 'document'
    WHEN (SELECT run.kind FROM run WHERE run.id = idea.run_id) = 'optimize' THEN 'picture'
    WHEN (SELECT run.kind FROM run WHERE run.id = idea.run_id) = 'repurpose' THEN 'document' ELSE 'idea' END
"""
SUBJECT = ("id", "created_at", "workspace_id", "run_id", "document_id", "position", "title", "description", "category",
           "excerpt")  # fmt: skip
ASSET = ("id", "created_at", "workspace_id", "run_id", "purpose", "variant", "key", "address", "sha256", "size",
         "media_type", "width", "height", "alt_text", "prompt", "provider", "model", "call_ids", "notes")  # fmt: skip


def upgrade() -> None:
    _make_subject("subject", sa.Column("kind", sa.String(length=16), nullable=False))
    _copy("idea", "subject", SUBJECT, kind=KIND)
    _refer_to("subject", "idea")
    kinds = sa.Column("kind", sa.String(length=16), nullable=False), sa.Column("seconds", sa.Float(), nullable=True)
    _make_asset("asset", "subject", *kinds, sized=False)
    _copy("image", "asset", ASSET, kind="'picture'", subject_id="idea_id")
    for table in ("image", "idea"):
        op.drop_table(table)
    for table in OWNED:
        _guard(table)


def downgrade() -> None:
    _make_subject("idea")
    _copy("subject", "idea", SUBJECT)
    _refer_to("idea", "subject")
    _make_asset("image", "idea", sized=True)
    _copy("asset", "image", ASSET, idea_id="subject_id")
    for table in ("asset", "subject"):
        op.drop_table(table)
    for table in ("idea", "image"):
        _guard(table)


def _make_subject(table: str, *more: sa.Column[Any]) -> None:
    op.create_table(
        table,
        *_owner_columns(table),
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=True),
        *more,
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("excerpt", sa.JSON(), nullable=True),
        _leads_to(table, "document"),
        _leads_to(table, "run"),
        sa.UniqueConstraint("run_id", "position", name=op.f(f"uq_{table}_run_id_position")),
    )
    _index(table, "workspace_id", "created_at")
    _index(table, "document_id")


def _make_asset(table: str, of: str, *more: sa.Column[Any], sized: bool) -> None:
    op.create_table(
        table,
        *_owner_columns(table),
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column(f"{of}_id", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("variant", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=1024), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=not sized),
        sa.Column("height", sa.Integer(), nullable=not sized),
        *more,
        sa.Column("alt_text", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=128), nullable=False),
        sa.Column("call_ids", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        _leads_to(table, of),
        _leads_to(table, "run"),
        sa.UniqueConstraint(f"{of}_id", "purpose", "variant", name=op.f(f"uq_{table}_{of}_id_purpose_variant")),
    )
    _index(table, "run_id", "variant")
    _index(table, "workspace_id", "created_at")


def _owner_columns(table: str) -> tuple[sa.Column[Any] | sa.Constraint, ...]:
    return (
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        _leads_to(table, "workspace"),
    )


def _leads_to(table: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=op.f(f"fk_{table}_{other}_id"))


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))


def _copy(old: str, new: str, columns: tuple[str, ...], **others: str) -> None:
    into, values = ", ".join((*columns, *others)), ", ".join((*columns, *others.values()))
    op.execute(f"INSERT INTO {new} ({into}) SELECT {values} FROM {old}")  # noqa: S608 (our own words)


def _refer_to(new: str, old: str) -> None:
    """Content refers to `new` rather than to `old`."""
    with op.batch_alter_table("content") as content:
        content.drop_constraint(op.f(f"uq_content_{old}_id_format_variant"), type_="unique")
        content.drop_constraint(op.f(f"fk_content_{old}_id"), type_="foreignkey")
        content.alter_column(f"{old}_id", new_column_name=f"{new}_id")
    with op.batch_alter_table("content") as content:
        content.create_foreign_key(op.f(f"fk_content_{new}_id"), new, [f"{new}_id"], ["id"])
        content.create_unique_constraint(
            op.f(f"uq_content_{new}_id_format_variant"), [f"{new}_id", "format", "variant"]
        )


def _guard(table: str) -> None:
    """On PostgreSQL: who connects as the desk sees one workspace's rows, as in 0004."""
    if op.get_bind().dialect.name != "postgresql":
        return
    rule = "workspace_id = current_setting('pressroom.workspace', true)"
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO pressroom_app")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY one_workspace ON {table} TO pressroom_app USING ({rule}) WITH CHECK ({rule})")
    op.execute(f"CREATE POLICY operators ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
