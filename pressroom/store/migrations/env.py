"""Alembic's entry: runs the migrations on the connection of `pressroom.store.schema`."""

from alembic import context

from pressroom.store import account_tables, desk_tables, result_tables, trend_tables  # noqa: F401 (for the metadata)
from pressroom.store.tables import Table

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
