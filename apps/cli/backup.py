"""`pressroom backup`: the database in one encrypted file, made, listed, tried and restored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pressroom.store.backups import Manifest

EXAMPLES = """
**Examples**

- `pressroom backup key ops.key` makes a pair of keys; set PRESSROOM_BACKUP_RECIPIENTS to the public one it prints, and
  to a second one whose identity is kept off this machine.
- `pressroom backup create` makes a backup now; the flow `backup` makes one every night.
- `pressroom backup verify --identity ops.key` restores the newest into a scratch database and compares.
- `pressroom backup restore latest --to sqlite:///restored.db --identity ops.key` fills an empty database.

A backup holds the database alone. Files are in the artifact store, whose own versioning keeps them; `create` says how
many of those that the database names are missing there.
"""

backup = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    epilog=EXAMPLES,
    help="The database in one encrypted file: made, listed, tried and restored.",
)

Which = Annotated[str, typer.Argument(help="Its id, as `list` says it.")]
Identity = Annotated[
    Path | None, typer.Option(help="File with an identity; default: PRESSROOM_BACKUP_IDENTITY.", show_default=False)
]


def register(app: typer.Typer) -> None:
    app.add_typer(backup, name="backup")


@backup.command()
def key(file: Annotated[Path, typer.Argument(help="A file that is not there yet; only you can read it.")]) -> None:
    """Make a pair of keys: the identity goes into FILE, the public key is printed."""
    from pressroom.store.backups.sealing import new_key

    public = new_key(file)
    typer.echo(public)
    typer.echo(f"{file} opens what is sealed for it. Keep it safe: without it no backup can be restored.", err=True)


@backup.command()
def create(
    recipient: Annotated[
        list[str] | None,
        typer.Option(help="Public key of age; may be repeated. Default: PRESSROOM_BACKUP_RECIPIENTS.",
                     show_default=False),
    ] = None,
) -> None:  # fmt: skip
    """Back the database up now."""
    from apps.cli.local import database
    from pressroom.settings import settings
    from pressroom.store import backups
    from pressroom.store.artifacts import ArtifactStore
    from pressroom.store.tables import utc_now

    recipients = recipient or settings().backup_recipients
    made = backups.create(database(), ArtifactStore.from_settings(), recipients, now=utc_now())
    typer.echo(_line(made))
    if made.missing_files:
        typer.echo(f"{made.missing_files} of the {made.files} files that it names are not in the store.", err=True)
    if made.recipients == 1:
        typer.echo("One key alone opens it. Name a second recipient, whose identity is kept elsewhere.", err=True)


@backup.command("list")
def list_them() -> None:
    """List the backups, newest first."""
    from pressroom.store import backups
    from pressroom.store.artifacts import ArtifactStore

    there = backups.list_backups(ArtifactStore.from_settings())
    for each in there:
        typer.echo(_line(each))
    if not there:
        typer.echo("There is no backup yet; `pressroom backup create` makes one.", err=True)


@backup.command()
def verify(which: Which = "latest", identity: Identity = None) -> None:
    """Restore a backup into a scratch database, compare it with its manifest, and drop it."""
    from apps.cli.local import database
    from pressroom.store import backups
    from pressroom.store.artifacts import ArtifactStore

    store = ArtifactStore.from_settings()
    found = backups.find(store, which)
    state = backups.verify(database(), store, found, _identity(identity))
    typer.echo(
        f"{found.id}: {sum(state.counts.values()):,} rows restored at schema {state.schema_head}, as it was made."
    )


@backup.command()
def restore(
    which: Which,
    to: Annotated[str, typer.Option(help="SQLAlchemy address of an empty database.")],
    identity: Identity = None,
) -> None:
    """Fill an empty database from a backup. Point PRESSROOM_DATABASE_URL at it afterwards."""
    from pressroom.store import backups
    from pressroom.store.artifacts import ArtifactStore
    from pressroom.store.database import Database

    store = ArtifactStore.from_settings()
    found, target = backups.find(store, which), Database(to)
    try:
        state = backups.restore(store, found, _identity(identity), target)
    finally:
        target.close()
    typer.echo(f"{target.label}: {sum(state.counts.values()):,} rows of {found.id}. Next: PRESSROOM_DATABASE_URL={to}")


def _identity(named: Path | None) -> Path:
    from pressroom.errors import WrongInput
    from pressroom.settings import settings

    found = named or settings().backup_identity
    if found is None:
        raise WrongInput("No identity is named.", hint="Give --identity FILE, or set PRESSROOM_BACKUP_IDENTITY.")
    return found


def _line(made: Manifest) -> str:
    size = f"{made.size / 1_000_000:.1f} MB" if made.size >= 100_000 else f"{made.size / 1000:.0f} kB"
    return f"{made.id}  {made.kind}  schema {made.schema_head}  {made.rows:,} rows  {size}  for {made.recipients} keys"
