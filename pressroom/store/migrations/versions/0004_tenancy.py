"""Row-level security on PostgreSQL: who connects as the desk sees one workspace's rows, or none"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ROLE = "pressroom_app"

WORKSPACE = "current_setting('pressroom.workspace', true)"
USER = "current_setting('pressroom.user', true)"
MINE = f"SELECT membership.workspace_id FROM membership WHERE membership.user_id = {USER}"  # noqa: S608 (our own words)

OWNED = (
    "run", "document", "voice", "idea", "content", "revision", "provider_call", "image", "artifact",
    "invitation", "service_token", "approval", "job", "upload", "idempotent_answer", "webhook", "event", "delivery",
)  # fmt: skip
"""Tables whose rows belong to the one workspace they name."""

POLICIES = {
    **dict.fromkeys(OWNED, f"workspace_id = {WORKSPACE}"),
    "workspace": f"id = {WORKSPACE} OR id IN ({MINE})",
    "membership": f"workspace_id = {WORKSPACE} OR user_id = {USER}",
    "audit_event": f"workspace_id = {WORKSPACE} OR (workspace_id IS NULL AND coalesce(user_id, '') = {USER})",
}
"""The rows that the desk's role sees and may write, by table."""

WITHOUT_WORKSPACE = ("users", "sign_in", "signing_key", "allowance", "alembic_version")
"""Tables that sign-ins need before the workspace is known."""


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    _make_role()
    schema = op.get_bind().scalar(sa.text("SELECT current_schema()"))
    op.execute(f'GRANT USAGE ON SCHEMA "{schema}" TO {ROLE}')
    for table in (*POLICIES, *WITHOUT_WORKSPACE[:-1]):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {ROLE}")
    op.execute(f"GRANT SELECT ON alembic_version TO {ROLE}")
    for table, rule in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY one_workspace ON {table} TO {ROLE} USING ({rule}) WITH CHECK ({rule})")
        op.execute(f"CREATE POLICY operators ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")


def downgrade() -> None:
    """The role stays: other databases of the server may use it."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in POLICIES:
        op.execute(f"DROP POLICY operators ON {table}")
        op.execute(f"DROP POLICY one_workspace ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for table in (*POLICIES, *WITHOUT_WORKSPACE):
        op.execute(f"REVOKE ALL ON {table} FROM {ROLE}")


def _make_role() -> None:
    """The role belongs to the whole server: it may be there, and another database may be making it right now."""
    op.execute(f"""
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
                CREATE ROLE {ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$
    """)
    op.execute(f"""
        DO $$ BEGIN
            IF NOT pg_has_role(CURRENT_USER, '{ROLE}', 'MEMBER') THEN
                EXECUTE format('GRANT {ROLE} TO %I', CURRENT_USER);
            END IF;
        EXCEPTION WHEN unique_violation THEN NULL;
        END $$
    """)
