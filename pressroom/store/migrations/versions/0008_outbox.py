"""One outbox, with the attempts of each row, in the place of the webhooks' deliveries"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ROLE = "pressroom_app"
OWNED = ("outbox", "attempt")
"""Tables whose rows belong to the one workspace they name, as in migration 0004."""

RULE = "workspace_id = current_setting('pressroom.workspace', true)"

TO_OUTBOX = """
INSERT INTO outbox (id, created_at, workspace_id, kind, lane, subject_id, address, state, attempts, due_at, error,
    done_at)
SELECT id, created_at, workspace_id, 'webhook', coalesce(webhook_id, ''), event_id, url,
    CASE status WHEN 'delivered' THEN 'done' WHEN 'failed' THEN 'dead' ELSE 'waiting' END, attempts,
    CASE WHEN claimed_until > next_attempt_at THEN claimed_until ELSE next_attempt_at END, error, delivered_at
FROM delivery
"""
"""A claim of an earlier version names no owner: its row is due when it would have run out."""

TO_ATTEMPTS = """
INSERT INTO attempt (id, created_at, workspace_id, outbox_id, number, outcome, status, answer, milliseconds)
SELECT id, coalesce(delivered_at, CASE status WHEN 'failed' THEN next_attempt_at ELSE created_at END), workspace_id, id,
    number, CASE WHEN status = 'delivered' THEN 'done' WHEN response_status = 410 THEN 'refused' ELSE 'failed' END,
    response_status, error, milliseconds
FROM (SELECT *, attempts - CASE WHEN claimed_until IS NULL THEN 0 ELSE 1 END AS number FROM delivery) known
WHERE number > 0
"""
"""Only the last attempt of a delivery was recorded, and one under way not yet."""

TO_DELIVERIES = """
INSERT INTO delivery (id, created_at, workspace_id, webhook_id, event_id, url, status, attempts, next_attempt_at,
    response_status, error, milliseconds, delivered_at)
SELECT o.id, o.created_at, o.workspace_id, nullif(o.lane, ''), o.subject_id, o.address,
    CASE o.state WHEN 'done' THEN 'delivered' WHEN 'dead' THEN 'failed' ELSE 'waiting' END, o.attempts, o.due_at,
    a.status, o.error, coalesce(a.milliseconds, 0), o.done_at
FROM outbox o LEFT JOIN attempt a
    ON a.outbox_id = o.id AND a.number = (SELECT max(number) FROM attempt WHERE outbox_id = o.id)
WHERE o.kind = 'webhook'
"""


def upgrade() -> None:
    _create_outbox()
    _create_attempts()
    for table, rights in zip(OWNED, ("SELECT, INSERT, UPDATE, DELETE", "SELECT, INSERT, DELETE"), strict=True):
        _protect(table, rights)
    op.execute(TO_OUTBOX)
    op.execute(TO_ATTEMPTS)
    op.drop_table("delivery")


def downgrade() -> None:
    _create_deliveries()
    _protect("delivery", "SELECT, INSERT, UPDATE, DELETE")
    op.execute(TO_DELIVERIES)
    op.drop_table("attempt")
    op.drop_table("outbox")


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("lane", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claim_owner", sa.String(length=128), nullable=True),
        sa.Column("claim_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_outbox_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    for columns in (["workspace_id", "lane", "created_at"], ["kind", "state", "lane", "due_at"], ["subject_id"]):
        op.create_index(op.f(f"ix_outbox_{'_'.join(columns)}"), "outbox", columns)


def _create_attempts() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("outbox_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_attempt_outbox_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_attempt_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("outbox_id", "number", name=op.f("uq_attempt_outbox_id_number")),
    )
    op.create_index(op.f("ix_attempt_workspace_id"), "attempt", ["workspace_id"])


def _create_deliveries() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("webhook_id", sa.String(length=32), nullable=True),
        sa.Column("event_id", sa.String(length=32), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("response_status", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_delivery_event_id")),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name=op.f("fk_delivery_webhook_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_delivery_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    for columns in (["workspace_id", "created_at"], ["webhook_id", "created_at"], ["status", "next_attempt_at"]):
        op.create_index(op.f(f"ix_delivery_{'_'.join(columns)}"), "delivery", columns)


def _protect(table: str, rights: str) -> None:
    """On PostgreSQL the desk sees one workspace's rows, as migration 0004 has it."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f"GRANT {rights} ON {table} TO {ROLE}")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY one_workspace ON {table} TO {ROLE} USING ({RULE}) WITH CHECK ({RULE})")
    op.execute(f"CREATE POLICY operators ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
