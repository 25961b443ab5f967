"""Row-level security on PostgreSQL: a user's own rows of other workspaces are read there, and written nowhere else"""

from alembic import op

revision = "0005"
down_revision = "0004"

ROLE = "pressroom_app"

WORKSPACE = "current_setting('pressroom.workspace', true)"
USER = "current_setting('pressroom.user', true)"
MINE = f"SELECT membership.workspace_id FROM membership WHERE membership.user_id = {USER}"  # noqa: S608 (our own words)

READ = {
    "workspace": f"id = {WORKSPACE} OR id IN ({MINE})",
    "membership": f"workspace_id = {WORKSPACE} OR user_id = {USER}",
}
WRITTEN = {"workspace": f"id = {WORKSPACE}", "membership": f"workspace_id = {WORKSPACE}"}


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, rule in READ.items():
        op.execute(f"DROP POLICY one_workspace ON {table}")
        op.execute(f"CREATE POLICY own_rows ON {table} FOR SELECT TO {ROLE} USING ({rule})")
        written = WRITTEN[table]
        op.execute(f"CREATE POLICY one_workspace ON {table} TO {ROLE} USING ({written}) WITH CHECK ({written})")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, rule in READ.items():
        op.execute(f"DROP POLICY own_rows ON {table}")
        op.execute(f"DROP POLICY one_workspace ON {table}")
        op.execute(f"CREATE POLICY one_workspace ON {table} TO {ROLE} USING ({rule}) WITH CHECK ({rule})")
