"""`pressroom db`: the database's schema."""

from __future__ import annotations

import typer

db = typer.Typer(no_args_is_help=True, help="The database's schema.")


def register(app: typer.Typer) -> None:
    app.add_typer(db, name="db")


@db.command()
def upgrade() -> None:
    """Bring the database to the schema this version needs; doing it again does nothing."""
    from pressroom.store import schema
    from pressroom.store.database import Database

    database = Database.from_settings()
    before = schema.current(database)
    after = schema.upgrade(database)
    what = "is at" if before == after else f"went from {before or 'empty'} to"
    typer.echo(f"{database.label} {what} schema {after}.")


@db.command()
def status() -> None:
    """Say which schema the database has, and which one this version needs."""
    from pressroom.store import schema
    from pressroom.store.database import Database

    database = Database.from_settings()
    typer.echo(f"{database.label}: {schema.current(database) or 'empty'}; this version needs {schema.head()}.")
