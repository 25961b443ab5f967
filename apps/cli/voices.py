"""`pressroom voices`: the brand voices of a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pressroom.store.database import Database

EXAMPLE = """
A voice file is TOML, every line of it but the name optional:

    name = "house"
    description = "A practitioner who has seen it break. Dry humour, no exclamation marks."
    samples = ["We turned it off on a Friday. On purpose."]
    do = ["Name the tool and the number", "Say what did not work"]
    dont = ["Promise anything"]
    banned = ["synergy", "best in class"]
    sign_off = "Written by people, at the mill."

**Examples**

- `pressroom voices load voice.toml` keeps it; loading it again takes over what has changed.
- `pressroom voices load voice.toml --name launch --workspace mill`
- `pressroom repurpose notes.md --voice house`
- `voice = "house"` in a workspace's preferences makes it the voice of its daily drafts.
"""

voices = typer.Typer(no_args_is_help=True, help="Brand voices: how a workspace's content sounds.", epilog=EXAMPLE)
Workspace = Annotated[str | None, typer.Option("--workspace", help="Which workspace; default `default`.")]
Name = Annotated[str, typer.Argument(help="The voice's name.")]


def register(app: typer.Typer) -> None:
    app.add_typer(voices, name="voices")


def _home(workspace: str | None) -> tuple[Database, str, str]:
    """The database, and the workspace's id and name."""
    from apps.cli.local import database
    from pressroom.settings import settings
    from pressroom.store.workspaces import workspace as row_of

    opened = database()
    row = row_of(opened, workspace or settings().workspace)
    return opened, row.id, row.name


@voices.command("list", epilog="**Example**: `pressroom voices list --workspace mill`")
def list_(workspace: Workspace = None) -> None:
    """List the voices of a workspace."""
    from pressroom.store.voices import voices_of

    database, home, name = _home(workspace)
    found = voices_of(database, home)
    for voice in found:
        about = " ".join(voice.description.split())
        typer.echo(f"{voice.name}  {about[:79]}…" if len(about) > 80 else f"{voice.name}  {about}".rstrip())
    if not found:
        typer.echo(f"Workspace {name} has no voice. Load one with `pressroom voices load voice.toml`.", err=True)


@voices.command(epilog="**Example**: `pressroom voices show house`")
def show(name: Name, workspace: Workspace = None) -> None:
    """Print a voice as JSON."""
    from pressroom.store.voices import voice_of

    database, home, _ = _home(workspace)
    typer.echo(voice_of(database, home, name).model_dump_json(indent=2))


@voices.command(epilog=EXAMPLE)
def load(
    file: Annotated[Path, typer.Argument(help="TOML file with the voice.")],
    name: Annotated[str | None, typer.Option(help="Keep it under this name; default: the file's own.")] = None,
    workspace: Workspace = None,
) -> None:
    """Keep the voice of a TOML file; one of the same name is replaced."""
    from pressroom.store.voices import keep_voice, read_voice

    voice = read_voice(file, name)
    database, home, of = _home(workspace)
    keep_voice(database, home, voice)
    typer.echo(
        f"Workspace {of} has the voice {voice.name}. Write in it: pressroom repurpose SOURCE --voice {voice.name}"
    )


@voices.command(epilog="**Example**: `pressroom voices remove house`")
def remove(name: Name, workspace: Workspace = None) -> None:
    """Forget a voice; what was written in it stays."""
    from pressroom.store.voices import remove_voice

    database, home, of = _home(workspace)
    remove_voice(database, home, name)
    typer.echo(f"Workspace {of} no longer has the voice {name}.")
